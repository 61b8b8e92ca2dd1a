/** Owns the colours of a chart's text and lines, merged under what a spec already says. */
import COLORS from "../../erp_widget/context/category_colors.json" with { type: "json" };
import { lit } from "./light";
import { isObject, type JsonObject } from "./spec";

export interface Theme {
  /** Titles. */
  ink: string;
  /** Labels of axes and legends. */
  muted: string;
  /** Grid, ticks and axis lines. */
  line: string;
  /** What the chart stands on. */
  ground: string;
}

export const LIGHT: Theme = {
  ink: "#1f2328",
  muted: "#57606a",
  line: "#c4c9cf",
  ground: "#ffffff",
};

/** Those that are told apart by all readers; `erp_widget/context/looks.py` says where they are from. */
const CATEGORIES = COLORS.slice(0, 8);

/** Return a spec whose text and lines have the theme's colours; the spec's own settings win. */
export function themed(spec: JsonObject, theme: Theme): JsonObject {
  const config = merged(ownConfig(theme), isObject(spec.config) ? spec.config : {});
  return lit({ ...spec, config }, theme.ground);
}

function ownConfig(theme: Theme): JsonObject {
  const { ink, muted, line } = theme;
  return {
    background: "transparent",
    axis: {
      labelColor: muted,
      titleColor: ink,
      gridColor: line,
      domainColor: line,
      tickColor: line,
    },
    legend: { labelColor: muted, titleColor: ink },
    header: { labelColor: muted, titleColor: ink },
    text: { color: muted },
    title: { color: ink, subtitleColor: muted },
    style: { "group-title": { fill: ink }, "guide-label": { fill: muted } },
    view: { stroke: null },
    range: { category: CATEGORIES, ramp: { scheme: "viridis" }, heatmap: { scheme: "viridis" } },
  };
}

function merged(below: JsonObject, above: JsonObject): JsonObject {
  const found: JsonObject = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const under = found[name];
    found[name] = isObject(under) && isObject(value) ? merged(under, value) : value;
  }
  return found;
}
