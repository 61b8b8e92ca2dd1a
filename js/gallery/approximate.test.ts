/** Approximate charts: how they are marked, and what becomes of a card when the exact one comes. */
import { afterEach, expect, test } from "vitest";
import type { JsonObject } from "../runtime/index";
import { all, bars, card, closeAll, FakeModel, one, show, until, working } from "./testing";

afterEach(closeAll);

const NOTE = "approximate: from a sample of 10,000 of the 3,000,000 rows";

/** Return a chart as the kernel sends it. */
function sent(title: string, approximate: boolean): JsonObject {
  const { isApproximate: _, isPending: __, ...chart } = bars(title, approximate ? [3, 1] : [9, 4]);
  const told = approximate ? `Bar chart: ${title}. A${NOTE.slice(1)}.` : chart.description;
  return { ...chart, approximate, note: approximate ? NOTE : "", description: told };
}

function opened(kernel: (request: JsonObject) => JsonObject | null = working) {
  const charts = [sent("Sales", true), sent("Costs", true)];
  const model = new FakeModel({ charts, order: ["Sales", "Costs"] }, kernel);
  return { model, gallery: show(model) };
}

test("an approximate chart says so in the card, in its name, its alt text and its note", () => {
  const { gallery } = opened();
  const first = card(gallery, 0);
  expect(first.querySelector(".approximate")?.textContent).toBe("Approximate");
  expect(first.matches("[data-approximate]")).toBe(true);
  expect(first.getAttribute("aria-label")).toBe("Sales, approximate, chart 1 of 2");
  expect(first.querySelector(".canvas")?.getAttribute("aria-label")).toContain("Approximate: from");
  expect(first.querySelector(".note")?.textContent).toContain("from a sample of 10,000");
});

test("the exact chart takes its place in the same card: focus and what is unfolded stay", async () => {
  const { model, gallery } = opened();
  const first = card(gallery, 0);
  const opener = first.querySelector<HTMLElement>(".why");
  opener?.click();
  opener?.focus();
  await until(() => first.querySelector("canvas"));
  model.emit("msg:custom", { kind: "chart", chart: sent("Sales", false), place: 0 });
  await until(() => !first.matches("[data-approximate]"));
  expect(card(gallery, 0)).toBe(first);
  expect(first.querySelector<HTMLElement>(".approximate")?.hidden).toBe(true);
  expect(first.getAttribute("aria-label")).toBe("Sales, chart 1 of 2");
  expect(first.querySelector(".canvas")?.getAttribute("aria-label")).toBe("Bar chart: Sales.");
  expect(first.querySelector(".note")).toBeNull();
  expect(first.querySelector<HTMLElement>(".details")?.hidden).toBe(false);
  expect(gallery.root.shadowRoot?.activeElement).toBe(first.querySelector(".why"));
  expect(all(gallery, ".card[data-approximate]")).toHaveLength(1);
  // Views that are made later begin with the exact chart.
  const known = model.get("charts") as JsonObject[];
  expect(known.map(({ id, approximate }) => [id, approximate]).sort()).toEqual([
    ["Costs", true],
    ["Sales", false],
  ]);
});

test("a save waits for the exact chart, and says so", async () => {
  const { model, gallery } = opened(() => null);
  const save = card(gallery, 0).querySelector<HTMLElement>(".save");
  save?.click();
  expect(one(gallery, ".status").textContent).toBe(
    "“Sales” is saved as soon as its exact rows are there.",
  );
  const [request] = model.asked("save");
  model.emit("msg:custom", { kind: "accepted", id: request?.id });
  model.emit("msg:custom", { kind: "chart", chart: sent("Sales", false), place: 0 });
  await until(() => !card(gallery, 0).matches("[data-approximate]"));
  expect(card(gallery, 0).dataset.state).toBe("saving");
  model.emit("msg:custom", { kind: "reply", id: request?.id, ok: true });
  await until(() => card(gallery, 0).dataset.state === "saved");
  expect(one(gallery, ".status").textContent).toContain("Saved: “Sales”.");
});

test("one that was stopped is saved as it is, and says so", async () => {
  const { gallery } = opened((request) => (request.command === "save" ? { ok: true } : null));
  card(gallery, 1).querySelector<HTMLElement>(".save")?.click();
  await until(() => card(gallery, 1).dataset.state === "saved");
  expect(one(gallery, ".status").textContent).toContain("Saved, marked as approximate: “Costs”.");
});
