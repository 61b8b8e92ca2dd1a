/** Owns anywidget's interface, as far as our widgets use it. */
import type { JsonObject } from "../runtime/index";

/** The part of anywidget's model that is used. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
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
