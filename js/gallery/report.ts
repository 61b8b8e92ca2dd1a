/** Owns the way of the report into the notebook: the plugin's cell, else the kernel's output. */
import type { Desk } from "../report/parts";
import type { JsonObject } from "../runtime/index";
import type { Requests } from "./requests";
import { isRecord } from "./values";

/** Heard by the JupyterLab plugin, which prevents its default once the cell is written. */
export const REPORT_EVENT = "erp-widget:report";

const APPEARS_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 50;

export interface Report {
  name: string;
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
  const { name, code, outputs } = report;
  if (typeof name !== "string" || typeof code !== "string" || !Array.isArray(outputs)) return null;
  const former = Array.isArray(report.former) ? report.former : [];
  const marks = former.filter((mark) => typeof mark === "string");
  return { name, code, outputs: outputs.filter(isRecord), former: marks };
}

/** Show the report in the notebook the best way there is. */
async function showReport(root: HTMLElement, report: Report, requests: Requests): Promise<Place> {
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

/** Return the way of a gallery's editor to the report: through its widget. */
export function deskOf(root: HTMLElement, requests: Requests): Desk {
  return {
    change: (asked) => requests.ask("report_edit", "", asked),
    show: async () => {
      const report = reportOf(await requests.ask("report_cell"));
      const place = report === null ? "nowhere" : await showReport(root, report, requests);
      return place === "nowhere" ? "Run erp.report() again to see it." : "";
    },
  };
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
