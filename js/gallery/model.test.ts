import { expect, test } from "vitest";
import { type Model, State } from "./model";

function kernel(spec: object): Model {
  const values: Record<string, unknown> = { title: "t", charts: [{ id: "1", title: "c", spec }] };
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
    rows: [
      ["a", 1],
      ["b", null],
    ],
  };
  const [chart] = new State(kernel({ mark: "bar", data })).now().charts;
  const values = [
    { x: "a", y: 1 },
    { x: "b", y: null },
  ];
  expect(chart?.spec).toEqual({ mark: "bar", data: { values } });
});

test("rows that were sent as they are stay so", () => {
  const spec = { mark: "bar", data: { values: [{ x: 1 }, { y: 2 }] } };
  expect(new State(kernel(spec)).now().charts[0]?.spec).toEqual(spec);
});
