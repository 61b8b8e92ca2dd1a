/** Owns the hiding of a gallery's still, the pictures for readers without a kernel, beside it. */

/** Marks the words of the still; its picture is the output after them. */
const STILL = ".erp-still";
/** Here the still hides itself, by a style that comes with it. */
const STYLED = ".jp-OutputArea";

/**
 * Hide the still that is the output after the gallery's, as soon as it comes.
 *
 * @returns What stops looking for it.
 */
export function hideStill(gallery: HTMLElement): () => void {
  if (gallery.closest(STYLED) !== null) return () => {};
  const page = gallery.ownerDocument;
  const observer = new MutationObserver(look);
  function look(): void {
    for (const still of page.querySelectorAll<HTMLElement>(STILL)) {
      const output = outputOf(still, gallery);
      if (output?.previousElementSibling?.contains(gallery) !== true) continue;
      output.style.display = "none";
      const picture = output.nextElementSibling;
      if (picture instanceof HTMLElement) picture.style.display = "none";
    }
  }
  look();
  observer.observe(page.body, { childList: true, subtree: true });
  return () => observer.disconnect();
}

/** Return the outermost element that holds the still and not the gallery. */
function outputOf(still: HTMLElement, gallery: HTMLElement): HTMLElement | null {
  let output: HTMLElement | null = still;
  while (output !== null && output.parentElement?.contains(gallery) === false) {
    output = output.parentElement;
  }
  return output;
}
