/** Owns the tests of what a pointer near a line or an area is told. */
import { afterEach, describe, expect, it } from "vitest";
import { draw } from "./draw";
import type { JsonObject } from "./spec";

const LAST = 20;
const ROWS = ["low", "high"].flatMap((group) =>
  Array.from({ length: LAST + 1 }, (_, at) => ({ at, group, value: group === "low" ? 10 : 90 })),
);
const X = { field: "at", type: "quantitative", axis: null, scale: { nice: false } };
const Y = { field: "value", type: "quantitative", axis: null, scale: { domain: [0, 100] } };
const TOOLTIP = ["at", "group"].map((field) => ({ field, title: field }));
const COLOR = { field: "group", type: "nominal", legend: null };
const PLOT = { width: 400, height: 200 };

function spec(mark: JsonObject, more: JsonObject = {}): JsonObject {
  const encoding = { x: X, y: { ...Y, stack: null }, color: COLOR, tooltip: TOOLTIP, ...more };
  return { data: { values: ROWS }, ...PLOT, mark, encoding };
}

afterEach(() => document.body.replaceChildren());

/** Draw a spec and return what its tooltip shows last, as a pointer goes to a place in the plot. */
async function told(spec: JsonObject, at: number, value: number, renderer: "canvas" | "svg") {
  const element = document.createElement("div");
  document.body.append(element);
  let said: unknown = "nothing yet";
  const show = (_: MouseEvent, value: unknown) => {
    said = value;
  };
  const drawing = await draw(element, spec, { width: 420, tooltip: show, renderer });
  const surface = element.querySelector<HTMLElement>("canvas, svg");
  const { left, top, width, height } = surface?.getBoundingClientRect() ?? new DOMRect();
  // Without axes and legends there is the same room around the plot on all sides.
  const [wide, high] = [width - 10, height - 10];
  const clientX = left + 5 + (at / LAST) * wide;
  const clientY = top + 5 + (1 - value / 100) * high;
  for (const step of [1, 0]) {
    const moved = { clientX: clientX + step, clientY, bubbles: true };
    const under = document.elementFromPoint(moved.clientX, clientY);
    under?.dispatchEvent(new PointerEvent("pointermove", moved));
  }
  const leave = () => surface?.parentElement?.dispatchEvent(new PointerEvent("pointerleave"));
  return { said, leave, now: () => said, drawing };
}

describe.each(["canvas", "svg"] as const)("a pointer on a drawing as %s", (renderer) => {
  const mark = { type: "line", point: false };

  it("is told the point of a line that it is at", async () => {
    const { said, drawing } = await told(spec(mark), 14, 10, renderer);
    expect(said).toEqual({ at: 14, group: "low" });
    drawing.finalize();
  });

  it("is told the nearest point of the nearest line beside it", async () => {
    const { said, drawing } = await told(spec(mark), 6.2, 83, renderer);
    expect(said).toEqual({ at: 6, group: "high" });
    drawing.finalize();
  });

  it("is told nothing far from all lines, nor once it has left", async () => {
    const far = await told(spec(mark), 6, 50, renderer);
    expect(far.said).toBeNull();
    far.drawing.finalize();
    const near = await told(spec(mark), 6, 10, renderer);
    near.leave();
    expect(near.now()).toBeNull();
    near.drawing.finalize();
  });

  it("is told the point of an area at any height in it", async () => {
    const { said, drawing } = await told(spec({ type: "area" }), 12, 45, renderer);
    expect(said).toEqual({ at: 12, group: "high" });
    drawing.finalize();
  });

  it("is told nothing of a line that tells nothing", async () => {
    const { said, drawing } = await told(spec(mark, { tooltip: null }), 6, 10, renderer);
    expect(said ?? null).toBeNull();
    drawing.finalize();
  });

  it("is told a bar by the bar alone", async () => {
    const bars = { type: "bar", width: 8 };
    const { said, drawing } = await told(spec(bars), 10, 5, renderer);
    expect(said).toMatchObject({ at: 10 });
    drawing.finalize();
  });
});
