/** Owns the chips that narrow the gallery by column and by mark, and say what that leaves. */

import { element, icon } from "../widget/dom";
import { MARK_WORDS } from "../widget/marks";
import type { Filter } from "./cards";
import type { ChartState, ColumnState } from "./model";
import { rove, stopAt } from "./roving";
import { sparkline } from "./sparkline";

/** Columns beyond this many are folded away until a person asks for them; fewer where each has a line. */
const MAX_OPEN_COLUMNS = 12;
const MAX_OPEN_NARROW = 5;
/** Below this width in CSS pixels hardly two chips stand side by side. */
const NARROW = 560;
/** Letters of a name from which on its end is kept in sight, and how many that are. */
const LONG = 28;
const END = 12;

type Kind = "column" | "mark";

interface Chip {
  kind: Kind;
  name: string;
  element: HTMLElement;
  button: HTMLButtonElement;
  count: HTMLElement;
}

/** What the gallery does when a chip is used. */
export interface NarrowingActions {
  /** Another choice: see `filter`. */
  narrow(): void;
  /** Show a column's type beside a button; null where types cannot be changed. */
  type: ((column: ColumnState, button: HTMLButtonElement) => void) | null;
}

export class Narrowing {
  readonly element = element("div", {
    class: "chips",
    role: "toolbar",
    "aria-label": "Narrow the charts by column and mark",
  });
  readonly #actions: NarrowingActions;
  readonly #chosen = { column: new Set<string>(), mark: new Set<string>() };
  readonly #clear = element("button", { type: "button", class: "quiet clear" }, "Clear all");
  readonly #unfold = element("button", { type: "button", class: "quiet unfold" });
  #chips: Chip[] = [];
  #charts: readonly ChartState[] = [];
  #unfolded = false;
  #made = "";

  constructor(actions: NarrowingActions, signal: AbortSignal) {
    this.#actions = actions;
    this.#clear.addEventListener("click", () => this.clear());
    this.#unfold.addEventListener("click", () => {
      this.#unfolded = !this.#unfolded;
      this.#update();
    });
    rove(this.element, signal);
    const resized = new ResizeObserver(() => requestAnimationFrame(() => this.#fold()));
    resized.observe(this.element);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  /** What the pressed chips leave. */
  get filter(): Filter {
    return this.#passes();
  }

  /** Show the chips of these columns, and of the marks of these charts. */
  show(columns: readonly ColumnState[], charts: readonly ChartState[]): void {
    this.#charts = charts;
    this.element.hidden = charts.length === 0 || columns.length + charts.length < 3;
    const marks = [...new Set(charts.map((chart) => chart.mark))].filter((mark) => mark !== "");
    // Chips stay as they are, with the focus, unless others are needed.
    const wanted = JSON.stringify([columns, marks]);
    if (wanted !== this.#made) this.#make(columns, marks);
    this.#made = wanted;
    this.#update();
  }

  #make(columns: readonly ColumnState[], marks: readonly string[]): void {
    const uses = (name: string) =>
      this.#charts.filter((chart) => chart.fields.includes(name)).length;
    const ordered = [...columns].sort((a, b) => uses(b.name) - uses(a.name));
    const focused = this.#chips.find(({ button }) => button.matches(":focus"));
    this.#chips = [
      ...ordered.map((column) => this.#chip("column", column.name, column.name, column)),
      ...marks.map((mark) => this.#chip("mark", mark, MARK_WORDS[mark] ?? mark)),
    ];
    for (const kind of ["column", "mark"] as const) this.#forget(kind);
    this.element.replaceChildren(
      this.#group("column", "Columns", this.#unfold),
      this.#group("mark", "Marks", this.#clear),
    );
    if (focused !== undefined) this.#named(focused.kind, focused.name)?.button.focus();
  }

  clear(): void {
    const hadFocus = this.#clear.matches(":focus");
    this.#chosen.column.clear();
    this.#chosen.mark.clear();
    this.#changed();
    if (hadFocus) this.#chips[0]?.button.focus();
  }

  #group(kind: Kind, label: string, last: HTMLElement): HTMLElement {
    const chips = this.#of(kind).map((chip) => chip.element);
    return element("div", { class: "set", role: "group", "aria-label": label }, ...chips, last);
  }

  #chip(kind: Kind, name: string, label: string, column?: ColumnState): Chip {
    const count = element("span", { class: "n" });
    const button = element(
      "button",
      { type: "button", class: "chip-name", "aria-pressed": "false" },
      nameOf(label),
      ...(column === undefined || column.bars.length === 0 ? [] : [sparkline(column.bars)]),
      count,
    );
    button.title = column?.spread ? `${label}: ${column.spread}` : label;
    button.addEventListener("click", () => {
      const chosen = this.#chosen[kind];
      if (!chosen.delete(name)) chosen.add(name);
      this.#changed();
    });
    const type = column === undefined ? null : this.#type(column);
    const parts = type === null ? [button] : [button, type];
    return {
      kind,
      name,
      button,
      count,
      element: element("span", { class: `chip ${kind}` }, ...parts),
    };
  }

  #type(column: ColumnState): HTMLButtonElement | null {
    const { type } = this.#actions;
    if (type === null || column.type === null) return null;
    const label = `Type of ${column.name}: ${column.type}${column.told ? ", chosen by you" : ""}`;
    const button = element(
      "button",
      {
        type: "button",
        class: column.told ? "chip-type told" : "chip-type",
        "aria-label": label,
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        title: label,
      },
      icon(column.type),
    );
    button.addEventListener("click", () => type(column, button));
    return button;
  }

  #changed(): void {
    this.#update();
    this.#actions.narrow();
  }

  /** A chart shows every chosen column, and has one of the chosen marks. */
  #passes(columns = this.#chosen.column, marks = this.#chosen.mark): Filter {
    const wanted = [...columns];
    return ({ fields, mark }) =>
      wanted.every((name) => fields.includes(name)) && (marks.size === 0 || marks.has(mark));
  }

  #update(): void {
    for (const chip of this.#chips) {
      const isPressed = this.#chosen[chip.kind].has(chip.name);
      const left = this.#left(chip);
      chip.button.setAttribute("aria-pressed", String(isPressed));
      chip.count.textContent = String(left);
      chip.element.classList.toggle("pressed", isPressed);
      chip.element.classList.toggle("none", left === 0 && !isPressed);
    }
    this.#fold();
    this.#clear.hidden = this.#chosen.column.size + this.#chosen.mark.size === 0;
    stopAt(this.element, null);
  }

  #fold(): void {
    const columns = this.#of("column");
    const width = this.element.clientWidth;
    const most = width > 0 && width < NARROW ? MAX_OPEN_NARROW : MAX_OPEN_COLUMNS;
    const beyond = columns.length - most;
    // One more chip takes no more room than the button that would show it.
    const isShort = beyond <= 1;
    columns.forEach((chip, place) => {
      const isChosen = this.#chosen.column.has(chip.name);
      chip.element.hidden = !(this.#unfolded || isChosen || isShort || place < most);
    });
    this.#unfold.hidden = isShort;
    this.#unfold.textContent = this.#unfolded ? "Fewer columns" : `${beyond} more columns`;
    this.#unfold.setAttribute("aria-expanded", String(this.#unfolded));
  }

  /** Return how many charts would be left if a chip were pressed beside those that are. */
  #left(chip: Chip): number {
    const { column } = this.#chosen;
    const filter =
      chip.kind === "column"
        ? this.#passes(new Set([...column, chip.name]))
        : this.#passes(column, new Set([chip.name]));
    return this.#charts.filter(filter).length;
  }

  /** Forget what was chosen and is no longer there. */
  #forget(kind: Kind): void {
    const names = new Set(this.#of(kind).map((chip) => chip.name));
    for (const name of this.#chosen[kind]) if (!names.has(name)) this.#chosen[kind].delete(name);
  }

  #of(kind: Kind): Chip[] {
    return this.#chips.filter((chip) => chip.kind === kind);
  }

  #named(kind: Kind, name: string): Chip | undefined {
    return this.#of(kind).find((chip) => chip.name === name);
  }
}

/** Return a chip's name; of a long one the end stays, since names that begin alike end apart. */
function nameOf(label: string): HTMLElement {
  if (label.length <= LONG) return element("span", { class: "label", dir: "auto" }, label);
  const signs = [...label];
  return element(
    "span",
    { class: "label long", dir: "auto" },
    element("span", { class: "start" }, signs.slice(0, -END).join("")),
    element("span", { class: "end" }, signs.slice(-END).join("")),
  );
}
