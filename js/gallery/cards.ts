/** Owns the cards in their order: which are shown, which are left out by a filter, what is drawn. */

import { element, ours } from "../widget/dom";
import type { Studio } from "./canvas";
import { Card, type CardActions } from "./card";
import type { Change, ChartState } from "./model";
import { Painter } from "./painter";

/** Whether a chart is to be seen. */
export type Filter = (chart: ChartState) => boolean;

const ALL: Filter = () => true;
/** While a person drags a border, only the last size is drawn. */
const SETTLED_MS = 150;

export class Cards {
  readonly element = element("ul", { class: "grid", role: "list" });
  readonly #studio: Studio;
  readonly #actions: CardActions;
  readonly #painter = new Painter();
  readonly #sizes: ResizeObserver;
  #cards: Card[] = [];
  #filter: Filter = ALL;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(studio: Studio, actions: CardActions) {
    this.#studio = studio;
    this.#actions = actions;
    this.#sizes = new ResizeObserver(() => this.#resized());
  }

  /** All cards, best first. */
  get all(): readonly Card[] {
    return this.#cards;
  }

  /** Those that the filter leaves. */
  get shown(): readonly Card[] {
    return this.#cards.filter((card) => !card.item.hidden);
  }

  /** Show these charts in this order; a chart that is there already keeps its card. */
  show(charts: readonly ChartState[]): void {
    const focused = this.shown.findIndex((card) => card.hasFocus);
    const known = new Map(this.#cards.map((card) => [card.chart.id, card]));
    const cards = charts.map((chart) => this.#kept(known.get(chart.id), chart));
    for (const card of this.#cards) if (!cards.includes(card)) this.#gone(card);
    this.#cards = cards;
    this.#place();
    this.#arrange();
    // The focus stays at its place though the card there may be another.
    const { shown } = this;
    if (focused >= 0 && !shown.some((card) => card.hasFocus)) {
      shown[Math.min(focused, shown.length - 1)]?.element.focus();
    }
  }

  /** Mark what the last change brought, and offer to take it back there. */
  mark(change: Change | null, undo: () => void): void {
    let isFirst = true;
    for (const card of this.#cards) {
      const isFresh = change?.ids.includes(card.chart.id) === true;
      card.setFresh(
        isFresh && change !== null ? freshStrip(change.said, isFirst ? undo : null) : null,
      );
      if (isFresh) isFirst = false;
    }
  }

  /** Show only the charts that pass. */
  narrow(filter: Filter): void {
    this.#filter = filter;
    this.#arrange();
  }

  /** Draw all again, as for a new theme. */
  repaint(): void {
    for (const { box } of this.#cards) this.#painter.request(box);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#sizes.disconnect();
    this.#painter.stop();
    for (const card of this.#cards) card.box.close();
  }

  /** Return the card that shows a chart, or its approximate form; a new one where none does. */
  #kept(card: Card | undefined, chart: ChartState): Card {
    if (card === undefined || card.chart === chart) return card ?? this.#made(chart);
    if (!card.chart.isApproximate) return this.#made(chart);
    card.become(chart);
    this.#painter.request(card.box);
    return card;
  }

  #made(chart: ChartState): Card {
    const card = new Card(chart, this.#studio, this.#actions);
    this.#sizes.observe(card.box.element);
    return card;
  }

  #gone(card: Card): void {
    this.#sizes.unobserve(card.box.element);
    this.#painter.forget(card.box);
    card.box.close();
    card.item.remove();
  }

  /** Put each card where it belongs; those in their places are not touched, nor is the focus. */
  #place(): void {
    let before: Element | null = null;
    for (const { item } of this.#cards) {
      const next: Element | null =
        before === null ? this.element.firstElementChild : before.nextElementSibling;
      if (next !== item) this.element.insertBefore(item, next);
      before = item;
    }
  }

  /** Number what is shown, and see to it that Tab comes to one card. */
  #arrange(): void {
    for (const card of this.#cards) card.item.hidden = !this.#filter(card.chart);
    const { shown } = this;
    for (const [place, card] of shown.entries()) card.setPlace(place, shown.length);
    const stop = shown.find((card) => card.isTabStop) ?? shown[0];
    for (const card of this.#cards) card.setTabStop(card === stop);
  }

  #resized(): void {
    clearTimeout(this.#timer);
    // The first sizes are drawn at once.
    if (this.#cards.some(({ box }) => !box.isDrawn)) this.#paint();
    else this.#timer = setTimeout(() => this.#paint(), SETTLED_MS);
  }

  #paint(): void {
    for (const { box } of this.#cards) if (box.isStale()) this.#painter.request(box);
  }
}

/** Return a strip that says where a new card comes from, with what takes the change back. */
function freshStrip(said: string, undo: (() => void) | null): HTMLElement {
  const strip = element("div", { class: "fresh" }, ours("span", {}, said));
  if (undo === null) return strip;
  const back = element("button", { type: "button", class: "quiet" }, "Undo");
  back.addEventListener("click", undo);
  strip.append(back);
  return strip;
}
