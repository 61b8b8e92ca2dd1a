/** Owns the tests of what the kernel changes of a gallery: charts come, go, and come back. */
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../runtime/index";
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

const CHARTS = ["one", "two", "three"].map((title) => bars(title));
const ORDER = CHARTS.map(({ id }) => id);

function open(kernel: Kernel = working, more: JsonObject = {}) {
  const model = new FakeModel({ charts: CHARTS, order: ORDER, ...more }, kernel);
  return { model, gallery: show(model) };
}

type Shown = ReturnType<typeof show>;

function titles(gallery: Shown): string[] {
  return all(gallery, ".card").map((one) => one.querySelector("h4")?.textContent ?? "…");
}

function click(gallery: Shown, place: number, selector: string): void {
  card(gallery, place).querySelector<HTMLButtonElement>(selector)?.click();
}

describe("charts that come later", () => {
  it("are skeletons until they arrive, each in its place", async () => {
    const { model, gallery } = open();
    model.set("order", ["one", "pending:1", "two", "three"]);
    await until(() => all(gallery, ".pending").length === 1);
    expect(titles(gallery)).toEqual(["one", "…", "two", "three"]);
    expect(card(gallery, 1).getAttribute("aria-label")).toContain("being drawn, chart 2 of 4");
    model.emit("msg:custom", { kind: "chart", chart: bars("new"), place: 1 });
    await until(() => titles(gallery)[1] === "new");
    expect(model.get("order")).toEqual(["one", "new", "two", "three"]);
    await until(() => all(gallery, "canvas").length === 4);
  });

  it("are there for views that are made later, and for the notebook that is saved", () => {
    const { model } = open();
    model.emit("msg:custom", { kind: "chart", chart: bars("new") });
    model.set("order", ["new"]);
    expect((model.get("charts") as JsonObject[]).map(({ id }) => id)).toEqual([...ORDER, "new"]);
    expect(titles(show(model))).toEqual(["new"]);
  });

  it("leave drawings and focus of the others alone", async () => {
    const { model, gallery } = open();
    await until(() => all(gallery, "canvas").length === 3);
    const canvas = card(gallery, 2).querySelector("canvas");
    card(gallery, 2).focus();
    model.emit("msg:custom", { kind: "chart", chart: bars("new") });
    model.set("order", ["one", "new", "three"]);
    await until(() => titles(gallery)[1] === "new");
    expect(card(gallery, 2).querySelector("canvas")).toBe(canvas);
    expect(gallery.root.shadowRoot?.activeElement).toBe(card(gallery, 2));
  });

  it("take the focus of the card in whose place they come", async () => {
    const { model, gallery } = open();
    card(gallery, 1).focus();
    model.emit("msg:custom", { kind: "chart", chart: bars("new") });
    model.set("order", ["one", "new", "three"]);
    await until(() => gallery.root.shadowRoot?.activeElement === card(gallery, 1));
    expect(titles(gallery)[1]).toBe("new");
  });

  it("say where they come from, and go back from there", async () => {
    const { model, gallery } = open();
    model.set("undo", { act: "Not “zero”", said: "In place of “zero”", ids: ["two", "three"] });
    await until(() => all(gallery, ".fresh").length === 2);
    expect(all(gallery, ".fresh button").length).toBe(1);
    expect(one(gallery, ".back").textContent).toBe("Undo: Not “zero”");
    const back = one(gallery, ".fresh button");
    back.focus();
    model.set("notes", ["More is said meanwhile."]);
    await until(() => all(gallery, ".notes").length === 1);
    expect(gallery.root.shadowRoot?.activeElement).toBe(back);
    back.click();
    await until(() => model.asked("undo").length === 1);
    model.set("undo", null);
    await until(() => all(gallery, ".fresh").length === 0);
    expect(one(gallery, ".back").hidden).toBe(true);
    expect(gallery.root.shadowRoot?.activeElement).toBe(card(gallery, 1));
  });

  it("leave the focus in the header where there is nothing more to undo", async () => {
    const undo = { act: "Not “zero”", said: "In place of “zero”", ids: ["two"] };
    const { model, gallery } = open(working, { undo });
    one(gallery, ".back").focus();
    model.set("undo", null);
    await until(() => one(gallery, ".back").hidden);
    expect(gallery.root.shadowRoot?.activeElement).toBe(one(gallery, ".heading .report"));
  });
});

describe("what a person asks of a card", () => {
  it.each([
    [".like", "l", "more_like"],
    [".not", "n", "without"],
  ] as const)("is sent by %s and by the key %s", async (selector, key, command) => {
    const { model, gallery } = open((request) => ({ ...working(request), said: "Done so." }));
    click(gallery, 1, selector);
    expect(card(gallery, 1).hasAttribute("data-busy")).toBe(true);
    await until(() => one(gallery, ".status").textContent === "Done so.");
    expect(card(gallery, 1).hasAttribute("data-busy")).toBe(false);
    card(gallery, 2).focus();
    press(key);
    await until(() => model.asked(command).length === 2);
    expect(model.asked(command)).toMatchObject([{ chart: "two" }, { chart: "three" }]);
  });

  it("is done once, however long the key is held", async () => {
    const { model, gallery } = open(() => null);
    card(gallery, 0).focus();
    for (const key of ["l", "l", "n", "l"]) press(key);
    expect(model.asked("more_like")).toHaveLength(1);
    expect(model.asked("without")).toHaveLength(1);
    const [request] = model.asked("more_like");
    model.emit("msg:custom", { kind: "reply", id: request?.id, ok: true, said: "Done so." });
    await until(() => one(gallery, ".status").textContent === "Done so.");
    press("l");
    expect(model.asked("more_like")).toHaveLength(2);
  });

  it("is believed where the kernel answers late", async () => {
    const model = new FakeModel({ charts: CHARTS, order: ORDER }, () => null);
    const gallery = show(model, 900, { timeoutMs: 30 });
    click(gallery, 0, ".like");
    await until(() => card(gallery, 0).textContent?.includes("does not answer"));
    const [request] = model.asked("more_like");
    model.emit("msg:custom", { kind: "reply", id: request?.id, ok: true, said: "Done so." });
    expect(one(gallery, ".status").textContent).toBe("Done so.");
    expect(card(gallery, 0).textContent).not.toContain("does not answer");
  });

  it("is refused on the card, in the kernel's words", async () => {
    const { gallery } = open(() => ({ ok: false, error: "There is no other." }));
    click(gallery, 0, ".like");
    await until(() => card(gallery, 0).textContent?.includes("There is no other."));
  });

  it("is edited by what the kernel says is legal", async () => {
    const options = [
      { key: "mark:bar", label: "bars", checked: true },
      { key: "mark:line", label: "line", checked: false },
    ];
    const { model, gallery } = open((request) =>
      request.command === "edits"
        ? { ok: true, groups: [{ label: "Mark", options }] }
        : working(request),
    );
    card(gallery, 0).focus();
    press("e");
    await until(() => !one(gallery, ".menu").hidden);
    const choices = all<HTMLButtonElement>(gallery, ".menu [role=menuitemradio]");
    expect(choices.map((choice) => [choice.textContent, choice.ariaChecked])).toEqual([
      ["bars", "true"],
      ["line", "false"],
    ]);
    expect(gallery.root.shadowRoot?.activeElement).toBe(choices[0]);
    press("ArrowRight");
    expect(gallery.root.shadowRoot?.activeElement).toBe(choices[1]);
    choices[1]?.click();
    await until(() => model.asked("edit").length === 1);
    expect(model.asked("edit")).toMatchObject([{ chart: "one", key: "mark:line" }]);
  });

  it("stays open where it is asked for twice, and does not open for a card that went", async () => {
    const replies: JsonObject[] = [];
    const { model, gallery } = open((request) => {
      if (request.command === "edits") replies.push(request);
      return null;
    });
    const answer = (request?: JsonObject) => {
      const groups = [{ label: "Mark", options: [{ key: "mark:line", label: "line" }] }];
      model.emit("msg:custom", { kind: "reply", id: request?.id, ok: true, groups });
    };
    card(gallery, 0).focus();
    press("e");
    press("e");
    for (const request of replies) answer(request);
    await until(() => !one(gallery, ".menu").hidden);
    await new Promise((done) => setTimeout(done, 20));
    expect(one(gallery, ".menu").hidden).toBe(false);
    press("Escape");
    expect(one(gallery, ".menu").hidden).toBe(true);
    press("e");
    model.set("order", ["two", "three"]);
    await until(() => all(gallery, ".card").length === 2);
    answer(replies[2]);
    await new Promise((done) => setTimeout(done, 20));
    expect(one(gallery, ".menu").hidden).toBe(true);
  });

  it("shows another value of a column that it holds at one", async () => {
    const held = [{ column: "kind", level: "<b>GDP", label: "kind: <b>GDP" }];
    const note = "only rows where kind is <b>GDP; a sample";
    const charts = [{ ...bars("one"), held, note, rest: "a sample" }, bars("two")];
    const options = ["<b>GDP", "Debt", null].map((level) => ({
      level,
      label: level ?? "no value",
    }));
    const answer: Kernel = (request) =>
      request.command === "levels" ? { ok: true, options, note: "" } : working(request);
    const { model, gallery } = open(answer, { charts, order: ["one", "two"] });
    const [button] = all<HTMLButtonElement>(gallery, ".level");
    expect(button?.getAttribute("aria-label")).toBe("kind: <b>GDP: choose another value");
    expect(all(gallery, ".card b").length).toBe(0);
    expect(one(gallery, ".card .note").textContent).toBe("A sample.");
    button?.click();
    await until(() => !one(gallery, ".menu").hidden);
    expect(model.asked("levels")).toMatchObject([{ chart: "one", column: "kind" }]);
    const choices = all<HTMLButtonElement>(gallery, ".menu [role=menuitemradio]");
    expect(choices.map(({ textContent, ariaChecked }) => [textContent, ariaChecked])).toEqual([
      ["<b>GDP", "true"],
      ["Debt", "false"],
      ["no value", "false"],
    ]);
    choices[2]?.click();
    await until(() => model.asked("level").length === 1);
    expect(model.asked("level")).toMatchObject([{ chart: "one", column: "kind", level: null }]);
  });

  it("tells in words what it holds where the table is gone", async () => {
    const held = [{ column: "kind", level: "GDP", label: "kind: GDP" }];
    const charts = [{ ...bars("one"), held, note: "only rows where kind is GDP", rest: "" }];
    const { gallery } = open(working, { charts, order: ["one"], changeable: false });
    expect(all(gallery, ".level").length).toBe(0);
    expect(one(gallery, ".card .note").textContent).toBe("Only rows where kind is GDP.");
  });

  it("may take as long as it takes once the kernel has taken it on", async () => {
    const model = new FakeModel({ charts: CHARTS, order: ORDER }, () => null);
    const gallery = show(model, 900, { timeoutMs: 40 });
    click(gallery, 0, ".like");
    const [request] = model.asked("more_like");
    model.emit("msg:custom", { kind: "accepted", id: request?.id });
    await new Promise((done) => setTimeout(done, 120));
    expect(card(gallery, 0).hasAttribute("data-busy")).toBe(true);
    model.emit("msg:custom", { kind: "reply", id: request?.id, ok: true, said: "Late." });
    await until(() => one(gallery, ".status").textContent === "Late.");
  });
});

describe("below the cards", () => {
  const coverage = {
    columns_shown: 3,
    columns_total: 5,
    pairs_shown: 1,
    pairs_total: 4,
    unseen_columns: ["age", "<b>"],
    unseen_pairs: [["age", "fare"]],
  };

  it("stands what is shown and what not yet", () => {
    const { gallery } = open(working, { coverage });
    const [columns, pairs] = all(gallery, ".coverage p").map((one) => one.textContent);
    expect(columns).toBe("Columns: 3 of 5 shown; not yet: age, <b>");
    expect(pairs).toBe("Relations: 1 of 4 shown; not yet: age × fare");
    expect(all<HTMLMeterElement>(gallery, "meter").map((one) => one.value)).toEqual([3, 1]);
  });

  it("are the next charts, and work that can be cancelled", async () => {
    const { model, gallery } = open(working, { coverage });
    one(gallery, ".next").click();
    await until(() => model.asked("next").length === 1);
    model.set("work", { what: "Drawing charts", done: 4, total: 15 });
    await until(() => !one(gallery, ".work").hidden);
    expect(one(gallery, ".work").textContent).toContain("Drawing charts: 4 of 15");
    expect(one<HTMLProgressElement>(gallery, "progress").value).toBe(4);
    one(gallery, ".next").click();
    one(gallery, ".cancel").click();
    await until(() => model.asked("cancel").length === 1);
    expect(model.asked("next").length).toBe(1);
    model.set("work", null);
    await until(() => one(gallery, ".work").hidden);
  });
});

describe("why", () => {
  it("is told in words and figures", () => {
    const terms = [
      ["interest", 0.61],
      ["network", -1.5],
    ];
    const { gallery } = open(working, { charts: [{ ...bars("one"), terms }], order: ["one"] });
    const button = one(gallery, ".why");
    button.click();
    expect(button.getAttribute("aria-expanded")).toBe("true");
    const rows = all(gallery, ".details tr").map((row) => [
      row.querySelector("th")?.textContent,
      row.querySelector(".figure")?.textContent,
    ]);
    expect(rows.slice(0, 2)).toEqual([
      ["Drawn often from columns like these (the network)", "−1.50"],
      ["Strength of the relation that it shows", "+0.61"],
    ]);
    expect(rows[2]?.[1]).toBe("−0.89");
  });
});

describe("everything at once", () => {
  it("has nothing that axe objects to", async () => {
    const terms = [["something new", 0.61]];
    const { model, gallery } = open(working, {
      charts: CHARTS.map((chart) => ({ ...chart, terms })),
      columns: [
        { name: "x", type: "nominal", evidence: "labels", told: true },
        { name: "y", type: "quantitative", evidence: "numbers", told: false },
      ],
      coverage: { columns_shown: 1, columns_total: 2, pairs_shown: 1, pairs_total: 2 },
      undo: { act: "Not “zero”", said: "In place of “zero”", ids: ["two"] },
    });
    await until(() => all(gallery, "canvas").length === 3);
    one(gallery, ".why").click();
    model.set("order", [...ORDER, "pending:3"]);
    model.set("work", { what: "Drawing charts", done: 1, total: 2 });
    all(gallery, ".chip-type")[0]?.click();
    await until(() => all(gallery, ".pending").length === 1);
    // What fades in is not to be judged half seen.
    await new Promise((done) => setTimeout(done, 700));
    const { violations } = await axe.run(gallery.root);
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
  });
});
