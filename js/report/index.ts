/** Owns the widget's entry: the editor above a report, where the host has none. */
import { button, element } from "../widget/dom.js";
import { dress } from "../widget/dress";
import type { Model, RenderContext } from "../widget/model";
import { appears, followReport } from "../widget/report";
import { Requests } from "../widget/requests";
import { type Folded, folded } from "./folded.js";
import { STYLE } from "./style.js";

/** Heard by the JupyterLab plugin, which prevents its default where it has an editor itself. */
const EDITOR_EVENT = "erp-widget:editor";
/** What JupyterLab and Notebook 7 keep around an output. */
const OUTPUT = ".jp-OutputArea-child";
const INLINE = `
.inline { padding: 0 6px; font-size: 14px; }
.inline figure { margin: 0 0 20px; }
.inline :is(td, th) { padding: 3px 10px 3px 0; text-align: start; }
`;
const UNSEEN = "Run the cell again to see it.";

export default {
  render({ model, el }: RenderContext): () => void {
    const root = element("div", { class: "erp-report-tools" });
    el.append(root);
    const report = element("div", { class: "inline" });
    const showInline = () => inline(model, report);
    model.on("change:html", showInline);
    showInline();
    const requests = new Requests(model);
    const editor = built(root, model, requests, report);
    const over = new AbortController();
    followReport(model, over.signal, editor.refresh);
    // Hosts put the element into their page after this.
    const timer = setTimeout(() => giveWay(root, requests));
    return () => {
      clearTimeout(timer);
      over.abort();
      model.off("change:html", showInline);
      editor.close();
      requests.dispose();
      root.remove();
    };
  },
};

/** Show the report itself where the host has no outputs that can be updated. */
function inline(model: Model, report: HTMLElement): void {
  const html = model.get("html");
  // The kernel writes it for hosts that sanitise nothing: all that people wrote is text there.
  report.innerHTML = typeof html === "string" ? html : "";
}

function built(root: HTMLElement, model: Model, requests: Requests, report: HTMLElement): Folded {
  const shadow = root.attachShadow({ mode: "open" });
  dress(shadow, STYLE + INLINE);
  const open = button("quiet", "report", "Edit the report", "Edit the report");
  const below = element("div", {});
  shadow.append(open, below, report);
  return folded(open, below, {
    change: (asked) => requests.ask("report_edit", "", asked),
    show: async () => {
      const { shown } = await requests.ask("show_report");
      const isShown = model.get("html") !== "" || (await appears(root, shown));
      return isShown ? "" : UNSEEN;
    },
  });
}

/** Leave the place to the plugin's editor, if there is one. */
function giveWay(root: HTMLElement, requests: Requests): void {
  const event = new CustomEvent(EDITOR_EVENT, { bubbles: true, cancelable: true, composed: true });
  root.dispatchEvent(event);
  if (!event.defaultPrevented) return;
  (root.closest<HTMLElement>(OUTPUT) ?? root).style.display = "none";
  // The plugin writes the outputs itself; where no kernel answers, nothing else writes them.
  requests.ask("give_way").catch(() => {});
}
