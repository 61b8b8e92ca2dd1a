/** Owns the tests of what is seen of the table itself: small distributions, and its first rows. */
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../runtime/index";
import { all, bars, closeAll, FakeModel, one, show, until, working } from "./testing";

afterEach(closeAll);

const HOSTILE = '<img src=x onerror="window.harmed=true">';
const CHARTS = [
  { ...bars("one"), fields: ["price", "date"] },
  { ...bars("two"), fields: ["price"] },
];
const PRICE = { name: "price", type: "quantitative", evidence: "numbers", told: false };
const ROWS = { ok: true, names: ["price", HOSTILE], rows: [["1", HOSTILE]], said: "1 of 9 rows" };

function open(columns: JsonObject[], kernel = working) {
  const model = new FakeModel({ charts: CHARTS, columns }, kernel);
  return { model, gallery: show(model) };
}

describe("a chip", () => {
  it("shows how its column is spread, and says it in words", () => {
    const { gallery } = open([{ ...PRICE, bars: [16, 8, 0], spread: "1 to 9" }, { name: "date" }]);
    expect(all(gallery, ".spark")).toHaveLength(1);
    const [picture] = all(gallery, ".spark");
    expect(picture?.getAttribute("aria-hidden")).toBe("true");
    expect(picture?.getBoundingClientRect().width).toBeGreaterThan(4);
    expect(all(gallery, ".chip-name")[0]?.title).toBe("price: 1 to 9");
  });

  it("has none where the kernel sent no heights", () => {
    const { gallery } = open([{ ...PRICE, bars: ["16", null], spread: 3 }, { name: "date" }]);
    expect(all(gallery, ".spark")).toHaveLength(0);
    expect(all(gallery, ".chip-name")[0]?.title).toBe("price");
  });
});

describe("the first rows", () => {
  it("are asked for when they are unfolded, and are text", async () => {
    const { model, gallery } = open([PRICE], ({ command }) =>
      command === "rows" ? ROWS : { ok: true },
    );
    const button = one<HTMLButtonElement>(gallery, '[title="Look at rows of the table"]');
    expect(model.asked("rows")).toHaveLength(0);
    button.click();
    await until(() => all(gallery, ".table td").length === 2);
    expect(all(gallery, ".table td")[1]?.textContent).toBe(HOSTILE);
    expect(all(gallery, ".table img")).toHaveLength(0);
    expect(button.getAttribute("aria-expanded")).toBe("true");
    const { violations } = await axe.run(gallery.root);
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    button.click();
    expect(one(gallery, ".table").hidden).toBe(true);
  });

  it("say why they do not come, and are not offered without a table", async () => {
    const { gallery } = open([PRICE], () => ({ ok: false, error: "The file is gone." }));
    one<HTMLButtonElement>(gallery, '[title="Look at rows of the table"]').click();
    await until(() => one(gallery, ".table").textContent === "The file is gone.");
    const closed = show(new FakeModel({ charts: CHARTS, changeable: false }));
    expect(one(closed, '[title="Look at rows of the table"]').hidden).toBe(true);
  });
});
