/** Owns what a gallery may ask for, and that nothing else gets into a cell that is trusted. */
import type { IDisplayData, IMimeBundle } from "@jupyterlab/nbformat";

/** Dispatched by a gallery on its root element after a chart was saved. */
export const EVENT = "erp-widget:report";
/** Dispatched by the widget that edits a report, to learn whether the cell has an editor. */
export const EDITOR_EVENT = "erp-widget:editor";

/**
 * Content that runs nothing, trusted or not. Whoever can dispatch an event could ask for a trusted
 * cell with scripts; these types cannot carry any.
 */
const INERT = /^(application\/vnd\.vegalite\.v\d+\+json|image\/png|text\/plain)$/;
/** What makes tags, links, pictures or code in Markdown; without them it is headings and text. */
const MARKUP = /[<[`~\\]/;
/** Written around characters that notebooks would take for a formula; has no attributes. */
const SPAN = /<\/?span>/g;

/** The report as it is to be shown. */
export interface Request {
  /** What tells the report's cell from others: its name, or a number for a notebook's path. */
  mark: string;
  /** What the cell runs to show the report again. */
  code: string;
  outputs: IDisplayData[];
  /** Marks that the report's cell may have from before the notebook was renamed. */
  former: string[];
}

/** Return what the event asks for, or null where it is not of the agreed form. */
export function requestOf(event: Event): Request | null {
  return event instanceof CustomEvent ? readRequest(event.detail) : null;
}

/** Return a report as a kernel or a gallery sends it, or null where it is not of that form. */
export function readRequest(detail: unknown): Request | null {
  if (!isRecord(detail)) return null;
  const { mark, code, outputs } = detail;
  if (typeof mark !== "string" || typeof code !== "string" || !Array.isArray(outputs)) return null;
  const read = outputs.map(outputOf);
  const marks = Array.isArray(detail.former) ? detail.former : [];
  const former = marks.filter((one) => typeof one === "string");
  return read.every((output) => output !== null) ? { mark, code, outputs: read, former } : null;
}

function outputOf(value: unknown): IDisplayData | null {
  if (!isRecord(value)) return null;
  const { output_type, data, metadata } = value;
  if (output_type !== "display_data" || !isRecord(data)) return null;
  const inert = Object.entries(data).filter(([type, content]) => isInert(type, content));
  if (inert.length === 0) return null;
  return {
    output_type: "display_data",
    data: Object.fromEntries(inert) as IMimeBundle,
    metadata: (isRecord(metadata) ? metadata : {}) as IDisplayData["metadata"],
  };
}

function isInert(type: string, content: unknown): boolean {
  if (type !== "text/markdown") return INERT.test(type);
  return typeof content === "string" && !MARKUP.test(content.replace(SPAN, ""));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
