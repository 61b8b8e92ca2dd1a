/** Owns what stands below the cards: what is shown so far, what is next, work and its end. */
import { element, ours } from "../widget/dom";
import type { Coverage, GalleryState, Work } from "./model";

const MAX_NAMES = 4;

export interface TailActions {
  next(): void;
  cancel(): void;
}

export class Tail {
  readonly element = element("footer", {});
  /** Floats at the lower edge of what is seen, so that it can be cancelled from anywhere. */
  readonly work = element("div", { class: "work", hidden: true });
  readonly #next: HTMLButtonElement;
  readonly #coverage = element("div", { class: "coverage" });
  readonly #what = element("span", { role: "status" });
  readonly #progress = element("progress", { "aria-label": "Charts drawn" });

  constructor(actions: TailActions) {
    this.#next = element("button", { type: "button", class: "next" }, "Next 15");
    this.#next.addEventListener("click", () => {
      if (this.#next.getAttribute("aria-disabled") !== "true") actions.next();
    });
    const cancel = element("button", { type: "button", class: "cancel" }, "Cancel");
    cancel.addEventListener("click", () => actions.cancel());
    this.work.append(this.#what, this.#progress, cancel);
    this.element.append(this.#coverage, this.#next);
  }

  show({ isOpen, charts, coverage, work }: GalleryState): void {
    this.element.hidden = !isOpen || charts.length === 0;
    this.#next.setAttribute("aria-disabled", String(work !== null));
    this.#coverage.replaceChildren(...(coverage === null ? [] : covered(coverage)));
    this.#working(work);
  }

  #working(work: Work | null): void {
    const hadFocus = this.work.matches(":focus-within");
    this.work.hidden = work === null;
    if (work === null) {
      if (hadFocus) this.#next.focus();
      return;
    }
    const { what, done, total } = work;
    this.#what.textContent = total > 0 ? `${what}: ${done} of ${total}` : what;
    this.#progress.max = Math.max(total, 1);
    if (total > 0) this.#progress.value = done;
    else this.#progress.removeAttribute("value");
  }
}

function covered(coverage: Coverage): HTMLElement[] {
  const { columnsShown, columnsTotal, pairsShown, pairsTotal } = coverage;
  const { unseenColumns, unseenPairs } = coverage;
  return [
    share("Columns", columnsShown, columnsTotal, listed(unseenColumns)),
    ...(pairsTotal > 0
      ? [
          share(
            "Relations",
            pairsShown,
            pairsTotal,
            listed(unseenPairs.map((two) => two.join(" × "))),
          ),
        ]
      : []),
  ];
}

/** Return a bar for a share, and what is missing from the whole. */
function share(what: string, shown: number, total: number, missing: string): HTMLElement {
  const rest = missing === "" ? "" : `; not yet: ${missing}`;
  const label = `${what}: ${shown} of ${total} shown`;
  const meter = element("meter", { min: 0, max: total, value: shown, "aria-label": label });
  return element("p", {}, meter, ours("span", {}, `${label}${rest}`));
}

function listed(names: string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
