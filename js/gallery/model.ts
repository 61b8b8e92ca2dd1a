/** Owns what the kernel sends: the state of a gallery, and anywidget's interface to it. */
import type { JsonObject } from "../runtime/index";

/** The part of anywidget's model that the gallery uses. */
export interface Model {
  get(name: string): unknown;
  on(event: string, callback: (message: unknown) => void): void;
  off(event: string, callback: (message: unknown) => void): void;
  send(content: JsonObject): void;
  widget_manager?: { get_model(id: string): Promise<Model> };
}

/** What anywidget offers beside the model; older hosts offer nothing. */
export interface Host {
  getModel?(reference: string): Promise<Model>;
}

export interface RenderContext {
  model: Model;
  el: HTMLElement;
  host?: Host;
}

export interface ChartState {
  id: string;
  title: string;
  /** Alt text. */
  description: string;
  reason: string;
  /** What the reader must know of the rows shown, or an empty text. */
  note: string;
  /** Vega-Lite with its rows; null where the kernel could not send it. */
  spec: JsonObject | null;
}

export interface GalleryState {
  title: string;
  notes: string[];
  charts: ChartState[];
}

/** Return the state as it is now; a field that is missing is empty, never an exception. */
export function stateOf(model: Model): GalleryState {
  return {
    title: text(model.get("title")),
    notes: list(model.get("notes")).map(text),
    charts: list(model.get("charts")).map(chartOf),
  };
}

/** Return the ids of the charts that are saved. */
export function savedIds(model: Model): Set<string> {
  return new Set(list(model.get("saved")).map(text));
}

/** Return the ids of those of them that wait for a server. */
export function waitingIds(model: Model): Set<string> {
  return new Set(list(model.get("waiting")).map(text));
}

function chartOf(value: unknown): ChartState {
  const found = isRecord(value) ? value : {};
  return {
    id: text(found.id),
    title: text(found.title),
    description: text(found.description),
    reason: text(found.reason),
    note: text(found.note),
    spec: isRecord(found.spec) ? unpacked(found.spec) : null,
  };
}

/** Give each row the names again that the kernel wrote once. */
function unpacked(spec: JsonObject): JsonObject {
  const data = isRecord(spec.data) ? spec.data : {};
  if (!Array.isArray(data.names) || !Array.isArray(data.rows)) return spec;
  const names = data.names.map(text);
  const values = data.rows.map((row) => {
    const cells = list(row);
    return Object.fromEntries(names.map((name, place) => [name, cells[place]]));
  });
  return { ...spec, data: { values } };
}

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
