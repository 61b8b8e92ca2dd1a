/** Owns how a spec that the kernel packed is written out again. */
import type { JsonObject } from "../runtime/index";
import { count, isRecord, list, text } from "../widget/values";

/** What places are written in, the same as in the kernel. */
const DIGITS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

/** Return a whole spec: with what all charts share, and with its rows as records. */
export function unpacked(spec: JsonObject, shared: unknown): JsonObject {
  return withShared(withRows(spec), isRecord(shared) ? shared : {});
}

function withShared(spec: JsonObject, shared: JsonObject): JsonObject {
  const { looks, ...own } = spec;
  if (!isRecord(looks)) return spec;
  const config = isRecord(shared.config) ? shared.config : {};
  return { ...shared, ...own, config: { ...config, ...looks } };
}

function withRows(spec: JsonObject): JsonObject {
  const data = isRecord(spec.data) ? spec.data : {};
  if (!Array.isArray(data.names) || !Array.isArray(data.columns)) return spec;
  const names = data.names.map(text);
  const columns = data.columns.map(cells);
  const values = (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(names.map((name, place) => [name, columns[place]?.[row]])),
  );
  return { ...spec, data: { values } };
}

function cells(column: unknown): unknown[] {
  if (!isRecord(column)) return list(column);
  if (Array.isArray(column.of)) return byPlace(column.of, text(column.at));
  let time = Date.parse(text(column.from));
  const every = count(column.every);
  const steps = Array.isArray(column.steps) ? column.steps : Array(count(column.steps)).fill(1);
  return [0, ...steps].map((step) => {
    time += count(step) * every;
    return written(new Date(time).toISOString());
  });
}

/** Return for each row the one of some values whose place its one or two digits tell. */
function byPlace(different: unknown[], digits: string): unknown[] {
  const places = Array.from(digits, (digit) => DIGITS.indexOf(digit));
  if (different.length <= DIGITS.length) return places.map((place) => different[place]);
  const rows = Array.from({ length: places.length / 2 }, (_, row) => 2 * row);
  return rows.map((at) => different[(places[at] ?? 0) * DIGITS.length + (places[at + 1] ?? 0)]);
}

/** Return a time as the kernel writes it: midnight as a date, milliseconds only where there are any. */
function written(time: string): string {
  return time.replace("T00:00:00.000Z", "").replace(".000Z", "Z");
}
