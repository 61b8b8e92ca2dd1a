/** Owns the tests of where a person reads what was done. */
import { afterEach, expect, it } from "vitest";
import { all, bars, card, closeAll, FakeModel, one, show, until, working } from "./testing";

afterEach(closeAll);

const CHARTS = ["one", "two", "three", "four", "five", "six"].map((title) => bars(title));

async function open() {
  const gallery = show(new FakeModel({ charts: CHARTS }, working), 420);
  await until(() => all(gallery, ".canvas canvas").length === CHARTS.length);
  const save = async (place: number) => {
    card(gallery, place).querySelector<HTMLButtonElement>(".save")?.click();
    await until(() => one(gallery, ".status").textContent?.startsWith("Saved"));
  };
  window.scrollTo(0, 0);
  const top = (place: number) => card(gallery, place).getBoundingClientRect().top;
  return { gallery, save, top };
}

it.each([0, 4])(
  "of chart %d floats at the lower edge of what is seen, and moves no card",
  async (at) => {
    const { gallery, save, top } = await open();
    card(gallery, at).scrollIntoView({ block: "start" });
    const before = top(at);
    await save(at);
    const edges = one(gallery, ".said").getBoundingClientRect();
    expect(edges.height).toBeGreaterThan(0);
    expect(edges.top).toBeGreaterThan(0);
    expect(edges.bottom).toBeLessThanOrEqual(window.innerHeight);
    expect(top(at)).toBe(before);
  },
);

it("stands in the header where a frame around the gallery lets nothing stick", async () => {
  const { gallery, save } = await open();
  const frame = gallery.root.parentElement;
  if (frame !== null) frame.style.overflow = "auto";
  await save(0);
  expect(one(gallery, "header").contains(one(gallery, ".said"))).toBe(true);
});

it("is not seen before anything is said, nor long afterwards", async () => {
  const { gallery, save } = await open();
  const said = one(gallery, ".said");
  expect(getComputedStyle(said).opacity).toBe("0");
  await save(0);
  expect(getComputedStyle(said).opacity).toBe("1");
  one(gallery, ".echo").toggleAttribute("data-past", true);
  expect(getComputedStyle(said).opacity).toBe("0");
});
