/** Owns the tests of what a person does in a gallery: save, undo, keyboard, menu; and its end. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { REPORT_EVENT } from "../widget/report";
import entry from "./index";
import {
  all,
  bars,
  card,
  closeAll,
  FakeModel,
  type Kernel,
  one,
  press,
  show,
  until,
  working,
} from "./testing";

afterEach(closeAll);

const CHARTS = ["one", "two", "three", "four", "five"].map((title) => bars(title));

function open(kernel: Kernel = working, timeoutMs = 2_000) {
  const model = new FakeModel({ charts: CHARTS }, kernel);
  return { model, gallery: show(model, 900, { timeoutMs }) };
}

function saveButton(place: number, gallery: ReturnType<typeof show>): HTMLButtonElement {
  const found = card(gallery, place).querySelector<HTMLButtonElement>(".save");
  if (found === null) throw new Error("the card has no save button");
  return found;
}

function stateOf(place: number, gallery: ReturnType<typeof show>): string | undefined {
  return card(gallery, place).dataset.state;
}

function focusedCard(gallery: ReturnType<typeof show>): number {
  const focused = gallery.root.shadowRoot?.activeElement;
  return focused instanceof HTMLElement ? all(gallery, ".card").indexOf(focused) : -1;
}

describe("saving", () => {
  it("hands the report to the page, and asks no more where the page takes it", async () => {
    const { model, gallery } = open();
    const heard: unknown[] = [];
    const take = (event: Event) => {
      event.preventDefault();
      heard.push([event.target, (event as CustomEvent<unknown>).detail]);
    };
    document.addEventListener(REPORT_EVENT, take);
    saveButton(1, gallery).click();
    expect(stateOf(1, gallery)).toBe("saving");
    await until(() => one(gallery, ".status").textContent?.includes("report cell"));
    document.removeEventListener(REPORT_EVENT, take);
    expect(stateOf(1, gallery)).toBe("saved");
    expect(model.asked("save")).toMatchObject([{ chart: "two" }]);
    const code = "import erp_widget as erp\nerp.report()";
    expect(heard).toEqual([[gallery.root, { mark: "report", code, outputs: [], former: [] }]]);
    expect(model.asked("show_report")).toEqual([]);
  });

  it("has the kernel show the report where the page does not, and finds it", async () => {
    const { gallery } = open((request) => {
      if (request.command !== "show_report") return working(request);
      const shown = document.createElement("div");
      shown.className = "erp-report-mark";
      document.body.append(shown);
      return { ok: true, shown: "erp-report-mark" };
    });
    saveButton(0, gallery).click();
    await until(() => one(gallery, ".status").textContent?.includes("below the gallery"));
  });

  it("offers the code where the report cannot be shown", async () => {
    const { model, gallery } = open();
    saveButton(0, gallery).click();
    await until(() => model.asked("show_report").length === 1);
    await until(() => one(gallery, ".status").textContent?.includes("Run the code"));
    expect(one(gallery, ".copy").textContent).toBe("Copy erp.report()");
  });

  it("says on the card what went wrong, and works when tried again", async () => {
    let fails = true;
    const { gallery } = open((request) => {
      if (request.command !== "save" || !fails) return working(request);
      fails = false;
      return { ok: false, error: "The store cannot be reached: start it." };
    });
    saveButton(0, gallery).click();
    await until(() => card(gallery, 0).textContent?.includes("The store cannot be reached"));
    expect(stateOf(0, gallery)).toBe("open");
    saveButton(0, gallery).click();
    await until(() => stateOf(0, gallery) === "saved");
    expect(card(gallery, 0).querySelector<HTMLElement>(".error")?.hidden).toBe(true);
  });

  it("says so where the kernel is silent, and believes a late reply", async () => {
    const { model, gallery } = open(() => null, 30);
    saveButton(0, gallery).click();
    await until(() => card(gallery, 0).textContent?.includes("does not answer"));
    expect(card(gallery, 0).textContent).toContain("It may be saved.");
    expect(card(gallery, 0).textContent).not.toContain("Not saved");
    expect(stateOf(0, gallery)).toBe("open");
    model.emit("msg:custom", { kind: "reply", id: model.asked("save")[0]?.id, ok: true });
    await until(() => stateOf(0, gallery) === "saved");
    expect(card(gallery, 0).textContent).not.toContain("does not answer");
  });

  it("tells a late refusal in place of the silence", async () => {
    const { model, gallery } = open(() => null, 30);
    saveButton(0, gallery).click();
    await until(() => card(gallery, 0).textContent?.includes("does not answer"));
    const [request] = model.asked("save");
    model.emit("msg:custom", { kind: "reply", id: request?.id, ok: false, error: "Disk full." });
    await until(() => card(gallery, 0).textContent?.includes("Not saved. Disk full."));
    expect(stateOf(0, gallery)).toBe("open");
  });

  it("keeps a save whose report failed, and says so", async () => {
    const { gallery } = open(() => ({ ok: true, warning: "It is not in the report: disk full" }));
    saveButton(0, gallery).click();
    await until(() => one(gallery, ".status").textContent?.includes("disk full"));
    expect(stateOf(0, gallery)).toBe("saved");
  });

  it("is done once, however often one clicks", async () => {
    const { model, gallery } = open();
    for (let clicks = 0; clicks < 3; clicks += 1) saveButton(0, gallery).click();
    await until(() => stateOf(0, gallery) === "saved");
    saveButton(0, gallery).click();
    expect(model.asked("save").length).toBe(1);
  });

  it("of another notebook goes into this report, too, once", async () => {
    const model = new FakeModel({ charts: CHARTS, saved: ["two"] }, working);
    const gallery = show(model);
    saveButton(1, gallery).click();
    await until(() => one(gallery, ".status").textContent?.startsWith("Saved: “") === true);
    saveButton(1, gallery).click();
    await until(() => one(gallery, ".status").textContent?.includes("already") === true);
    expect(model.asked("save")).toMatchObject([{ chart: "two" }]);
    expect(stateOf(1, gallery)).toBe("saved");
  });

  it("can be undone, and keeps the focus", async () => {
    const { model, gallery } = open();
    saveButton(0, gallery).click();
    await until(() => stateOf(0, gallery) === "saved");
    const undo = card(gallery, 0).querySelector<HTMLButtonElement>(".undo");
    undo?.focus();
    undo?.click();
    await until(() => stateOf(0, gallery) === "open");
    expect(model.asked("remove")).toMatchObject([{ chart: "one" }]);
    expect(gallery.root.shadowRoot?.activeElement).toBe(saveButton(0, gallery));
  });

  it("stays where another report shows the chart, and says so", async () => {
    const { gallery } = open(({ command }) =>
      command === "remove"
        ? { ok: true, kept: "the report of friday.ipynb shows it" }
        : { ok: true },
    );
    saveButton(0, gallery).click();
    await until(() => stateOf(0, gallery) === "saved");
    card(gallery, 0).querySelector<HTMLButtonElement>(".undo")?.click();
    await until(() => one(gallery, ".status").textContent?.includes("friday"));
    expect(one(gallery, ".status").textContent).toBe(
      "“one” stays saved, as the report of friday.ipynb shows it.",
    );
    expect(stateOf(0, gallery)).toBe("saved");
  });

  it("shows what the store holds, at first and later", () => {
    const model = new FakeModel({ charts: CHARTS, saved: ["two"] }, working);
    const gallery = show(model);
    expect(model.asked("saved").length).toBe(1);
    expect([0, 1].map((place) => stateOf(place, gallery))).toEqual(["open", "saved"]);
    model.set("saved", ["one"]);
    expect([0, 1].map((place) => stateOf(place, gallery))).toEqual(["saved", "open"]);
  });
});

describe("a server that is away", () => {
  it("is said on the card and in the status, until the save is there", async () => {
    const model: FakeModel = new FakeModel({ charts: CHARTS }, (request) => {
      if (request.command === "save") {
        model.set("saved", ["one", "two"]);
        model.set("waiting", ["one"]);
      }
      if (request.command === "waiting" && model.asked("waiting").length === 2) {
        model.set("waiting", []);
      }
      return working(request);
    });
    const gallery = show(model, 900, { waitingMs: 20 });
    expect(model.asked("waiting")).toEqual([]);
    saveButton(0, gallery).click();
    await until(() => one(gallery, ".status").textContent?.includes("until the server is back"));
    expect(stateOf(0, gallery)).toBe("saved");
    expect(saveButton(0, gallery).textContent).toBe("Waiting for the server");
    expect(saveButton(0, gallery).getAttribute("aria-label")).toBe("Waiting for the server “one”");
    expect(saveButton(1, gallery).textContent).toBe("Saved");
    await until(() => saveButton(0, gallery).textContent === "Saved");
    await new Promise((done) => setTimeout(done, 60));
    expect(model.asked("waiting").length).toBe(2);
  });

  it("is not asked after when the gallery is gone", async () => {
    const model = new FakeModel({ charts: CHARTS, saved: ["one"], waiting: ["one"] }, working);
    show(model, 900, { waitingMs: 10 });
    await until(() => model.asked("waiting").length > 1);
    closeAll();
    const asked = model.asked("waiting").length;
    await new Promise((done) => setTimeout(done, 50));
    expect(model.asked("waiting").length).toBe(asked);
    expect(model.listeners).toEqual([]);
  });

  it("does not keep a save from being taken back", async () => {
    const model = new FakeModel({ charts: CHARTS, saved: ["one"], waiting: ["one"] }, working);
    const gallery = show(model);
    card(gallery, 0).querySelector<HTMLButtonElement>(".undo")?.click();
    await until(() => stateOf(0, gallery) === "open");
    expect(saveButton(0, gallery).textContent).toBe("Save");
  });
});

describe("the keyboard", () => {
  it("reaches one card by Tab and moves over the grid by arrows", () => {
    const { gallery } = open();
    const stops = () => all(gallery, ".card").filter((one) => one.tabIndex === 0);
    expect(stops()).toEqual([card(gallery, 0)]);
    card(gallery, 0).focus();
    const path = ["ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowLeft", "End", "Home"];
    const places = path.map((key) => {
      press(key);
      return focusedCard(gallery);
    });
    // Two columns at this width; the last row holds one card.
    expect(places).toEqual([1, 3, 4, 2, 1, 4, 0]);
    expect(stops()).toEqual([card(gallery, 0)]);
  });

  it("saves by Enter and by S, and undoes by U", async () => {
    const { gallery } = open();
    card(gallery, 0).focus();
    press("Enter");
    await until(() => stateOf(0, gallery) === "saved");
    press("ArrowRight");
    press("s");
    await until(() => stateOf(1, gallery) === "saved");
    press("u");
    await until(() => stateOf(1, gallery) === "open");
  });

  it("opens the menu by M, moves in it, and comes back by Escape", () => {
    const { gallery } = open();
    card(gallery, 0).focus();
    press("m");
    const label = () => gallery.root.shadowRoot?.activeElement?.textContent;
    expect(label()).toBe("Copy picture");
    press("ArrowUp");
    expect(label()).toBe("Download SVG");
    press("ArrowDown");
    press("ArrowDown");
    expect(label()).toBe("Copy Altair code");
    press("Escape");
    expect(one(gallery, ".menu").hidden).toBe(true);
    expect(gallery.root.shadowRoot?.activeElement?.className).toContain("more");
  });

  it("leaves a chart that is wider than its card to be scrolled by the arrows", () => {
    const { gallery } = open();
    const canvas = card(gallery, 0).querySelector<HTMLElement>(".canvas");
    canvas?.classList.add("wide");
    canvas?.setAttribute("tabindex", "0");
    canvas?.focus();
    press("ArrowRight");
    expect(gallery.root.shadowRoot?.activeElement).toBe(canvas);
    press("Escape");
    expect(focusedCard(gallery)).toBe(0);
    press("ArrowRight");
    expect(focusedCard(gallery)).toBe(1);
  });

  it("asks nothing of a table that is gone, nor of a chart that is still to come", async () => {
    const state = { charts: CHARTS, order: ["one", "pending:1"], changeable: false };
    const model = new FakeModel(state, working);
    const gallery = show(model);
    card(gallery, 0).focus();
    for (const key of ["l", "n", "e"]) press(key);
    card(gallery, 1).focus();
    for (const key of ["Enter", "s", "u", "m", "f"]) press(key);
    expect(model.sent.map(({ command }) => command)).toEqual(["saved"]);
    expect(one<HTMLDialogElement>(gallery, "dialog").open).toBe(false);
  });

  it("keeps a notebook's shortcuts off its own keys, and only off those", () => {
    const { gallery } = open();
    const marked = () => gallery.root.hasAttribute("data-lm-suppress-shortcuts");
    card(gallery, 0).focus();
    press("s");
    expect(marked()).toBe(true);
    press("a");
    expect(marked()).toBe(false);
  });
});

describe("the menu", () => {
  async function choose(label: string, kernel: Kernel = working) {
    const { model, gallery } = open(kernel);
    card(gallery, 2).querySelector<HTMLButtonElement>(".more")?.click();
    all<HTMLButtonElement>(gallery, ".menu button")
      .find((one) => one.textContent === label)
      ?.click();
    await until(() => one(gallery, ".status").textContent !== "");
    return { model, said: one(gallery, ".status").textContent };
  }

  it("downloads pictures under the chart's name", async () => {
    const names: string[] = [];
    const spy = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      names.push(this.download);
    });
    expect((await choose("Download PNG")).said).toBe("Downloaded three.png.");
    expect((await choose("Download SVG")).said).toBe("Downloaded three.svg.");
    spy.mockRestore();
    expect(names).toEqual(["three.png", "three.svg"]);
  });

  it("copies without a clipboard to ask, and leaves the focus on its button", async () => {
    vi.stubGlobal("ClipboardItem", undefined);
    let copied = "";
    const spy = vi.spyOn(document, "execCommand").mockImplementation(() => {
      copied = document.querySelector("textarea")?.value ?? "";
      return true;
    });
    const { gallery } = open();
    const more = card(gallery, 2).querySelector<HTMLButtonElement>(".more");
    more?.click();
    all<HTMLButtonElement>(gallery, ".menu button")
      .find((one) => one.textContent === "Copy Vega-Lite")
      ?.click();
    await until(() => one(gallery, ".status").textContent === "Copied the Vega-Lite spec.");
    spy.mockRestore();
    vi.unstubAllGlobals();
    expect(copied).toBe(JSON.stringify(CHARTS[2]?.spec, null, 2));
    expect(gallery.root.shadowRoot?.activeElement).toBe(more);
  });

  it("copies a picture, or says how to have it where the browser does not let it", async () => {
    const written: ClipboardItem[] = [];
    const write = vi.spyOn(navigator.clipboard, "write").mockImplementation(async (items) => {
      written.push(...items);
    });
    expect((await choose("Copy picture")).said).toBe("Copied the picture.");
    const picture = await written[0]?.getType("image/png");
    expect(picture?.type).toBe("image/png");
    expect(picture?.size).toBeGreaterThan(500);
    write.mockRejectedValue(new DOMException("not allowed", "NotAllowedError"));
    expect((await choose("Copy picture")).said).toContain("download it instead");
    write.mockRestore();
  });

  it("says so where the kernel has no code", async () => {
    const { model, said } = await choose("Copy Altair code", () => ({ ok: false, error: "Gone." }));
    expect(model.asked("code")).toMatchObject([{ chart: "three" }]);
    expect(said).toContain("Gone.");
  });
});

describe("the end of a gallery", () => {
  it("leaves no listener, no drawing and no style behind", async () => {
    const model = new FakeModel({ charts: CHARTS }, working);
    const sheets = document.adoptedStyleSheets.length;
    const el = document.createElement("div");
    el.style.width = "900px";
    document.body.append(el);
    const added: [EventTarget, string][] = [];
    const outside = [window, document] as EventTarget[];
    const spies = outside.map((target) => {
      const add = target.addEventListener.bind(target);
      return vi.spyOn(target, "addEventListener").mockImplementation((type, listener, options) => {
        const signal = typeof options === "object" ? options.signal : undefined;
        added.push([target, type]);
        signal?.addEventListener("abort", () => added.pop());
        add(type, listener, options);
      });
    });
    const close = entry.render({ model, el });
    await until(
      () => el.firstElementChild?.shadowRoot?.querySelectorAll("canvas").length === CHARTS.length,
    );
    expect(added.length).toBeGreaterThan(0);
    close();
    for (const spy of spies) spy.mockRestore();
    expect(model.listeners).toEqual([]);
    expect(added).toEqual([]);
    expect(el.childElementCount).toBe(0);
    expect(document.adoptedStyleSheets.length).toBe(sheets);
  });

  it("ends what is still being drawn", async () => {
    const model = new FakeModel({ charts: CHARTS }, working);
    const gallery = show(model);
    await until(() => all(gallery, "canvas").length > 0);
    gallery.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(all(gallery, "canvas")).toEqual([]);
  });
});
