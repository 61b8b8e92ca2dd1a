/** Owns what the gallery needs of the page around it: its style, and its room. */
import tokens from "./tokens.css?raw";

/**
 * Notebook 7 puts outputs of more than a hundred lines into a small box that scrolls; a gallery is
 * meant to be looked over as a whole.
 */
const UNBOXED = `
  body[data-notebook] .jp-CodeCell.jp-mod-outputsScrolled:has(.erp-gallery) .jp-Cell-outputArea {
    max-height: none;
  }`;

export function unbox(page: Document, signal: AbortSignal): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(UNBOXED);
  page.adoptedStyleSheets.push(sheet);
  signal.addEventListener("abort", () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((one) => one !== sheet);
  });
}

/** Dress a shadow root in our tokens, then in styles of its own, without a style element, which a
 * strict content policy would refuse. */
export function dress(shadow: ShadowRoot, own: string): void {
  shadow.adoptedStyleSheets = [tokens, own].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
}
