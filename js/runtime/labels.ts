/** Owns the room of the labels left of a plot: a share of the width, on two lines if they are long. */
import { domain, inside, isObject, type JsonObject } from "./spec";

/** Width of a character of a label in pixels, on average. */
export const CHARACTER = 6.2;
const FONT_SIZE = 11;
/** Share of a chart's width that labels take at most, or the plot would be squeezed. */
const MAX_SHARE = 0.42;
const MIN_WIDTH = 60;
const LINE_HEIGHT = 12;
/** The same of a title, on the wide side, and the most lines of one. */
const TITLE_CHARACTER = 7;
const MAX_LINES = 2;

/** Return how wide the widest of some labels is; capitals and digits are wider than most letters. */
export function widestOf(labels: readonly unknown[], font: unknown): number {
  const pen = document.createElement("canvas").getContext("2d");
  if (pen !== null) pen.font = `${FONT_SIZE}px ${typeof font === "string" ? font : "sans-serif"}`;
  const texts = labels.map(String);
  return Math.max(
    0,
    ...texts.map((text) => pen?.measureText(text).width ?? CHARACTER * text.length),
  );
}

/** Return the body of a chart whose labels left of its plot leave the plot its room. */
export function labelled(body: JsonObject, available: number): JsonObject {
  const encoding = inside(body, "encoding");
  const labels = domain(body, "y");
  const { y } = encoding;
  if (labels.length === 0 || !isObject(y) || y.axis === null) return body;
  const limit = Math.max(MIN_WIDTH, Math.floor(available * MAX_SHARE));
  const { labelExpr } = inside(y, "axis");
  // An expression of their own writes them without what they begin with alike.
  const text = typeof labelExpr === "string" ? `(${labelExpr})` : "datum.label";
  const bound = Number(/> (\d+) \?/.exec(text)?.[1] ?? 0);
  const keepsMiddle = !text.includes("slice(datum.label, 0, ");
  const lengths = labels.map((label) => String(label).length);
  const shown = lengths.map((n) => (keepsMiddle ? n - bound : Math.min(n, bound)));
  const longest = CHARACTER * Math.max(...shown);
  if (longest <= limit) return body;
  const isRoomy = stepOf(body, labels.length) >= 2 * LINE_HEIGHT;
  const said = isRoomy ? onTwoLines(text, Math.floor(limit / CHARACTER)) : {};
  const axis = { ...inside(y, "axis"), labelLimit: limit, ...said };
  return { ...body, encoding: { ...encoding, y: { ...y, axis } } };
}

/** Return a title as it is, or on as many lines as it takes in a room; what is too long is cut there. */
export function lines(title: string, room: number): string | string[] {
  const most = Math.max(1, Math.floor(room / TITLE_CHARACTER));
  if (title.length <= most) return title;
  const found = [""];
  for (const word of title.split(" ")) {
    const last = found.at(-1) as string;
    if (last === "") found[found.length - 1] = word;
    else if (found.length === MAX_LINES || `${last} ${word}`.length <= most) {
      found[found.length - 1] = `${last} ${word}`;
    } else found.push(word);
  }
  return found;
}

function stepOf(body: JsonObject, labels: number): number {
  if (typeof body.height === "number") return body.height / labels;
  const { step } = inside(body, "height");
  return typeof step === "number" ? step : 0;
}

/** Break a label at the last space that its first line has room for. */
function onTwoLines(text: string, characters: number): JsonObject {
  const cut = `lastindexof(slice(${text}, 0, ${characters + 1}), " ")`;
  const isLong = `length(${text}) > ${characters} && ${cut} > 0`;
  const both = `[slice(${text}, 0, ${cut}), slice(${text}, ${cut} + 1)]`;
  return {
    labelExpr: `${isLong} ? ${both} : ${text}`,
    labelLineHeight: LINE_HEIGHT,
    // Vega puts the first line at the label's place, not the middle of both.
    labelOffset: { condition: { test: isLong, value: -LINE_HEIGHT / 2 }, value: 0 },
  };
}
