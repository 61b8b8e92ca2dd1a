/** Owns the tooltip of charts: names and values as text beside the pointer. */
import { element } from "./dom";
import { lower, place, raise } from "./floating";
import { isRecord } from "./values";

export class Tooltip {
  readonly element = element("div", {
    class: "tooltip",
    popover: "manual",
    hidden: true,
    "aria-hidden": "true",
  });

  readonly show = (event: MouseEvent, value: unknown): void => {
    const rows = rowsOf(value);
    if (rows.length === 0) {
      this.hide();
      return;
    }
    this.element.replaceChildren(
      ...rows.map(([name, text]) =>
        element("div", { class: "row" }, element("span", { class: "name" }, name), text),
      ),
    );
    raise(this.element);
    place(this.element, event.clientX, event.clientY);
  };

  hide(): void {
    lower(this.element);
  }
}

/** Return names and values of what is under the pointer; none where nothing is. */
export function rowsOf(value: unknown): [string, string][] {
  if (value === null || value === undefined) return [];
  if (!isRecord(value)) return [["", String(value)]];
  return Object.entries(value).map(([name, text]) => [name, String(text ?? "–")]);
}
