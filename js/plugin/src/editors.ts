/** Owns the editors above the outputs of a notebook's report cells. */
import type { Cell, CodeCell } from "@jupyterlab/cells";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { type Folded, folded } from "../../report/folded.js";
import type { Desk } from "../../report/parts.js";
import { STYLE } from "../../report/style.js";
import { button } from "../../widget/dom.js";
import { showsReport, updateReport } from "./cell.js";
import { ask } from "./kernel.js";
import { readRequest } from "./request.js";

/** Cells are looked over once they have been left alone for so long. */
const QUIET_MS = 200;
const CLASS = "erp-report-bar";
const UNTRUSTED = "This notebook is not trusted. Run the cell to edit its report.";

interface Editor {
  /** What stands above the outputs: a button, and the editor below it. */
  bar: HTMLElement;
  folded: Folded;
}

const editors = new WeakMap<Cell, Editor>();

/** Bring an open editor to what a click elsewhere made of its report. */
export function refreshEditor(cell: Cell | undefined): void {
  if (cell !== undefined) editors.get(cell)?.folded.refresh();
}

/** Whether a cell has an editor, or gets one as soon as it is left alone. */
export function hasEditor(cell: Cell | undefined): boolean {
  if (cell?.model.type !== "code") return false;
  return showsReport((cell as CodeCell).model.sharedModel, firstOf(cell as CodeCell));
}

/** Give each report cell of a notebook an editor, now and whenever cells change. */
export function placeEditors(panel: NotebookPanel): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    for (const cell of panel.content.widgets) {
      if (cell.model.type !== "code") continue;
      // A cell that was never seen is not drawn yet.
      void cell.ready.then(() => place(cell as CodeCell, panel));
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, QUIET_MS);
  };
  panel.content.modelContentChanged.connect(soon);
  panel.disposed.connect(() => clearTimeout(timer));
  void panel.context.ready.then(soon);
}

function place(cell: CodeCell, panel: NotebookPanel): void {
  if (cell.isDisposed) return;
  const known = editors.get(cell);
  if (!hasEditor(cell)) {
    known?.bar.remove();
    known?.folded.close();
    editors.delete(cell);
    return;
  }
  const editor = known ?? made(cell, panel);
  editors.set(cell, editor);
  const { bar } = editor;
  const outputs = cell.node.querySelector(":scope > .jp-Cell-outputWrapper");
  if (outputs?.previousElementSibling !== bar) cell.node.insertBefore(bar, outputs);
}

/** Return the metadata of a cell's first output that is data. */
function firstOf(cell: CodeCell): unknown {
  const { outputs } = cell.model;
  return outputs.length > 0 ? outputs.get(0).metadata : null;
}

function made(cell: CodeCell, panel: NotebookPanel): Editor {
  const bar = document.createElement("div");
  bar.className = CLASS;
  // As far from the left as the outputs below it.
  bar.style.marginInlineStart = "calc(var(--jp-cell-prompt-width) + var(--jp-cell-padding))";
  const shadow = bar.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  const open = button("quiet", "report", "Edit the report", "Edit the report");
  const below = document.createElement("div");
  shadow.append(open, below);
  const editor = folded(open, below, deskOf(cell, panel));
  cell.disposed.connect(editor.close);
  return { bar, folded: editor };
}

/** Return the way to the report: through the notebook's kernel, and into the cell's outputs. */
function deskOf(cell: CodeCell, panel: NotebookPanel): Desk {
  const { sharedModel } = cell.model;
  const asked = async (more: object) => {
    // The source names a report and its place; of somebody else's notebook that is not ours to open.
    if (!cell.model.trusted) throw new Error(UNTRUSTED);
    // A notebook that was just opened has its kernel in a moment.
    await panel.sessionContext.ready;
    const kernel = panel.sessionContext.session?.kernel ?? null;
    return ask(kernel, { source: sharedModel.getSource(), ...more });
  };
  return {
    change: (change) => asked({ command: "report_edit", ...change }),
    show: async () => {
      const request = readRequest((await asked({ command: "report_cell" })).report);
      if (request === null || cell.isDisposed || cell.model.isDisposed) return "";
      updateReport(sharedModel, request);
      // The person clicked, and all outputs of the cell are now ours and inert.
      cell.model.trusted = true;
      return "";
    },
  };
}
