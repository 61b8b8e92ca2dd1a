/** Owns the theme of the page as charts need it: colours that are read, and watched for change. */
import type { Theme } from "../runtime/index";
import { element } from "../widget/dom";

/** A new theme arrives in several steps; charts are drawn again after the last. */
const SETTLED_MS = 60;

/** Reads the theme's colours off an element that the style sheet paints in them. */
export class Colors {
  readonly probe = element("span", { class: "probe", "aria-hidden": "true" });
  #last = "";

  /** Return the colours as they are now. */
  theme(): Theme {
    const style = getComputedStyle(this.probe);
    return {
      ink: style.color,
      muted: style.borderTopColor,
      line: style.borderBottomColor,
      ground: style.backgroundColor,
    };
  }

  /** Call back whenever the colours have changed, until the signal is aborted. */
  watch(changed: () => void, signal: AbortSignal): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const now = JSON.stringify(this.theme());
      const isNew = this.#last !== "" && now !== this.#last;
      this.#last = now;
      if (isNew) changed();
    };
    const lookSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(look, SETTLED_MS);
    };
    // The style sheet gives the probe transitions: they start with whatever changes its colours,
    // and are cancelled where the page is hidden meanwhile, as JupyterLab does.
    for (const name of ["transitionrun", "transitionend", "transitioncancel"]) {
      this.probe.addEventListener(name, lookSoon, { signal });
    }
    // In a hidden notebook nothing has transitions, so look again when it is shown.
    const observer = new IntersectionObserver(look);
    observer.observe(this.probe);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      observer.disconnect();
    });
  }
}
