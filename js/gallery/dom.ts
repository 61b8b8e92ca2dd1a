/** Owns how elements are made: attributes by name, every text as text, never as markup. */

type Child = Node | string;
export type Attributes = Record<string, string | number | boolean>;

/** Return an element; true sets an attribute without a value, false leaves it out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** Paths on a grid of 16 units, drawn as lines. */
const ICONS = {
  save: "M4 2.5h8v11l-4-3-4 3z",
  saved: "M3 8.5l3.2 3.2L13 4.8",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  undo: "M6 3.5L3 6.5l3 3M3.5 6.5H10a3 3 0 0 1 0 6H7",
} as const;

/** Return a picture that means nothing to a screen reader; a text must stand beside it. */
export function icon(name: keyof typeof ICONS): SVGElement {
  const made = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  made.append(path);
  const attributes = { viewBox: "0 0 16 16", class: `icon icon-${name}`, "aria-hidden": "true" };
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
