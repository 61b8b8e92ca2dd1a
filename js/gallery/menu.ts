/** Owns the menu: one for the whole gallery, filled for the button that opens it. */
import { element } from "../widget/dom";
import { lower, place, raise } from "../widget/floating";

export interface MenuItem {
  label: string;
  /** Whether it is what is now, among its group; missing for what is no choice. */
  checked?: boolean;
  /** Whether others of its group can be checked beside it. */
  several?: boolean;
  run(): void;
  /** What else can be done with it, by a sign at its end. */
  beside?: { sign: string; label: string; run(): void };
}

export interface MenuGroup {
  /** Named where there are several. */
  label?: string;
  items: MenuItem[];
}

export interface MenuContent {
  /** What the menu is for, for those who do not see where it opens. */
  label: string;
  /** Read above the items. */
  note?: string;
  groups: MenuGroup[];
}

/** Id of what is read with the menu. */
const NOTE = "menu-note";
/** Pixels that are left free between a menu, its button and the window's edge. */
const AROUND = 12;
/** Height that a menu may have wherever its button is. */
const LOWEST = 200;

export class Menu {
  readonly element = element("div", { class: "menu", popover: "manual", hidden: true });
  #opener: HTMLElement | null = null;

  constructor(signal: AbortSignal) {
    this.element.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.element.addEventListener("scroll", () => this.#tellMore(), { signal });
    this.element.addEventListener("focusout", (event) => this.#left(event), { signal });
    document.addEventListener("pointerdown", (event) => this.#pressed(event), {
      signal,
      capture: true,
    });
    window.addEventListener("scroll", (event) => this.#scrolled(event), { signal, capture: true });
  }

  /** Open beside a button, or close where it is open for that button. */
  toggle(opener: HTMLElement, content: MenuContent): void {
    if (this.#opener === opener) this.close(true);
    else this.open(opener, content);
  }

  /** Open beside a button; what comes once the button is gone is not shown. */
  open(opener: HTMLElement, content: MenuContent): void {
    this.close(false);
    if (!opener.isConnected) return;
    const { label, note, groups } = content;
    const named = { role: "menu", "aria-label": label, "aria-describedby": note ? NOTE : false };
    const menu = element("div", named, ...groups.map((group) => this.#group(group)));
    const said = note ? [element("p", { id: NOTE, class: "said", dir: "auto" }, note)] : [];
    this.element.replaceChildren(...said, menu);
    // Only now: an item before, that has the focus still, has just left.
    this.#opener = opener;
    opener.setAttribute("aria-expanded", "true");
    raise(this.element);
    this.#place(opener);
    const checked = this.element.querySelector<HTMLElement>('[aria-checked="true"]');
    if (checked === null) this.#focus(0);
    else checked.focus();
  }

  close(refocus: boolean): void {
    if (this.#opener === null) return;
    const opener = this.#opener;
    this.#opener = null;
    opener.setAttribute("aria-expanded", "false");
    lower(this.element);
    if (refocus) opener.focus();
  }

  #group({ label, items }: MenuGroup): HTMLElement {
    const buttons = items.map((item) => this.#item(item));
    if (label === undefined) return element("div", { class: "group", role: "none" }, ...buttons);
    const name = element("span", { class: "name", "aria-hidden": "true" }, label);
    return element(
      "div",
      { class: "group named", role: "group", "aria-label": label },
      name,
      element("div", { class: "choices", role: "none" }, ...buttons),
    );
  }

  #item(item: MenuItem): HTMLElement {
    const made = this.#button(item);
    const { beside } = item;
    if (beside === undefined) return made;
    const { sign, label, run } = beside;
    const other = this.#button({ label: sign, run });
    for (const [name, value] of Object.entries({
      "aria-label": label,
      title: label,
      class: "beside",
    }))
      other.setAttribute(name, value);
    return element("div", { class: "item", role: "none" }, made, other);
  }

  #button(item: MenuItem): HTMLElement {
    const isChoice = item.checked !== undefined;
    const role = item.several ? "menuitemcheckbox" : "menuitemradio";
    const made = element(
      "button",
      {
        type: "button",
        role: isChoice ? role : "menuitem",
        tabindex: -1,
        dir: "auto",
        ...(isChoice ? { "aria-checked": String(item.checked) } : {}),
      },
      item.label,
    );
    made.addEventListener("click", () => {
      this.close(true);
      item.run();
    });
    return made;
  }

  /** Return the items, without the signs at their ends. */
  #items(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("button:not(.beside)")];
  }

  #focus(index: number): void {
    const items = this.#items();
    items.at(index % items.length)?.focus();
  }

  #key(event: KeyboardEvent): void {
    const focused = this.element.querySelector<HTMLElement>("button:focus");
    const row = focused?.closest(".item")?.querySelectorAll("button");
    const at = this.#items().findIndex((item) => item === (row?.item(0) ?? focused));
    const next = () => this.#focus(at + 1);
    const before = () => this.#focus(at - 1);
    const across = () => [...(row ?? [])].find((item) => item !== focused)?.focus();
    const moves: Record<string, () => void> = {
      ArrowDown: next,
      ArrowRight: row ? across : next,
      ArrowUp: before,
      ArrowLeft: row ? across : before,
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

  /** The menu stays beside its button where the page moves; a long menu moves by itself. */
  #scrolled(event: Event): void {
    if (this.#opener === null || event.composedPath().includes(this.element)) return;
    const { top, bottom } = this.#opener.getBoundingClientRect();
    if (bottom < 0 || top > document.documentElement.clientHeight) this.close(true);
    else this.#place(this.#opener);
  }

  #place(opener: HTMLElement): void {
    const { left, top, bottom } = opener.getBoundingClientRect();
    // As high as there is room below or above the button.
    const room = Math.max(document.documentElement.clientHeight - bottom, top) - AROUND;
    this.element.style.maxHeight = `${Math.max(room, LOWEST)}px`;
    place(this.element, left, bottom, 4);
    this.#tellMore();
  }

  /** Show where items are hidden below. */
  #tellMore(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    this.element.toggleAttribute("data-more", scrollTop + clientHeight < scrollHeight - 2);
  }
}
