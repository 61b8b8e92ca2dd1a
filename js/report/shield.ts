/** Owns that keys pressed in an editor do not also act on the notebook around it. */

const MARK = "data-lm-suppress-shortcuts";

/**
 * Keep a notebook's own shortcuts from keys pressed inside an element, but for those with Ctrl;
 * of these Enter would run the cell, and is the editor's.
 */
export function shield(inside: HTMLElement, signal: AbortSignal): void {
  let marked: Element | null = null;
  // The window hears a key before the document, where JupyterLab listens.
  window.addEventListener(
    "keydown",
    (event) => {
      marked?.removeAttribute(MARK);
      marked = null;
      const isForAll = (event.ctrlKey || event.metaKey) && event.key !== "Enter";
      if (isForAll || !event.composedPath().includes(inside)) return;
      // Seen from the document, the key comes from the outermost element with a shadow.
      marked = event.target instanceof Element ? event.target : null;
      marked?.setAttribute(MARK, "");
    },
    { signal, capture: true },
  );
  signal.addEventListener("abort", () => marked?.removeAttribute(MARK));
}
