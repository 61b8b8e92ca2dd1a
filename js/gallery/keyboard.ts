/** Owns the keyboard path: one card is the Tab stop, arrows move it over the grid. */
import type { Card, CardActions } from "./card";
import type { Cards } from "./cards";

/** A notebook's own shortcuts must not also act on these keys. */
const OURS = new Set([
  ..."sSuUmMlLnNeEfF",
  "Enter",
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
  "Escape",
  " ",
]);

/** What the keys do, for those who use them. */
export const HINT =
  "Arrows move, S saves, U undoes it, F enlarges, L more like this, N not this, E edits, M menu";
export const SHORT_HINT = "Arrows move, S saves, U undoes it, F enlarges, M opens the menu";

export function navigate(
  root: HTMLElement,
  cards: Cards,
  actions: CardActions,
  signal: AbortSignal,
): void {
  // The window hears a key before the document, where JupyterLab listens.
  window.addEventListener("keydown", (event) => shield(root, event), { signal, capture: true });
  cards.element.addEventListener("keydown", (event) => press(event, cards.shown, actions), {
    signal,
  });
  cards.element.addEventListener("focusin", (event) => arrive(event, cards), { signal });
}

function shield(root: HTMLElement, event: KeyboardEvent): void {
  const isOurs = OURS.has(event.key) && isPlain(event) && event.composedPath().includes(root);
  root.toggleAttribute("data-lm-suppress-shortcuts", isOurs);
}

function isPlain(event: KeyboardEvent): boolean {
  return !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
}

function arrive(event: FocusEvent, cards: Cards): void {
  const reached = cards.all.find((card) => card.element.contains(event.target as Node));
  if (reached === undefined) return;
  for (const card of cards.all) card.setTabStop(card === reached);
}

function press(event: KeyboardEvent, cards: readonly Card[], actions: CardActions): void {
  if (!isPlain(event)) return;
  const at = cards.findIndex((card) => card.element.contains(event.target as Node));
  const card = cards[at];
  if (card === undefined || scrolls(event)) return;
  const act = action(event, card, actions);
  const to = act === null ? target(event.key, at, cards) : null;
  if (act === null && to === null) return;
  event.preventDefault();
  if (act !== null) act();
  else cards[to ?? at]?.element.focus();
}

/** Whether an arrow scrolls what has the focus: a chart that is wider than its card. */
function scrolls({ key, target }: KeyboardEvent): boolean {
  const isAside = key === "ArrowLeft" || key === "ArrowRight";
  return isAside && target instanceof Element && target.matches(".canvas.wide");
}

function action(event: KeyboardEvent, card: Card, actions: CardActions): (() => void) | null {
  const key = event.key.toLowerCase();
  if (key === "escape" && event.target !== card.element) return () => card.element.focus();
  if (card.chart.isPending) return null;
  // On a button Enter presses the button.
  if (key === "enter" && event.target === card.element) return () => actions.save(card);
  const ofTable: Record<string, () => void> = {
    l: () => actions.like(card),
    n: () => actions.without(card),
    e: () => card.openEdit(),
  };
  const keys: Record<string, () => void> = {
    s: () => actions.save(card),
    u: () => actions.remove(card),
    m: () => card.openMenu(),
    f: () => actions.enlarge(card),
    ...(card.isOpen ? ofTable : {}),
  };
  return keys[key] ?? null;
}

/** Return the place that a key leads to, or null where it leads nowhere. */
function target(key: string, at: number, cards: readonly Card[]): number | null {
  const columns = columnsOf(cards);
  const last = cards.length - 1;
  const places: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns > last && at < last - (last % columns) ? last : at + columns,
    Home: 0,
    End: last,
  };
  const place = places[key];
  if (place === undefined) return null;
  return place < 0 || place > last ? at : place;
}

/** Return how many cards stand side by side. */
function columnsOf(cards: readonly Card[]): number {
  const top = cards[0]?.element.offsetTop;
  const next = cards.findIndex((card) => card.element.offsetTop !== top);
  return next <= 0 ? Math.max(1, cards.length) : next;
}
