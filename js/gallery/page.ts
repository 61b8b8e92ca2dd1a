/** Owns the room that a gallery needs in the page around it. */
/**
 * Notebook 7 puts outputs of more than a hundred lines into a small box that scrolls; a gallery is
 * meant to be looked over as a whole. In a box that could scroll, nothing sticks to the edge of what
 * is seen, such as Cancel.
 */
const UNBOXED = `
  body[data-notebook] .jp-CodeCell.jp-mod-outputsScrolled:has(.erp-gallery) .jp-Cell-outputArea {
    max-height: none;
  }
  .jp-OutputArea:not(.jp-mod-outputsScrolled *):has(> .jp-OutputArea-child .erp-gallery),
  .jp-OutputArea:not(.jp-mod-outputsScrolled *) > .jp-OutputArea-child:has(.erp-gallery),
  .jp-OutputArea:not(.jp-mod-outputsScrolled *) > * > .jp-OutputArea-output:has(.erp-gallery) {
    overflow: visible;
  }`;

export function unbox(page: Document, signal: AbortSignal): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(UNBOXED);
  page.adoptedStyleSheets.push(sheet);
  signal.addEventListener("abort", () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((one) => one !== sheet);
  });
}
