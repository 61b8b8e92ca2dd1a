/** Owns the gallery as a whole: builds it, wires cards to the kernel, and takes all down again. */

import { folded } from "../report/folded";
import type { JsonObject } from "../runtime/index";
import { element } from "../widget/dom";
import { dress } from "../widget/dress";
import type { RenderContext } from "../widget/model";
import { REPORT_EVENT } from "../widget/report";
import { type Command, Requests, TIMEOUT_MS } from "../widget/requests";
import { Tooltip } from "../widget/tooltip";
import type { Studio } from "./canvas";
import type { CardActions } from "./card";
import { Cards } from "./cards";
import { Changes } from "./changes";
import { Colors } from "./colors";
import { deskOf } from "./desk";
import { Enlarged } from "./enlarge";
import { CardExports } from "./exports";
import { Following } from "./following";
import { emptyState, Header, nothingLeft } from "./header";
import { navigate } from "./keyboard";
import { Menu } from "./menu";
import { type GalleryState, State } from "./model";
import { Narrowing } from "./narrowing";
import { unbox } from "./page";
import { foldedRows } from "./rows";
import { Saves } from "./saves";
import styles from "./style.css?raw";
import { Tail } from "./tail";
import { loadRuntime } from "./vega";

/** How long after the last look the kernel is asked whether saves still wait for a server. */
const WAITING_MS = 5_000;

export interface GalleryOptions {
  timeoutMs?: number;
  waitingMs?: number;
}

export class Gallery {
  readonly root = element("div", { class: "erp-gallery" });
  readonly #over = new AbortController();
  readonly #state: State;
  readonly #following: Following;
  readonly #colors = new Colors();
  readonly #tooltip = new Tooltip();
  readonly #studio: Studio;
  readonly #requests: Requests;
  readonly #menu: Menu;
  readonly #header: Header;
  readonly #saves: Saves;
  readonly #changes: Changes;
  readonly #exports: CardExports;
  readonly #enlarged: Enlarged;
  readonly #narrowing: Narrowing;
  readonly #cards: Cards;
  readonly #tail: Tail;
  readonly #nothing = nothingLeft(() => {
    this.#narrowing.clear();
    this.#cards.shown[0]?.element.focus();
  });
  readonly #empty = element("div", {});

  constructor({ model, host }: RenderContext, options: GalleryOptions = {}) {
    const { signal } = this.#over;
    this.#state = new State(model);
    this.#following = new Following(model, signal);
    const state = this.#state.now();
    const runtime = async () => loadRuntime(model, host);
    const theme = () => this.#colors.theme();
    this.#studio = { runtime, theme, tooltip: this.#tooltip, isOpen: state.isOpen };
    this.#requests = new Requests(
      model,
      (command, chart, reply) => this.#late(command, chart, reply),
      options.timeoutMs ?? TIMEOUT_MS,
    );
    this.#menu = new Menu(signal);
    this.#header = new Header(
      state,
      () => void this.#changes.undo(),
      (asked, button) => this.#changes.about(asked, button),
      signal,
    );
    this.#saves = new Saves(this.root, this.#requests, this.#header);
    this.#changes = new Changes(this.#requests, this.#header, this.#menu);
    this.#exports = new CardExports(this.#requests, this.#header, runtime);
    this.#enlarged = new Enlarged(this.#studio, signal);
    this.#cards = new Cards(this.#studio, this.#actions);
    this.#narrowing = new Narrowing(
      {
        narrow: () => this.#narrow(),
        type: state.isOpen ? (column, button) => this.#changes.type(column, button) : null,
      },
      signal,
    );
    this.#tail = new Tail({
      next: () => void this.#changes.next(),
      cancel: () => void this.#changes.cancel(),
    });
    this.#build(state);
    this.#listen(options.waitingMs ?? WAITING_MS);
  }

  /** Remove every listener and every drawing. */
  close(): void {
    this.#over.abort();
    this.#requests.dispose();
    this.#enlarged.close();
    this.#cards.close();
    this.root.remove();
  }

  readonly #actions: CardActions = {
    save: (card) => void this.#saves.save(card),
    remove: (card) => void this.#saves.remove(card),
    menu: (card, button) => this.#menu.toggle(button, this.#exports.menu(card.chart)),
    enlarge: (card) => this.#enlarged.open(card.chart, card.element),
    like: (card) => this.#changes.like(card),
    without: (card) => this.#changes.without(card),
    edit: (card, button) => void this.#changes.edit(card, button),
    level: (card, column, button) => void this.#changes.level(card, column, button),
  };

  #build(state: GalleryState): void {
    const shadow = this.root.attachShadow({ mode: "open" });
    dress(shadow, styles);
    unbox(document, this.#over.signal);
    const below = element("div", {});
    foldedRows(this.#header.rows, below, this.#requests);
    const editor = folded(this.#header.report, below, deskOf(this.root, this.#requests));
    this.#over.signal.addEventListener("abort", editor.close);
    this.#following.report(editor.refresh);
    this.root.addEventListener(REPORT_EVENT, editor.refresh);
    const region = element(
      "section",
      { class: "gallery", "aria-label": `Recommended charts: ${state.title}` },
      this.#header.element,
      below,
      this.#narrowing.element,
      this.#cards.element,
      this.#empty,
      this.#tail.element,
      this.#header.echo.element,
      this.#tail.work,
    );
    const above = [this.#tooltip.element, this.#menu.element, this.#enlarged.element];
    shadow.append(this.#colors.probe, region, ...above);
    navigate(this.root, this.#cards, this.#actions, this.#over.signal);
  }

  #listen(waitingMs: number): void {
    const { signal } = this.#over;
    this.root.addEventListener("pointerleave", () => this.#tooltip.hide(), { signal });
    window.addEventListener("scroll", () => this.#tooltip.hide(), { signal, capture: true });
    this.#colors.watch(() => this.#repaint(), signal);
    this.#following.state(this.#state, () => this.#show());
    this.#show();
    this.#following.saves(this.#requests, waitingMs, (saved, waiting) =>
      this.#saves.show([...this.#cards.all], saved, waiting),
    );
    // Charts that were saved before this gallery was made, or in another notebook.
    if (this.#cards.all.length > 0) this.#requests.ask("saved").catch(() => {});
  }

  /** Bring all that is seen to the state as it is now. */
  #show(): void {
    const state = this.#state.now();
    this.#cards.show(state.charts);
    this.#cards.mark(state.undo, () => void this.#changes.undo());
    this.#narrowing.show(state.columns, state.charts);
    this.#tail.show(state);
    this.#narrow();
    this.#saves.again([...this.#cards.all]);
  }

  #narrow(): void {
    this.#cards.narrow(this.#narrowing.filter);
    const state = this.#state.now();
    const shown = this.#cards.shown.length;
    this.#header.show(state, shown);
    const isEmpty = state.charts.length === 0;
    const said = isEmpty ? emptyState(state.notes) : this.#nothing;
    this.#empty.replaceChildren(...(shown > 0 ? [] : [said]));
  }

  /** Take a reply that came after its request was given up. */
  #late(command: Command, chart: string, reply: JsonObject): void {
    const card = this.#cards.all.find((one) => one.chart.id === chart);
    this.#saves.late(command, card, reply);
    this.#changes.late(command, card, reply);
  }

  #repaint(): void {
    this.#cards.repaint();
    this.#enlarged.repaint();
  }
}
