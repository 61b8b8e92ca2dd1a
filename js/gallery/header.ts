/** Owns what stands above the cards: table, number of charts, notes, status; and the empty state. */
import { element } from "./dom";
import type { GalleryState } from "./model";

/** Notes longer than this together are folded. */
const MAX_OPEN_CHARACTERS = 180;

export class Header {
  readonly element: HTMLElement;
  readonly #status = element("span", { class: "status", role: "status", "aria-live": "polite" });
  readonly #action = element("button", { type: "button", class: "quiet copy", hidden: true });
  #run: () => void = () => {};

  constructor(state: GalleryState) {
    const count = state.charts.length;
    const charts = count === 1 ? "1 chart" : `${count} charts`;
    const title = element(
      "h3",
      { class: "name", dir: "auto" },
      state.title || "Recommended charts",
    );
    this.#action.addEventListener("click", () => this.#run());
    this.element = element(
      "header",
      {},
      element(
        "div",
        { class: "heading" },
        title,
        ...(count > 0 ? [element("span", { class: "count" }, `${charts}, best first`)] : []),
        element("div", { class: "said" }, this.#status, this.#action),
        element("span", { class: "hint" }, "Arrows move, S saves, U undoes, M opens the menu"),
      ),
      ...notes(count > 0 ? state.notes : []),
    );
  }

  /** Say something, and offer one thing to do about it. */
  say(message: string, action?: { label: string; run(): void }): void {
    this.#status.textContent = message;
    this.#action.hidden = action === undefined;
    this.#action.textContent = action?.label ?? "";
    this.#run = action?.run ?? (() => {});
  }
}

function notes(texts: string[]): HTMLElement[] {
  if (texts.length === 0) return [];
  const list = element(
    "ul",
    { class: "notes" },
    ...texts.map((text) => element("li", { dir: "auto" }, text)),
  );
  if (texts.join("").length <= MAX_OPEN_CHARACTERS) return [list];
  const many = texts.length === 1 ? "1 note" : `${texts.length} notes`;
  const summary = element("summary", {}, `${many} on what was read and left out`);
  return [element("details", { class: "folded" }, summary, list)];
}

/** Return what is shown instead of cards where there are none. */
export function emptyState(state: GalleryState): HTMLElement {
  const tries = [
    "Pass a table that has a column whose values differ and repeat, such as numbers, dates or groups.",
    "Ask for less: leave out columns=, mark= or encoding=.",
  ];
  return element(
    "div",
    { class: "empty" },
    element("strong", {}, "No charts to show"),
    ...state.notes.map((note) => element("p", { dir: "auto" }, note)),
    element("p", {}, "What may help:"),
    element("ul", {}, ...tries.map((text) => element("li", {}, text))),
  );
}
