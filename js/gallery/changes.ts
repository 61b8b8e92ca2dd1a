/** Owns what a person asks of the table beyond its first charts: more, fewer, others, edited. */
import type { JsonObject } from "../runtime/index";
import { type Command, failureOf, messageOf, type Requests } from "../widget/requests";
import { isRecord } from "../widget/values";
import { NOTHING, named } from "./about";
import type { Card } from "./card";
import type { Header } from "./header";
import type { Menu, MenuGroup, MenuItem } from "./menu";
import { type AboutState, type ColumnState, FIELD_TYPES, type FieldType, type Held } from "./model";

/** What a type means to somebody who does not know its name. */
const TYPE_WORDS: Record<FieldType, string> = {
  quantitative: "Quantitative: numbers to measure with",
  temporal: "Temporal: dates and times",
  ordinal: "Ordinal: groups in an order",
  nominal: "Nominal: groups without an order",
};

/** What changes the list of charts. */
const CHANGES: ReadonlySet<Command> = new Set([
  "more_like",
  "without",
  "next",
  "retype",
  "about",
  "edit",
  "level",
  "undo",
]);

export class Changes {
  readonly #requests: Requests;
  readonly #header: Header;
  readonly #menu: Menu;
  /** What is asked of cards and not answered yet. */
  readonly #asked = new Set<string>();

  constructor(requests: Requests, header: Header, menu: Menu) {
    this.#requests = requests;
    this.#header = header;
    this.#menu = menu;
  }

  like(card: Card): void {
    void this.#ofCard(card, "more_like", {}, `Looking for charts like “${card.chart.title}”…`);
  }

  without(card: Card): void {
    void this.#ofCard(card, "without", {}, `Looking for another than “${card.chart.title}”…`);
  }

  next(): Promise<void> {
    return this.#ask("next", "", {}, "Looking for more charts…");
  }

  undo(): Promise<void> {
    return this.#ask("undo", "", {}, "");
  }

  cancel(): Promise<void> {
    return this.#ask("cancel", "", {}, "Stopping…");
  }

  /** Take a reply that came after its request was given up, and with it what was said of that. */
  late(command: Command, card: Card | undefined, reply: JsonObject): void {
    if (!CHANGES.has(command)) return;
    const isDone = reply.ok === true;
    card?.setError(isDone ? "" : failureOf(reply));
    if (isDone || card === undefined) {
      this.#header.say(isDone ? String(reply.said ?? "") : failureOf(reply));
    }
  }

  /** Offer what the grammar allows of a chart. */
  async edit(card: Card, button: HTMLElement): Promise<void> {
    if (button.getAttribute("aria-expanded") === "true") {
      this.#menu.close(true);
      return;
    }
    try {
      const reply = await this.#requests.ask("edits", card.chart.id);
      card.setError("");
      const groups = this.#groups(card, reply.groups);
      if (groups.length === 0) {
        this.#header.say(`“${card.chart.title}” has no other form that would be legal.`);
        return;
      }
      this.#menu.open(button, { label: `Edit ${card.chart.title}`, groups });
    } catch (error) {
      card.setError(`Not edited. ${messageOf(error)}`);
    }
  }

  /** Offer the other values of a column that a chart holds at one. */
  async level(card: Card, { column, level }: Held, button: HTMLElement): Promise<void> {
    if (button.getAttribute("aria-expanded") === "true") {
      this.#menu.close(true);
      return;
    }
    try {
      const reply = await this.#requests.ask("levels", card.chart.id, { column });
      card.setError("");
      const options = Array.isArray(reply.options) ? reply.options.filter(isRecord) : [];
      const items = options.map((option) => {
        const checked = option.level === level;
        const run = () => {
          if (!checked) this.#show(card, column, option);
        };
        return { label: String(option.label), checked, run };
      });
      const note = typeof reply.note === "string" && reply.note !== "" ? { note: reply.note } : {};
      this.#menu.open(button, { label: `Value of ${column}`, ...note, groups: [{ items }] });
    } catch (error) {
      card.setError(messageOf(error));
    }
  }

  /** Show how a column was read and why, and let a person say otherwise. */
  type(column: ColumnState, button: HTMLButtonElement): void {
    const how = column.told ? "You said" : "Read as";
    const why = column.evidence === "" || column.told ? "" : `: ${column.evidence}`;
    const note = `${how} ${column.type}${why}.`;
    const items = FIELD_TYPES.map((type) => ({
      label: TYPE_WORDS[type],
      checked: type === column.type,
      run: () => void this.#retype(column, type),
    }));
    const back = { label: "As it was guessed", run: () => void this.#retype(column, null) };
    const groups = [{ items }, ...(column.told ? [{ items: [back] }] : [])];
    this.#menu.toggle(button, { label: `Type of ${column.name}`, note, groups });
  }

  /** Show what the list is about, and let a person say otherwise. */
  about(asked: AboutState, button: HTMLButtonElement): void {
    const { columns, isTold, guess, choices } = asked;
    const note = isTold
      ? `You asked about ${named(asked)}.`
      : `Guessed from names and values: ${guess ?? NOTHING}.`;
    const choice = (label: string, chosen: string[], checked: boolean) => ({
      label,
      checked,
      // A guess that is chosen is a guess no more.
      run: () => {
        if (!(isTold && checked && chosen.length === columns.length))
          void this.#about(chosen, label);
      },
    });
    const items = choices.map((name) => ({
      ...choice(name, [name], columns.includes(name)),
      several: true,
      ...this.#besides(asked, name),
    }));
    const none = choice("No column in particular", [], columns.length === 0);
    const guessed = `As it is guessed: ${guess ?? NOTHING}`;
    const back = { label: guessed, run: () => void this.#about(null, guess ?? NOTHING) };
    const others = [none, ...(isTold ? [back] : [])];
    const groups = [{ items }, { items: others }];
    this.#menu.toggle(button, { label: "What the charts are about", note, groups });
  }

  /** Let a column be asked about beside others, or no more. */
  #besides({ columns }: AboutState, name: string): Pick<MenuItem, "beside"> {
    const others = columns.filter((column) => column !== name);
    if (others.length === 0) return {};
    const isAsked = others.length < columns.length;
    const chosen = isAsked ? others : [...columns, name];
    const [sign, label] = isAsked ? ["−", `Without ${name}`] : ["+", `${name} as well`];
    return { beside: { sign, label, run: () => void this.#about(chosen, chosen.join(" and ")) } };
  }

  async #about(columns: string[] | null, label: string): Promise<void> {
    await this.#ask("about", "", { columns }, `Looking for charts about ${label}…`);
    this.#requests.ask("saved").catch(() => {});
  }

  async #retype(column: ColumnState, type: FieldType | null): Promise<void> {
    if (type === column.type && type !== null) return;
    const said = `Looking for charts with ${column.name} as ${type ?? "guessed"}…`;
    await this.#ask("retype", "", { column: column.name, type }, said);
    // Charts that are saved look the same, and have come anew.
    this.#requests.ask("saved").catch(() => {});
  }

  #groups(card: Card, sent: unknown): MenuGroup[] {
    if (!Array.isArray(sent)) return [];
    return sent.filter(isRecord).map((group) => ({
      label: String(group.label),
      items: (Array.isArray(group.options) ? group.options : []).filter(isRecord).map((option) => ({
        label: String(option.label),
        ...(typeof option.checked === "boolean" ? { checked: option.checked } : {}),
        run: () => {
          if (option.checked !== true) this.#edited(card, option.key);
        },
      })),
    }));
  }

  #show(card: Card, column: string, { label, level }: JsonObject): void {
    void this.#ofCard(card, "level", { column, level }, `Drawing with ${column}: ${label}…`);
  }

  #edited(card: Card, key: unknown): void {
    void this.#ofCard(card, "edit", { key }, `Drawing “${card.chart.title}” anew…`);
  }

  async #ofCard(
    card: Card,
    command: Command,
    more: Record<string, unknown>,
    said: string,
  ): Promise<void> {
    // Asked for twice, as by a key that is held down, it is done once.
    const asked = JSON.stringify([command, card.chart.id, more]);
    if (this.#asked.has(asked)) return;
    this.#asked.add(asked);
    card.setBusy(true);
    card.setError("");
    this.#header.say(said);
    try {
      const reply = await this.#requests.ask(command, card.chart.id, more);
      this.#header.say(String(reply.said ?? ""));
    } catch (error) {
      this.#header.say("");
      card.setError(messageOf(error));
    }
    this.#asked.delete(asked);
    card.setBusy(false);
  }

  async #ask(
    command: Command,
    chart: string,
    more: Record<string, unknown>,
    said: string,
  ): Promise<void> {
    this.#header.say(said);
    try {
      const reply = await this.#requests.ask(command, chart, more);
      this.#header.say(String(reply.said ?? ""));
    } catch (error) {
      this.#header.say(messageOf(error));
    }
  }
}
