/** Owns what is read from a Vega-Lite spec without knowing all of its forms. */

export type JsonObject = { [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Return the object under some names, or an empty one. */
export function inside(value: unknown, ...names: string[]): JsonObject {
  let found: unknown = value;
  for (const name of names) found = isObject(found) ? found[name] : undefined;
  return isObject(found) ? found : {};
}

/** Return the values of the labels on a channel, or none where the axis is continuous. */
export function domain(body: JsonObject, channel: string): unknown[] {
  const found = inside(body, "encoding", channel, "scale").domain;
  return Array.isArray(found) ? found : [];
}

/** Return how many values a field has in the data inside the spec. */
export function countOf(spec: JsonObject, field: unknown): number {
  const values = inside(spec, "data").values;
  if (!Array.isArray(values) || typeof field !== "string") return 1;
  return Math.max(1, new Set(values.map((row) => (isObject(row) ? row[field] : null))).size);
}
