/** Owns the chart of one card: skeleton, drawing, error; drawn again for a new width or theme. */
import type { Drawing, Theme } from "../runtime/index";
import { element } from "./dom";
import type { ChartState } from "./model";
import type { Painted } from "./painter";
import { messageOf } from "./requests";
import type { Tooltip } from "./tooltip";
import type { VegaRuntime } from "./vega";

/** Changes of width below this, in pixels, are not worth a new drawing. */
const SLACK = 8;

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

export class ChartBox implements Painted {
  readonly element: HTMLElement;
  place = 0;
  #chart: ChartState;
  readonly #studio: Studio;
  readonly #canvas: HTMLElement;
  #drawing: Drawing | null = null;
  #drawnWidth = 0;
  #closed = false;

  constructor(chart: ChartState, studio: Studio) {
    this.#chart = chart;
    this.#studio = studio;
    this.#canvas = element("div", { class: "canvas", role: "img", "aria-label": labelOf(chart) });
    this.element = element("div", { class: "chart loading", "aria-busy": "true" }, this.#canvas);
  }

  /** Take a chart with other rows, to be drawn over the one that is seen. */
  become(chart: ChartState): void {
    this.#chart = chart;
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", labelOf(chart));
  }

  /** Whether it was drawn, or tried to be, at any width. */
  get isDrawn(): boolean {
    return this.#drawnWidth > 0 || this.#chart.isPending;
  }

  /** Return whether the room has changed so much that the chart should be drawn again. */
  isStale(): boolean {
    const room = this.#canvas.clientWidth;
    return room > 0 && !this.#chart.isPending && Math.abs(room - this.#drawnWidth) > SLACK;
  }

  async paint(): Promise<void> {
    const width = this.#canvas.clientWidth;
    // Not laid out, as in a notebook behind another: its size will be reported later.
    if (this.#closed || width === 0 || this.#chart.isPending) return;
    this.#drawnWidth = width;
    try {
      const { draw } = await this.#studio.runtime();
      if (this.#chart.spec === null) throw new Error("its rows could not be sent");
      const options = { width, theme: this.#studio.theme(), tooltip: this.#studio.tooltip.show };
      const drawing = await draw(this.#canvas, untitled(this.#chart.spec), options);
      this.#drawing?.finalize();
      this.#drawing = drawing;
      if (this.#closed) this.close();
      this.#settled(drawing.width > width + 1);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Remove the drawing and all that listens for it. */
  close(): void {
    this.#closed = true;
    this.#drawing?.finalize();
    this.#drawing = null;
  }

  #settled(isWide: boolean): void {
    this.element.classList.remove("loading", "failed");
    this.element.removeAttribute("aria-busy");
    // What cannot be smaller is scrolled, by keyboard too.
    this.#canvas.classList.toggle("wide", isWide);
    if (isWide) this.#canvas.setAttribute("tabindex", "0");
    else this.#canvas.removeAttribute("tabindex");
  }

  #failed(error: unknown): void {
    this.#drawing?.finalize();
    this.#drawing = null;
    this.element.classList.remove("loading");
    this.element.classList.add("failed");
    this.element.removeAttribute("aria-busy");
    this.#canvas.removeAttribute("role");
    this.#canvas.removeAttribute("aria-label");
    this.#canvas.replaceChildren(
      element("strong", {}, "This chart could not be drawn"),
      element("span", {}, messageOf(error)),
    );
  }
}

function labelOf(chart: ChartState): string {
  return chart.description || chart.title || COMING;
}

/** The card shows title and note as text, so the drawing leaves them out. */
function untitled(spec: ChartState["spec"] & object): typeof spec {
  const { title: _, ...rest } = spec;
  return rest;
}
