/** Owns one row of the editor: a part by its title, what may be done with it, a place to write. */
import { button, element } from "../widget/dom.js";
import type { Kind, Part } from "./parts.js";

export interface RowActions {
  move(row: Row, by: number): void;
  remove(row: Row): void;
  write(row: Row): void;
}

/** What a part is called, and what rewriting it is called. */
const KINDS: Record<Kind, [what: string, writing: string]> = {
  chart: ["Chart", "Caption of"],
  section: ["Section", "Heading of"],
  note: ["Note", "Text of"],
  summary: ["Table in figures", ""],
};

export class Row {
  readonly element: HTMLLIElement;
  readonly buttons: HTMLButtonElement[];

  constructor(
    readonly part: Part,
    place: number,
    actions: RowActions,
  ) {
    const { kind, title, text } = part;
    const [what, writing] = KINDS[kind];
    const up = button("quiet", "up", "", `Move up: “${title}”`);
    const down = button("quiet", "down", "", `Move down: “${title}”`);
    const write = button("quiet write", "edit", "", `${writing} “${title}”`);
    const remove = button("quiet", "not", "", `Remove from the report: “${title}”`);
    up.addEventListener("click", () => actions.move(this, -1));
    down.addEventListener("click", () => actions.move(this, 1));
    write.addEventListener("click", () => actions.write(this));
    remove.addEventListener("click", () => actions.remove(this));
    this.buttons = writing === "" ? [up, down, remove] : [up, down, write, remove];
    const caption =
      kind === "chart" ? [element("span", { class: "caption", dir: "auto" }, text)] : [];
    this.element = element(
      "li",
      { class: `part ${kind}` },
      element("span", { class: "place", "aria-hidden": "true" }, String(place + 1)),
      element("span", { class: "what" }, what),
      element("span", { class: "words" }, element("b", { dir: "auto" }, title), ...caption),
      element("span", { class: "acts" }, ...this.buttons),
    );
  }

  /** Make one button the Tab stop, or none. */
  setTabStop(at: number | null): void {
    this.buttons.forEach((one, n) => {
      one.tabIndex = n === at ? 0 : -1;
    });
  }
}
