/** Owns the JupyterLab plugin: it writes report cells where asked, and has them edited by mouse. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import { writeReport } from "./cell.js";
import { hasEditor, placeEditors, refreshEditor } from "./editors.js";
import { EDITOR_EVENT, EVENT, requestOf } from "./request.js";
import { followTheme } from "./theme.js";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "erp-widget:report",
  description: "Writes the charts that a person saves in a gallery into a report cell.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app, tracker: INotebookTracker) => {
    document.addEventListener(EVENT, (event) => answer(event, tracker));
    document.addEventListener(EDITOR_EVENT, (event) => {
      const place = placeOf(event.target, tracker);
      if (place !== null && hasEditor(place.panel.content.widgets[place.index])) {
        event.preventDefault();
      }
    });
    tracker.widgetAdded.connect((_, panel) => placeEditors(panel));
    tracker.forEach(placeEditors);
    followTheme(tracker);
  },
};

/** Write what is asked for; only a request that is met is told so, the gallery does the rest. */
function answer(event: Event, tracker: INotebookTracker): void {
  try {
    const request = requestOf(event);
    const place = placeOf(event.target, tracker);
    if (request === null || place === null) return;
    const notebook = place.panel.model;
    if (notebook === null || notebook.readOnly) return;
    const index = writeReport(notebook.sharedModel, place.index, request);
    // The person clicked, and all outputs of the cell are now ours and inert.
    notebook.cells.get(index).trusted = true;
    refreshEditor(place.panel.content.widgets[index]);
    event.preventDefault();
  } catch (error) {
    console.error("erp-widget: the report cell could not be written", error);
  }
}

/** Return the open notebook that holds the node, and the index of the cell around it. */
function placeOf(
  node: EventTarget | null,
  tracker: INotebookTracker,
): { panel: NotebookPanel; index: number } | null {
  if (!(node instanceof Node)) return null;
  const panel = tracker.find((candidate) => candidate.node.contains(node));
  const index = panel?.content.widgets.findIndex((cell) => cell.node.contains(node)) ?? -1;
  return panel === undefined || index < 0 ? null : { panel, index };
}

export default plugin;
