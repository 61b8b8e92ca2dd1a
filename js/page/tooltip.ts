/** Owns the tooltip of an exported page: names and values as text, beside the pointer. */

/** Pixels between pointer and tooltip, and between tooltip and the edge of the window. */
const GAP = 12;

let box: HTMLElement | null = null;

/** Show what is under the pointer, or nothing for null. */
export function showTooltip(event: MouseEvent, value: unknown): void {
  if (value === null || value === undefined || value === "") {
    hideTooltip();
    return;
  }
  box ??= made();
  box.replaceChildren(...rows(value));
  box.hidden = false;
  place(box, event);
}

export function hideTooltip(): void {
  if (box !== null) box.hidden = true;
}

function made(): HTMLElement {
  const element = document.createElement("div");
  element.className = "tooltip";
  // What it says is in the alt text and the charts' own labels.
  element.setAttribute("aria-hidden", "true");
  document.body.append(element);
  return element;
}

function rows(value: unknown): HTMLElement[] {
  const entries: [string, unknown][] =
    typeof value === "object" && value !== null ? Object.entries(value) : [["", value]];
  return entries.map(([name, shown]) => {
    const row = document.createElement("div");
    const label = document.createElement("span");
    const text = document.createElement("b");
    label.textContent = name;
    text.textContent = String(shown);
    row.append(label, text);
    return row;
  });
}

function place(element: HTMLElement, event: MouseEvent): void {
  const { width, height } = element.getBoundingClientRect();
  const right = event.clientX + GAP;
  const below = event.clientY + GAP;
  const left = right + width + GAP > window.innerWidth ? event.clientX - GAP - width : right;
  const top = below + height + GAP > window.innerHeight ? event.clientY - GAP - height : below;
  element.style.left = `${Math.max(GAP, left)}px`;
  element.style.top = `${Math.max(GAP, top)}px`;
}
