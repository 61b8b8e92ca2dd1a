/** Owns what the Vega runtime offers: to draw a chart, and to make a picture of one. */
export { type Drawing, type DrawOptions, draw, picture, type ShowTooltip } from "./draw";
export type { JsonObject } from "./spec";
export { LIGHT, type Theme } from "./theme";
