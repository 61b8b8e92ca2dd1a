/** Owns the tests of drawing: widths, colours, and that nothing is loaded or compiled. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { draw, picture } from "./draw";
import { channels, luminance as luminanceOf } from "./light";
import type { JsonObject } from "./spec";
import { LIGHT } from "./theme";

const ROWS = Array.from({ length: 24 }, (_, at) => ({
  number: at,
  label: `a rather long label ${at % 6}`,
  group: `group ${at % 3}`,
}));
const Y = { field: "number", type: "quantitative" };
const LABELS = [...new Set(ROWS.map((row) => row.label))];
const BANDS = {
  field: "label",
  type: "nominal",
  scale: { domain: LABELS },
  axis: { labelAngle: 0, labelOverlap: false },
};

function spec(more: JsonObject): JsonObject {
  return { data: { values: ROWS }, mark: "bar", ...more };
}

const LINE = spec({ mark: "line", width: 320, height: 150, encoding: { x: Y, y: Y } });
const STEPS = spec({ width: { step: 40 }, height: 150, encoding: { x: BANDS, y: Y } });
const COLOR = { field: "group", type: "nominal" };
const SLICES = spec({
  mark: { type: "arc", innerRadius: 45, outerRadius: 95 },
  width: 200,
  height: 200,
  encoding: { theta: Y, color: COLOR },
});
const MAP = spec({
  mark: "point",
  width: 320,
  height: 160,
  projection: { type: "mercator" },
  encoding: { longitude: Y, latitude: Y, color: COLOR },
});
const LAYERS = spec({
  width: 320,
  height: 150,
  encoding: { x: { ...Y, bin: { binned: true, step: 1 } } },
  layer: [
    { mark: "bar", encoding: { y: Y } },
    { data: { values: [{ number: 7 }] }, mark: "rule", encoding: { x: { ...Y, bin: null } } },
  ],
});
const PANEL = { width: 190, height: 100, encoding: { x: Y, y: Y }, mark: "line" };
const PANELS: JsonObject = {
  data: { values: ROWS },
  facet: { field: "group", type: "nominal" },
  columns: 3,
  spec: PANEL,
};

const luminance = (color: string) => luminanceOf(channels(color));

function place(): HTMLElement {
  const made = document.createElement("div");
  document.body.append(made);
  return made;
}

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe("a drawing", () => {
  it.each([
    ["a line", LINE, 300],
    ["a line", LINE, 640],
    ["bands", STEPS, 360],
    ["bands", STEPS, 480],
    ["slices", SLICES, 220],
    ["slices", SLICES, 420],
    ["a map", MAP, 260],
    ["a map", MAP, 640],
    ["layers", LAYERS, 300],
    ["panels", PANELS, 420],
    ["panels", PANELS, 640],
  ])("of %s stays within its room", async (_, made, width) => {
    const drawing = await draw(place(), made, { width });
    expect(drawing.width).toBeLessThanOrEqual(width + 2);
    expect(drawing.width).toBeGreaterThan(width / 2);
    drawing.finalize();
  });

  it.each([260, 380, 700])("%d pixels wide shows all of itself", async (width) => {
    const gradient = spec({
      mark: "rect",
      width: { step: 40 },
      height: { step: 20 },
      encoding: { x: BANDS, y: COLOR, color: Y },
    });
    for (const made of [LINE, STEPS, SLICES, gradient]) {
      const element = place();
      const drawing = await draw(element, made, { width, renderer: "svg" });
      const picture = element.querySelector("svg");
      const { x, y, width: wide, height: high } = picture?.getBBox() ?? new DOMRect(-99);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(-1);
      expect(x + wide).toBeLessThanOrEqual(Number(picture?.getAttribute("width")) + 1);
      expect(y + high).toBeLessThanOrEqual(Number(picture?.getAttribute("height")) + 1);
      drawing.finalize();
    }
  });

  it.each([
    ["CZE AUS UNI ICE GER EST KOS VIE BOS FRA HUN DEN", 330],
    ["CZE AUS UNI ICE GER EST KOS VIE BOS FRA HUN DEN", 480],
    ["2015 2016 2017 2018 2019 2020 2021 2022 2023 2024", 340],
  ])("has labels below its axis that do not touch: %s", async (names, width) => {
    const labels = names.split(" ");
    const x = { ...BANDS, field: "code", scale: { domain: labels } };
    const values = labels.map((code, number) => ({ code, number }));
    const made = { ...STEPS, data: { values }, encoding: { x, y: Y } };
    const element = place();
    const drawing = await draw(element, made, { width, renderer: "svg" });
    const axis = element.querySelectorAll(".role-axis-label")[0];
    const texts = [...(axis?.querySelectorAll("text") ?? [])];
    expect(texts.map((text) => text.textContent)).toEqual(labels);
    const turned = texts.every((text) => text.getAttribute("transform")?.includes("rotate"));
    const edges = texts.map((text) => text.getBoundingClientRect());
    const apart = edges.every(({ left }, at) => at === 0 || left - (edges[at - 1]?.right ?? 0) > 2);
    expect(turned || apart).toBe(true);
    drawing.finalize();
  });

  it.each([260, 520])("of a map %d pixels wide keeps its proportions", async (width) => {
    const element = place();
    const drawing = await draw(element, MAP, { width, renderer: "svg" });
    const frame = element.querySelector(".mark-group.role-frame.root path.background");
    const [, across, down] = /h([\d.]+)v([\d.]+)/.exec(frame?.getAttribute("d") ?? "") ?? [];
    expect(Number(across) / Number(down)).toBeCloseTo(2, 1);
    drawing.finalize();
  });

  it("has a legend under the plot where it would squeeze the plot beside it", async () => {
    const long = ROWS.map((row) => ({ ...row, group: `the long name of ${row.group}` }));
    const groups = [...new Set(long.map((row) => row.group))];
    const color = { ...COLOR, scale: { domain: groups } };
    const made = { ...LINE, data: { values: long }, encoding: { x: Y, y: Y, color } };
    const element = place();
    const drawing = await draw(element, made, { width: 360, renderer: "svg" });
    const legend = element.querySelector(".role-legend")?.getBoundingClientRect();
    const axis = element.querySelector(".role-axis-title")?.getBoundingClientRect();
    expect(legend?.top).toBeGreaterThan(axis?.top ?? Number.POSITIVE_INFINITY);
    const texts = [...element.querySelectorAll(".role-legend-label text")];
    expect(texts.map((text) => text.textContent)).toEqual(groups);
    drawing.finalize();
  });

  it("has a legend under bars whose names leave them little room", async () => {
    const names = ["a name as long as a question", "another one that is as long"];
    const rows = ROWS.map((row, at) => ({ ...row, name: names[at % 2] }));
    const y = { ...BANDS, field: "name", scale: { domain: names } };
    const color = { ...COLOR, scale: { domain: ["Strongly agree", "Strongly disagree"] } };
    const made = { ...LINE, mark: "bar", data: { values: rows }, encoding: { x: Y, y, color } };
    const element = place();
    const drawing = await draw(element, made, { width: 370, renderer: "svg" });
    const legend = element.querySelector(".role-legend")?.getBoundingClientRect();
    const axis = element.querySelector(".role-axis-title")?.getBoundingClientRect();
    expect(legend?.top).toBeGreaterThan(axis?.top ?? Number.POSITIVE_INFINITY);
    drawing.finalize();
  });

  it("turns labels that would touch", async () => {
    const element = place();
    const drawing = await draw(element, STEPS, { width: 360, renderer: "svg" });
    const label = [...element.querySelectorAll("text")].find((t) => t.textContent?.includes("ra"));
    expect(label?.getAttribute("transform")).toContain("rotate");
    drawing.finalize();
  });

  it("thins labels that would touch even upright", async () => {
    const years = Array.from({ length: 40 }, (_, at) => 1980 + at);
    const x = { ...BANDS, scale: { domain: years } };
    const values = years.map((label) => ({ label, number: label - 1970 }));
    const made = { ...STEPS, data: { values }, encoding: { x, y: Y } };
    const element = place();
    const drawing = await draw(element, made, { width: 300, renderer: "svg" });
    const boxes = [...element.querySelectorAll(".role-axis-label text")]
      .filter((text) => Number(text.textContent) >= 1980)
      .map((text) => text.getBoundingClientRect());
    expect(boxes.length).toBeGreaterThan(2);
    boxes.slice(1).forEach((box, at) => {
      expect(box.left).toBeGreaterThan(boxes[at]?.right ?? 0);
    });
    drawing.finalize();
  });

  it("leaves the plot its room beside long labels, which take two lines", async () => {
    const names = ["Brief", "The United Kingdom of Great Britain and Northern Ireland", "Kenya"];
    const made = spec({
      data: { values: names.map((label, at) => ({ label, number: at + 1 })) },
      width: 200,
      height: { step: 34 },
      encoding: { y: { field: "label", type: "nominal", scale: { domain: names } }, x: Y },
    });
    const element = place();
    const drawing = await draw(element, made, { width: 360, renderer: "svg" });
    expect(drawing.width).toBeLessThanOrEqual(362);
    const frame = element.querySelector(".mark-group.role-frame.root path.background");
    const [, across] = /h([\d.]+)v/.exec(frame?.getAttribute("d") ?? "") ?? [];
    expect(Number(across)).toBeGreaterThan(150);
    const labels = [...element.querySelectorAll(".role-axis-label text")];
    const lines = labels.map((text) =>
      [...text.querySelectorAll("tspan")].map((t) => t.textContent),
    );
    expect(lines.filter((found) => found.length === 2).map(([first]) => first)).toEqual([
      "The United Kingdom of",
    ]);
    drawing.finalize();
  });

  it("names what all panels share once", async () => {
    const x = { ...Y, title: "a title longer than one panel is wide" };
    const made = { ...PANELS, spec: { ...PANEL, encoding: { x, y: Y } } };
    const element = place();
    const drawing = await draw(element, made, { width: 360, renderer: "svg" });
    const texts = [...element.querySelectorAll("text")].map((text) => text.textContent);
    expect(texts.filter((text) => text?.startsWith("a title"))).toEqual([x.title]);
    drawing.finalize();
  });

  it("writes titles that are wider than a plot or its panels on two lines", async () => {
    const title = "Staten Island Railway: total estimated ridership";
    const x = { ...Y, title };
    const facet = { field: "group", type: "nominal", header: { title } };
    const PANELLED = { ...PANELS, facet, spec: { ...PANEL, width: 90 } };
    for (const made of [{ ...LINE, encoding: { x, y: Y } }, PANELLED]) {
      const element = place();
      const drawing = await draw(element, made, { width: 300, renderer: "svg" });
      const spans = [...element.querySelectorAll("tspan")].map((one) => one.textContent);
      expect(spans.join(" ")).toBe(title);
      expect(drawing.width).toBeLessThanOrEqual(302);
      drawing.finalize();
    }
  });

  it("narrows a plot until the title below, which has two lines already, sticks out no more", async () => {
    const names = ["the overall process", "the overall process and outcome"];
    const shown = names.map((name) => `Somewhat dissatisfied with ${name}`);
    const question = ["How satisfied were", "you with the", "funding process…"];
    const title = ["Sum of Total amount disbursed to date", "(thousands of euros)"];
    const made = spec({
      data: { values: shown.map((label, at) => ({ label, number: 23_000 * (at + 1) })) },
      width: 140,
      height: { step: 24 },
      encoding: {
        x: { ...Y, title },
        y: { field: "label", type: "nominal", title: question, scale: { domain: shown } },
        color: { field: "label", type: "nominal", title: "Approved" },
      },
    });
    for (let width = 280; width <= 330; width += 5) {
      const drawing = await draw(place(), made, { width, renderer: "svg" });
      expect(drawing.width).toBeLessThanOrEqual(width);
      drawing.finalize();
    }
  });

  it("keeps labels without what they begin with alike", async () => {
    const start = "The proportion of all people who are ";
    const names = ["employed in a household of their own", "out of work", "in school"].map(
      (one) => start + one,
    );
    const labelExpr = `length(datum.label) > ${start.length} ? '…' + slice(datum.label, ${start.length}) : datum.label`;
    const y = { field: "label", type: "nominal", scale: { domain: names }, axis: { labelExpr } };
    const made = spec({
      data: { values: names.map((label, at) => ({ label, number: at + 1 })) },
      width: 200,
      height: { step: 34 },
      encoding: { y, x: Y },
    });
    const element = place();
    const drawing = await draw(element, made, { width: 360, renderer: "svg" });
    const labels = [...element.querySelectorAll(".role-axis-label text")].map((t) => t.textContent);
    expect(labels).toContain("…out of work");
    expect(labels.join(" ")).not.toContain("proportion");
    drawing.finalize();
  });

  it.each([360, 900])("%d pixels wide has no axis below a hole", async (width) => {
    const values = ROWS.map((row) => ({ ...row, group: `group ${row.number % 5}` }));
    const x = { ...Y, title: "across", axis: { title: null } };
    const body = { ...PANEL, encoding: { x, y: Y } };
    const resolve = { axis: { x: "independent" } };
    const made = { ...PANELS, data: { values }, columns: 3, spec: body, resolve };
    const element = place();
    const drawing = await draw(element, made, { width, renderer: "svg" });
    const panels = [...element.querySelectorAll(".role-scope.cell > g > path.background")];
    const bottoms = panels.map((panel) => panel.getBoundingClientRect().bottom);
    expect(panels.length).toBe(5);
    for (const axis of element.querySelectorAll(".role-axis-domain line")) {
      const { bottom } = axis.getBoundingClientRect();
      expect(Math.min(...bottoms.map((one) => Math.abs(one - bottom)))).toBeLessThan(4);
    }
    const titles = [...element.querySelectorAll("text")].filter((t) => t.textContent === "across");
    expect(titles.length).toBe(1);
    drawing.finalize();
  });

  it("stands out from a dark ground, and keeps the order of its colours", async () => {
    const range = ["#472D7B", "#21918C", "#ADDC30"];
    const color = { ...COLOR, scale: { range } };
    const dot = { type: "point", filled: true };
    const made = { ...LINE, mark: dot, encoding: { x: Y, y: Y, color } };
    const seen = async (ground: string) => {
      const element = place();
      const drawing = await draw(element, made, {
        width: 300,
        theme: { ...LIGHT, ground },
        renderer: "svg",
      });
      const marks = [...element.querySelectorAll(".mark-symbol.role-mark path")];
      const fills = [...new Set(marks.map((mark) => mark.getAttribute("fill") ?? ""))];
      drawing.finalize();
      return fills;
    };
    expect(await seen("#ffffff")).toEqual(range);
    const lit = (await seen("rgb(33, 33, 33)")).map(luminance);
    for (const light of lit)
      expect((light + 0.05) / (luminance("#212121") + 0.05)).toBeGreaterThan(3);
    expect([...lit].sort((a, b) => a - b)).toEqual(lit);
  });

  it.each([
    ["rgb(33, 33, 33)", [33, 33, 33]],
    ["color(srgb 0.2 0.2 0.2)", [51, 51, 51]],
    ["oklch(0 0 0)", [0, 0, 0]],
    ["transparent", [255, 255, 255]],
    ["no colour", [255, 255, 255]],
  ])("reads a ground as it is painted: %s", (color, seen) => {
    expect(channels(color)).toEqual(seen);
  });

  it("takes what was there away only when it is done", async () => {
    const element = place();
    element.textContent = "before";
    await expect(draw(element, spec({ mark: "nothing" }), { width: 300 })).rejects.toThrow();
    expect(element.textContent).toBe("before");
    const drawing = await draw(element, LINE, { width: 300 });
    expect(element.querySelectorAll("canvas").length).toBe(1);
    drawing.finalize();
    expect(element.childElementCount).toBe(0);
  });

  it("has the theme's ink, unless the spec says otherwise", async () => {
    const element = place();
    const theme = { ...LIGHT, ink: "rgb(1, 2, 3)", muted: "rgb(4, 5, 6)" };
    const own = { ...LINE, config: { axis: { labelColor: "rgb(7, 8, 9)" } } };
    const drawing = await draw(element, own, { width: 300, theme, renderer: "svg" });
    const fills = [...element.querySelectorAll("text")].map((text) => text.getAttribute("fill"));
    expect(new Set(fills)).toEqual(new Set(["rgb(1, 2, 3)", "rgb(7, 8, 9)"]));
    drawing.finalize();
  });

  it("compiles no code, so a strict content policy lets it pass", async () => {
    const calculated = {
      ...LINE,
      transform: [{ calculate: "datum.number * 2 + length(datum.label)", as: "number" }],
    };
    const compiled = vi.spyOn(globalThis, "Function").mockImplementation(() => {
      throw new Error("code was compiled");
    });
    const drawing = await draw(place(), calculated, { width: 300 });
    expect(compiled).not.toHaveBeenCalled();
    drawing.finalize();
  });

  it("loads nothing and follows no link", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const remote = { ...LINE, data: { url: "https://example.org/rows.json" } };
    await expect(draw(place(), remote, { width: 300 })).rejects.toThrow("may not load");
    expect(fetched).not.toHaveBeenCalled();
  });
});

describe("a picture", () => {
  it("is a PNG, or an SVG with text as text", async () => {
    expect(await picture(LINE, "png")).toMatch(/^data:image\/png;base64,/);
    const hostile = { ...LINE, title: "<script>alert(1)</script>" };
    const page = new DOMParser().parseFromString(await picture(hostile, "svg"), "image/svg+xml");
    expect(page.querySelector("script")).toBeNull();
    expect(page.documentElement.textContent).toContain("<script>alert(1)</script>");
  });
});
