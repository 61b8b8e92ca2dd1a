/** Owns the tests of which outputs a gallery hides beside itself. */
import { afterEach, describe, expect, it } from "vitest";
import { hideStill } from "./still";
import { FakeModel } from "./testing";

afterEach(() => document.body.replaceChildren());

/** Return a cell with a gallery, its still in words and its picture; nothing is in the page yet. */
function cell(mark: string, area = "") {
  const made = document.createElement("div");
  made.className = area;
  made.innerHTML = `<div><p class="erp-gallery"></p></div>
    <div><p class="erp-still ${mark}"></p></div><div><img alt=""></div>`;
  const [first, words, picture] = [...made.children] as HTMLElement[];
  const gallery = made.querySelector<HTMLElement>(".erp-gallery");
  if (!first || !words || !picture || gallery === null) throw new Error("no cell");
  return { made, gallery, outputs: [first, words, picture] };
}

const hidden = (elements: HTMLElement[]) => elements.map((one) => one.style.display === "none");
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("a gallery", () => {
  it("hides its own still, and nothing of the cell after it", async () => {
    const [one, two] = [cell("erp-still-a"), cell("erp-still-b")];
    const stops = [
      hideStill(one.gallery, new FakeModel({ still: "erp-still-a" })),
      hideStill(two.gallery, new FakeModel({ still: "erp-still-b" })),
    ];
    document.body.append(one.made, two.made);
    await soon();
    expect(hidden([one.made, ...one.outputs])).toEqual([false, false, true, true]);
    expect(hidden([two.made, ...two.outputs])).toEqual([false, false, true, true]);
    for (const stop of stops) stop();
  });

  it("that is shown in two cells hides its still in each, and no cell", async () => {
    const cells = [cell("erp-still-a"), cell("erp-still-a")];
    const model = new FakeModel({ still: "erp-still-a" });
    const stops = cells.map(({ gallery }) => hideStill(gallery, model));
    document.body.append(...cells.map(({ made }) => made));
    await soon();
    for (const { made, outputs } of cells) {
      expect(hidden([made, ...outputs])).toEqual([false, false, true, true]);
    }
    for (const stop of stops) stop();
  });

  it("leaves JupyterLab's outputs and panels to the style, also where it is put there later", async () => {
    const [one, two] = [cell("erp-still-a", "jp-OutputArea"), cell("erp-still-b", "jp-OutputArea")];
    const stop = hideStill(one.gallery, new FakeModel({ still: "erp-still-a" }));
    document.body.append(one.made);
    await soon();
    document.body.append(two.made);
    await soon();
    expect(hidden([one.made, ...one.outputs, two.made, ...two.outputs])).toEqual(
      Array(8).fill(false),
    );
    stop();
  });
});
