/** Owns the tests of chips: what they leave, what they say, and how the keyboard reaches them. */
import { afterEach, describe, expect, it } from "vitest";
import {
  all,
  bars,
  card,
  closeAll,
  colorsOf,
  FakeModel,
  one,
  press,
  show,
  until,
  working,
} from "./testing";

afterEach(closeAll);

const CHARTS = [
  { ...bars("one"), fields: ["price", "date"], mark: "line" },
  { ...bars("two"), fields: ["price", "city"] },
  { ...bars("three"), fields: ["city"] },
];
const COLUMNS = [
  { name: "date", type: "temporal", evidence: "ISO dates", told: false },
  { name: "price", type: "quantitative", evidence: "numbers", told: false },
  { name: "city", type: "nominal", evidence: "12 labels", told: true },
  { name: "id", type: "nominal", evidence: "every value differs", told: false },
];

function open(more = {}) {
  const model = new FakeModel({ charts: CHARTS, columns: COLUMNS, ...more }, working);
  return { model, gallery: show(model) };
}

type Shown = ReturnType<typeof show>;

function chip(gallery: Shown, label: string): HTMLButtonElement {
  const found = all<HTMLButtonElement>(gallery, ".chip-name").find(
    (one) => one.querySelector(".label")?.textContent === label,
  );
  if (found === undefined) throw new Error(`there is no chip ${label}`);
  return found;
}

function titles(gallery: Shown): (string | null)[] {
  return all(gallery, ".grid > li:not([hidden]) h4").map((title) => title.textContent);
}

function counts(gallery: Shown): Record<string, string> {
  const chips = all(gallery, ".chip-name");
  const text = (chip: HTMLElement, part: string) => chip.querySelector(part)?.textContent ?? "";
  return Object.fromEntries(chips.map((chip) => [text(chip, ".label"), text(chip, ".n")]));
}

describe("chips", () => {
  it("say how many charts each would leave", () => {
    const { gallery } = open();
    expect(counts(gallery)).toEqual({
      price: "2",
      city: "2",
      date: "1",
      id: "0",
      Lines: "1",
      Bars: "2",
    });
    chip(gallery, "city").click();
    expect(counts(gallery)).toEqual({
      price: "1",
      city: "2",
      date: "0",
      id: "0",
      Lines: "0",
      Bars: "2",
    });
  });

  it("leave the charts that show every chosen column and one of the chosen marks", () => {
    const { gallery } = open();
    chip(gallery, "price").click();
    expect(titles(gallery)).toEqual(["one", "two"]);
    expect(chip(gallery, "price").getAttribute("aria-pressed")).toBe("true");
    expect(one(gallery, ".count").textContent).toBe("2 of 3 charts shown");
    chip(gallery, "Bars").click();
    expect(titles(gallery)).toEqual(["two"]);
    expect(card(gallery, 1).getAttribute("aria-label")).toBe("two, chart 1 of 1");
    chip(gallery, "Lines").click();
    expect(titles(gallery)).toEqual(["one", "two"]);
    one(gallery, ".clear").click();
    expect(titles(gallery)).toEqual(["one", "two", "three"]);
    expect(one(gallery, ".count").textContent).toBe("3 charts, best first");
    expect(one(gallery, ".clear").hidden).toBe(true);
  });

  it("say so where nothing is left, and offer the way back", () => {
    const { gallery } = open();
    chip(gallery, "id").click();
    expect(titles(gallery)).toEqual([]);
    expect(one(gallery, ".empty").textContent).toContain("No chart has all that is chosen");
    one(gallery, ".empty button").click();
    expect(titles(gallery).length).toBe(3);
    expect(all(gallery, ".empty")).toEqual([]);
    expect(gallery.root.shadowRoot?.activeElement).toBe(card(gallery, 0));
  });

  it("are one Tab stop, and arrows move along them", () => {
    const { gallery } = open();
    const buttons = all<HTMLButtonElement>(gallery, ".chips button").filter((one) => !one.hidden);
    expect(buttons.filter((one) => one.tabIndex === 0)).toEqual([buttons[0]]);
    buttons[0]?.focus();
    press("ArrowRight");
    const focused = () => gallery.root.shadowRoot?.activeElement;
    expect(focused()).toBe(buttons[1]);
    press("End");
    expect(focused()).toBe(buttons.at(-1));
    press("ArrowRight");
    expect(focused()).toBe(buttons[0]);
  });

  it("keep the arrows of the grid to what they leave", () => {
    const { gallery } = open();
    chip(gallery, "city").click();
    card(gallery, 1).focus();
    press("End");
    expect(gallery.root.shadowRoot?.activeElement).toBe(card(gallery, 2));
    press("Home");
    expect(gallery.root.shadowRoot?.activeElement).toBe(card(gallery, 1));
  });

  it("fold away what would fill the page", () => {
    const columns = Array.from({ length: 40 }, (_, at) => ({ name: `column ${at}` }));
    const { gallery } = open({ columns });
    const open_ = () => all(gallery, ".chip.column:not([hidden])").length;
    expect(open_()).toBe(12);
    one(gallery, ".unfold").click();
    expect(open_()).toBe(40);
    expect(one(gallery, ".unfold").textContent).toBe("Fewer columns");
  });

  it("are fewer where the gallery is narrow, and never one behind a button", async () => {
    const columns = (n: number) => Array.from({ length: n }, (_, at) => ({ name: `column ${at}` }));
    const { gallery } = open({ columns: columns(13) });
    const open_ = () => all(gallery, ".chip.column:not([hidden])").length;
    expect(open_()).toBe(13);
    expect(one(gallery, ".unfold").hidden).toBe(true);
    gallery.root.style.width = "420px";
    await until(() => open_() === 5);
    expect(one(gallery, ".unfold").textContent).toBe("8 more columns");
    gallery.root.style.width = "";
    await until(() => open_() === 13);
  });
});

describe("a column's type", () => {
  it("is shown with the reason for the guess, and changed in the kernel", async () => {
    const { model, gallery } = open();
    const type = all<HTMLButtonElement>(gallery, ".chip-type")[2];
    expect(type?.getAttribute("aria-label")).toBe("Type of date: temporal");
    type?.click();
    const said = one(gallery, ".menu .said");
    expect(said.textContent).toBe("Read as temporal: ISO dates.");
    expect(one(gallery, "[role=menu]").getAttribute("aria-describedby")).toBe(said.id);
    const choices = all<HTMLButtonElement>(gallery, ".menu [role=menuitemradio]");
    expect(
      choices.filter((one) => one.ariaChecked === "true").map((one) => one.textContent),
    ).toEqual(["Temporal: dates and times"]);
    choices.at(-1)?.click();
    await until(() => model.asked("retype").length === 1);
    expect(model.asked("retype")).toMatchObject([{ column: "date", type: "nominal" }]);
  });

  it("can be given back to the guess", async () => {
    const { model, gallery } = open();
    all<HTMLButtonElement>(gallery, ".chip-type.told")[0]?.click();
    expect(one(gallery, ".menu .said").textContent).toBe("You said nominal.");
    all<HTMLButtonElement>(gallery, ".menu [role=menuitem]")[0]?.click();
    await until(() => model.asked("retype").length === 1);
    expect(model.asked("retype")).toMatchObject([{ column: "city", type: null }]);
  });

  it("is not offered where the table is not at hand", () => {
    const { gallery } = open({ changeable: false });
    expect(all(gallery, ".chip-type, .like, .not, .edit")).toEqual([]);
    expect(one(gallery, "footer").hidden).toBe(true);
  });
});

describe("the large view", () => {
  it("shows one chart, and gives the focus back", async () => {
    const { gallery } = open();
    card(gallery, 1).focus();
    press("f");
    const dialog = one<HTMLDialogElement>(gallery, "dialog");
    expect(dialog.open).toBe(true);
    await until(() => dialog.querySelector("canvas") !== null);
    expect(dialog.querySelector(".title")?.textContent).toBe("two");
    dialog.close();
    await until(() => gallery.root.shadowRoot?.activeElement === card(gallery, 1));
    await until(() => dialog.childElementCount === 0);
  });

  it("never folds away a note that a person has to act on", () => {
    const held = "Not yet in the history: the store a.sqlite3 is held by another program.";
    const long = "Left out something: ".repeat(12);
    const { gallery } = open({ notes: [long, held] });
    const told = all(gallery, ".notes li");
    expect(told.map((one) => one.textContent)).toEqual([held, long]);
    expect(told.map((one) => one.closest("details") !== null)).toEqual([false, true]);
  });

  it("tells long names apart that begin alike", () => {
    const names = ["Email", "Phone"].map(
      (end) => `How did you first hear of our small shop: ${end}`,
    );
    const columns = names.map((name) => ({ ...COLUMNS[2], name }) as (typeof COLUMNS)[number]);
    const { gallery } = open({ columns });
    const labels = all<HTMLElement>(gallery, ".label.long");
    expect(labels.map((label) => label.textContent)).toEqual(names);
    for (const label of labels) {
      const end = label.querySelector(".end")?.getBoundingClientRect();
      expect(end?.right).toBeLessThanOrEqual(label.getBoundingClientRect().right + 1);
    }
  });

  it("shows the chart opened last, in the theme that came last", async () => {
    const { gallery } = open();
    await until(() => all(gallery, ".card canvas").length === 3);
    const dialog = one<HTMLDialogElement>(gallery, "dialog");
    card(gallery, 0).focus();
    press("f");
    dialog.close();
    await until(() => dialog.childElementCount === 0);
    card(gallery, 1).focus();
    press("f");
    const { style } = document.documentElement;
    for (const ink of ["rgb(10, 250, 20)", "rgb(250, 10, 20)"]) {
      style.setProperty("--jp-ui-font-color1", ink);
      window.dispatchEvent(new Event("resize"));
      await new Promise((done) => setTimeout(done, 160));
    }
    await until(() => {
      const canvas = dialog.querySelector("canvas");
      return canvas !== null && colorsOf(canvas).has(0xff140afa);
    });
    expect(dialog.querySelector(".title")?.textContent).toBe("two");
    expect(dialog.querySelectorAll("canvas")).toHaveLength(1);
    style.removeProperty("--jp-ui-font-color1");
  });

  it("says why a chart cannot be drawn, also to those who do not see it", async () => {
    const { gallery } = open({ charts: [{ ...bars("lost"), spec: null }] });
    card(gallery, 0).focus();
    press("f");
    const dialog = one<HTMLDialogElement>(gallery, "dialog");
    await until(() => dialog.textContent?.includes("its rows could not be sent"));
    expect(dialog.querySelector("[role=img]")).toBeNull();
  });
});
