/** Owns the large view of one chart: a dialog that gives the focus back where it came from. */
import type { Drawing } from "../runtime/index";
import { button, element, ours, sentence } from "../widget/dom";
import { describe, drawInto, type Studio } from "./canvas";
import type { ChartState } from "./model";

/** Room around the chart in the dialog, and the largest chart that is still looked over at once. */
const AROUND = 72;
const MAX_WIDTH = 1100;
const MAX_HEIGHT = 560;
const HEIGHT_SHARE = 0.55;

export class Enlarged {
  readonly element = element("dialog", { class: "large", "aria-labelledby": "large-title" });
  readonly #studio: Studio;
  #chart: ChartState | null = null;
  #drawing: Drawing | null = null;
  #opener: HTMLElement | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(studio: Studio, signal: AbortSignal) {
    this.#studio = studio;
    this.element.addEventListener("close", () => this.#closed(), { signal });
    // A notebook would take Escape and arrows for its own.
    this.element.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
    this.element.addEventListener("click", (event) => this.#pressed(event), { signal });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const resized = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.repaint(), 150);
    };
    window.addEventListener("resize", resized, { signal });
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  /** Show a chart; whatever has the focus gets it back at the end. */
  open(chart: ChartState, opener: HTMLElement): void {
    this.#chart = chart;
    this.#opener = opener;
    const close = button("close quiet", "not", "", "Close");
    close.addEventListener("click", () => this.element.close());
    const title = ours("h4", { class: "title", id: "large-title" }, chart.title);
    const canvas = element("div", { class: "canvas", tabindex: "0" });
    describe(canvas, chart);
    const texts = [chart.reason, chart.note === "" ? "" : sentence(chart.note)];
    this.element.replaceChildren(
      element("div", { class: "top" }, title, close),
      canvas,
      ...texts.filter(Boolean).map((text) => ours("p", { class: "reason" }, text)),
    );
    this.element.showModal();
    this.#paint();
  }

  /** Draw again, as for a new theme or another size of the window. */
  repaint(): void {
    if (this.#chart !== null) this.#paint();
  }

  close(): void {
    if (this.element.open) this.element.close();
    this.#closed();
  }

  /** Draw after what is being drawn: of two at once the older might end last, and stay. */
  #paint(): void {
    this.#last = this.#last.then(() => this.#draw());
  }

  async #draw(): Promise<void> {
    const canvas = this.element.querySelector<HTMLElement>(".canvas");
    if (this.#chart === null || canvas === null) return;
    const { clientWidth, clientHeight } = document.documentElement;
    const width = Math.min(clientWidth - AROUND, MAX_WIDTH);
    const height = Math.min(Math.round(clientHeight * HEIGHT_SHARE), MAX_HEIGHT);
    const drawing = await drawInto(canvas, this.#chart, this.#studio, { width, height });
    if (!canvas.isConnected) {
      drawing?.finalize();
      return;
    }
    this.#clear();
    this.#drawing = drawing;
  }

  /** A press beside the dialog closes it. */
  #pressed(event: MouseEvent): void {
    if (event.target === this.element) this.element.close();
  }

  #closed(): void {
    this.#clear();
    this.#studio.tooltip.hide();
    this.element.replaceChildren();
    this.#chart = null;
    this.#opener?.focus();
    this.#opener = null;
  }

  #clear(): void {
    this.#drawing?.finalize();
    this.#drawing = null;
  }
}
