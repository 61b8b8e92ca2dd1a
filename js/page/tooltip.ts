/** Owns the tooltip of an exported page: names and values as text, beside the pointer. */
import { element } from "../widget/dom";
import { place } from "../widget/floating";
import { rowsOf } from "../widget/tooltip";

let box: HTMLElement | null = null;

/** Show what is under the pointer, or nothing for null. */
export function showTooltip(event: MouseEvent, value: unknown): void {
  const rows = rowsOf(value);
  if (rows.length === 0) {
    hideTooltip();
    return;
  }
  box ??= made();
  box.replaceChildren(...rows.map(row));
  box.hidden = false;
  place(box, event.clientX, event.clientY);
}

export function hideTooltip(): void {
  if (box !== null) box.hidden = true;
}

function made(): HTMLElement {
  // What it says is in the alt text and the charts' own labels.
  const shown = element("div", { class: "tooltip", "aria-hidden": "true" });
  document.body.append(shown);
  return shown;
}

function row([name, shown]: [string, string]): HTMLElement {
  const label = element("span", {}, name);
  return element("div", {}, label, element("b", {}, shown));
}
