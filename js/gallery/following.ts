/** Owns listening to the kernel's state: what changed, what is saved, what still waits. */
import type { Model } from "../widget/model";
import { followReport } from "../widget/report";
import type { Requests } from "../widget/requests";
import { isRecord } from "../widget/values";
import { CHANGING, type State, savedIds, waitingIds } from "./model";

export class Following {
  readonly #model: Model;
  readonly #signal: AbortSignal;

  constructor(model: Model, signal: AbortSignal) {
    this.#model = model;
    this.#signal = signal;
  }

  /** Call back once for all that changed in one turn, and for charts that arrive. */
  state(state: State, changed: () => void): void {
    let isDue = false;
    const soon = () => {
      if (isDue) return;
      isDue = true;
      queueMicrotask(() => {
        isDue = false;
        if (!this.#signal.aborted) changed();
      });
    };
    for (const name of CHANGING) this.#on(`change:${name}`, soon);
    this.#on("msg:custom", (message) => {
      if (!isRecord(message) || message.kind !== "chart") return;
      state.add(message.chart, message.place);
      soon();
    });
  }

  /** Call back when the notebook's report was changed, from anywhere in the kernel. */
  report(changed: () => void): void {
    followReport(this.#model, this.#signal, changed);
  }

  /** Tell what is saved and what waits, now and whenever it changes; what waits is asked after. */
  saves(
    requests: Requests,
    waitingMs: number,
    tell: (saved: Set<string>, waiting: Set<string>) => void,
  ): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      if (this.#signal.aborted) return;
      const waiting = waitingIds(this.#model);
      tell(savedIds(this.#model), waiting);
      clearTimeout(timer);
      if (waiting.size > 0) timer = setTimeout(ask, waitingMs);
    };
    const ask = () => {
      const heard = requests.ask("waiting");
      void heard.then(changed, changed);
    };
    changed();
    for (const name of ["change:saved", "change:waiting"]) this.#on(name, changed);
    this.#signal.addEventListener("abort", () => clearTimeout(timer));
  }

  #on(event: string, callback: (message: unknown) => void): void {
    this.#model.on(event, callback);
    this.#signal.addEventListener("abort", () => this.#model.off(event, callback));
  }
}
