/** Owns the editor of a report: its parts as a list, and every change of them by mouse and keys. */
import { button, element } from "../widget/dom.js";
import { type Change, type Desk, type Part, type Parts, partsOf } from "./parts.js";
import { Row, type RowActions } from "./row.js";
import { shield } from "./shield.js";
import { STYLE } from "./style.js";
import { type WritingForm, writingForm } from "./writing.js";

const EMPTY = "This report is empty. Save a chart in a gallery, or begin with a section or a note.";
/** How long a person waits without a word. */
const SLOW_MS = 1_500;
const HINT = "Arrows go through the parts, Alt with arrows moves one, F2 rewrites, Delete removes";
const UNKEPT = "Keep or cancel first what you are writing.";
const LABELS = { section: "Heading of the new section", note: "Text of the new note" };

export class ReportEditor {
  readonly element = element("div", { class: "erp-report-editor" });
  readonly #desk: Desk;
  readonly #over = new AbortController();
  readonly #title = element("b", { class: "title", dir: "auto" });
  readonly #status = element("span", { class: "status", role: "status", "aria-live": "polite" });
  readonly #undo = button("quiet", "undo", "Undo", "Undo the last change of the report");
  readonly #redo = button("quiet", "redo", "Redo", "Redo what was undone in the report");
  readonly #section = button("", "add", "Section", "Add a section");
  readonly #note = button("", "add", "Note", "Add a note");
  readonly #list = element("ol", { class: "parts" });
  readonly #nothing = element("p", { class: "nothing", hidden: true }, EMPTY);
  #rows: Row[] = [];
  #stop: [row: number, button: number] = [0, 0];
  /** Whether a row was used since the editor was opened, so that new parts belong below it. */
  #isPlaced = false;
  #turn: Promise<unknown> = Promise.resolve();
  /** What is being written, and below which part; null for none. */
  #writing: { form: WritingForm; below: string | null } | null = null;
  #isShowing = false;
  #isStale = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#undo.addEventListener("click", () => this.#back("undo", "Undone."));
    this.#redo.addEventListener("click", () => this.#back("redo", "Done again."));
    this.#section.addEventListener("click", () => this.#begin("section"));
    this.#note.addEventListener("click", () => this.#begin("note"));
    this.#list.addEventListener("keydown", (event) => this.#press(event));
    this.#list.addEventListener("focusin", (event) => this.#arrive(event));
    this.#build();
    shield(this.element, this.#over.signal);
  }

  /** Ask for the parts as they are now. */
  async look(): Promise<void> {
    if (await this.#ask({ act: "look" })) this.#say("");
  }

  /** The same where the report was changed elsewhere; what is being written stays. */
  refresh(): void {
    void this.#inTurn(async () => {
      if (this.#writing === null && this.#isAway) await this.#ask({ act: "look" });
    });
  }

  close(): void {
    this.#over.abort();
    this.element.remove();
  }

  #build(): void {
    const shadow = this.element.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    const tools = element("div", { class: "tools" }, this.#section, this.#note);
    const back = element("div", { class: "tools" }, this.#undo, this.#redo);
    shadow.append(
      element(
        "section",
        { "aria-label": "Edit the report" },
        element("div", { class: "head" }, this.#title, back, tools, this.#status),
        this.#list,
        this.#nothing,
        element("p", { class: "hint" }, HINT),
      ),
    );
  }

  // --- what a person asks

  readonly #actions: RowActions = {
    move: (row, by) => this.#move(row, by),
    remove: (row) => this.#remove(row),
    write: (row) => this.#write(row),
  };

  #move(row: Row, by: number): void {
    const { id, title } = row.part;
    void this.#inTurn(async () => {
      const to = this.#placeOf(id) + by;
      if (this.#placeOf(id) < 0 || to < 0 || to >= this.#rows.length) return;
      const said = `“${title}” is number ${to + 1}.`;
      if (await this.#do({ act: "move", part: id, to }, said)) this.#focus(to, this.#stop[1]);
    });
  }

  #remove(row: Row): void {
    const { id, title } = row.part;
    void this.#inTurn(async () => {
      const at = this.#placeOf(id);
      if (at < 0) return;
      const said = `Removed: “${title}”. Undo brings it back.`;
      const removed = await this.#do({ act: "remove", part: id }, said);
      if (removed) this.#focus(Math.min(at, this.#rows.length - 1), this.#stop[1]);
    });
  }

  #back(act: "undo" | "redo", said: string): void {
    void this.#inTurn(() => this.#do({ act }, said));
  }

  /** Do what is asked after what was asked before, on the parts as they are by then. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Whether the focus is not in the list, which would lose it. */
  get #isAway(): boolean {
    return !this.#list.contains(this.element.shadowRoot?.activeElement ?? null);
  }

  #placeOf(id: string): number {
    return this.#rows.findIndex(({ part }) => part.id === id);
  }

  #write(row: Row): void {
    const { id, kind, title, text } = row.part;
    const label = row.buttons.find((one) => one.classList.contains("write"))?.title ?? title;
    this.#open(id, label, text, kind === "note", async (written) => {
      const said = `Kept: “${written || title}”.`;
      const kept = await this.#do({ act: "text", part: id, text: written }, said);
      if (kept) this.#focus(this.#placeOf(id), this.#stop[1]);
      return kept;
    });
  }

  /** Write a new part below the one that was used last; at the end if none was. */
  #begin(act: "section" | "note"): void {
    const row = this.#isPlaced ? this.#rows[this.#stop[0]] : this.#rows.at(-1);
    const below = row?.part.id ?? null;
    this.#open(below, LABELS[act], "", act === "note", async (text) => {
      const at = below === null ? -1 : this.#placeOf(below);
      const to = at < 0 ? this.#rows.length : at + 1;
      const added = await this.#do({ act, text, to }, `Added: “${text}”.`);
      if (added) this.#focus(to, 0);
      return added;
    });
  }

  /** Open a place to write in below a part; it stays, with the text, where keeping fails. */
  #open(
    below: string | null,
    label: string,
    text: string,
    isLong: boolean,
    keep: (text: string) => Promise<boolean>,
  ): void {
    if (this.#writing?.form.isChanged() === true) {
      this.#say(UNKEPT);
      this.#writing.form.focus();
      return;
    }
    this.#writing?.form.element.remove();
    const opener = this.element.shadowRoot?.activeElement;
    const end = () => {
      form.element.remove();
      this.#writing = null;
    };
    const leave = () => {
      end();
      if (opener instanceof HTMLElement) opener.focus();
    };
    const kept = async (written: string) => {
      if (await this.#inTurn(() => keep(written))) end();
    };
    const form = writingForm({ label, text, isLong, leave, keep: kept });
    this.#writing = { form, below };
    this.#placeWriting();
    form.focus();
  }

  /** Put what is being written below its part, which may be shown anew or be gone. */
  #placeWriting(): void {
    if (this.#writing === null) return;
    const { form, below } = this.#writing;
    const row = this.#rows.find(({ part }) => part.id === below);
    if (row === undefined) this.#list.before(form.element);
    else row.element.append(form.element);
  }

  // --- the way to the report

  /** Make a change and show it; what goes wrong is said. */
  async #do(change: Change, said: string): Promise<boolean> {
    if (!(await this.#ask(change))) return false;
    this.#say(said);
    void this.#show();
    return true;
  }

  async #ask(change: Change): Promise<boolean> {
    const waiting = setTimeout(() => this.#say("Waiting for the kernel…"), SLOW_MS);
    this.element.toggleAttribute("data-busy", true);
    try {
      this.#take(partsOf(await this.#desk.change(change)));
      return true;
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      clearTimeout(waiting);
      this.element.toggleAttribute("data-busy", false);
    }
  }

  /** Have the report shown as it is now; changes made meanwhile are shown together, once. */
  async #show(): Promise<void> {
    this.#isStale = true;
    if (this.#isShowing) return;
    this.#isShowing = true;
    while (this.#isStale) {
      this.#isStale = false;
      try {
        const where = await this.#desk.show();
        if (where !== "") this.#say(`${this.#status.textContent} ${where}`);
      } catch (error) {
        this.#say(error instanceof Error ? error.message : String(error));
      }
    }
    this.#isShowing = false;
  }

  #take({ title, parts, undo, redo }: Parts): void {
    this.#title.textContent = title;
    const pressed = this.element.shadowRoot?.activeElement;
    this.#undo.disabled = !undo;
    this.#redo.disabled = !redo;
    this.#rows = parts.map((part: Part, at) => new Row(part, at, this.#actions));
    this.#list.replaceChildren(...this.#rows.map((row) => row.element));
    this.#placeWriting();
    if (pressed instanceof HTMLElement && pressed.closest(".writing") !== null) pressed.focus();
    this.#list.hidden = parts.length === 0;
    this.#nothing.hidden = parts.length > 0;
    const last = this.#rows.length - 1;
    this.#setStop(Math.max(0, Math.min(this.#stop[0], last)), this.#stop[1]);
    // A button that has nothing left to do must not keep the focus.
    if (pressed === this.#undo && !undo) this.#redo.focus();
    if (pressed === this.#redo && !redo) this.#undo.focus();
  }

  #say(said: string): void {
    this.#status.textContent = said;
  }

  // --- keyboard: one button is the Tab stop, arrows move it over rows and buttons

  #press(event: KeyboardEvent): void {
    const [at, which] = this.#stop;
    const row = this.#rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const steps = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (steps !== undefined) {
      if (event.altKey) this.#move(row, steps);
      else this.#focus(at + steps, which);
    } else if (event.altKey) return;
    else if (aside !== undefined) this.#focus(at, which + aside);
    else if (event.key === "Home") this.#focus(0, which);
    else if (event.key === "End") this.#focus(this.#rows.length - 1, which);
    else if (event.key === "Delete") this.#remove(row);
    else if (event.key === "F2" && row.part.kind !== "summary") this.#write(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #arrive(event: FocusEvent): void {
    const at = this.#rows.findIndex((row) => row.element.contains(event.target as Node));
    const which = this.#rows[at]?.buttons.indexOf(event.target as HTMLButtonElement) ?? -1;
    if (which < 0) return;
    this.#isPlaced = true;
    this.#setStop(at, which);
  }

  #setStop(at: number, which: number): void {
    this.#stop = [at, which];
    this.#rows.forEach((row, n) => {
      row.setTabStop(n === at ? Math.min(which, row.buttons.length - 1) : null);
    });
  }

  #focus(at: number, which: number): void {
    const row = this.#rows[at];
    if (row === undefined) {
      if (this.#rows.length === 0) this.#section.focus();
      return;
    }
    row.buttons[Math.max(0, Math.min(which, row.buttons.length - 1))]?.focus();
  }
}
