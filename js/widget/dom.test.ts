/** Owns the tests of texts: which way they run, and how a sentence begins and ends. */
import { afterEach, expect, it } from "vitest";
import { ours, sentence } from "./dom";

afterEach(() => document.body.replaceChildren());

/** Return where on the line the first of each of these texts begins. */
function places(paragraph: HTMLElement, ...texts: string[]): number[] {
  const [node] = paragraph.childNodes;
  if (node === undefined) throw new Error("the paragraph is empty");
  return texts.map((text) => {
    const range = document.createRange();
    const at = paragraph.textContent?.indexOf(text) ?? -1;
    range.setStart(node, at);
    range.setEnd(node, at + text.length);
    return range.getBoundingClientRect().left;
  });
}

it.each([
  ["المبيعات is typically 842; nine in ten are above 187.", ["المبيعات", "is", "842", "187"]],
  [
    "Mean price is highest for יוסף (23.33) and lowest for שרה (17).",
    ["Mean", "יוסף", "23", "and"],
  ],
  ["年度, Город, عدد المبيعات +4", ["Город", "المبيعات", "عدد", "+4"]],
])("a sentence of ours runs from left to right: %s", (text, inOrder) => {
  const paragraph = ours("p", {}, text);
  document.body.append(paragraph);
  const found = places(paragraph, ...inOrder);
  expect(found).toEqual([...found].sort((a, b) => a - b));
});

it("a sentence begins and ends as one", () => {
  expect(sentence("not shown: 3 rows")).toBe("Not shown: 3 rows.");
  expect(ours("p", {}, "Total by city").textContent).toBe("Total by city");
});
