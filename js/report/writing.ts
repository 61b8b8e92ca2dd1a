/** Owns the place in which a caption, a heading or a note is written. */
import { element } from "../widget/dom.js";

export interface Writing {
  label: string;
  text: string;
  /** Whether line breaks mean something, as in a note. */
  isLong: boolean;
  keep(text: string): Promise<void>;
  leave(): void;
}

export interface WritingForm {
  element: HTMLFormElement;
  focus(): void;
  /** Whether something was written that is not kept. */
  isChanged(): boolean;
}

/** Return a form in which a person writes; Enter keeps, in a note with Ctrl, Escape leaves. */
export function writingForm(writing: Writing): WritingForm {
  const { label, text, isLong } = writing;
  const attributes = { "aria-label": label, dir: "auto", placeholder: label };
  const field = isLong
    ? element("textarea", { ...attributes, rows: 4 }, text)
    : element("input", { ...attributes, type: "text", value: text });
  const keep = element("button", { type: "submit", class: "keep" }, "Keep");
  const leave = element("button", { type: "button" }, "Cancel");
  const hint = element("span", { class: "hint" }, isLong ? "Markdown; Ctrl+Enter keeps" : "");
  const form = element("form", { class: "writing" }, field, keep, leave, hint);
  let isKeeping = false;
  const submit = async () => {
    if (isKeeping) return;
    isKeeping = true;
    await writing.keep(field.value);
    isKeeping = false;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  leave.addEventListener("click", () => writing.leave());
  form.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") writing.leave();
    if (event.key !== "Enter" || event.target !== field) return;
    if (isLong && !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void submit();
  });
  const focus = () => {
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  };
  return { element: form, focus, isChanged: () => field.value !== text };
}
