import { expect, test } from "vitest";
import type { Model } from "../widget/model";
import { State } from "./model";

function kernel(spec: object, shared = {}): Model {
  const charts = [{ id: "1", title: "c", spec }];
  const values: Record<string, unknown> = { title: "t", charts, shared };
  return {
    get: (name) => values[name],
    set: () => {},
    on: () => {},
    off: () => {},
    send: () => {},
  };
}

test("rows get back the names that were written once", () => {
  const data = {
    names: ["x", "y"],
    columns: [
      ["a", "b"],
      [1, null],
    ],
  };
  const [chart] = new State(kernel({ mark: "bar", data })).now().charts;
  const values = [
    { x: "a", y: 1 },
    { x: "b", y: null },
  ];
  expect(chart?.spec).toEqual({ mark: "bar", data: { values } });
});

test.each([
  [{ of: ["a", null, 2.5], at: "abacc" }, ["a", null, "a", 2.5, 2.5]],
  [{ of: Array.from({ length: 66 }, (_, i) => i), at: "aaa_babb" }, [0, 63, 64, 65]],
  [
    { from: "2023-02-27", every: 86_400_000, steps: [1, 2, 0, -2] },
    ["2023-02-27", "2023-02-28", "2023-03-02", "2023-03-02", "2023-02-28"],
  ],
  [
    { from: "0099-12-31T23:00:00Z", every: 1_800_000, steps: [2, 1] },
    ["0099-12-31T23:00:00Z", "0100-01-01", "0100-01-01T00:30:00Z"],
  ],
  [{ from: "2024-02-28", every: 86_400_000, steps: 2 }, ["2024-02-28", "2024-02-29", "2024-03-01"]],
  [{ from: "1969-12-31", every: 5, steps: [1] }, ["1969-12-31", "1969-12-31T00:00:00.005Z"]],
])("a column is written out again: %j", (column, values) => {
  const data = { names: ["x"], columns: [column] };
  const [chart] = new State(kernel({ data })).now().charts;
  expect(chart?.spec?.data).toEqual({ values: values.map((x) => ({ x })) });
});

test("what charts share is part of each, also of those that come later", () => {
  const config = { font: "sans-serif" };
  const state = new State(kernel({ mark: "bar", looks: {} }, { $schema: "v6", config }));
  state.add({ id: "2", spec: { mark: "arc", looks: { mark: { aria: false } } } }, 1);
  state.add({ id: "3", spec: { mark: "line", config: {} } }, 2);
  expect(state.now().charts.map((chart) => chart.spec)).toEqual([
    { $schema: "v6", mark: "bar", config },
    { $schema: "v6", mark: "arc", config: { ...config, mark: { aria: false } } },
    { mark: "line", config: {} },
  ]);
});

test("rows that were sent as they are stay so", () => {
  const spec = { mark: "bar", data: { values: [{ x: 1 }, { y: 2 }] } };
  expect(new State(kernel(spec)).now().charts[0]?.spec).toEqual(spec);
});
