/** Owns the Vega runtime in this page: fetched from a hidden model, made a module once. */
import type * as Runtime from "../runtime/index";
import type { Host, Model } from "../widget/model";

export type VegaRuntime = Pick<typeof Runtime, "draw" | "picture">;

/** Galleries of one page share what they load, though each is a module of its own. */
const KEY = Symbol.for("erp-widget.vega-runtimes");
type Page = typeof globalThis & { [KEY]?: Map<string, Promise<VegaRuntime>> };

/** Return the runtime of the gallery's kernel; every version is loaded once per page. */
export function loadRuntime(model: Model, host: Host | undefined): Promise<VegaRuntime> {
  const page = globalThis as Page;
  page[KEY] ??= new Map();
  const loaded = page[KEY];
  const version = String(model.get("runtime_version"));
  const known = loaded.get(version);
  if (known !== undefined) return known;
  const coming = load(model, host);
  loaded.set(version, coming);
  // A failure is not kept, so that running the cell again tries again.
  coming.catch(() => loaded.delete(version));
  return coming;
}

async function load(model: Model, host: Host | undefined): Promise<VegaRuntime> {
  const reference = String(model.get("runtime") ?? "");
  const holder = await hidden(model, host, reference);
  const source = holder.get("source");
  if (typeof source !== "string" || source === "") throw new Error("its source is missing");
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return (await import(/* @vite-ignore */ address)) as VegaRuntime;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function hidden(model: Model, host: Host | undefined, reference: string): Promise<Model> {
  if (host?.getModel !== undefined) return host.getModel(reference);
  if (model.widget_manager === undefined) throw new Error("this notebook gives no access to it");
  return model.widget_manager.get_model(reference.replace(/^anywidget:/, ""));
}
