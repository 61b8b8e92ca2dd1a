/** Owns the fields of a search: name, column, mark and dates, and what is asked of the kernel. */
import { element } from "../widget/dom";
import { MARK_WORDS } from "../widget/marks";

/** How long a person types before the kernel is asked. */
const TYPING_MS = 250;

export class SearchFields {
  readonly element: HTMLElement;
  readonly #text = element("input", { type: "search", class: "search" });
  readonly #column = element("input", { class: "search column", "aria-label": "Column" });
  readonly #columns = element("datalist", { id: "columns" });
  readonly #mark = element("select", { "aria-label": "Mark" });
  readonly #since = element("input", { type: "date" });
  readonly #until = element("input", { type: "date" });
  readonly #clear = element("button", { type: "button", class: "quiet", hidden: true }, "Clear");
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param search Called a moment after what is asked has changed.
   * @param below Called where a person goes on to what was found.
   */
  constructor(heading: string, search: () => void, below: () => void) {
    this.#text.placeholder = "Search names";
    this.#text.setAttribute("aria-label", `Search ${heading.toLowerCase()}`);
    this.#column.placeholder = "Column";
    this.#column.setAttribute("list", "columns");
    const marks = Object.entries(MARK_WORDS).map(([name, words]) =>
      element("option", { value: name }, words),
    );
    this.#mark.append(element("option", { value: "" }, "Any mark"), ...marks);
    const later = () => {
      clearTimeout(this.#timer);
      this.#clear.hidden = this.isEmpty;
      this.#timer = setTimeout(search, TYPING_MS);
    };
    for (const field of this.#fields) field.addEventListener("input", later);
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      below();
    });
    this.#clear.addEventListener("click", () => {
      for (const field of this.#fields) field.value = "";
      this.#text.focus();
      later();
    });
    this.element = element(
      "div",
      { class: "fields", role: "search", "aria-label": heading },
      this.#text,
      this.#column,
      this.#columns,
      this.#mark,
      element("label", {}, "From ", this.#since),
      element("label", {}, "Until ", this.#until),
      this.#clear,
    );
  }

  get isEmpty(): boolean {
    return this.#fields.every((field) => field.value.trim() === "");
  }

  /** What is asked; see `matching` in the kernel. */
  get asked(): Record<string, string> {
    return {
      text: this.#text.value,
      column: this.#column.value.trim(),
      mark: this.#mark.value,
      since: this.#since.value,
      until: this.#until.value,
    };
  }

  /** What to say where nothing fits. */
  get nothing(): string {
    const { text = "", ...others } = this.asked;
    const isNamed = Object.values(others).every((value) => value === "");
    return isNamed
      ? `Nothing is named “${text.trim()}”.`
      : "Nothing fits all that is searched for.";
  }

  /** Offer names of columns to choose from. */
  offer(columns: readonly string[]): void {
    this.#columns.replaceChildren(...columns.map((name) => element("option", { value: name })));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  get #fields(): (HTMLInputElement | HTMLSelectElement)[] {
    return [this.#text, this.#column, this.#mark, this.#since, this.#until];
  }
}
