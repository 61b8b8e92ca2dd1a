/** Owns moving among the buttons of one bar: one is the Tab stop, arrows go to the others. */

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Let arrows move the focus over the buttons of a bar, now and as they change. */
export function rove(bar: HTMLElement, signal: AbortSignal): void {
  bar.addEventListener("keydown", (event) => move(bar, event), { signal });
  bar.addEventListener("focusin", (event) => stopAt(bar, event.target), { signal });
  stopAt(bar, null);
}

/** Make one button the Tab stop: the one given, else the one it was, else the first. */
export function stopAt(bar: HTMLElement, wanted: EventTarget | null): void {
  const buttons = buttonsOf(bar);
  const stop =
    buttons.find((one) => one === wanted) ??
    buttons.find((one) => one.tabIndex === 0) ??
    buttons[0];
  for (const one of buttons) one.tabIndex = one === stop ? 0 : -1;
}

function move(bar: HTMLElement, event: KeyboardEvent): void {
  const step = STEPS[event.key];
  const buttons = buttonsOf(bar);
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  if (step === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[step(at, buttons.length)]?.focus();
}

function buttonsOf(bar: HTMLElement): HTMLButtonElement[] {
  return [...bar.querySelectorAll("button")].filter((one) => one.closest("[hidden]") === null);
}
