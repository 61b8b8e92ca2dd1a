/** Owns the width of a chart: fills the room there is, and keeps labels from touching. */
import { countOf, domain, inside, isObject, type JsonObject } from "./spec";

/** Width of an axis' title and ticks, and of a symbol with its spaces, in pixels. */
const AXIS = 34;
const SYMBOL = 40;
/** Width that a legend takes at most, mostly. */
const LEGEND = 150;
/** Below this a legend stands under its plot, which would be too small beside it. */
const NARROW = 340;
/** A legend that takes more of the width than this stands under its plot too. */
const MAX_LEGEND_SHARE = 0.4;
const LEGEND_COLUMN = 90;
/** Space around what is drawn. */
const MARGIN = 12;
/** Bands grow no further than this, or three bars look like three walls. */
const MAX_STEP = 96;
const MIN_PANEL = 70;
/** A map that fills a wide room would be higher than a screen. */
const MAX_MAP_GROWTH = 1.6;
const MIN_PLOT = 60;
const CHARACTER = 6.2;
/** Differences below this are not worth drawing again. */
const SLACK = 6;

/** A spec at the width at which it is drawn first. */
export interface Fitted {
  spec: JsonObject;
  /** Widest useful plot in pixels, where the plot may take what axes and legends leave. */
  widest: number | null;
}

/** Return a spec with a plot of some height; bands, slices and panels have heights of their own. */
export function heightened(spec: JsonObject, height: number | undefined): JsonObject {
  if (height === undefined || typeof spec.height !== "number" || isPanelled(spec)) return spec;
  if (!isRound(spec) && !isMap(spec)) return { ...spec, height };
  const share = height / spec.height;
  if (isMap(spec)) return scaled(spec, share);
  const mark = { ...inside(spec, "mark") };
  for (const name of ["innerRadius", "outerRadius"]) {
    const radius = mark[name];
    if (typeof radius === "number") mark[name] = Math.floor(radius * share);
  }
  const width = typeof spec.width === "number" ? spec.width * share : spec.width;
  return { ...spec, mark, width, height };
}

/** Return a spec with a plot of about the width that there is. */
export function fitted(spec: JsonObject, available: number): Fitted {
  const isTight = available < NARROW || legendWidth(spec) > available * MAX_LEGEND_SHARE;
  const found = isTight ? withLegendsBelow(spec, available) : spec;
  if (isPanelled(found) || !isObject(found.encoding)) return { spec: found, widest: null };
  const legend = isTight ? 0 : legendWidth(found);
  if (isRound(found)) return { spec: fittedSlices(found, available, isTight), widest: null };
  if (isMap(found)) return { spec: fittedMap(found, available - legend - MARGIN), widest: null };
  const room = Math.max(MIN_PLOT, Math.floor(available - axisWidth(found) - legend));
  const labels = domain(found, "x");
  if (isObject(found.width) && labels.length > 0) {
    const widest = labels.length * MAX_STEP;
    const width = Math.min(widest, room);
    return { spec: withLabels({ ...found, width }, labels, width / labels.length), widest };
  }
  if (typeof found.width !== "number") return { spec: found, widest: null };
  return { spec: { ...found, width: room }, widest: Number.POSITIVE_INFINITY };
}

/**
 * Return the width of plot with which a drawing of some width would fill its room, or null where
 * it does so already.
 */
export function corrected(
  plot: number,
  drawn: number,
  available: number,
  widest: number,
): number | null {
  const width = Math.floor(Math.min(widest, Math.max(MIN_PLOT, plot + available - drawn)));
  return width >= plot && width - plot <= SLACK ? null : width;
}

function withLegendsBelow(spec: JsonObject, available: number): JsonObject {
  const config = inside(spec, "config");
  const legend = {
    ...inside(config, "legend"),
    orient: "bottom",
    columns: Math.max(1, Math.floor(available / LEGEND_COLUMN)),
    labelLimit: available - SYMBOL,
    layout: { bottom: { direction: "vertical", anchor: "start" } },
  };
  return { ...spec, config: { ...config, legend } };
}

function isRound(spec: JsonObject): boolean {
  return (isObject(spec.mark) ? spec.mark.type : spec.mark) === "arc";
}

function isMap(spec: JsonObject): boolean {
  return isObject(spec.projection);
}

/** Return a spec with a plot so many times as wide and as high. */
function scaled(spec: JsonObject, share: number): JsonObject {
  const { width, height } = spec;
  if (typeof width !== "number" || typeof height !== "number") return spec;
  return { ...spec, width: Math.floor(width * share), height: Math.floor(height * share) };
}

/** A map keeps its proportions, or its places would stand in an empty frame. */
function fittedMap(spec: JsonObject, room: number): JsonObject {
  if (typeof spec.width !== "number") return spec;
  return scaled(spec, Math.min(MAX_MAP_GROWTH, Math.max(MIN_PLOT, room) / spec.width));
}

/** Slices do not grow with the room, as their legend should stand beside them; they shrink. */
function fittedSlices(spec: JsonObject, available: number, isBelow: boolean): JsonObject {
  const room = available - (isBelow ? MARGIN : LEGEND);
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

/** Return about how much width the y axis takes, on the safe side. */
function axisWidth(spec: JsonObject): number {
  return AXIS + CHARACTER * Math.max(4, ...domain(spec, "y").map((label) => String(label).length));
}

/** Return about how much width the legends take beside a plot. */
function legendWidth(spec: JsonObject): number {
  const layers = Array.isArray(spec.layer) ? spec.layer : [];
  const widths = [spec, ...layers].flatMap((body) =>
    ["color", "size", "shape"].map((channel) => {
      const found = inside(body, "encoding", channel);
      if (typeof found.field !== "string" || found.legend === null) return 0;
      const texts = [...domain(inside(body), channel), found.title ?? found.field];
      return SYMBOL + CHARACTER * Math.max(...texts.map((text) => String(text).length));
    }),
  );
  return Math.max(...widths);
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
  if (plot === null || (natural <= available && available - natural <= SLACK)) return null;
  const beside = natural - columns * plot;
  const wanted = Math.floor((available - beside) / columns);
  if (wanted >= MIN_PANEL || columns === 1) {
    const width = Math.min(Math.max(wanted, MIN_PANEL), Math.round(plot * 1.6));
    return width >= plot && width - plot <= SLACK ? null : withPanels(spec, width, columns);
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
  const found = { ...spec, spec: { ...withShortTitle(turned, width), width } };
  return typeof spec.columns === "number" ? { ...found, columns } : found;
}

/** Keep the title below one panel from running into that of the next. */
function withShortTitle(body: JsonObject, width: number): JsonObject {
  const encoding = inside(body, "encoding");
  if (!isObject(encoding.x) || encoding.x.axis === null) return body;
  const axis = { ...inside(encoding.x, "axis"), titleLimit: Math.max(width, MIN_PANEL) };
  return { ...body, encoding: { ...encoding, x: { ...encoding.x, axis } } };
}
