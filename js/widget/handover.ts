/** Owns what leaves the gallery through the browser: the clipboard and downloaded files. */
import { element } from "./dom";

/** Said where a page is not served by https, or a person has not allowed it. */
const NO_PICTURES = "The browser does not let this page copy pictures; download it instead.";

/** Copy text that may still be on its way; the browser must hear of it during the click. */
export async function copy(text: string | Promise<string>): Promise<void> {
  const coming = Promise.resolve(text);
  if (typeof ClipboardItem === "function" && navigator.clipboard?.write !== undefined) {
    const blob = coming.then((found) => new Blob([found], { type: "text/plain" }));
    // Whatever the clipboard says, a text that never came is the error to tell.
    blob.catch(() => {});
    try {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
      return;
    } catch {
      // Not allowed here, as in a page without https: try the old way.
    }
  }
  copyBySelection(await coming);
}

/** Copy a picture that is still being drawn; the browser must hear of it during the click. */
export async function copyPicture(coming: Promise<Blob>): Promise<void> {
  // What could not be drawn is the error to tell, whatever the clipboard says.
  coming.catch(() => {});
  if (typeof ClipboardItem !== "function" || navigator.clipboard?.write === undefined) {
    throw new Error(NO_PICTURES);
  }
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": coming })]);
  } catch {
    await coming;
    throw new Error(NO_PICTURES);
  }
}

function copyBySelection(text: string): void {
  const area = element("textarea", { "aria-hidden": "true", readonly: true });
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  const focused = focusedDeep();
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!done) throw new Error("The browser does not let this page copy; chart.code() prints it.");
}

/** Return what has the focus, inside however many shadows. */
function focusedDeep(): Element | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
}

/** Have the browser save a file. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = element("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Return the bytes of a data address, without a request. */
export function blobOf(dataAddress: string): Blob {
  const [head = "", body = ""] = dataAddress.split(",", 2);
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: head.replace(/^data:|;base64$/g, "") });
}

/** Return a file name that every system accepts. */
export function fileName(title: string, suffix: string): string {
  const plain = title
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  // By characters, of which some have two halves.
  return `${[...plain].slice(0, 60).join("").toLowerCase() || "chart"}.${suffix}`;
}
