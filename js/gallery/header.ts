/** Owns what stands above the cards: table, number of charts, notes, status; and the empty state. */
import { button, element, icon, ours } from "../widget/dom";
import { Said } from "../widget/said";
import { About, type Choose } from "./about";
import { Echo } from "./echo";
import { HINT, SHORT_HINT } from "./keyboard";
import type { GalleryState } from "./model";

/** Notes longer than this together are folded. */
const MAX_OPEN_CHARACTERS = 180;
/** How notes begin that a person has to act on: these are never folded away. */
const URGENT = /^(Not (yet|kept) in the history|The store does not answer)/;

export class Header {
  readonly element: HTMLElement;
  readonly said = new Said(() => this.echo.show());
  /** Where a person reads what was said. */
  readonly echo: Echo;
  readonly #count = element("span", { class: "count" });
  readonly #undo = element("button", { type: "button", class: "quiet back", hidden: true });
  readonly #about: About;
  readonly #notes = element("div", {});
  /** Unfolds the first rows of the table. */
  readonly rows = button("quiet", "rows", "Rows", "Look at rows of the table");
  /** Unfolds the editor of the report. */
  readonly report = button("quiet report", "report", "Report", "Edit the report");
  #told = "";

  constructor(state: GalleryState, undo: () => void, choose: Choose, signal: AbortSignal) {
    this.#about = new About(choose);
    const title = ours("h3", { class: "name" }, state.title || "Recommended charts");
    this.#undo.addEventListener("click", undo);
    const place = element("div", { class: "place" });
    this.echo = new Echo(this.said.element, place, signal);
    this.element = element(
      "header",
      {},
      element(
        "div",
        { class: "heading" },
        title,
        this.#count,
        this.#about.element,
        this.#undo,
        this.rows,
        this.report,
        place,
        element("span", { class: "hint" }, state.isOpen ? HINT : SHORT_HINT),
      ),
      this.#notes,
    );
  }

  /** Bring count, what it is about, undo and notes up to date. */
  show(state: GalleryState, shown: number): void {
    const total = state.charts.length;
    const charts = total === 1 ? "1 chart" : `${total} charts`;
    const counted = shown === total ? `${charts}, best first` : `${shown} of ${charts} shown`;
    this.#count.textContent = total > 0 ? counted : "";
    const hadFocus = this.#undo.matches(":focus");
    this.#undo.hidden = state.undo === null;
    if (hadFocus && this.#undo.hidden) this.report.focus();
    this.rows.hidden = !state.isOpen;
    this.#about.show(state);
    const act = ours("span", { class: "act" }, state.undo?.act ?? "");
    this.#undo.replaceChildren(icon("undo"), "Undo: ", act);
    // What was folded open stays so while the notes are the same.
    const told = state.notes.join("\n");
    if (told === this.#told) return;
    this.#told = told;
    this.#notes.replaceChildren(...notes(total > 0 ? state.notes : []));
  }

  say(message: string): void {
    this.said.say(message);
  }
}

function notes(all: string[]): HTMLElement[] {
  const urgent = all.filter((text) => URGENT.test(text));
  const shown = urgent.length > 0 ? [listed(urgent)] : [];
  return [...shown, ...folded(all.filter((text) => !URGENT.test(text)))];
}

function listed(texts: string[]): HTMLElement {
  return element("ul", { class: "notes" }, ...texts.map((text) => ours("li", {}, text)));
}

function folded(texts: string[]): HTMLElement[] {
  if (texts.length === 0) return [];
  const list = listed(texts);
  if (texts.join("").length <= MAX_OPEN_CHARACTERS) return [list];
  const many = texts.length === 1 ? "1 note" : `${texts.length} notes`;
  const summary = element("summary", {}, `${many} on what was read and left out`);
  return [element("details", { class: "folded" }, summary, list)];
}

/** Return what is shown instead of cards where there are none. */
export function emptyState(notes: string[]): HTMLElement {
  return element(
    "div",
    { class: "empty" },
    element("strong", {}, "No charts to show"),
    ...notes.map((note) => ours("p", {}, note)),
  );
}

/** Return what is shown where the chips leave nothing. */
export function nothingLeft(clear: () => void): HTMLElement {
  const button = element("button", { type: "button" }, "Show all charts again");
  button.addEventListener("click", clear);
  const said = element("strong", {}, "No chart has all that is chosen above");
  return element("div", { class: "empty" }, said, element("p", {}, button));
}
