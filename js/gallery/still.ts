/** Owns the hiding of a gallery's still, the pictures for readers without a kernel, beside it. */
import type { Model } from "../widget/model";

/** Here the still hides itself, by a style that comes with it. */
const STYLED = ".jp-OutputArea";

/**
 * Hide the still that is the output after the gallery's, as soon as it comes.
 *
 * @param model Knows the class of this gallery's own still; others in the page are not touched.
 * @returns What stops looking for it.
 */
export function hideStill(gallery: HTMLElement, model: Model): () => void {
  const page = gallery.ownerDocument;
  const observer = new MutationObserver(look);
  function look(): void {
    const mark = model.get("still");
    // Hosts put the gallery into their page after it is made.
    if (typeof mark !== "string" || mark === "" || !gallery.isConnected) return;
    if (gallery.closest(STYLED) !== null) {
      observer.disconnect();
      return;
    }
    for (const still of page.getElementsByClassName(mark)) {
      const output = outputOf(still, gallery);
      if (output?.previousElementSibling?.contains(gallery) === true) hide(output);
    }
  }
  look();
  observer.observe(page.body, { childList: true, subtree: true });
  return () => observer.disconnect();
}

/** Hide the words, and the picture after them. */
function hide(output: HTMLElement): void {
  output.style.display = "none";
  const picture = output.nextElementSibling;
  if (picture instanceof HTMLElement) picture.style.display = "none";
}

/** Return the outermost element that holds the still and not the gallery, if that holds no other. */
function outputOf(still: Element, gallery: HTMLElement): HTMLElement | null {
  let output: Element | null = still;
  while (output !== null && output.parentElement?.contains(gallery) === false) {
    output = output.parentElement;
  }
  // A cell that shows the same gallery once more has a still of the same class.
  const isCell = output?.querySelector(".erp-gallery") != null;
  return output instanceof HTMLElement && !isCell ? output : null;
}
