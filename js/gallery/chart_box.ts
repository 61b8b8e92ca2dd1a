/** Owns the chart of one card: skeleton, drawing, error; drawn again for a new width or theme. */
import type { Drawing } from "../runtime/index";
import { element } from "../widget/dom";
import { describe, drawInto, type Studio } from "./canvas";
import type { ChartState } from "./model";
import type { Painted } from "./painter";

/** Changes of width below this, in pixels, are not worth a new drawing. */
const SLACK = 8;

export class ChartBox implements Painted {
  readonly element: HTMLElement;
  place = 0;
  #chart: ChartState;
  readonly #studio: Studio;
  readonly #canvas = element("div", { class: "canvas" });
  #drawing: Drawing | null = null;
  #drawnWidth = 0;
  #closed = false;

  constructor(chart: ChartState, studio: Studio) {
    this.#chart = chart;
    this.#studio = studio;
    describe(this.#canvas, chart);
    this.element = element("div", { class: "chart loading", "aria-busy": "true" }, this.#canvas);
  }

  /** Take a chart with other rows, to be drawn over the one that is seen. */
  become(chart: ChartState): void {
    this.#chart = chart;
    describe(this.#canvas, chart);
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
    const drawing = await drawInto(this.#canvas, this.#chart, this.#studio, { width });
    this.#drawing?.finalize();
    this.#drawing = drawing;
    if (this.#closed) this.close();
    this.#settled(drawing, width);
  }

  /** Remove the drawing and all that listens for it. */
  close(): void {
    this.#closed = true;
    this.#drawing?.finalize();
    this.#drawing = null;
  }

  #settled(drawing: Drawing | null, width: number): void {
    this.element.classList.remove("loading");
    this.element.classList.toggle("failed", drawing === null);
    this.element.removeAttribute("aria-busy");
    // What cannot be smaller is scrolled, by keyboard too.
    const isWide = drawing !== null && drawing.width > width + 1;
    this.#canvas.classList.toggle("wide", isWide);
    if (isWide) this.#canvas.setAttribute("tabindex", "0");
    else this.#canvas.removeAttribute("tabindex");
  }
}
