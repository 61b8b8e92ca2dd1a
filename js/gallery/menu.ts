/** Owns the menu of a card: one for the whole gallery, filled for the card that opens it. */
import { element } from "./dom";
import { lower, place, raise } from "./floating";

export interface MenuItem {
  label: string;
  run(): void;
}

export class Menu {
  readonly element = element("div", {
    class: "menu",
    role: "menu",
    popover: "manual",
    hidden: true,
  });
  #opener: HTMLElement | null = null;

  constructor(signal: AbortSignal) {
    this.element.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.element.addEventListener("focusout", (event) => this.#left(event), { signal });
    document.addEventListener("pointerdown", (event) => this.#pressed(event), {
      signal,
      capture: true,
    });
    window.addEventListener("scroll", () => this.close(false), { signal, capture: true });
  }

  /** Open beside a button, or close where it is open for that button. */
  toggle(opener: HTMLElement, label: string, items: MenuItem[]): void {
    const again = this.#opener === opener;
    this.close(again);
    if (again) return;
    this.#opener = opener;
    opener.setAttribute("aria-expanded", "true");
    this.element.setAttribute("aria-label", label);
    this.element.replaceChildren(...items.map((item) => this.#button(item)));
    raise(this.element);
    const { left, bottom } = opener.getBoundingClientRect();
    place(this.element, left, bottom, 4);
    this.#focus(0);
  }

  close(refocus: boolean): void {
    if (this.#opener === null) return;
    const opener = this.#opener;
    this.#opener = null;
    opener.setAttribute("aria-expanded", "false");
    lower(this.element);
    if (refocus) opener.focus();
  }

  #button(item: MenuItem): HTMLElement {
    const made = element("button", { type: "button", role: "menuitem", tabindex: -1 }, item.label);
    made.addEventListener("click", () => {
      this.close(true);
      item.run();
    });
    return made;
  }

  #focus(index: number): void {
    const items = [...this.element.querySelectorAll("button")];
    items.at(index % items.length)?.focus();
  }

  #key(event: KeyboardEvent): void {
    const items = [...this.element.querySelectorAll("button")];
    const at = items.findIndex((item) => item.matches(":focus"));
    const moves: Record<string, () => void> = {
      ArrowDown: () => this.#focus(at + 1),
      ArrowUp: () => this.#focus(at - 1),
      Home: () => this.#focus(0),
      End: () => this.#focus(-1),
      Escape: () => this.close(true),
      Tab: () => this.close(true),
    };
    const move = moves[event.key];
    event.stopPropagation();
    if (move === undefined) return;
    event.preventDefault();
    move();
  }

  #left(event: FocusEvent): void {
    const to = event.relatedTarget;
    if (to instanceof Node && this.element.contains(to)) return;
    this.close(false);
  }

  #pressed(event: Event): void {
    const path = event.composedPath();
    if (this.#opener !== null && !path.includes(this.element) && !path.includes(this.#opener)) {
      this.close(false);
    }
  }
}
