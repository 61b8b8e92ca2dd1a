/** Owns a list of stored things: its search, its rows, what a click on one asks of the kernel. */

import styles from "../gallery/style.css?raw";
import type { JsonObject } from "../runtime/index";
import { element } from "../widget/dom";
import { dress } from "../widget/dress";
import type { Model } from "../widget/model";
import { placeOf, reportOf } from "../widget/report";
import { messageOf, Requests, TIMEOUT_MS } from "../widget/requests";
import { Said, whereIs } from "../widget/said";
import { list, text } from "../widget/values";
import { below } from "./below";
import { Pictures } from "./pictures";
import { Row, type RowActions, rowOf } from "./row";
import { SearchFields } from "./search";
import own from "./style.css?raw";

const CHANGING = ["rows", "more", "notice", "columns"];

export class Library {
  readonly root = element("div", { class: "erp-library" });
  readonly #model: Model;
  readonly #requests: Requests;
  readonly #pictures: Pictures;
  readonly #count = element("span", { class: "count" });
  readonly #said = new Said();
  readonly #search: SearchFields;
  readonly #body = element("tbody", {});
  readonly #older = element("button", { type: "button", class: "older" }, "Show older");
  readonly #nothing = element("p", { class: "nothing" });
  readonly #table = element("table", {});
  readonly #changed = () => this.#show();
  #searched = 0;

  constructor(model: Model, timeoutMs = TIMEOUT_MS) {
    this.#model = model;
    this.#requests = new Requests(model, () => {}, timeoutMs);
    this.#pictures = new Pictures(this.#requests);
    const heading = text(model.get("heading")) || "Saved charts";
    const rows = () => this.#focus(0);
    this.#search = new SearchFields(heading, () => void this.#find(), rows);
    this.#build(heading);
    for (const name of CHANGING) model.on(`change:${name}`, this.#changed);
    this.#show();
  }

  /** Remove every listener. */
  close(): void {
    this.#search.close();
    for (const name of CHANGING) this.#model.off(`change:${name}`, this.#changed);
    this.#pictures.close();
    this.#requests.dispose();
    this.root.remove();
  }

  readonly #actions: RowActions = {
    open: (row) => void this.#open(row),
    add: (row) => void this.#add(row),
  };

  #build(heading: string): void {
    const shadow = this.root.attachShadow({ mode: "open" });
    dress(shadow, styles + own);
    this.#older.addEventListener("click", () => void this.#bringOlder());
    this.#table.append(...tableHead(heading), this.#body);
    shadow.append(
      element(
        "section",
        { class: "library", "aria-label": heading },
        element(
          "div",
          { class: "heading" },
          element("h3", { class: "name" }, heading),
          this.#count,
          this.#said.element,
        ),
        this.#search.element,
        element("div", { class: "scroll" }, this.#table),
        this.#nothing,
        this.#older,
      ),
    );
    this.#body.addEventListener("keydown", (event) => this.#walk(event));
  }

  #show(): void {
    const rows = list(this.#model.get("rows")).map((row) => new Row(rowOf(row), this.#actions));
    const focused = this.#place();
    this.#body.replaceChildren(...rows.map((row) => row.element));
    this.#pictures.watch(rows);
    const isMore = this.#model.get("more") === true;
    this.#count.textContent = `${rows.length}${isMore ? " newest" : ""}`;
    this.#older.hidden = !isMore;
    this.#table.hidden = rows.length === 0;
    this.#table.toggleAttribute(
      "data-tableless",
      rows.every((row) => row.state.about === ""),
    );
    this.#search.offer(list(this.#model.get("columns")).map(text));
    const none = this.#search.isEmpty ? text(this.#model.get("empty")) : this.#search.nothing;
    this.#nothing.textContent = rows.length === 0 ? none : text(this.#model.get("notice"));
    this.#nothing.hidden = this.#nothing.textContent === "";
    if (focused >= 0) this.#focus(focused);
  }

  // --- search and older rows

  async #find(): Promise<void> {
    this.#searched += 1;
    const mine = this.#searched;
    const reply = await this.#ask("search", "", this.#search.asked);
    if (reply === null || mine !== this.#searched) return;
    this.#said.say(`${counted(reply.found, "row")} found.`);
  }

  async #bringOlder(): Promise<void> {
    const before = this.#body.rows.length;
    const reply = await this.#ask("older");
    if (reply === null) return;
    this.#said.say(`${counted(reply.found, "older row")}.`);
    // Where nothing older is left, the button that was pressed is gone.
    if (this.#older.hidden) this.#focus(Math.min(before, this.#body.rows.length - 1));
  }

  // --- what a row can do

  async #open(row: Row): Promise<void> {
    row.busy(true);
    const seen = below(this.root);
    const reply = await this.#ask("open", row.state.id);
    row.busy(false);
    if (reply === null) return;
    row.opened();
    this.#said.say(`“${row.state.name}” is open below the list.`);
    await seen();
  }

  async #add(row: Row): Promise<void> {
    row.busy(true);
    const reply = await this.#ask("add", row.state.id);
    row.busy(false);
    if (reply === null) return;
    row.added();
    const name = `“${row.state.name}”`;
    const said = reply.already === true ? `${name} is in the report already.` : `Added: ${name}.`;
    const report = reportOf(reply);
    if (report === null) {
      this.#said.say(said);
      return;
    }
    const place = await placeOf(this.root, report, this.#requests);
    this.#said.sayOf(report, place, `${said} ${whereIs(place, "list")}`);
  }

  /** Ask the kernel; what goes wrong is said, and null comes back. */
  async #ask(
    command: "search" | "older" | "open" | "add",
    row = "",
    more: JsonObject = {},
  ): Promise<JsonObject | null> {
    try {
      return await this.#requests.ask(command, row, more);
    } catch (error) {
      this.#said.say(messageOf(error));
      return null;
    }
  }

  // --- keyboard: the arrows go from row to row

  #walk(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = this.#place();
    if (step === undefined || at < 0) return;
    event.preventDefault();
    this.#focus(at + step);
  }

  /** Return the row that has the focus, -1 if none. */
  #place(): number {
    const row = this.root.shadowRoot?.activeElement?.closest("tr");
    return row === null || row === undefined ? -1 : [...this.#body.rows].indexOf(row);
  }

  #focus(at: number): void {
    this.#body.rows[at]?.querySelector<HTMLButtonElement>(".open")?.focus();
  }
}

function counted(n: unknown, what: string): string {
  return n === 1 ? `1 ${what}` : `${String(n)} ${what}s`;
}

function tableHead(heading: string): HTMLElement[] {
  const named = ["Name", "What", "Table", "When"].map((name) =>
    element("th", { scope: "col" }, name),
  );
  const silent = (name: string) => element("td", {}, element("span", { class: "unseen" }, name));
  return [
    element("caption", { class: "unseen" }, heading),
    element("thead", {}, element("tr", {}, silent("Picture"), ...named, silent("Actions"))),
  ];
}
