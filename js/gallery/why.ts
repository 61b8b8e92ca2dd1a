/** Owns why a chart stands where it does: what it shows in words, and what each ground counts. */
import { element, ours } from "../widget/dom";
import type { ChartState } from "./model";

/** Term of the score -> what it rewards or charges; a term without words is told by its name. */
const WORDS: Record<string, string> = {
  network: "Drawn often from columns like these (the network)",
  taste: "Chosen by people among such charts",
  worth: "Kept by those who looked at such charts",
  interest: "Strength of the relation that it shows",
  simplicity: "Channels beyond two",
  told: "Shows what only groups show",
  wanted: "What is asked of such a table first",
  about: "Shows what was asked about",
  aside:
    "Beside the point: how uncertain a column is, a bound or another price of the day by itself, a note of a tool, local money",
  alike: "Groups that differ no more than chance makes them",
  outcome: "Shows what an outcome hangs on",
  form: "A form that readers seldom keep",
  faint: "A relation too weak to see",
  lopsided: "Nearly all rows are of one group",
  mixed: "Puts totals and their parts, or several measures, into one figure",
  partial: "Shows the rows of one group only",
  records: "Tells how much there is of what was recorded: over time, by kind, how it ended",
  given: "Tells what came of what was given or set, or how clusters differ",
  layout: "Shows what a table laid out so is asked: courses side by side, totals",
  answering: "Tells of how people were asked, not of what they said",
  headline: "Shows the course of all groups together",
  gathered: "Gathers columns that are values of one kind",
  copied: "A column beside what follows from it",
  striped: "Points on a few lines",
  summarised: "Sums up rows that are worth seeing themselves",
  variety: "New beside the charts before it",
  nearness: "Likeness to the chart that was liked",
};

/** Return the finding with a button after it, and what the button unfolds. */
export function why(chart: ChartState): HTMLElement[] {
  const details = element(
    "div",
    { class: "details", hidden: true },
    ours("p", {}, chart.description),
    ...grounds(chart),
  );
  const open = element(
    "button",
    {
      type: "button",
      class: "why quiet",
      "aria-expanded": "false",
      "aria-label": `Why “${chart.title}”`,
    },
    "Why?",
  );
  open.addEventListener("click", () => {
    details.hidden = !details.hidden;
    open.setAttribute("aria-expanded", String(!details.hidden));
  });
  const finding = ours("span", {}, chart.reason);
  return [element("p", { class: "reason" }, finding, " ", open), details];
}

/** Return the terms of the score as a table, the weightiest first. */
function grounds(chart: ChartState): HTMLElement[] {
  if (chart.terms.length === 0) return [];
  const widest = Math.max(...chart.terms.map(({ value }) => Math.abs(value)), 1e-9);
  const weightiest = [...chart.terms].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const rows = weightiest.map(({ name, value }) => {
    const bar = element("span", { class: value < 0 ? "amount minus" : "amount" });
    bar.style.width = `${Math.round((Math.abs(value) / widest) * 100)}%`;
    return element(
      "tr",
      {},
      ours("th", { scope: "row" }, ground(chart, name)),
      element("td", { class: "figure" }, signed(value)),
      element("td", { class: "bars", "aria-hidden": "true" }, bar),
    );
  });
  const total = chart.terms.reduce((sum, { value }) => sum + value, 0);
  const foot = element(
    "tr",
    { class: "total" },
    element("th", { scope: "row" }, "Together: the higher, the earlier in the list"),
    element("td", { class: "figure" }, signed(total)),
    element("td", {}),
  );
  const caption = element("caption", {}, "What put it at its place");
  return [element("table", {}, caption, element("tbody", {}, ...rows, foot))];
}

/** Return what a term of a chart's score rewards or charges. */
function ground({ about }: ChartState, name: string): string {
  if (name === "about" && about.length > 0) return `You asked about ${about.join(" and ")}`;
  return WORDS[name] ?? name;
}

function signed(value: number): string {
  const figure = Math.abs(value).toFixed(2);
  return value < 0 ? `−${figure}` : `+${figure}`;
}
