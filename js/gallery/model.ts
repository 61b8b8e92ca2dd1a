/** Owns what the kernel sends of a gallery: its state, and how it is read off a model. */
import type { JsonObject } from "../runtime/index";
import type { Model } from "../widget/model";
import { count, isRecord, list, text } from "../widget/values";
import { unpacked } from "./packing";

export interface ChartState {
  id: string;
  title: string;
  /** Alt text. */
  description: string;
  /** What it shows in one line, with figures. */
  reason: string;
  /** What the reader must know of the rows shown, or an empty text. */
  note: string;
  /** Columns that it holds at one value, such as an indicator. */
  held: Held[];
  /** The note without what is said of those. */
  rest: string;
  /** Vega-Lite's name of the mark. */
  mark: string;
  /** Columns shown. */
  fields: string[];
  /** Which of them a person asked about when it was recommended. */
  about: string[];
  /** What counted for it and against it, in nats. */
  terms: Term[];
  /** Vega-Lite with its rows; null where the kernel could not send it. */
  spec: JsonObject | null;
  /** Whether it shows a sample; the exact chart that takes its place has the same id. */
  isApproximate: boolean;
  /** Whether the kernel still draws it. */
  isPending: boolean;
}

export interface Held {
  column: string;
  /** A text or a whole number; null for no value. */
  level: unknown;
  /** Column and value in words. */
  label: string;
}

export interface Term {
  name: string;
  value: number;
}

export const FIELD_TYPES = ["quantitative", "temporal", "ordinal", "nominal"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** What is known of one column of the table. */
export interface ColumnState {
  name: string;
  type: FieldType | null;
  /** Why it was read so, in words. */
  evidence: string;
  /** Whether a person said so. */
  told: boolean;
  /** Heights of bars that show how its values are spread; empty where that is not known. */
  bars: number[];
  /** The same in words. */
  spread: string;
}

/** Which columns, and which columns together, the charts so far show. */
export interface Coverage {
  columnsShown: number;
  columnsTotal: number;
  pairsShown: number;
  pairsTotal: number;
  unseenColumns: string[];
  unseenPairs: string[][];
}

/** What a list is about. */
export interface AboutState {
  /** Columns that are asked about, the most first; none in particular where empty. */
  columns: string[];
  /** Whether a person said so; otherwise it is guessed. */
  isTold: boolean;
  /** The column that is guessed, null for none. */
  guess: string | null;
  /** Columns that it could be about. */
  choices: string[];
}

/** A change that can be undone. */
export interface Change {
  act: string;
  /** What stands on the charts that it brought. */
  said: string;
  /** Charts that it brought. */
  ids: string[];
}

/** What the kernel is at. */
export interface Work {
  what: string;
  done: number;
  total: number;
}

export interface GalleryState {
  title: string;
  notes: string[];
  /** In the order shown. */
  charts: ChartState[];
  columns: ColumnState[];
  coverage: Coverage | null;
  /** Null where it is not known. */
  about: AboutState | null;
  /** Whether the table is at hand, so that more charts of it can be made. */
  isOpen: boolean;
  /** The last change, where it can be undone. */
  undo: Change | null;
  work: Work | null;
}

/** Names of the state, each of which may change. */
export const CHANGING = ["order", "notes", "columns", "coverage", "about", "undo", "work"] as const;

/** Reads the state off a model; charts that come later are added to it. */
export class State {
  readonly #model: Model;
  readonly #charts = new Map<string, ChartState>();

  constructor(model: Model) {
    this.#model = model;
    for (const sent of list(model.get("charts"))) this.#know(sent);
  }

  /** Return the state as it is now; a field that is missing is empty, never an exception. */
  now(): GalleryState {
    const get = (name: string) => this.#model.get(name);
    const order = get("order");
    const ids = Array.isArray(order) ? order.map(text) : [...this.#charts.keys()];
    return {
      title: text(get("title")),
      notes: list(get("notes")).map(text),
      charts: ids.map((id) => this.#chart(id)),
      columns: list(get("columns")).filter(isRecord).map(columnOf),
      coverage: coverageOf(get("coverage")),
      about: aboutOf(get("about")),
      isOpen: get("changeable") === true,
      undo: changeOf(get("undo")),
      work: workOf(get("work")),
    };
  }

  /** Take a chart that the kernel has drawn, and its place; also for views that are made later. */
  add(sent: unknown, place: unknown): void {
    const chart = this.#know(sent);
    const known = list(this.#model.get("charts"));
    const others = known.filter((one) => !isRecord(one) || one.id !== chart.id);
    this.#model.set("charts", [...others, sent]);
    const order = [...list(this.#model.get("order"))];
    if (typeof place !== "number" || place >= order.length) return;
    order[place] = chart.id;
    this.#model.set("order", order);
  }

  #know(sent: unknown): ChartState {
    const chart = chartOf(sent, this.#model.get("shared"));
    this.#charts.set(chart.id, chart);
    return chart;
  }

  #chart(id: string): ChartState {
    const known = this.#charts.get(id);
    if (known !== undefined) return known;
    const pending = { ...chartOf({ id }), isPending: true };
    this.#charts.set(id, pending);
    return pending;
  }
}

/** Return the ids of the charts that are saved. */
export function savedIds(model: Model): Set<string> {
  return new Set(list(model.get("saved")).map(text));
}

/** Return the ids of those of them that wait for a server. */
export function waitingIds(model: Model): Set<string> {
  return new Set(list(model.get("waiting")).map(text));
}

function chartOf(value: unknown, shared?: unknown): ChartState {
  const found = isRecord(value) ? value : {};
  return {
    id: text(found.id),
    title: text(found.title),
    description: text(found.description),
    reason: text(found.reason),
    note: text(found.note),
    held: list(found.held).filter(isRecord).map(heldOf),
    rest: text(found.rest),
    mark: text(found.mark),
    fields: list(found.fields).map(text),
    about: list(found.about).map(text),
    terms: list(found.terms).flatMap(termOf),
    spec: isRecord(found.spec) ? unpacked(found.spec, shared) : null,
    isApproximate: found.approximate === true,
    isPending: false,
  };
}

function heldOf(found: JsonObject): Held {
  return { column: text(found.column), level: found.level, label: text(found.label) };
}

function termOf(value: unknown): Term[] {
  const [name, figure] = list(value);
  return typeof name === "string" && typeof figure === "number" ? [{ name, value: figure }] : [];
}

function columnOf(found: JsonObject): ColumnState {
  return {
    name: text(found.name),
    type: FIELD_TYPES.find((type) => type === found.type) ?? null,
    evidence: text(found.evidence),
    told: found.told === true,
    bars: list(found.bars).filter((one) => typeof one === "number"),
    spread: text(found.spread),
  };
}

function coverageOf(found: unknown): Coverage | null {
  if (!isRecord(found) || typeof found.columns_total !== "number") return null;
  return {
    columnsShown: count(found.columns_shown),
    columnsTotal: found.columns_total,
    pairsShown: count(found.pairs_shown),
    pairsTotal: count(found.pairs_total),
    unseenColumns: list(found.unseen_columns).map(text),
    unseenPairs: list(found.unseen_pairs).map((pair) => list(pair).map(text)),
  };
}

function aboutOf(found: unknown): AboutState | null {
  if (!isRecord(found) || !Array.isArray(found.columns)) return null;
  return {
    columns: found.columns.map(text),
    isTold: found.told === true,
    guess: typeof found.guess === "string" ? found.guess : null,
    choices: list(found.choices).map(text),
  };
}

function changeOf(found: unknown): Change | null {
  if (!isRecord(found) || typeof found.said !== "string") return null;
  return { act: text(found.act), said: found.said, ids: list(found.ids).map(text) };
}

function workOf(found: unknown): Work | null {
  if (!isRecord(found) || typeof found.what !== "string") return null;
  return { what: found.what, done: count(found.done), total: count(found.total) };
}
