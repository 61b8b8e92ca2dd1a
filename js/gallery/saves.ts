/** Owns saving and undoing: what is sent, what the card and the status line say of it. */
import type { JsonObject } from "../runtime/index";
import type { Card } from "./card";
import { copy } from "./handover";
import type { Header } from "./header";
import { type Place, type Report, reportOf, showReport } from "./report";
import { type Command, messageOf, type Requests } from "./requests";

const WHERE: Record<Place, string> = {
  cell: "It is in the report cell.",
  output: "It is in the report below the gallery.",
  nowhere: "Run the code in a cell to see the report.",
};

export class Saves {
  readonly #root: HTMLElement;
  readonly #requests: Requests;
  readonly #header: Header;
  #cards: Card[] = [];
  #saved = new Set<string>();
  #waiting = new Set<string>();

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
    this.#cards = cards;
    const [saved, waiting] = [this.#saved, this.#waiting];
    for (const card of cards) {
      card.setWaiting(waiting.has(card.chart.id));
      const isSaved = saved.has(card.chart.id);
      if (isSaved && (card.state === "open" || card.state === "saving")) card.setState("saved");
      if (!isSaved && (card.state === "saved" || card.state === "removing")) card.setState("open");
    }
  }

  async save(card: Card): Promise<void> {
    if (card.state === "saved") {
      const how = card.isWaiting ? "waits for the server" : "is saved";
      this.#header.say(`“${card.chart.title}” ${how} already; U takes it back.`);
    }
    if (card.state !== "open") return;
    card.setState("saving");
    if (card.chart.isApproximate) {
      this.#header.say(`“${card.chart.title}” is saved as soon as its exact rows are there.`);
    }
    await this.#change(card, "save", "saved", "open");
  }

  async remove(card: Card): Promise<void> {
    if (card.state !== "saved") return;
    card.setState("removing");
    await this.#change(card, "remove", "open", "saved");
  }

  /** Take a reply that came after the card had given up. */
  late(command: Command, id: string, reply: JsonObject): void {
    const card = this.#cards.find(({ chart }) => chart.id === id);
    if (card === undefined || (command !== "save" && command !== "remove")) return;
    if (reply.ok !== true) return;
    card.setError("");
    card.setState(command === "save" ? "saved" : "open");
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
      card.setState(after);
      await this.#tell(card, command, reply);
    } catch (error) {
      if (card.state === "saving" || card.state === "removing") card.setState(before);
      const what = command === "save" ? "Not saved" : "Not undone";
      card.setError(`${what}. ${messageOf(error)}`);
    }
  }

  /** Show the report, and say where it is; a report that fails never undoes a save. */
  async #tell(card: Card, command: "save" | "remove", reply: JsonObject): Promise<void> {
    const said = `${doneOf(card, command)}: “${card.chart.title}”.`;
    const report = reportOf(reply);
    if (report === null) {
      const reason = typeof reply.warning === "string" ? ` ${reply.warning}` : "";
      this.#header.say(`${said}${reason}`);
      return;
    }
    let place: Place = "nowhere";
    try {
      place = await showReport(this.#root, report, this.#requests);
    } catch {
      // The code is offered instead.
    }
    const where = command === "save" ? ` ${WHERE[place]}` : "";
    this.#header.say(`${said}${where}`, place === "cell" ? undefined : this.#offer(report));
  }

  #offer(report: Report): { label: string; run(): void } {
    return {
      label: `Copy ${lastLine(report.code)}`,
      run: () =>
        void copy(report.code).then(
          () => this.#header.say("Copied the code of the report; paste it into a cell."),
          (error) => this.#header.say(messageOf(error)),
        ),
    };
  }
}

function doneOf(card: Card, command: "save" | "remove"): string {
  if (command === "remove") return "Taken back";
  if (card.chart.isApproximate) return "Saved, marked as approximate";
  return card.isWaiting ? "Kept here until the server is back" : "Saved";
}

function lastLine(code: string): string {
  return code.trim().split("\n").at(-1) ?? code;
}
