/** Owns that the editor of a report is folded away until a person asks for it. */
import { ReportEditor } from "./editor.js";
import type { Desk } from "./parts.js";

export interface Folded {
  /** Bring an open editor to the report as it is now. */
  refresh(): void;
  /** Take the editor down. */
  close(): void;
}

/** Have a button unfold the editor in a place, and fold it away again. */
export function folded(button: HTMLButtonElement, place: HTMLElement, desk: Desk): Folded {
  let editor: ReportEditor | null = null;
  const fold = () => {
    editor?.close();
    editor = null;
    button.setAttribute("aria-expanded", "false");
  };
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    if (editor !== null) {
      fold();
      return;
    }
    editor = new ReportEditor(desk);
    place.append(editor.element);
    button.setAttribute("aria-expanded", "true");
    void editor.look();
  });
  return { refresh: () => editor?.refresh(), close: fold };
}
