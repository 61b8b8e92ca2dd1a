/** Owns how a chart gets into an element: drawn, with its words for those who do not see it. */
import type { Drawing, Theme } from "../runtime/index";
import { element } from "../widget/dom";
import { messageOf } from "../widget/requests";
import type { Tooltip } from "../widget/tooltip";
import type { ChartState } from "./model";
import type { VegaRuntime } from "./vega";

/** What is said of a chart that the kernel still draws. */
export const COMING = "A chart that is being drawn";

/** What charts of one gallery share. */
export interface Studio {
  runtime(): Promise<VegaRuntime>;
  theme(): Theme;
  tooltip: Tooltip;
  /** Whether the table is at hand, so that charts can be changed. */
  isOpen: boolean;
}

/** Room in CSS pixels; the height is the spec's own if missing. */
export interface Room {
  width: number;
  height?: number;
}

/** Draw a chart in place of what is there; where that fails say why, and return null. */
export async function drawInto(
  canvas: HTMLElement,
  chart: ChartState,
  { runtime, theme, tooltip }: Studio,
  room: Room,
): Promise<Drawing | null> {
  try {
    const { draw } = await runtime();
    if (chart.spec === null) throw new Error("its rows could not be sent");
    // Title and note stand beside the drawing as text.
    const { title: _, ...spec } = chart.spec;
    const drawing = await draw(canvas, spec, { ...room, theme: theme(), tooltip: tooltip.show });
    describe(canvas, chart);
    return drawing;
  } catch (error) {
    complain(canvas, error);
    return null;
  }
}

/** Say what a chart shows, to those who do not see it. */
export function describe(canvas: HTMLElement, chart: ChartState): void {
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", chart.description || chart.title || COMING);
}

/** A picture has no text of its own for screen readers, so this is none. */
function complain(canvas: HTMLElement, error: unknown): void {
  canvas.removeAttribute("role");
  canvas.removeAttribute("aria-label");
  canvas.replaceChildren(
    element("strong", {}, "This chart could not be drawn"),
    element("span", {}, messageOf(error)),
  );
}
