/** Owns one card: title, chart, note, finding, why, and the state of its save. */

import { button, element, icon, ours, sentence } from "../widget/dom";
import { COMING, type Studio } from "./canvas";
import { ChartBox } from "./chart_box";
import type { ChartState, Held } from "./model";
import { why } from "./why";

export type SaveState = "open" | "saving" | "saved" | "removing";

/** What a person can ask of a card; the gallery does it. */
export interface CardActions {
  save(card: Card): void;
  remove(card: Card): void;
  menu(card: Card, button: HTMLElement): void;
  enlarge(card: Card): void;
  /** What needs the table: charts like this one, without it, edited. */
  like(card: Card): void;
  without(card: Card): void;
  edit(card: Card, button: HTMLElement): void;
  level(card: Card, held: Held, button: HTMLElement): void;
}

export class Card {
  readonly box: ChartBox;
  readonly element: HTMLElement;
  /** The card in its list. */
  readonly item: HTMLElement;
  readonly #actions: CardActions;
  /** Whether the table is at hand, so that the chart can be changed. */
  readonly isOpen: boolean;
  readonly #buttons: Record<"save" | "undo" | "menu" | "edit", HTMLButtonElement>;
  readonly #label = element("span", {}, "Save");
  readonly #badge = element("span", { class: "approximate", hidden: true }, "Approximate");
  readonly #error = element("p", { class: "error", role: "alert", hidden: true });
  #chart: ChartState;
  /** Note, finding and why. */
  #told: HTMLElement[];
  #state: SaveState = "open";
  #waiting = false;

  constructor(chart: ChartState, studio: Studio, actions: CardActions) {
    this.#chart = chart;
    this.#actions = actions;
    this.isOpen = studio.isOpen;
    this.#told = this.#tell(chart);
    this.box = new ChartBox(chart, studio);
    const name = `“${chart.title}”`;
    const save = element("button", { type: "button", class: "save", "aria-label": `Save ${name}` });
    save.append(icon("save"), icon("saved"), this.#label);
    save.addEventListener("click", () => actions.save(this));
    const undo = button("undo quiet", "undo", "Undo", `Undo saving ${name}`);
    undo.addEventListener("click", () => actions.remove(this));
    const menu = opener("more quiet", "more", `More actions for ${name}`);
    menu.addEventListener("click", () => actions.menu(this, menu));
    const edit = opener("edit quiet", "edit", `Edit ${name}`);
    edit.addEventListener("click", () => actions.edit(this, edit));
    this.#buttons = { save, undo, menu, edit };
    this.element = chart.isPending ? this.#skeleton() : this.#layout();
    this.item = element("li", {}, this.element);
    this.#markApproximate();
    this.setState("open");
  }

  get chart(): ChartState {
    return this.#chart;
  }

  get state(): SaveState {
    return this.#state;
  }

  /** Whether the save waits on the kernel's machine for a server. */
  get isWaiting(): boolean {
    return this.#waiting;
  }

  /** Whether Tab comes to this card. */
  get isTabStop(): boolean {
    return this.element.tabIndex === 0;
  }

  /** Whether the focus is in the card. */
  get hasFocus(): boolean {
    return this.element.matches(":focus, :focus-within");
  }

  /** Take the exact chart in place of the approximate one; focus and what is unfolded stay. */
  become(chart: ChartState): void {
    const [before, now] = [this.#told, this.#tell(chart)];
    const hadFocus = before.some((part) => part.matches(":focus-within"));
    const wasOpen = before.some((part) => part.matches(".details:not([hidden])"));
    this.#chart = chart;
    this.#told = now;
    this.box.become(chart);
    this.box.element.after(...now);
    for (const part of before) part.remove();
    const opener = this.element.querySelector<HTMLElement>(".why");
    if (wasOpen) opener?.click();
    if (hadFocus) opener?.focus();
    this.#markApproximate();
  }

  setWaiting(waiting: boolean): void {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.setState(this.#state);
  }

  setState(state: SaveState): void {
    const { save, undo } = this.#buttons;
    const focused = undo.matches(":focus");
    this.#state = state;
    const isSaved = state === "saved" || state === "removing";
    const saved = this.#waiting ? "Waiting for the server" : "Saved";
    const labels = { open: "Save", saving: "Saving…", saved, removing: "Removing…" };
    this.#label.textContent = labels[state];
    this.element.dataset.state = state;
    this.element.toggleAttribute("data-waiting", isSaved && this.#waiting);
    // Focus must not be lost, so a button at work is marked as disabled, and stays one.
    save.setAttribute("aria-disabled", String(state === "saving" || state === "removing"));
    save.setAttribute("aria-label", `${isSaved ? saved : "Save"} “${this.#chart.title}”`);
    undo.hidden = state !== "saved";
    if (focused && undo.hidden) save.focus();
  }

  /** Say on the card what went wrong, or nothing. */
  setError(message: string): void {
    this.#error.textContent = message;
    this.#error.hidden = message === "";
  }

  /** Say where a new card comes from, and offer to take it back; null where that is past. */
  setFresh(strip: HTMLElement | null): void {
    const before = this.element.querySelector(".fresh");
    // One that says the same stays, with the focus that it may have.
    if (strip !== null && before?.textContent === strip.textContent) return;
    const hadFocus = before?.matches(":focus-within") === true;
    before?.remove();
    this.element.toggleAttribute("data-fresh", strip !== null);
    if (strip !== null) this.element.prepend(strip);
    if (hadFocus) this.element.focus();
  }

  /** Mark the card as one that the kernel works on. */
  setBusy(isBusy: boolean): void {
    this.element.toggleAttribute("data-busy", isBusy);
  }

  /** Say which of the charts shown it is. */
  setPlace(place: number, total: number): void {
    this.box.place = place;
    const { isPending, isApproximate } = this.#chart;
    const name = isPending ? COMING : this.#chart.title;
    const title = isApproximate ? `${name}, approximate` : name;
    this.element.setAttribute("aria-label", `${title}, chart ${place + 1} of ${total}`);
  }

  /** Make this the card, with its buttons, that Tab comes to. */
  setTabStop(isStop: boolean): void {
    for (const one of [this.element, ...this.element.querySelectorAll("button")]) {
      one.setAttribute("tabindex", isStop ? "0" : "-1");
    }
  }

  openMenu(): void {
    this.#buttons.menu.click();
  }

  openEdit(): void {
    this.#buttons.edit.click();
  }

  /** Return what is seen until the kernel has the chart. */
  #skeleton(): HTMLElement {
    const line = element("div", { class: "title blank" });
    return element("article", { class: "card pending" }, line, this.box.element);
  }

  #layout(): HTMLElement {
    const { title, id } = this.#chart;
    const enlarge = button("enlarge quiet", "enlarge", "", `Enlarge “${title}”`);
    enlarge.addEventListener("click", () => this.#actions.enlarge(this));
    const heading = ours("h4", { class: "title" }, title);
    return element(
      "article",
      { class: "card", "data-chart-id": id },
      element("div", { class: "top" }, heading, this.#badge, enlarge),
      this.box.element,
      ...this.#told,
      this.#error,
      this.#actionsBar(),
    );
  }

  /** Return what is said of a chart: its note, what it finds, and why it is there. */
  #tell(chart: ChartState): HTMLElement[] {
    const canChoose = this.isOpen && chart.held.length > 0;
    const note = canChoose ? chart.rest : chart.note;
    const noted = note === "" ? [] : [ours("p", { class: "note" }, sentence(note))];
    return [...(canChoose ? [this.#held(chart.held)] : []), ...noted, ...why(chart)];
  }

  /** Return the values that the chart keeps to, each with a button for the others. */
  #held(columns: Held[]): HTMLElement {
    const buttons = columns.map((held) => {
      const made = opener("level quiet", "open", `${held.label}: choose another value`);
      made.prepend(element("bdi", {}, held.label));
      made.addEventListener("click", () => this.#actions.level(this, held, made));
      return made;
    });
    return element("p", { class: "held" }, "Showing ", ...buttons);
  }

  #markApproximate(): void {
    const { isApproximate, note } = this.#chart;
    this.#badge.hidden = !isApproximate;
    this.#badge.title = isApproximate ? sentence(note) : "";
    this.element.toggleAttribute("data-approximate", isApproximate);
  }

  #actionsBar(): HTMLElement {
    const { save, undo, menu, edit } = this.#buttons;
    const { title } = this.chart;
    const like = button("like quiet", "like", "More like this", `More like this: “${title}”`);
    like.addEventListener("click", () => this.#actions.like(this));
    const without = button("not quiet", "not", "Not this", `Not this: “${title}”`);
    without.addEventListener("click", () => this.#actions.without(this));
    const changes = this.isOpen ? [like, without, edit] : [];
    return element("div", { class: "actions" }, save, undo, ...changes, menu);
  }
}

function opener(
  className: string,
  name: "more" | "edit" | "open",
  label: string,
): HTMLButtonElement {
  const made = button(className, name, "", label);
  made.setAttribute("aria-haspopup", "menu");
  made.setAttribute("aria-expanded", "false");
  return made;
}
