/** Owns the line that tells a person what was done, with one thing to do about it. */
import { element } from "./dom";
import { copy } from "./handover";
import type { Place, Report } from "./report";
import { messageOf } from "./requests";

export class Said {
  readonly element: HTMLElement;
  readonly #status = element("span", { class: "status", role: "status", "aria-live": "polite" });
  readonly #action = element("button", { type: "button", class: "quiet copy", hidden: true });
  readonly #spoken: () => void;
  #run: () => void = () => {};

  /** Take what is to be done once something has been said. */
  constructor(spoken: () => void = () => {}) {
    this.#spoken = spoken;
    this.#action.addEventListener("click", () => this.#run());
    this.element = element("div", { class: "said" }, this.#status, this.#action);
  }

  /** Say something, and offer one thing to do about it. */
  say(message: string, action?: { label: string; run(): void }): void {
    this.#status.textContent = message;
    this.#action.hidden = action === undefined;
    this.#action.textContent = action?.label ?? "";
    this.#run = action?.run ?? (() => {});
    this.#spoken();
  }

  /** Say what became of a report, and offer its code where no cell has it. */
  sayOf(report: Report, place: Place, message: string): void {
    const label = `Copy ${lastLine(report.code)}`;
    const offer = { label, run: () => this.#copy(report.code) };
    this.say(message, place === "cell" ? undefined : offer);
  }

  #copy(code: string): void {
    copy(code).then(
      () => this.say("Copied the code of the report; paste it into a cell."),
      (error) => this.say(messageOf(error)),
    );
  }
}

/** Return in words where a report can be seen. */
export function whereIs(place: Place, above: "gallery" | "list"): string {
  if (place === "cell") return "It is in the report cell.";
  if (place === "output") return `It is in the report below the ${above}.`;
  return "Run the code in a cell to see the report.";
}

function lastLine(code: string): string {
  return code.trim().split("\n").at(-1) ?? code;
}
