/** Owns what a pointer shows near a line or an area: Vega tells of a line on its thin stroke only. */
import type { View } from "vega";
import type { ShowTooltip } from "./draw";

/** How far from a line, in CSS pixels, a pointer still means one of its points. */
const REACH = 24;

/** A mark or a thing in it, as far as Vega's scene is read here. */
interface Node {
  marktype?: string;
  mark?: Node;
  items?: Node[];
  x?: number;
  y?: number;
  /** The other end of an area. */
  y2?: number;
  defined?: boolean;
  tooltip?: unknown;
}

/** Have a pointer that moves near a line show its nearest point; what is hit exactly comes first. */
export function nearLines(view: View, box: HTMLElement, tooltip: ShowTooltip): void {
  view.addEventListener("pointermove", (event, item) => {
    if (!(event instanceof MouseEvent) || (isTold(item as Node | null) && !isLine(item))) return;
    tooltip(event, nearest(view, box, event));
  });
  box.addEventListener("pointerleave", (event) => tooltip(event, null));
}

/** Whether what Vega found under the pointer is a line or an area, which is told here. */
export function isLine(item: unknown): boolean {
  const kind = (item as Node | null)?.mark?.marktype;
  return kind === "line" || kind === "area" || kind === "trail";
}

function isTold(item: Node | null | undefined): boolean {
  return item?.tooltip !== undefined && item.tooltip !== null && item.tooltip !== "";
}

/** Return what the nearest point of all lines tells, or null where none is near. */
function nearest(view: View, box: HTMLElement, event: MouseEvent): unknown {
  const surface = box.querySelector("canvas, svg")?.getBoundingClientRect();
  if (surface === undefined) return null;
  const [left = 0, top = 0] = view.origin();
  const padding = view.padding();
  const around = typeof padding === "number" ? { left: padding, top: padding } : padding;
  const x = event.clientX - surface.left - left - (around.left ?? 0);
  const y = event.clientY - surface.top - top - (around.top ?? 0);
  const { root } = view.scenegraph() as unknown as { root: Node };
  let [found, least]: [unknown, number] = [null, REACH];
  for (const [point, distance] of distances(root, x, y)) {
    if (distance < least) [found, least] = [point.tooltip, distance];
  }
  return found;
}

/** Return all points of lines under a mark with how far they are from a place in it. */
function* distances(mark: Node, x: number, y: number): Generator<[Node, number]> {
  for (const item of mark.items ?? []) {
    const [across = 0, down = 0] = [item.x, item.y];
    if (mark.marktype === "group") {
      for (const inner of item.items ?? []) yield* distances(inner, x - across, y - down);
    } else if (isLine(item) && item.defined !== false && isTold(item)) {
      yield [item, Math.hypot(x - across, offSpan(y, down, item.y2 ?? down))];
    }
  }
}

/** Return how far a place is from a span; in an area each height is at its point. */
function offSpan(y: number, one: number, other: number): number {
  return Math.max(0, Math.min(one, other) - y, y - Math.max(one, other));
}
