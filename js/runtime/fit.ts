/** Owns the width of a chart: fills the room there is, and keeps labels from touching. */
import { CHARACTER, labelled, lines, widestOf } from "./labels";
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
/** So does one that would leave its plot less than this. */
const MIN_BESIDE = 160;
const LEGEND_COLUMN = 90;
const GRADIENT = 120;
/** Space around what is drawn. */
const MARGIN = 12;
/** Bands grow no further than this, or three bars look like three walls. */
const MAX_STEP = 96;
const MIN_PANEL = 70;
/** A map that fills a wide room would be higher than a screen. */
const MAX_MAP_GROWTH = 1.6;
const MIN_PLOT = 60;
const MIN_TITLE = 90;
/** Panels on top of each other are together about as high as a plot, but each can be read. */
const STACK_HEIGHT = 250;
const MIN_STACKED = 56;
const PANEL_GAP = 14;
const MANY_ROWS = 4;
const PANELS_HEIGHT = 320;
/** Panels beside each other grow up to so many times their own width; one alone up to so many pixels. */
const MAX_PANEL_GROWTH = 1.6;
const MAX_ONLY_PANEL = 480;
/** Below this step upright labels touch; up to so many characters they then lie flat. */
const MIN_LABEL_STEP = 12;
const MAX_FLAT = 5;
const GAP = 6;
/** Least room between two labels that lie flat. */
const BETWEEN = 4;
/** Differences below this are not worth drawing again. */
const SLACK = 6;

/** Looks of an axis' title that stands below several panels. */
const BELOW = { orient: "bottom", anchor: "middle", fontSize: 12, fontWeight: 500, offset: 6 };

/** A spec at the width at which it is drawn first. */
export interface Fitted {
  spec: JsonObject;
  /** Widest useful plot in pixels, where the plot may take what axes and legends leave. */
  widest: number | null;
}

/** Return a spec with a plot of some height; bands, slices and panels have heights of their own. */
export function heightened(spec: JsonObject, height: number | undefined): JsonObject {
  if (isPanelled(spec)) return height === undefined ? stacked(spec) : spec;
  if (height === undefined || typeof spec.height !== "number") return spec;
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

/** Several panels on top of each other make a card as high as two; each gives some of its height. */
function stacked(spec: JsonObject): JsonObject {
  const body = inside(spec, "spec");
  const panels = countOf(spec, panelField(spec));
  if (panelColumns(spec) > 1 || typeof body.height !== "number") return spec;
  const height = Math.max(MIN_STACKED, Math.floor(STACK_HEIGHT / panels));
  if (height >= body.height) return spec;
  return { ...spec, spec: { ...withAxis(body, "y", { titleLimit: height + PANEL_GAP }), height } };
}

/** Return the body of a chart with more said of one axis; as it is where there is none. */
function withAxis(body: JsonObject, channel: "x" | "y", said: JsonObject): JsonObject {
  const encoding = inside(body, "encoding");
  const found = inside(encoding, channel);
  if (!(channel in encoding) || found.axis === null) return body;
  const axis = { ...inside(found, "axis"), ...said };
  return { ...body, encoding: { ...encoding, [channel]: { ...found, axis } } };
}

/** Return a spec with a plot of about the width that there is. */
export function fitted(spec: JsonObject, available: number): Fitted {
  if (isPanelled(spec)) return { spec: fittedPanels(spec, available), widest: null };
  const roomy = labelled(spec, available);
  const isTight = isSqueezed(roomy, available);
  // It begins where the plot does, right of the axis.
  const below = available - (isRound(roomy) ? 0 : axisWidth(roomy));
  const found = isTight ? withLegends(roomy, below, "bottom") : roomy;
  if (!isObject(found.encoding)) return { spec: found, widest: null };
  const legend = isTight ? 0 : legendWidth(found);
  if (isRound(found)) return { spec: fittedSlices(found, available, isTight), widest: null };
  if (isMap(found)) return { spec: fittedMap(found, available - legend - MARGIN), widest: null };
  const room = Math.max(MIN_PLOT, Math.floor(available - axisWidth(found) - legend));
  const labels = domain(found, "x");
  const titled = withTitleLines(found, room);
  if (isObject(found.width) && labels.length > 0) {
    const widest = labels.length * MAX_STEP;
    const width = Math.min(widest, room);
    return { spec: withLabels({ ...titled, width }, labels, width / labels.length), widest };
  }
  if (typeof found.width !== "number") return { spec: found, widest: null };
  return { spec: { ...titled, width: room }, widest: Number.POSITIVE_INFINITY };
}

/** Whether a legend beside the plot would leave it too little room. */
function isSqueezed(spec: JsonObject, available: number): boolean {
  const legend = legendWidth(spec);
  if (available < NARROW || legend > available * MAX_LEGEND_SHARE) return true;
  const plot = available - axisWidth(spec) - legend;
  return legend > 0 && !isRound(spec) && !isMap(spec) && plot < MIN_BESIDE;
}

/** Return a title that is on several lines as it would be on one. */
function oneLine(title: unknown): unknown {
  return Array.isArray(title) ? title.join(" ").replaceAll("_ ", "_") : title;
}

/** Return a spec whose title below takes no more width than the plot, on a second line if need be. */
function withTitleLines(spec: JsonObject, room: number): JsonObject {
  const titleLimit = Math.max(MIN_TITLE, room);
  const limited = withAxis(spec, "x", { titleLimit });
  const encoding = inside(limited, "encoding");
  const x = inside(encoding, "x");
  const whole = oneLine(x.title);
  if (typeof whole !== "string" || x.axis === null) return limited;
  const title = lines(whole, titleLimit);
  return { ...limited, encoding: { ...encoding, x: { ...x, title } } };
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

/** Three panels and a legend do not stand beside each other in a card. */
function fittedPanels(spec: JsonObject, available: number): JsonObject {
  const columns = panelColumns(spec);
  const body = labelled(inside(spec, "spec"), available / columns);
  const found = withHeading({ ...spec, spec: body }, available - MARGIN);
  const legend = legendWidth(body);
  const isTight = available < NARROW || legend > available * MAX_LEGEND_SHARE || columns > 2;
  if (!isTight || legend === 0) return found;
  // Above, as the axis' title is the last below.
  return withLegends(found, available - axisWidth(body), columns > 1 ? "top" : "bottom");
}

/** Return a spec with its legends below or above what is drawn, in a room of some width. */
function withLegends(spec: JsonObject, room: number, orient: "bottom" | "top"): JsonObject {
  const config = inside(spec, "config");
  const legend = {
    ...inside(config, "legend"),
    orient,
    columns: Math.max(1, Math.floor(room / LEGEND_COLUMN)),
    labelLimit: Math.max(MIN_PLOT, room - SYMBOL),
    titleLimit: Math.max(MIN_PLOT, room - MARGIN),
    gradientLength: Math.max(MIN_PLOT, Math.min(GRADIENT, room - SYMBOL)),
    layout: { [orient]: { direction: "vertical", anchor: "start" } },
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
  const longest = Math.max(4, ...domain(spec, "y").map((label) => String(label).length));
  const { labelLimit } = inside(spec, "encoding", "y", "axis");
  const limit = typeof labelLimit === "number" ? labelLimit : Number.POSITIVE_INFINITY;
  return AXIS + Math.min(limit, CHARACTER * longest);
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
  if (inside(spec, "encoding", "x", "axis").labelOverlap !== false) return spec;
  const longest = Math.max(0, ...labels.map((label) => String(label).length));
  const width = widestOf(labels, inside(spec, "config").font);
  const labelAngle = width <= step - BETWEEN ? 0 : step >= 16 ? -45 : -90;
  if (step >= MIN_LABEL_STEP) return withAxis(spec, "x", { labelAngle, values: labels });
  // Not even upright does each find its place: some of them stand for all, none beyond the plot.
  const isFlat = longest <= MAX_FLAT;
  const every = Math.ceil((isFlat ? width + GAP : MIN_LABEL_STEP) / step);
  const values = labels.filter((_, at) => at % every === Math.floor(every / 2));
  return withAxis(spec, "x", { labelAngle: isFlat ? 0 : -90, values });
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
    const widest = columns === 1 ? MAX_ONLY_PANEL : Math.round(plot * MAX_PANEL_GROWTH);
    const width = Math.min(Math.max(wanted, MIN_PANEL), Math.max(widest, MIN_PANEL));
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

function panelField(spec: JsonObject): unknown {
  const facet = inside(spec, "facet");
  return inside(facet, "row").field ?? facet.field;
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
  const named = withHeaders(spec, Math.max(width, MIN_PANEL));
  const lowered = withLowPanels(
    { ...turned, width },
    Math.ceil(countOf(spec, panelField(spec)) / columns),
  );
  const found = withOneTitle({ ...named, spec: lowered }, width, columns);
  return typeof spec.columns === "number" ? withFloor({ ...found, columns }, columns) : found;
}

/** Many rows of panels would make a card as high as a screen; each gives some of its height. */
function withLowPanels(body: JsonObject, rows: number): JsonObject {
  if (typeof body.height !== "number" || rows < MANY_ROWS) return body;
  const height = Math.max(MIN_STACKED, Math.floor(PANELS_HEIGHT / rows));
  return height < body.height ? { ...body, height } : body;
}

/** Where the last row of panels has holes, each panel has an axis, or there would be some below none. */
function withFloor(spec: JsonObject, columns: number): JsonObject {
  const { axis: _, ...resolve } = inside(spec, "resolve");
  const isFull = countOf(spec, panelField(spec)) % columns === 0;
  const axis = isFull ? {} : { axis: { x: "independent" } };
  return { ...spec, resolve: { ...resolve, ...axis } };
}

/** The name of a panel takes no more room than the panel. */
function withHeaders(spec: JsonObject, labelLimit: number): JsonObject {
  const config = inside(spec, "config");
  return { ...spec, config: { ...config, header: { ...inside(config, "header"), labelLimit } } };
}

/** What all panels are called takes no more room than they do, on a second line if need be. */
function withHeading(spec: JsonObject, room: number): JsonObject {
  const { facet } = spec;
  const header = inside(facet, "header");
  if (!isObject(facet) || typeof header.title !== "string") return spec;
  const title = lines(header.title, room);
  return { ...spec, facet: { ...facet, header: { ...header, title, titleLimit: room } } };
}

/** Write the title of a shared x axis once below all panels, not below each, where it is cut. */
function withOneTitle(spec: JsonObject, width: number, columns: number): JsonObject {
  const known = inside(spec, "spec");
  const body = spec.title === undefined ? withTitle(known) : known;
  const { axis, title: told } = inside(body, "encoding", "x");
  const title = oneLine(told);
  if (axis === null || typeof title !== "string" || columns === 1 || spec.title !== undefined) {
    return { ...spec, spec: withAxis(body, "x", { titleLimit: Math.max(width, MIN_PANEL) }) };
  }
  return { ...spec, spec: withAxis(body, "x", { title: null }), title: { ...BELOW, text: title } };
}

/** Return the body of panels whose x axis has its title, which charts stored earlier leave out. */
function withTitle(body: JsonObject): JsonObject {
  const encoding = inside(body, "encoding");
  const x = inside(encoding, "x");
  const { title, ...axis } = inside(x, "axis");
  if (title !== null || !isObject(x.axis)) return body;
  return { ...body, encoding: { ...encoding, x: { ...x, axis } } };
}
