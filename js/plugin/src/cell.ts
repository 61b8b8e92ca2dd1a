/** Owns the report cell in a notebook's shared document: where it stands and what it holds. */
import type { ISharedCell, ISharedCodeCell, ISharedNotebook } from "@jupyter/ydoc";
import type { IOutput } from "@jupyterlab/nbformat";
import { JSONExt, type PartialJSONValue } from "@lumino/coreutils";
import { isRecord, type Request } from "./request.js";

/** Key of the cell's metadata that is ours. */
const KEY = "erp";

/** What we note in a cell's metadata: which report it is, and the source as we wrote it. */
type Marks = { report: string; source: string };

/**
 * Write the report into its cell, or into a new one right below the gallery's.
 *
 * @returns The index of the report's cell.
 */
export function writeReport(
  notebook: ISharedNotebook,
  galleryIndex: number,
  request: Request,
): number {
  const found = indexOf(notebook, request);
  if (found < 0) return insert(notebook, galleryIndex + 1, request);
  updateReport(notebook.cells[found] as ISharedCodeCell, request);
  return found;
}

/** Bring a report's cell up to date; one that a person wrote gets other outputs and nothing else. */
export function updateReport(cell: ISharedCodeCell, request: Request): void {
  const { report } = marksOf(cell);
  if (report !== undefined && report !== request.mark) {
    cell.setMetadata(KEY, { ...marksOf(cell), report: request.mark });
  }
  updateSource(cell, request);
  updateOutputs(cell, request.outputs);
}

/** Tell whether a cell shows a report, from its own metadata or those of its first output. */
export function showsReport(cell: ISharedCodeCell, first: unknown): boolean {
  if (typeof marksOf(cell).report === "string") return true;
  const marks = isRecord(first) ? first[KEY] : null;
  return isRecord(marks) && typeof marks.report === "string";
}

function insert(notebook: ISharedNotebook, index: number, request: Request): number {
  notebook.insertCell(index, {
    cell_type: "code",
    source: request.code,
    metadata: { [KEY]: ours(request) },
    outputs: request.outputs,
  });
  return index;
}

/** Bring the source up to date, unless a person has made it their own. */
function updateSource(cell: ISharedCodeCell, request: Request): void {
  const written = marksOf(cell).source;
  if (cell.source === request.code || cell.source !== written) return;
  cell.setSource(request.code);
  cell.setMetadata(KEY, ours(request));
}

/** Change only the outputs from the first that differs: a chart that stays is not drawn again. */
function updateOutputs(cell: ISharedCodeCell, outputs: IOutput[]): void {
  const old = cell.getOutputs();
  const same = outputs.findIndex((output, n) => {
    const before = old[n];
    return before === undefined || !JSONExt.deepEqual(before, output);
  });
  const start = same < 0 ? outputs.length : same;
  if (start === old.length && start === outputs.length) return;
  cell.updateOutputs(start, old.length, outputs.slice(start));
  // A run's number would claim that the kernel made these outputs.
  cell.execution_count = null;
}

/** Return where the report's cell is, under its own mark or one from before; -1 for nowhere. */
function indexOf(notebook: ISharedNotebook, request: Request): number {
  const places = [request.mark, ...request.former].map((mark) =>
    notebook.cells.findIndex((cell) => isReport(cell, mark)),
  );
  return places.find((index) => index >= 0) ?? -1;
}

function isReport(cell: ISharedCell, mark: string): boolean {
  return cell.cell_type === "code" && marksOf(cell as ISharedCodeCell).report === mark;
}

/** Return what we noted in a cell; whatever else stands there reads as nothing. */
function marksOf(cell: ISharedCodeCell): Partial<Marks> {
  const marks: PartialJSONValue = cell.getMetadata(KEY) ?? null;
  return JSONExt.isObject(marks) ? marks : {};
}

function ours(request: Request): Marks {
  return { report: request.mark, source: request.code };
}
