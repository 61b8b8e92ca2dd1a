/** Owns where a person reads what was done: at the lower edge of what is seen, else in the header. */
import { element } from "../widget/dom";

/** How long it stays at the edge, and with a button that a person may want to press. */
const STAYS_MS = 8_000;
const STAYS_WITH_BUTTON_MS = 20_000;

export class Echo {
  /** Sticks to the lower edge of what is seen of the gallery; it takes no room and moves nothing. */
  readonly element = element("div", { class: "echo" });
  readonly #said: HTMLElement;
  readonly #header: HTMLElement;
  #inSight = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Take what is said, with its button, and its place in the header where nothing can stick. */
  constructor(said: HTMLElement, header: HTMLElement, signal: AbortSignal) {
    this.#said = said;
    this.#header = header;
    this.element.append(said);
    const watch = new IntersectionObserver((seen) => {
      this.#inSight = seen.at(-1)?.isIntersecting ?? true;
    });
    watch.observe(this.element);
    signal.addEventListener("abort", () => {
      watch.disconnect();
      clearTimeout(this.#timer);
    });
  }

  /** Show what has just been said. */
  show(): void {
    clearTimeout(this.#timer);
    this.element.removeAttribute("data-past");
    const place = this.#isSeen() ? this.element : this.#header;
    // It moves as it is, so that it is announced once.
    if (this.#said.parentElement !== place) place.append(this.#said);
    const hasButton = this.#said.querySelector("button:not([hidden])") !== null;
    this.#fadeAfter(hasButton ? STAYS_WITH_BUTTON_MS : STAYS_MS);
  }

  /** Whether the edge is in sight: a frame around the gallery may keep it far below. */
  #isSeen(): boolean {
    const { top } = this.element.getBoundingClientRect();
    return this.#inSight && top > 0 && top <= document.documentElement.clientHeight;
  }

  #fadeAfter(ms: number): void {
    this.#timer = setTimeout(() => {
      // Who points at it or is in it reads on.
      if (this.#said.matches(":hover, :focus-within")) this.#fadeAfter(STAYS_MS);
      else this.element.toggleAttribute("data-past", true);
    }, ms);
  }
}
