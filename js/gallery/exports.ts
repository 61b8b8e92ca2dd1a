/** Owns what a card's menu hands out: code, spec and pictures. */
import { blobOf, copy, copyPicture, download, fileName } from "../widget/handover";
import { messageOf, type Requests } from "../widget/requests";
import type { Header } from "./header";
import type { MenuContent, MenuItem } from "./menu";
import type { ChartState } from "./model";
import type { VegaRuntime } from "./vega";

export class CardExports {
  readonly #requests: Requests;
  readonly #header: Header;
  readonly #runtime: () => Promise<VegaRuntime>;

  constructor(requests: Requests, header: Header, runtime: () => Promise<VegaRuntime>) {
    this.#requests = requests;
    this.#header = header;
    this.#runtime = runtime;
  }

  /** Return the menu of a chart. */
  menu(chart: ChartState): MenuContent {
    return { label: `Actions for ${chart.title}`, groups: [{ items: this.#items(chart) }] };
  }

  #items(chart: ChartState): MenuItem[] {
    const spec = chart.spec;
    const code = {
      label: "Copy Altair code",
      run: () => this.#do("Copied the Altair code.", () => copy(this.#code(chart))),
    };
    if (spec === null) return [code];
    return [
      {
        label: "Copy picture",
        run: () => this.#do("Copied the picture.", () => copyPicture(this.#drawn(chart))),
      },
      code,
      {
        label: "Copy Vega-Lite",
        run: () =>
          this.#do("Copied the Vega-Lite spec.", () => copy(JSON.stringify(spec, null, 2))),
      },
      { label: "Download PNG", run: () => this.#do("", () => this.#picture(chart, "png")) },
      { label: "Download SVG", run: () => this.#do("", () => this.#picture(chart, "svg")) },
    ];
  }

  async #code(chart: ChartState): Promise<string> {
    const reply = await this.#requests.ask("code", chart.id);
    if (typeof reply.code !== "string") throw new Error("The kernel sent no code.");
    return reply.code;
  }

  async #drawn(chart: ChartState): Promise<Blob> {
    const { picture } = await this.#runtime();
    return blobOf(await picture(chart.spec ?? {}, "png"));
  }

  async #picture(chart: ChartState, format: "png" | "svg"): Promise<void> {
    const { picture } = await this.#runtime();
    const made = await picture(chart.spec ?? {}, format);
    const blob = format === "png" ? blobOf(made) : new Blob([made], { type: "image/svg+xml" });
    const name = fileName(chart.title, format);
    download(name, blob);
    this.#header.say(`Downloaded ${name}.`);
  }

  #do(done: string, work: () => Promise<void>): void {
    work().then(
      () => done !== "" && this.#header.say(done),
      (error) => this.#header.say(`That failed: ${messageOf(error)}`),
    );
  }
}
