/** Owns drawing: Vega-Lite to pixels, expressions interpreted, nothing loaded from anywhere. */
import { type Loader, parse, type Renderers, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import { corrected, fitted, heightened, refitted } from "./fit";
import { isLine, nearLines } from "./nearest";
import type { JsonObject } from "./spec";
import { LIGHT, type Theme, themed } from "./theme";

/** Shows what is under the pointer, or hides it for null. */
export type ShowTooltip = (event: MouseEvent, value: unknown) => void;

export interface DrawOptions {
  /** Room in CSS pixels. */
  width: number;
  /** Height of the plot in CSS pixels, where it is free; the spec's own if missing. */
  height?: number;
  theme?: Theme;
  tooltip?: ShowTooltip;
  renderer?: "canvas" | "svg";
}

export interface Drawing {
  /** Width drawn, in CSS pixels; larger than asked where a chart cannot be smaller. */
  width: number;
  /** Remove the drawing and every listener of it. */
  finalize(): void;
}

const SILENT = 0;
/** Labels at the edges of panels shrink less than the panels, so one new size may not be enough. */
const MAX_TRIES = 3;
/** As often a plot is made narrower: of a title in its middle, each time half sticks out. */
const MAX_STEPS = 8;

/** Charts bring their rows; a spec that asks for more gets an error, and no link is followed. */
const NO_LOADER: Loader = {
  load: (address) => Promise.reject(new Error(`a chart may not load ${address}`)),
  sanitize: () => Promise.reject(new Error("a chart may not link to anything")),
  http: (address) => Promise.reject(new Error(`a chart may not load ${address}`)),
  file: (name) => Promise.reject(new Error(`a chart may not load ${name}`)),
};

/**
 * Draw a spec into an element, in place of what is there.
 *
 * Throws an error that says why if it cannot be drawn; the element is then as it was.
 */
export async function draw(
  element: HTMLElement,
  spec: JsonObject,
  options: DrawOptions,
): Promise<Drawing> {
  const { theme = LIGHT, width, height } = options;
  const first = fitted(themed(heightened(spec, height), theme), width);
  let made = await shown(first.spec, options);
  if (first.widest !== null) {
    await widen(made, options.width, first.widest);
  } else {
    made = await panelled(made, first.spec, options);
  }
  const { view, box } = made;
  element.replaceChildren(box);
  return {
    width: made.width,
    finalize: () => {
      view.finalize();
      box.remove();
    },
  };
}

/** Give the plot what axes and legends leave; their labels may change with it, so look again. */
async function widen(made: Shown, available: number, widest: number): Promise<void> {
  for (let tries = 0; tries < MAX_STEPS; tries += 1) {
    const width = corrected(made.view.width(), made.width, available, widest);
    if (width === null) return;
    made.view.width(width);
    await finished(made.view);
    made.width = widthOf(made.box);
  }
}

/** Draw a chart with panels again until it fits. */
async function panelled(made: Shown, spec: JsonObject, options: DrawOptions): Promise<Shown> {
  let next = refitted(spec, made.width, options.width);
  let found = made;
  for (let tries = 0; next !== null && tries < MAX_TRIES; tries += 1) {
    found.view.finalize();
    found = await shown(next, options);
    next = refitted(next, found.width, options.width);
  }
  return found;
}

interface Shown {
  view: View;
  box: HTMLElement;
  width: number;
}

/** Draw into an element outside the page, so that nothing flickers while sizes are found. */
async function shown(spec: JsonObject, options: DrawOptions): Promise<Shown> {
  const box = document.createElement("div");
  const view = viewOf(spec, options.renderer ?? "canvas", options.tooltip);
  view.initialize(box);
  // Whoever asks for the drawing says what it is; Vega would say a second thing.
  for (const name of ["role", "aria-roledescription", "aria-label"]) box.removeAttribute(name);
  if (options.tooltip !== undefined) nearLines(view, box, options.tooltip);
  await finished(view);
  return { view, box, width: widthOf(box) };
}

function widthOf(box: HTMLElement): number {
  const surface = box.querySelector<HTMLElement | SVGElement>("canvas, svg");
  return Number.parseFloat(surface?.style.width || surface?.getAttribute("width") || "0");
}

/** Return the picture of a spec: a data address of a PNG, or the text of an SVG. */
export async function picture(
  spec: JsonObject,
  format: "png" | "svg",
  theme: Theme = LIGHT,
): Promise<string> {
  const view = viewOf({ ...themed(spec, theme), background: theme.ground, padding: 12 }, "none");
  try {
    await finished(view);
    return format === "svg" ? await view.toSVG() : await view.toImageURL("png", 2);
  } finally {
    view.finalize();
  }
}

function viewOf(spec: JsonObject, renderer: Renderers, tooltip?: ShowTooltip): View {
  const logger = quiet();
  const compiled = compile(spec as unknown as TopLevelSpec, { logger }).spec;
  const view = new View(parse(compiled, {}, { ast: true }), {
    expr: expressionInterpreter,
    loader: NO_LOADER,
    logger,
    renderer,
    tooltip: (_handler: unknown, event: MouseEvent, item: unknown, value: unknown) =>
      tooltip?.(event, value === "" || isLine(item) ? null : value),
  });
  return view.hover();
}

/** Run a view to its end; what Vega only writes to the log becomes an error. */
async function finished(view: View): Promise<void> {
  const logger = view.logger() as Quiet;
  try {
    await view.runAsync();
    if (logger.failure !== null) throw logger.failure;
  } catch (error) {
    view.finalize();
    throw error;
  }
}

interface Quiet extends ReturnType<View["logger"]> {
  failure: Error | null;
}

/** Return a logger that says nothing and keeps the first error. */
function quiet(): Quiet {
  const logger: Quiet = {
    failure: null,
    level: ((level?: number) => (level === undefined ? SILENT : logger)) as Quiet["level"],
    error: (...messages: readonly unknown[]) => {
      const [first] = messages;
      logger.failure ??= first instanceof Error ? first : new Error(messages.join(" "));
      return logger;
    },
    // Vega goes on without the rows; a chart without its rows is no chart.
    warn: (...messages) =>
      messages[0] === "Loading failed" ? logger.error(messages.at(-1)) : logger,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}
