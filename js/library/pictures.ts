/** Owns the thumbnails: each is asked for once its row comes into view, a few at a time. */
import type { Requests } from "../widget/requests";
import type { Row } from "./row";

const AT_ONCE = 2;

export class Pictures {
  readonly #requests: Requests;
  readonly #known = new Map<string, string>();
  readonly #rows = new Map<Element, Row>();
  readonly #wanted: Row[] = [];
  readonly #observer: IntersectionObserver;
  #running = 0;

  constructor(requests: Requests) {
    this.#requests = requests;
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), {
      rootMargin: "200px",
    });
  }

  /** Watch the rows of a new list; pictures that came before are shown at once. */
  watch(rows: Row[]): void {
    this.#observer.disconnect();
    this.#rows.clear();
    this.#wanted.length = 0;
    for (const row of rows) {
      if (!row.state.pictured) continue;
      const known = this.#known.get(row.state.id);
      if (known !== undefined) {
        row.show(known);
        continue;
      }
      this.#rows.set(row.element, row);
      this.#observer.observe(row.element);
    }
  }

  close(): void {
    this.#observer.disconnect();
    this.#wanted.length = 0;
  }

  #seen(entries: IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      const row = this.#rows.get(target);
      if (!isIntersecting || row === undefined) continue;
      this.#observer.unobserve(target);
      this.#wanted.push(row);
    }
    this.#next();
  }

  #next(): void {
    while (this.#running < AT_ONCE) {
      const row = this.#wanted.shift();
      if (row === undefined) return;
      this.#running += 1;
      void this.#draw(row).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #draw(row: Row): Promise<void> {
    try {
      const { picture } = await this.#requests.ask("picture", row.state.id);
      if (typeof picture !== "string" || picture === "") return;
      this.#known.set(row.state.id, picture);
      row.show(picture);
    } catch {
      // A row without a picture can be opened all the same, and then says what is wrong.
    }
  }
}
