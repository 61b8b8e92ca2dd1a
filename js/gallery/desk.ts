/** Owns the way of a gallery's editor to the report: through its widget. */
import type { Desk } from "../report/parts";
import { reportOf, showReport } from "../widget/report";
import type { Requests } from "../widget/requests";

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
