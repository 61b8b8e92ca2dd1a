/** Owns that charts of report cells follow JupyterLab's theme, where they are drawn as pixels. */
import type { Cell, CodeCell } from "@jupyterlab/cells";
import type { INotebookTracker } from "@jupyterlab/notebook";
import { hasEditor } from "./editors.js";

type OutputArea = CodeCell["outputArea"];

interface Renderer {
  renderModel(model: ReturnType<OutputArea["model"]["get"]>): Promise<void>;
}

/** Draw such charts again whenever another theme is chosen; those that are SVG follow by themselves. */
export function followTheme(tracker: INotebookTracker): void {
  const observer = new MutationObserver(() => {
    tracker.forEach((panel) => {
      panel.content.widgets.filter(hasEditor).forEach(redraw);
    });
  });
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-name"] });
}

function redraw(cell: Cell): void {
  const { outputArea } = cell as CodeCell;
  outputArea.widgets.forEach((output, at) => {
    if (output.node.querySelector("canvas") === null) return;
    const [renderer] = [...output.children()].flatMap(asRenderer);
    // One that cannot be drawn again stays as it is.
    renderer?.renderModel(outputArea.model.get(at)).catch(console.warn);
  });
}

function asRenderer(widget: object): Renderer[] {
  return "renderModel" in widget ? [widget as Renderer] : [];
}
