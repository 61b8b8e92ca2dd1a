/** Owns the order of drawing: what is in view first, best first, one at a time. */

export interface Painted {
  /** Place in the gallery. */
  place: number;
  readonly element: HTMLElement;
  /** Draw; errors are the chart's own affair. */
  paint(): Promise<void>;
}

/** Charts this far below the view are drawn as if in view, so that scrolling finds them ready. */
const MARGIN = "400px 0px";

export class Painter {
  readonly #waiting = new Set<Painted>();
  readonly #inView = new Set<Element>();
  readonly #observer: IntersectionObserver;
  #running = false;
  #stopped = false;

  constructor() {
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) this.#inView.add(target);
          else this.#inView.delete(target);
        }
      },
      { rootMargin: MARGIN },
    );
  }

  /** Have a chart drawn; asking again before it is drawn changes nothing. */
  request(chart: Painted): void {
    this.#observer.observe(chart.element);
    this.#waiting.add(chart);
    void this.#run();
  }

  /** Draw no more what is gone. */
  forget(chart: Painted): void {
    this.#waiting.delete(chart);
    this.#inView.delete(chart.element);
    this.#observer.unobserve(chart.element);
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
    this.#observer.disconnect();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    // One turn, so that charts requested together are known before the first is chosen.
    await pause();
    while (!this.#stopped && this.#waiting.size > 0) {
      const next = this.#next();
      this.#waiting.delete(next);
      await next.paint();
      await pause();
    }
    this.#running = false;
  }

  #next(): Painted {
    const rank = ({ place, element }: Painted) => (this.#inView.has(element) ? 0 : 1e6) + place;
    return [...this.#waiting].reduce((best, one) => (rank(one) < rank(best) ? one : best));
  }
}

/** Let the browser paint and react before the next chart; a timer would wait longer each time. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
