/** Owns the words for marks. */

/** What people call charts of a mark. */
export const MARK_WORDS: Record<string, string> = {
  point: "Points",
  bar: "Bars",
  line: "Lines",
  area: "Areas",
  tick: "Ticks",
  rect: "Heat maps",
  arc: "Pies",
  boxplot: "Box plots",
};
