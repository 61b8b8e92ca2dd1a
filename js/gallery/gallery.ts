/** Owns the gallery as a whole: builds it, wires cards to the kernel, and takes all down again. */
import { Card, type CardActions } from "./card";
import type { Studio } from "./chart_box";
import { Colors } from "./colors";
import { element } from "./dom";
import { CardExports } from "./exports";
import { emptyState, Header } from "./header";
import { navigate } from "./keyboard";
import { Menu } from "./menu";
import { type GalleryState, type RenderContext, savedIds, stateOf, waitingIds } from "./model";
import { Painter } from "./painter";
import { Requests, TIMEOUT_MS } from "./requests";
import { Saves } from "./saves";
import styles from "./style.css?raw";
import { Tooltip } from "./tooltip";
import { loadRuntime, type VegaRuntime } from "./vega";

/** How long after the last look the kernel is asked whether saves still wait for a server. */
const WAITING_MS = 5_000;

export interface GalleryOptions {
  timeoutMs?: number;
  waitingMs?: number;
}

export class Gallery {
  readonly root = element("div", { class: "erp-gallery" });
  readonly #over = new AbortController();
  readonly #context: RenderContext;
  readonly #state: GalleryState;
  readonly #header: Header;
  readonly #tooltip = new Tooltip();
  readonly #menu: Menu;
  readonly #colors = new Colors();
  readonly #painter = new Painter();
  readonly #requests: Requests;
  readonly #saves: Saves;
  readonly #exports: CardExports;
  readonly #cards: Card[];

  constructor(context: RenderContext, options: GalleryOptions = {}) {
    const { model } = context;
    this.#context = context;
    this.#state = stateOf(model);
    this.#header = new Header(this.#state);
    this.#menu = new Menu(this.#over.signal);
    this.#requests = new Requests(
      model,
      (command, chart, reply) => this.#saves.late(command, chart, reply),
      options.timeoutMs ?? TIMEOUT_MS,
    );
    this.#saves = new Saves(this.root, this.#requests, this.#header);
    this.#exports = new CardExports(this.#requests, this.#header, () => this.#runtime());
    this.#cards = this.#makeCards();
    this.#build();
    this.#listen(options.waitingMs ?? WAITING_MS);
  }

  /** Remove every listener and every drawing. */
  close(): void {
    this.#over.abort();
    this.#painter.stop();
    this.#requests.dispose();
    for (const card of this.#cards) card.box.close();
    this.root.remove();
  }

  #makeCards(): Card[] {
    const studio: Studio = {
      runtime: () => this.#runtime(),
      theme: () => this.#colors.theme(),
      tooltip: this.#tooltip,
    };
    const { charts } = this.#state;
    return charts.map(
      (chart, place) => new Card(chart, place, charts.length, studio, this.#actions),
    );
  }

  readonly #actions: CardActions = {
    save: (card) => void this.#saves.save(card),
    remove: (card) => void this.#saves.remove(card),
    menu: (card, button) =>
      this.#menu.toggle(button, `Actions for ${card.chart.title}`, this.#exports.items(card.chart)),
  };

  #build(): void {
    const shadow = this.root.attachShadow({ mode: "open" });
    dress(shadow);
    unbox(document, this.#over.signal);
    const items = this.#cards.map((card) => element("li", {}, card.element));
    const grid = element("ul", { class: "grid", role: "list" }, ...items);
    const region = element(
      "section",
      { class: "gallery", "aria-label": `Recommended charts: ${this.#state.title}` },
      this.#header.element,
      this.#cards.length > 0 ? grid : emptyState(this.#state),
    );
    shadow.append(this.#colors.probe, region, this.#tooltip.element, this.#menu.element);
    navigate(this.root, grid, this.#cards, this.#actions, this.#over.signal);
  }

  #listen(waitingMs: number): void {
    const { signal } = this.#over;
    this.#showSaves(waitingMs);
    this.#watchSizes(signal);
    this.#colors.watch(() => this.#repaint(), signal);
    this.root.addEventListener("pointerleave", () => this.#tooltip.hide(), { signal });
    window.addEventListener("scroll", () => this.#tooltip.hide(), { signal, capture: true });
    // Charts that were saved before this gallery was made, or in another notebook.
    if (this.#cards.length > 0) this.#requests.ask("saved").catch(() => {});
  }

  /** Show what is saved and what waits, now and whenever it changes; what waits is asked after. */
  #showSaves(waitingMs: number): void {
    const { signal } = this.#over;
    const { model } = this.#context;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      if (signal.aborted) return;
      const waiting = waitingIds(model);
      this.#saves.show(this.#cards, savedIds(model), waiting);
      clearTimeout(timer);
      if (waiting.size > 0) timer = setTimeout(ask, waitingMs);
    };
    const ask = () => {
      const heard = this.#requests.ask("waiting");
      void heard.then(changed, changed);
    };
    changed();
    for (const name of ["change:saved", "change:waiting"]) {
      model.on(name, changed);
      signal.addEventListener("abort", () => model.off(name, changed));
    }
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  #watchSizes(signal: AbortSignal): void {
    const cards = new Map<Element, Card>(this.#cards.map((card) => [card.box.element, card]));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = () => {
      for (const { box } of this.#cards) if (box.isStale()) this.#painter.request(box);
    };
    const sizes = new ResizeObserver(() => {
      clearTimeout(timer);
      // The first sizes are drawn at once; while a person drags a border, only the last.
      if (this.#cards.some(({ box }) => !box.isDrawn)) paint();
      else timer = setTimeout(paint, 150);
    });
    for (const box of cards.keys()) sizes.observe(box);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      sizes.disconnect();
    });
  }

  #repaint(): void {
    for (const { box } of this.#cards) this.#painter.request(box);
  }

  async #runtime(): Promise<VegaRuntime> {
    const { model, host } = this.#context;
    return loadRuntime(model, host);
  }
}

/**
 * Notebook 7 puts outputs of more than a hundred lines into a small box that scrolls; a gallery is
 * meant to be looked over as a whole.
 */
const UNBOXED = `
  body[data-notebook] .jp-CodeCell.jp-mod-outputsScrolled:has(.erp-gallery) .jp-Cell-outputArea {
    max-height: none;
  }`;

function unbox(page: Document, signal: AbortSignal): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(UNBOXED);
  page.adoptedStyleSheets.push(sheet);
  signal.addEventListener("abort", () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((one) => one !== sheet);
  });
}

/** Dress a shadow root without a style element, which a strict content policy would refuse. */
function dress(shadow: ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  shadow.adoptedStyleSheets = [sheet];
}
