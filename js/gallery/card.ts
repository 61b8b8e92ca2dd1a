/** Owns one card: title, chart, note, reason, and the state of its save. */
import { ChartBox, type Studio } from "./chart_box";
import { element, icon } from "./dom";
import type { ChartState } from "./model";

export type SaveState = "open" | "saving" | "saved" | "removing";

/** What a person can ask of a card; the gallery does it. */
export interface CardActions {
  save(card: Card): void;
  remove(card: Card): void;
  menu(card: Card, button: HTMLElement): void;
}

export class Card {
  readonly chart: ChartState;
  readonly box: ChartBox;
  readonly element: HTMLElement;
  readonly #save: HTMLButtonElement;
  readonly #undo: HTMLButtonElement;
  readonly #more: HTMLButtonElement;
  readonly #label = element("span", {}, "Save");
  readonly #error = element("p", { class: "error", role: "alert", hidden: true });
  #state: SaveState = "open";
  #waiting = false;

  constructor(
    chart: ChartState,
    place: number,
    total: number,
    studio: Studio,
    actions: CardActions,
  ) {
    this.chart = chart;
    this.box = new ChartBox(chart, place, studio);
    const name = `“${chart.title}”`;
    this.#save = element("button", { type: "button", class: "save", "aria-label": `Save ${name}` });
    this.#save.append(icon("save"), icon("saved"), this.#label);
    this.#undo = element(
      "button",
      { type: "button", class: "undo quiet", hidden: true, "aria-label": `Undo saving ${name}` },
      icon("undo"),
      "Undo",
    );
    this.#more = element(
      "button",
      {
        type: "button",
        class: "more quiet",
        "aria-label": `More actions for ${name}`,
        "aria-haspopup": "menu",
        "aria-expanded": "false",
      },
      icon("more"),
    );
    this.#save.addEventListener("click", () => actions.save(this));
    this.#undo.addEventListener("click", () => actions.remove(this));
    this.#more.addEventListener("click", () => actions.menu(this, this.#more));
    this.element = this.#layout(place, total);
    this.setTabStop(place === 0);
    this.setState("open");
  }

  get state(): SaveState {
    return this.#state;
  }

  /** Whether the save waits on the kernel's machine for a server. */
  get isWaiting(): boolean {
    return this.#waiting;
  }

  setWaiting(waiting: boolean): void {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.setState(this.#state);
  }

  setState(state: SaveState): void {
    const focused = this.#undo.matches(":focus");
    this.#state = state;
    const isSaved = state === "saved" || state === "removing";
    const saved = this.#waiting ? "Waiting for the server" : "Saved";
    const labels = { open: "Save", saving: "Saving…", saved, removing: "Removing…" };
    this.#label.textContent = labels[state];
    this.element.dataset.state = state;
    this.element.toggleAttribute("data-waiting", isSaved && this.#waiting);
    // Focus must not be lost, so a button at work is marked as disabled, and stays one.
    this.#save.setAttribute("aria-disabled", String(state !== "open"));
    this.#save.setAttribute("aria-label", `${isSaved ? saved : "Save"} “${this.chart.title}”`);
    this.#undo.hidden = state !== "saved";
    if (focused && this.#undo.hidden) this.#save.focus();
  }

  /** Say on the card what went wrong, or nothing. */
  setError(message: string): void {
    this.#error.textContent = message;
    this.#error.hidden = message === "";
  }

  /** Make this the card, with its buttons, that Tab comes to. */
  setTabStop(isStop: boolean): void {
    for (const one of [this.element, ...this.element.querySelectorAll("button")]) {
      one.setAttribute("tabindex", isStop ? "0" : "-1");
    }
  }

  openMenu(): void {
    this.#more.click();
  }

  #layout(place: number, total: number): HTMLElement {
    const { title, note, id } = this.chart;
    return element(
      "article",
      {
        class: "card",
        "data-chart-id": id,
        "aria-label": `${title}, chart ${place + 1} of ${total}`,
      },
      element("h4", { class: "title", dir: "auto" }, title),
      this.box.element,
      ...(note === "" ? [] : [element("p", { class: "note", dir: "auto" }, sentence(note))]),
      ...this.#why(),
      this.#error,
      element("div", { class: "actions" }, this.#save, this.#undo, this.#more),
    );
  }

  /** Return the reason on one line, and a button that shows the rest. */
  #why(): HTMLElement[] {
    const { reason, description } = this.chart;
    const line = element("span", { class: "line", dir: "auto" }, reason);
    const details = element("p", { class: "details", dir: "auto", hidden: true }, description);
    const button = element(
      "button",
      { type: "button", class: "quiet", "aria-expanded": "false" },
      "More",
    );
    button.addEventListener("click", () => {
      const open = details.hidden !== false;
      details.hidden = !open;
      line.classList.toggle("open", open);
      button.setAttribute("aria-expanded", String(open));
      button.textContent = open ? "Less" : "More";
    });
    return [element("div", { class: "reason" }, line, button), details];
  }
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
