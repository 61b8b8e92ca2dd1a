/** Owns what floats above the page: boxes beside a point, always inside the window. */

const GAP = 10;
const EDGE = 6;

/** Show an element above everything else, where the browser has such a layer. */
export function raise(box: HTMLElement): void {
  if (typeof box.showPopover === "function" && !box.matches(":popover-open")) box.showPopover();
  box.hidden = false;
}

export function lower(box: HTMLElement): void {
  if (typeof box.hidePopover === "function" && box.matches(":popover-open")) box.hidePopover();
  box.hidden = true;
}

/** Place a raised box beside a point of the window, on the side that has room. */
export function place(box: HTMLElement, x: number, y: number, gap = GAP): void {
  const { width, height } = box.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const left = x + gap + width + EDGE > clientWidth ? x - gap - width : x + gap;
  const top = y + gap + height + EDGE > clientHeight ? y - gap - height : y + gap;
  box.style.left = `${Math.max(EDGE, left)}px`;
  box.style.top = `${Math.max(EDGE, top)}px`;
}
