/** Owns the way of the report into the notebook: the plugin's cell, else the kernel's output. */
import type { JsonObject } from "../runtime/index";
import { isRecord } from "./model";
import type { Requests } from "./requests";

/** Heard by the JupyterLab plugin, which prevents its default once the cell is written. */
export const REPORT_EVENT = "erp-widget:report";

export interface Report {
  name: string;
  /** What a person runs to see the report anywhere. */
  code: string;
  outputs: JsonObject[];
}

/** Where the report can be seen now. */
export type Place = "cell" | "output" | "nowhere";

/** Return the report in a reply, or null where it has none. */
export function reportOf(reply: JsonObject): Report | null {
  const { report } = reply;
  if (!isRecord(report)) return null;
  const { name, code, outputs } = report;
  if (typeof name !== "string" || typeof code !== "string" || !Array.isArray(outputs)) return null;
  return { name, code, outputs: outputs.filter(isRecord) };
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
  return reply.shown === true ? "output" : "nowhere";
}
