/** Owns the room of the labels left of a plot: a share of the width, on two lines if they are long. */
import { domain, inside, isObject, type JsonObject } from "./spec";

/** Width of a character of a label in pixels, on average. */
export const CHARACTER = 6.2;
/** Share of a chart's width that labels take at most, or the plot would be squeezed. */
const MAX_SHARE = 0.42;
const MIN_WIDTH = 60;
const LINE_HEIGHT = 12;

/** Return the body of a chart whose labels left of its plot leave the plot its room. */
export function labelled(body: JsonObject, available: number): JsonObject {
  const encoding = inside(body, "encoding");
  const labels = domain(body, "y");
  const { y } = encoding;
  if (labels.length === 0 || !isObject(y) || y.axis === null) return body;
  const limit = Math.max(MIN_WIDTH, Math.floor(available * MAX_SHARE));
  const longest = CHARACTER * Math.max(...labels.map((label) => String(label).length));
  if (longest <= limit) return body;
  const isRoomy = stepOf(body, labels.length) >= 2 * LINE_HEIGHT;
  const lines = isRoomy ? onTwoLines(Math.floor(limit / CHARACTER)) : {};
  const axis = { ...inside(y, "axis"), labelLimit: limit, ...lines };
  return { ...body, encoding: { ...encoding, y: { ...y, axis } } };
}

function stepOf(body: JsonObject, labels: number): number {
  if (typeof body.height === "number") return body.height / labels;
  const { step } = inside(body, "height");
  return typeof step === "number" ? step : 0;
}

/** Break a label at the last space that its first line has room for. */
function onTwoLines(characters: number): JsonObject {
  const cut = `lastindexof(slice(datum.label, 0, ${characters + 1}), " ")`;
  const isLong = `length(datum.label) > ${characters} && ${cut} > 0`;
  const lines = `[slice(datum.label, 0, ${cut}), slice(datum.label, ${cut} + 1)]`;
  return {
    labelExpr: `${isLong} ? ${lines} : datum.label`,
    labelLineHeight: LINE_HEIGHT,
    // Vega puts the first line at the label's place, not the middle of both.
    labelOffset: { condition: { test: isLong, value: -LINE_HEIGHT / 2 }, value: 0 },
  };
}
