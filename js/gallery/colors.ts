/** Owns the theme of the page as charts need it: colours that are read, and watched for change. */
import type { Theme } from "../runtime/index";
import { element } from "./dom";

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
    this.#last = JSON.stringify(this.theme());
    const look = () => {
      const now = JSON.stringify(this.theme());
      if (now === this.#last) return;
      this.#last = now;
      changed();
    };
    // The style sheet gives the probe transitions: they start with whatever changes its colours.
    this.probe.addEventListener("transitionend", look, { signal });
    // In a hidden notebook nothing has transitions, so look again when it is shown.
    const observer = new IntersectionObserver(look);
    observer.observe(this.probe);
    signal.addEventListener("abort", () => observer.disconnect());
  }
}
