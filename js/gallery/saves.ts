/** Owns saving and undoing: what is sent, what the card and the status line say of it. */
import type { JsonObject } from "../runtime/index";
import { placeOf, reportOf } from "../widget/report";
import { type Command, failureOf, messageOf, type Requests, Unanswered } from "../widget/requests";
import { whereIs } from "../widget/said";
import type { Card } from "./card";
import type { Header } from "./header";

const NOT_DONE = { save: "Not saved", remove: "Not undone" };
/** Said where nothing came back: what was asked for may be done all the same. */
const UNSURE = { save: "It may be saved", remove: "It may be undone" };

export class Saves {
  readonly #root: HTMLElement;
  readonly #requests: Requests;
  readonly #header: Header;
  #saved = new Set<string>();
  #waiting = new Set<string>();
  /** Charts that were put into this report from here, or found in the store and asked for again. */
  readonly #reported = new Set<string>();

  constructor(root: HTMLElement, requests: Requests, header: Header) {
    this.#root = root;
    this.#requests = requests;
    this.#header = header;
  }

  /** Bring the cards to what the store holds. */
  show(cards: Card[], saved: Set<string>, waiting: Set<string>): void {
    this.#saved = saved;
    this.#waiting = waiting;
    this.again(cards);
  }

  /** Bring other cards to what was shown last. */
  again(cards: Card[]): void {
    const [saved, waiting] = [this.#saved, this.#waiting];
    for (const card of cards) {
      card.setWaiting(waiting.has(card.chart.id));
      const isSaved = saved.has(card.chart.id);
      if (isSaved && (card.state === "open" || card.state === "saving")) card.setState("saved");
      if (!isSaved && (card.state === "saved" || card.state === "removing")) card.setState("open");
    }
  }

  async save(card: Card): Promise<void> {
    if (card.state === "saved") await this.#again(card);
    if (card.state !== "open") return;
    card.setState("saving");
    if (card.chart.isApproximate) {
      this.#header.say(`“${card.chart.title}” is saved as soon as its exact rows are there.`);
    }
    await this.#change(card, "save", "saved", "open");
  }

  /** Put a chart that was saved from another notebook, or another run, into this report, too. */
  async #again(card: Card): Promise<void> {
    const { id, title } = card.chart;
    if (this.#reported.has(id) || card.isWaiting) {
      const how = card.isWaiting ? "waits for the server" : "is saved";
      this.#header.say(`“${title}” ${how} already; U takes it back.`);
      return;
    }
    card.setError("");
    try {
      await this.#tell(card, "save", await this.#requests.ask("save", id));
    } catch (error) {
      card.setError(failedTo("save", error));
    }
  }

  async remove(card: Card): Promise<void> {
    if (card.state !== "saved") return;
    card.setState("removing");
    await this.#change(card, "remove", "open", "saved");
  }

  /** Take a reply that came after the card had given up. */
  late(command: Command, card: Card | undefined, reply: JsonObject): void {
    if (card === undefined || (command !== "save" && command !== "remove")) return;
    if (reply.ok !== true) {
      card.setError(`${NOT_DONE[command]}. ${failureOf(reply)}`);
      return;
    }
    card.setError("");
    card.setState(command === "save" || isKept(reply) ? "saved" : "open");
    void this.#tell(card, command, reply);
  }

  async #change(
    card: Card,
    command: "save" | "remove",
    after: "saved" | "open",
    before: "saved" | "open",
  ): Promise<void> {
    card.setError("");
    try {
      const reply = await this.#requests.ask(command, card.chart.id);
      card.setState(isKept(reply) ? "saved" : after);
      await this.#tell(card, command, reply);
    } catch (error) {
      if (card.state === "saving" || card.state === "removing") card.setState(before);
      card.setError(failedTo(command, error));
    }
  }

  /** Show the report, and say where it is; a report that fails never undoes a save. */
  async #tell(card: Card, command: "save" | "remove", reply: JsonObject): Promise<void> {
    if (command === "save") this.#reported.add(card.chart.id);
    else this.#reported.delete(card.chart.id);
    const said = isKept(reply)
      ? keptBy(card, reply)
      : `${doneOf(card, command)}: “${card.chart.title}”.`;
    const report = reportOf(reply);
    if (report === null) {
      const reason = typeof reply.warning === "string" ? ` ${reply.warning}` : "";
      this.#header.say(`${said}${reason}`);
      return;
    }
    const place = await placeOf(this.#root, report, this.#requests);
    const where = command === "save" ? ` ${whereIs(place, "gallery")}` : "";
    this.#header.said.sayOf(report, place, `${said}${where}`);
  }
}

/** Whether a chart stays saved, as other reports show it. */
function isKept(reply: JsonObject): boolean {
  return typeof reply.kept === "string";
}

function keptBy(card: Card, reply: JsonObject): string {
  const stays = `stays saved, as ${reply.kept}`;
  return reportOf(reply) === null
    ? `“${card.chart.title}” ${stays}.`
    : `Taken out of this report: “${card.chart.title}”. It ${stays}.`;
}

function failedTo(command: "save" | "remove", error: unknown): string {
  const how = error instanceof Unanswered ? UNSURE : NOT_DONE;
  return `${how[command]}. ${messageOf(error)}`;
}

function doneOf(card: Card, command: "save" | "remove"): string {
  if (command === "remove") return "Taken back";
  if (card.chart.isApproximate) return "Saved, marked as approximate";
  return card.isWaiting ? "Kept here until the server is back" : "Saved";
}
