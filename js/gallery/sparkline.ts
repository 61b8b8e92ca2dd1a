/** Owns the small bars on a chip, which show how the values of a column are spread. */

const SVG = "http://www.w3.org/2000/svg";
/** In units of the picture: the highest bar, and the width of one with the gap after it. */
const FULL = 16;
const STEP = 4;

/** Return a picture that means nothing to a screen reader: the chip says the same in words. */
export function sparkline(heights: readonly number[]): SVGElement {
  const made = document.createElementNS(SVG, "svg");
  const bars = document.createElementNS(SVG, "path");
  const bar = (height: number, at: number) => {
    const tall = Math.max(0, Math.min(FULL, height));
    return `M${at * STEP} ${FULL}v${-tall}h${STEP - 1}v${tall}z`;
  };
  bars.setAttribute("d", heights.map(bar).join(""));
  made.append(bars);
  const width = heights.length * STEP;
  made.setAttribute("viewBox", `0 0 ${width} ${FULL}`);
  made.setAttribute("width", String(width));
  made.setAttribute("class", "spark");
  made.setAttribute("aria-hidden", "true");
  return made;
}
