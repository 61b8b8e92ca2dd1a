/** Owns an exported page: its pictures become charts with tooltips, in the reader's own theme. */
import { type Drawing, draw, type JsonObject, LIGHT, type Theme } from "../runtime";
import { hideTooltip, showTooltip } from "./tooltip";

/** Holds the list of specs, in the order of the figures. */
const DATA = "erp-charts";
/** Put on a figure once its chart has taken the picture's place. */
const DRAWN = "drawn";
/** Wider than this a chart is harder to read, not easier. */
const MAX_WIDTH = 680;
/** Changes of width below this are scroll bars coming and going. */
const SLACK = 16;
const REDRAW_AFTER_MS = 150;

const DARK: Theme = { ink: "#e6e8eb", muted: "#a5adb8", line: "#3b424c", ground: "#1b1f25" };

const dark = window.matchMedia("(prefers-color-scheme: dark)");

interface Place {
  figure: HTMLElement;
  element: HTMLElement;
  spec: JsonObject;
  drawing: Drawing | null;
  width: number;
}

function places(): Place[] {
  const text = document.getElementById(DATA)?.textContent ?? "[]";
  const specs = JSON.parse(text) as JsonObject[];
  return [...document.querySelectorAll<HTMLElement>("figure")].flatMap((figure, at) => {
    const element = figure.querySelector<HTMLElement>(".chart");
    const spec = specs[at];
    return element && spec ? [{ figure, element, spec, drawing: null, width: 0 }] : [];
  });
}

/** Draw one chart; where that fails its picture stays, so the reader loses the tooltips only. */
async function drawInto(place: Place): Promise<void> {
  const width = Math.min(place.figure.clientWidth, MAX_WIDTH);
  try {
    const drawing = await draw(place.element, place.spec, {
      width,
      theme: dark.matches ? DARK : LIGHT,
      tooltip: showTooltip,
    });
    place.drawing?.finalize();
    Object.assign(place, { drawing, width });
    describe(place);
    place.figure.classList.add(DRAWN);
  } catch {
    place.figure.classList.remove(DRAWN);
  }
}

/** Give a canvas, which nobody can read aloud, the words of the picture that it replaces. */
function describe({ element, spec }: Place): void {
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", String(spec.description ?? ""));
}

async function drawAll(all: Place[]): Promise<void> {
  hideTooltip();
  for (const place of all) await drawInto(place);
}

function start(): void {
  const all = places();
  // One round after the other: two at once would leave a chart in the theme before.
  let last = drawAll(all);
  const again = (which: (place: Place) => boolean) => {
    last = last.then(() => drawAll(all.filter(which)));
  };
  dark.addEventListener("change", () => again(() => true));
  let waiting = 0;
  window.addEventListener("resize", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => again(hasNewWidth), REDRAW_AFTER_MS);
  });
}

function hasNewWidth(place: Place): boolean {
  return Math.abs(Math.min(place.figure.clientWidth, MAX_WIDTH) - place.width) > SLACK;
}

start();
