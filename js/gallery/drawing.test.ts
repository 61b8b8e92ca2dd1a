/** Owns the tests of what a gallery shows: charts, text that stays text, errors, themes. */
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import type { ChartState } from "./model";
import {
  all,
  bars,
  card,
  closeAll,
  colorsOf,
  FakeModel,
  one,
  show,
  until,
  working,
} from "./testing";

afterEach(() => {
  closeAll();
  document.documentElement.removeAttribute("style");
});

const HOSTILE = {
  "an image": "<img src=x onerror=\"document.title='hacked'\">",
  "a script": "<script>document.title='hacked'</script>",
  "an address": "javascript:alert(1)",
  "right to left": "\u202Eright to left",
  quotes: "quotes ' \" ` and {{braces}}",
  "a long word": "x".repeat(10_000),
};

function canvases(gallery: ReturnType<typeof show>): HTMLCanvasElement[] {
  return all<HTMLCanvasElement>(gallery, "canvas");
}

describe("a gallery", () => {
  it("paints every chart, the first before the last", async () => {
    const charts = Array.from({ length: 12 }, (_, at) => bars(`chart ${at}`));
    const gallery = show(new FakeModel({ charts }));
    await until(() => canvases(gallery).length > 0);
    expect(card(gallery, 0).querySelector("canvas")).not.toBeNull();
    expect(card(gallery, 11).querySelector("canvas")).toBeNull();
    await until(() => canvases(gallery).length === 12);
    for (const canvas of canvases(gallery)) expect(colorsOf(canvas).size).toBeGreaterThan(3);
    expect(all(gallery, "[aria-busy]")).toEqual([]);
  });

  it("says what each chart is", async () => {
    const gallery = show(new FakeModel({ charts: [bars("one"), bars("two")] }));
    const images = all(gallery, "[role=img]").map((image) => image.getAttribute("aria-label"));
    expect(images).toEqual(["Bar chart: one.", "Bar chart: two."]);
    expect(card(gallery, 1).getAttribute("aria-label")).toBe("two, chart 2 of 2");
  });

  it.each(Object.entries(HOSTILE))("shows %s as text", async (_, text) => {
    const spec = bars(text).spec;
    const chart: ChartState = { ...bars(text), note: text, reason: text, description: text, spec };
    const gallery = show(new FakeModel({ title: text, notes: [text], charts: [chart] }));
    await until(() => canvases(gallery).length === 1);
    expect(one(gallery, ".title").textContent).toBe(text);
    expect(one(gallery, ".name").textContent).toBe(text);
    expect(all(gallery, "img, script, a, iframe")).toEqual([]);
    expect(document.title).not.toBe("hacked");
    const { scrollWidth, clientWidth } = card(gallery, 0);
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  });

  it("shows why a chart cannot be drawn, and draws the others", async () => {
    const broken = { ...bars("broken"), spec: { mark: "no such mark", data: { values: [] } } };
    const lost = { ...bars("lost"), spec: null };
    const loads = { ...bars("loads"), spec: { ...bars("x").spec, data: { url: "/secret.json" } } };
    const gallery = show(new FakeModel({ charts: [broken, bars("good"), lost, loads] }));
    await until(() => all(gallery, ".failed").length === 3);
    await until(() => canvases(gallery).length === 1);
    expect(card(gallery, 0).textContent).toContain("could not be drawn");
    expect(card(gallery, 2).textContent).toContain("rows could not be sent");
    expect(card(gallery, 3).textContent).toContain("may not load /secret.json");
    expect(card(gallery, 0).querySelector(".save")).not.toBeNull();
  });

  it("says so where the runtime does not come", async () => {
    const state = { charts: [bars("one")], runtime: "anywidget:gone", runtime_version: "gone" };
    const gallery = show(new FakeModel(state));
    await until(() => all(gallery, ".failed").length === 1);
    expect(card(gallery, 0).textContent).toContain("there is no model gone");
  });

  it("says what to do where there are no charts", () => {
    const gallery = show(new FakeModel({ notes: ["No chart fits this table."] }));
    expect(one(gallery, ".empty").textContent).toContain("No chart fits this table.");
    expect(all(gallery, ".card")).toEqual([]);
  });

  it("folds long notes", () => {
    const notes = Array.from({ length: 9 }, (_, at) => `Note ${at}: ${"long ".repeat(9)}`);
    const gallery = show(new FakeModel({ notes, charts: [bars("one")] }));
    expect(one<HTMLDetailsElement>(gallery, "details").open).toBe(false);
    expect(one(gallery, "summary").textContent).toContain("9 notes");
  });

  it("fills its cards at any width", async () => {
    const gallery = show(new FakeModel({ charts: [bars("one"), bars("two")] }), 1200);
    await until(() => canvases(gallery).length === 2);
    for (const width of [300, 760, 1500]) {
      one(gallery, ".gallery").style.width = `${width}px`;
      await until(() => {
        const [canvas] = canvases(gallery);
        const room = one(gallery, ".canvas").clientWidth;
        // The chart of the width before stands there until the new one is drawn.
        const fits = one(gallery, ".grid").scrollWidth <= width;
        return fits && canvas !== undefined && Math.abs(canvas.clientWidth - room) <= 8;
      });
    }
  });

  it("draws again when the theme changes", async () => {
    const gallery = show(new FakeModel({ charts: [bars("one")] }));
    await until(() => canvases(gallery).length === 1);
    const before = canvases(gallery)[0];
    document.documentElement.style.setProperty("--jp-ui-font-color1", "rgb(250, 10, 20)");
    await until(() => {
      const [now] = canvases(gallery);
      // Red ink: the title of an axis.
      return now !== undefined && now !== before && colorsOf(now).has(0xff140afa);
    });
  });

  it("has nothing that axe objects to, light and dark", async () => {
    const model = new FakeModel(
      { charts: [bars("one"), bars("two")], notes: ["A note."] },
      working,
    );
    const gallery = show(model);
    await until(() => canvases(gallery).length === 2);
    model.set("saved", ["one"]);
    for (const [ink, ground] of [
      ["#1f2328", "#ffffff"],
      ["#e6e8eb", "#16191d"],
    ]) {
      const { style } = document.documentElement;
      style.setProperty("--jp-ui-font-color1", ink ?? null);
      style.setProperty("--jp-ui-font-color2", ink ?? null);
      style.setProperty("--jp-layout-color0", ground ?? null);
      style.setProperty("--jp-layout-color1", ground ?? null);
      document.body.style.background = ground ?? "";
      const { violations } = await axe.run(gallery.root);
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
    }
  });
});
