/** Owns the width of a chart: fills the room there is, and keeps labels from touching. */
import { countOf, domain, inside, isObject, type JsonObject } from "./spec";

/** Width that axes and legends take beside bands; a guess that only decides how far to grow. */
const BESIDE = 70;
/** Width that a legend takes at most, mostly. */
const LEGEND = 150;
/** Below this a legend stands under its plot, which would be too small beside it. */
const NARROW = 340;
/** Space around what is drawn. */
const MARGIN = 12;
/** Bands grow no further than this, or three bars look like three walls. */
const MAX_STEP = 96;
const MIN_PANEL = 70;
const CHARACTER = 6.2;
/** Differences below this are not worth drawing again. */
const SLACK = 6;

/** Return the spec in the width it should be drawn at first. */
export function fitted(spec: JsonObject, available: number): JsonObject {
  const found = available < NARROW ? withLegendsBelow(spec) : spec;
  if (isPanelled(found) || !isObject(found.encoding)) return found;
  if (isRound(found)) return fittedSlices(found, available);
  const labels = domain(found, "x");
  if (isObject(found.width) && labels.length > 0) return fittedBands(found, labels, available);
  if (typeof found.width !== "number") return found;
  return { ...found, width: Math.floor(available), autosize: FIT };
}

const FIT = { type: "fit-x", contains: "padding" };

function withLegendsBelow(spec: JsonObject): JsonObject {
  const config = inside(spec, "config");
  return {
    ...spec,
    config: { ...config, legend: { ...inside(config, "legend"), orient: "bottom" } },
  };
}

function isRound(spec: JsonObject): boolean {
  return (isObject(spec.mark) ? spec.mark.type : spec.mark) === "arc";
}

/** Slices do not grow with the room, as their legend should stand beside them; they shrink. */
function fittedSlices(spec: JsonObject, available: number): JsonObject {
  const room = available - (available < NARROW ? MARGIN : LEGEND);
  const width = typeof spec.width === "number" ? spec.width : room;
  if (room >= width) return spec;
  const share = Math.max(room, MIN_PANEL) / width;
  const mark = { ...inside(spec, "mark") };
  for (const name of ["innerRadius", "outerRadius"]) {
    const radius = mark[name];
    if (typeof radius === "number") mark[name] = Math.floor(radius * share);
  }
  const size = Math.floor(width * share);
  return { ...spec, mark, width: size, height: size };
}

function fittedBands(spec: JsonObject, labels: unknown[], available: number): JsonObject {
  const widest = Math.round(labels.length * MAX_STEP);
  const room = Math.floor(available);
  if (widest + BESIDE < room) return withLabels({ ...spec, width: widest }, labels, MAX_STEP);
  const step = (room - BESIDE) / labels.length;
  return withLabels({ ...spec, width: room, autosize: FIT }, labels, step);
}

/** Turn labels below an axis as far as the step between them asks for. */
function withLabels(spec: JsonObject, labels: unknown[], step: number): JsonObject {
  const axis = inside(spec, "encoding", "x", "axis");
  if (axis.labelOverlap !== false) return spec;
  const longest = Math.max(0, ...labels.map((label) => String(label).length));
  const labelAngle = longest * CHARACTER <= step - 2 ? 0 : step >= 16 ? -45 : -90;
  const encoding = inside(spec, "encoding");
  const x = { ...inside(encoding, "x"), axis: { ...axis, labelAngle } };
  return { ...spec, encoding: { ...encoding, x } };
}

function isPanelled(spec: JsonObject): boolean {
  return "facet" in spec;
}

/**
 * Return the spec of a chart with panels at a width that fits, once its natural width is known;
 * null where it fits as it is.
 */
export function refitted(spec: JsonObject, natural: number, available: number): JsonObject | null {
  if (!isPanelled(spec)) return null;
  const body = inside(spec, "spec");
  const labels = domain(body, "x");
  const plot = plotWidth(body, labels.length);
  const columns = panelColumns(spec);
  if (plot === null || Math.abs(available - natural) <= SLACK) return null;
  const beside = natural - columns * plot;
  const wanted = Math.floor((available - beside) / columns);
  if (wanted >= MIN_PANEL || columns === 1) {
    const width = Math.min(Math.max(wanted, MIN_PANEL), Math.round(plot * 1.6));
    return Math.abs(width - plot) * columns <= SLACK ? null : withPanels(spec, width, columns);
  }
  if (typeof spec.columns !== "number") return withPanels(spec, MIN_PANEL, columns);
  const fewer = Math.max(1, Math.floor((available - beside) / MIN_PANEL));
  const share = Math.floor((available - beside) / fewer);
  return withPanels(spec, Math.max(MIN_PANEL, Math.min(share, plot)), fewer);
}

function plotWidth(body: JsonObject, bands: number): number | null {
  if (typeof body.width === "number") return body.width;
  const step = inside(body, "width").step;
  return typeof step === "number" && bands > 0 ? step * bands : null;
}

function panelColumns(spec: JsonObject): number {
  const facet = inside(spec, "facet");
  if (isObject(facet.column)) return countOf(spec, facet.column.field);
  if (isObject(facet.row)) return 1;
  const limit = typeof spec.columns === "number" ? spec.columns : Number.POSITIVE_INFINITY;
  return Math.min(limit, countOf(spec, facet.field));
}

function withPanels(spec: JsonObject, width: number, columns: number): JsonObject {
  const body = inside(spec, "spec");
  const labels = domain(body, "x");
  const turned = labels.length > 0 ? withLabels(body, labels, width / labels.length) : body;
  const found = { ...spec, spec: { ...turned, width } };
  return typeof spec.columns === "number" ? { ...found, columns } : found;
}
