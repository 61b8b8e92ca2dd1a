/** Owns how a shadow root gets its styles: our tokens first, then those of the widget. */
import tokens from "./tokens.css?raw";

/** Dress a shadow root in our tokens, then in styles of its own, without a style element, which a
 * strict content policy would refuse. */
export function dress(shadow: ShadowRoot, own: string): void {
  shadow.adoptedStyleSheets = [tokens, own].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
}
