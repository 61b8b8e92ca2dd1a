/** Owns what the tests share: a stand-in for anywidget's model, and small real charts. */
import { vi } from "vitest";
import type { JsonObject } from "../runtime/index";
import type { Model } from "../widget/model";
import { Gallery, type GalleryOptions } from "./gallery";
import type { ChartState } from "./model";

type Callback = (message: unknown) => void;

/** A module that passes the real runtime on, as the kernel's text of it would. */
const SOURCE = `export * from "${new URL("../runtime/index.ts", import.meta.url).href}";`;

/** Answers a request, or stays silent for null. */
export type Kernel = (request: JsonObject) => JsonObject | null;

/** Stands in for anywidget's model and nothing else. */
export class FakeModel implements Model {
  readonly sent: JsonObject[] = [];
  readonly listeners: [string, Callback][] = [];
  readonly state: JsonObject;
  readonly #kernel: Kernel;

  constructor(state: JsonObject, kernel: Kernel = () => null) {
    this.state = {
      title: "cars",
      notes: [],
      charts: [],
      columns: [],
      changeable: true,
      saved: [],
      waiting: [],
      runtime: "anywidget:runtime",
      runtime_version: "test",
      ...state,
    };
    this.#kernel = kernel;
  }

  readonly widget_manager = {
    get_model: (id: string): Promise<Model> => {
      if (id !== "runtime") return Promise.reject(new Error(`there is no model ${id}`));
      return Promise.resolve(new FakeModel({ source: SOURCE }));
    },
  };

  get(name: string): unknown {
    return this.state[name];
  }

  set(name: string, value: unknown): void {
    this.state[name] = value;
    this.emit(`change:${name}`, value);
  }

  on(event: string, callback: Callback): void {
    this.listeners.push([event, callback]);
  }

  off(event: string, callback: Callback): void {
    const at = this.listeners.findIndex(([name, one]) => name === event && one === callback);
    if (at >= 0) this.listeners.splice(at, 1);
  }

  send(request: JsonObject): void {
    this.sent.push(request);
    const reply = this.#kernel(request);
    if (reply === null) return;
    queueMicrotask(() => this.emit("msg:custom", { kind: "reply", id: request.id, ...reply }));
  }

  emit(event: string, message: unknown): void {
    for (const [name, callback] of [...this.listeners]) if (name === event) callback(message);
  }

  /** Requests of one command, in order. */
  asked(command: string): JsonObject[] {
    return this.sent.filter((request) => request.command === command);
  }
}

export function bars(title: string, values: number[] = [3, 1, 2]): ChartState {
  return {
    id: title,
    title,
    description: `Bar chart: ${title}.`,
    reason: `${title} matters`,
    note: "",
    held: [],
    rest: "",
    mark: "bar",
    fields: ["x", "y"],
    about: [],
    terms: [],
    isApproximate: false,
    isPending: false,
    spec: {
      data: { values: values.map((y, at) => ({ x: `label ${at}`, y })) },
      mark: "bar",
      encoding: {
        x: { field: "x", type: "nominal" },
        y: { field: "y", type: "quantitative" },
        tooltip: [{ field: "y", type: "quantitative", title: "How many" }],
      },
      width: 300,
      height: 150,
    },
  };
}

/** What the kernel of a working notebook answers. */
export function working(request: JsonObject): JsonObject {
  const report = { mark: "report", code: "import erp_widget as erp\nerp.report()", outputs: [] };
  if (request.command === "code") return { ok: true, code: "import altair as alt" };
  return { ok: true, report, shown: null };
}

const opened: Gallery[] = [];

/** Show a gallery in the page, as anywidget does. */
export function show(model: Model, width = 900, options: GalleryOptions = {}): Gallery {
  const el = document.createElement("div");
  el.style.width = `${width}px`;
  document.body.append(el);
  const gallery = new Gallery({ model, el }, options);
  el.append(gallery.root);
  opened.push(gallery);
  return gallery;
}

export function closeAll(): void {
  for (const gallery of opened.splice(0)) gallery.close();
  document.body.replaceChildren();
}

export function all<E extends HTMLElement>(gallery: Gallery, selector: string): E[] {
  return [...(gallery.root.shadowRoot?.querySelectorAll<E>(selector) ?? [])];
}

export function one<E extends HTMLElement>(gallery: Gallery, selector: string): E {
  const [found] = all<E>(gallery, selector);
  if (found === undefined) throw new Error(`nothing matches ${selector}`);
  return found;
}

/** Return the card at a place. */
export function card(gallery: Gallery, place: number): HTMLElement {
  const found = all(gallery, ".card")[place];
  if (found === undefined) throw new Error(`there is no card ${place}`);
  return found;
}

/** Return how many different colours a canvas shows. */
export function colorsOf(canvas: HTMLCanvasElement): Set<number> {
  const pen = canvas.getContext("2d");
  if (pen === null || canvas.width === 0) return new Set();
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer));
}

/** Wait until something is so; machines that also do other things are slow. */
export async function until(isSo: () => unknown): Promise<void> {
  await vi.waitUntil(isSo, { timeout: 25_000, interval: 5 });
}

/** Press a key where the focus is. */
export function press(key: string): void {
  let target: Element = document.activeElement ?? document.body;
  while (target.shadowRoot?.activeElement) target = target.shadowRoot.activeElement;
  const options = { key, bubbles: true, composed: true, cancelable: true };
  target.dispatchEvent(new KeyboardEvent("keydown", options));
}
