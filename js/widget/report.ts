/** Owns the way of the report into the notebook: the plugin's cell, else the kernel's output. */
import type { JsonObject } from "../runtime/index";
import type { Model } from "./model";
import type { Requests } from "./requests";
import { isRecord } from "./values";

/** Heard by the JupyterLab plugin, which prevents its default once the cell is written. */
export const REPORT_EVENT = "erp-widget:report";

const APPEARS_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 50;

export interface Report {
  /** What its cell in a notebook is known by. */
  mark: string;
  /** What a person runs to see the report anywhere. */
  code: string;
  outputs: JsonObject[];
  /** What the report's cell may be marked with from before the notebook was renamed. */
  former: string[];
}

/** Where the report can be seen now. */
export type Place = "cell" | "output" | "nowhere";

/** Return the report in a reply, or null where it has none. */
export function reportOf(reply: JsonObject): Report | null {
  const { report } = reply;
  if (!isRecord(report)) return null;
  const { mark, code, outputs } = report;
  if (typeof mark !== "string" || typeof code !== "string" || !Array.isArray(outputs)) return null;
  const former = Array.isArray(report.former) ? report.former : [];
  const marks = former.filter((one) => typeof one === "string");
  return { mark, code, outputs: outputs.filter(isRecord), former: marks };
}

/** Show the report in the notebook the best way there is. */
export async function showReport(
  root: HTMLElement,
  report: Report,
  requests: Requests,
): Promise<Place> {
  const event = new CustomEvent(REPORT_EVENT, {
    detail: report,
    bubbles: true,
    cancelable: true,
    composed: true,
  });
  root.dispatchEvent(event);
  if (event.defaultPrevented) return "cell";
  const reply = await requests.ask("show_report");
  return (await appears(root, reply.shown)) ? "output" : "nowhere";
}

/** Show the report where it can be shown; what keeps it from being seen is no failure of a save. */
export function placeOf(root: HTMLElement, report: Report, requests: Requests): Promise<Place> {
  return showReport(root, report, requests).catch((): Place => "nowhere");
}

/** Call back when the notebook's report was changed, from anywhere in the kernel. */
export function followReport(model: Model, signal: AbortSignal, changed: () => void): void {
  const heard = (message: unknown) => {
    if (isRecord(message) && message.kind === "report_changed") changed();
  };
  model.on("msg:custom", heard);
  signal.addEventListener("abort", () => model.off("msg:custom", heard));
}

/** Wait until an output shows the element that the kernel spoke of, if it ever does. */
export async function appears(root: HTMLElement, mark: unknown): Promise<boolean> {
  if (typeof mark !== "string") return false;
  const page = root.ownerDocument;
  for (let waited = 0; waited < APPEARS_WITHIN_MS; waited += LOOK_EVERY_MS) {
    if (page.getElementsByClassName(mark).length > 0) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return false;
}
