/** Owns that marks can be seen on a dark ground: what is dark there is mixed with white. */
import { isObject, type JsonObject } from "./spec";

/** Contrast that graphics have with their ground at least (WCAG 2.2, 1.4.11); marks are translucent. */
const MIN_CONTRAST = 3;
const MARK_CONTRAST = 5.5;
/** Above this luminance a ground is light, and colours stay as they are. */
const MAX_DARK = 0.2;
/** The dark end of a scheme cannot be seen there. */
const SCHEME_START = 0.3;
const STEP = 0.05;
const HEX = /^#[0-9a-f]{6}$/i;

/** Return a spec whose colours stand out from a ground, unless that is light. */
export function lit(spec: JsonObject, ground: string): JsonObject {
  const floor = luminance(channels(ground));
  return floor > MAX_DARK ? spec : (walked(spec, { floor, ground }) as JsonObject);
}

interface Ground {
  floor: number;
  ground: string;
}

/** Rows are left alone wherever they stand. */
function walked(value: unknown, under: Ground, name = ""): unknown {
  const { floor, ground } = under;
  if (name === "data") return value;
  // What is laid over marks in the colour of the ground, as the median of a box.
  if (name === "color" && value === "white") return ground;
  if (name === "range" && isColors(value)) return litTogether(value, floor, MIN_CONTRAST);
  if (name === "scheme" && isObject(value) && Array.isArray(value.extent)) {
    return { ...value, extent: [SCHEME_START, 1] };
  }
  if ((name === "color" || name === "value") && isColors([value])) {
    return litTogether([value as string], floor, MARK_CONTRAST)[0];
  }
  if (Array.isArray(value)) return value.map((one) => walked(one, under));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, walked(one, under, key)]),
  );
}

function isColors(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => HEX.test(String(one)));
}

/** Mix colours with white, dark ones more than light ones, until the darkest stands out. */
function litTogether(colors: string[], floor: number, contrast: number): string[] {
  const wanted = contrast * (floor + 0.05) - 0.05;
  const known = colors.map(channels);
  const darkest = known.reduce((a, b) => (luminance(b) < luminance(a) ? b : a));
  let share = 0;
  while (share < 1 && luminance(mixed(darkest, share)) < wanted) share += STEP;
  if (share === 0) return colors;
  const weight = (one: Channels) => (1 - luminance(one)) / (1 - luminance(darkest));
  return known.map((one) => hex(mixed(one, share * weight(one))));
}

type Channels = [number, number, number];

function mixed(color: Channels, share: number): Channels {
  return color.map((part) => part + (255 - part) * share) as Channels;
}

function hex(color: Channels): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** Read a colour, of whichever notation, as the browser paints it on white; a text that is none is white. */
export function channels(color: string): Channels {
  if (HEX.test(color)) {
    return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as Channels;
  }
  const pen = document.createElement("canvas").getContext("2d");
  if (pen === null) return [255, 255, 255];
  for (const paint of ["white", color]) {
    pen.fillStyle = paint; // stays as it was for what is no colour
    pen.fillRect(0, 0, 1, 1);
  }
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3) as Channels;
}

/** Relative luminance of WCAG 2.2. */
export function luminance(color: Channels): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Channels;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
