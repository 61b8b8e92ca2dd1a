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
  like: "M2.5 2.5h7v7h-7zM12.5 6.5v7h-7M6 4.5v3M4.5 6h3",
  not: "M4 4l8 8M12 4l-8 8",
  edit: "M3 13l.8-3L10.6 3.2l2.2 2.2L6 12.2z",
  enlarge: "M9.5 3H13v3.5M6.5 13H3V9.5M13 3L9 7M3 13l4-4",
  quantitative: "M6.5 3L5 13M11 3L9.5 13M3.5 6h10M2.5 10h10",
  temporal: "M3 4.5h10v8.5H3zM3 7.5h10M6 3v3M10 3v3",
  ordinal: "M2.5 13v-3h3.7V7h3.6V4h3.7v9z",
  nominal: "M4 13L8 3l4 10M5.5 9.5h5",
  undo: "M6 3.5L3 6.5l3 3M3.5 6.5H10a3 3 0 0 1 0 6H7",
  redo: "M10 3.5l3 3-3 3M12.5 6.5H6a3 3 0 0 0 0 6h3",
  up: "M8 13V3.5M4 7.5l4-4 4 4",
  down: "M8 3v9.5M4 8.5l4 4 4-4",
  open: "M5 6.5l3 3 3-3",
  report: "M3.5 2.5h9v11h-9zM6 6h4M6 8.5h4M6 11h2.5",
  rows: "M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 3.5v9",
  add: "M8 3v10M3 8h10",
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

/** Return a button with a picture, and the text beside it that a wide place shows. */
export function button(
  className: string,
  name: keyof typeof ICONS,
  text: string,
  label: string,
): HTMLButtonElement {
  const attributes = { type: "button", class: className, "aria-label": label, title: label };
  const words = text === "" ? [] : [element("span", { class: "words" }, text)];
  return element("button", attributes, icon(name), ...words);
}

/** What is written from right to left, where nothing but signs follows before other letters. */
const RIGHT_TO_LEFT = "\\p{Script=Arabic}\\p{Script=Hebrew}\\p{Script=Syriac}\\p{Script=Thaana}";
const LAST_OF_A_RUN = new RegExp(`[${RIGHT_TO_LEFT}](?![^\\p{L}\\p{N}]*[${RIGHT_TO_LEFT}])`, "gu");
const LEFT_TO_RIGHT_MARK = "\u200e";

/**
 * Return an element with a sentence of ours, which runs from left to right whatever it begins with.
 *
 * Names in it that run the other way would pull figures and signs behind them to their far side.
 */
export function ours<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes,
  text: string,
): HTMLElementTagNameMap[K] {
  const marked = text.replace(LAST_OF_A_RUN, `$&${LEFT_TO_RIGHT_MARK}`);
  return element(tag, { ...attributes, dir: "ltr" }, marked);
}

/** Return a text that begins and ends as a sentence does. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
