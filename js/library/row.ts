/** Owns one row: what is known of a stored thing, its picture, and its buttons. */
import { element } from "../widget/dom";
import { MARK_WORDS } from "../widget/marks";
import { isRecord, list, text } from "../widget/values";

export interface RowState {
  id: string;
  when: string;
  /** What happened, or the chart's mark. */
  what: string;
  name: string;
  /** The table that it is about. */
  about: string;
  /** Whether it waits on this machine for a server. */
  waits: boolean;
  actions: string[];
  /** Whether it has a picture. */
  pictured: boolean;
  /** Whether it is in the notebook's report. */
  reported: boolean;
}

export interface RowActions {
  open(row: Row): void;
  add(row: Row): void;
}

/** Read a row; a field that is missing is empty, never an exception. */
export function rowOf(found: unknown): RowState {
  const from = isRecord(found) ? found : {};
  return {
    id: text(from.id),
    when: text(from.when),
    what: text(from.what),
    name: text(from.name),
    about: text(from.about),
    waits: from.waits === true,
    actions: list(from.actions).map(text),
    pictured: from.pictured === true,
    reported: from.reported === true,
  };
}

export class Row {
  readonly element: HTMLTableRowElement;
  readonly picture = element("span", { class: "picture" });
  readonly #told = element("span", { class: "waits", hidden: true }, "open below");
  readonly #add = element("button", { type: "button", class: "add" }, "Add to report");

  constructor(
    readonly state: RowState,
    actions: RowActions,
  ) {
    const { name, what, about, when } = state;
    const open = element("button", { type: "button", class: "open", dir: "auto" }, name || "…");
    open.setAttribute("aria-label", `Open “${name}”`);
    open.title = name;
    open.addEventListener("click", () => actions.open(this));
    this.#add.setAttribute("aria-label", `Add to report: “${name}”`);
    this.#add.addEventListener("click", () => actions.add(this));
    this.#add.hidden = !state.actions.includes("add");
    if (state.reported) this.added();
    const waits = state.waits ? [element("span", { class: "waits" }, "waits for the server")] : [];
    this.element = element(
      "tr",
      {},
      element("td", { class: "pictured" }, this.picture),
      element("th", { scope: "row" }, open, ...waits, this.#told),
      element("td", { class: "what" }, MARK_WORDS[what] ?? what),
      element("td", { class: "about", dir: "auto", title: about }, about),
      element("td", { class: "when" }, when),
      element("td", { class: "acts" }, this.#add),
    );
  }

  /** Show the picture, which stands beside its title and needs no words of its own. */
  show(address: string): void {
    if (!address.startsWith("data:image/png;base64,")) return;
    this.picture.replaceChildren(element("img", { src: address, alt: "" }));
  }

  /** Say that the row is at work, so that nobody clicks twice. */
  busy(isBusy: boolean): void {
    this.element.toggleAttribute("data-busy", isBusy);
  }

  /** Say that it is open below the list, of which no more may be seen than this row. */
  opened(): void {
    this.#told.hidden = false;
  }

  /** Say on the button that the chart is in the report. */
  added(): void {
    this.#add.textContent = "In the report";
    this.#add.setAttribute("aria-label", `In the report: “${this.state.name}”`);
    this.#add.dataset.done = "";
  }
}
