/** Owns the control that says what a list is about: as a person said, or as it was guessed. */
import { element, icon } from "../widget/dom";
import type { AboutState, GalleryState } from "./model";

/** What stands there where no column is asked about. */
export const NOTHING = "no column in particular";

/** Offers what else a list could be about. */
export type Choose = (asked: AboutState, button: HTMLButtonElement) => void;

export class About {
  readonly element = element("span", { class: "about", hidden: true });
  readonly #button = element("button", {
    type: "button",
    class: "quiet asked",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    title: "Choose what the charts are about",
  });
  #asked: AboutState | null = null;

  constructor(choose: Choose) {
    this.#button.addEventListener("click", () => {
      if (this.#asked !== null) choose(this.#asked, this.#button);
    });
  }

  /** Say what is asked about; a list whose table is not at hand is about what it was made for. */
  show({ about, isOpen }: GalleryState): void {
    this.#asked = about;
    this.element.hidden = about === null;
    if (about === null) return;
    const columns = element("span", { class: "act", dir: "auto" }, named(about));
    const guessed = about.isTold ? [] : [element("span", { class: "guess" }, "(guess)")];
    const said = [element("span", {}, "About: "), columns, ...guessed];
    if (isOpen) this.#button.replaceChildren(...said, icon("open"));
    const shown = isOpen ? [this.#button] : said;
    // The button stays as it is, with the focus.
    if (!isOpen || !this.#button.isConnected) this.element.replaceChildren(...shown);
  }
}

/** Return the columns that are asked about in words. */
export function named({ columns }: AboutState): string {
  return columns.length === 0 ? NOTHING : columns.join(" and ");
}
