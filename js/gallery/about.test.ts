/** What a list is about: said as a guess or as told, and chosen by keyboard, mouse and touch. */
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../runtime/index";
import { all, bars, closeAll, FakeModel, one, press, show, until, working } from "./testing";

const GUESSED = {
  columns: ["price"],
  told: false,
  guess: "price",
  choices: [
    "city",
    "price",
    "a name that goes on and on, until no header has room for it any more",
  ],
};
const TOLD = { ...GUESSED, columns: ["city", "price"], told: true };

function gallery(about: JsonObject | null, more: JsonObject = {}, width = 900) {
  const chart = { ...bars("price by city"), about: ["price"], terms: [["about", 12]] };
  const model = new FakeModel({ charts: [chart], order: [chart.id], about, ...more }, working);
  return { model, shown: show(model, width) };
}

function button(shown: ReturnType<typeof show>): HTMLButtonElement {
  return one<HTMLButtonElement>(shown, "button.asked");
}

function choices(shown: ReturnType<typeof show>): HTMLElement[] {
  return all(shown, ".menu button:not(.beside)");
}

afterEach(closeAll);

describe("what a list is about", () => {
  it("is said as a guess until a person says it", () => {
    const { model, shown } = gallery(GUESSED);
    expect(button(shown).textContent).toBe("About: price(guess)");
    const before = button(shown);
    before.focus();
    model.set("about", TOLD);
    return until(() => button(shown).textContent === "About: city and price").then(() => {
      expect(button(shown)).toBe(before);
      expect(before.matches(":focus")).toBe(true);
    });
  });

  it("may be nothing in particular, or not known", () => {
    const none = { ...GUESSED, columns: [], guess: null };
    expect(button(gallery(none).shown).textContent).toBe("About: no column in particular(guess)");
    expect(one(gallery(null).shown, ".about").hidden).toBe(true);
  });

  it("cannot be chosen where the table is not at hand", () => {
    const { shown } = gallery({ ...TOLD, choices: [] }, { changeable: false });
    expect(all(shown, "button.asked")).toEqual([]);
    expect(one(shown, ".about").textContent).toBe("About: city and price");
  });

  it("is chosen from a menu that takes the room there is, and shows that there is more", async () => {
    const names = (n: number) => Array.from({ length: n }, (_, at) => `column ${at}`);
    const few = gallery({ ...GUESSED, choices: names(8) });
    button(few.shown).click();
    const menu = one(few.shown, ".menu");
    expect(menu.scrollHeight).toBeLessThanOrEqual(menu.clientHeight);
    expect(menu.hasAttribute("data-more")).toBe(false);
    const many = gallery({ ...GUESSED, columns: [], guess: null, choices: names(80) });
    button(many.shown).click();
    const long = one(many.shown, ".menu");
    // The last item is checked, and has the focus: it is seen.
    await until(() => !long.hasAttribute("data-more"));
    long.scrollTop = 0;
    await until(() => long.hasAttribute("data-more"));
    const box = long.getBoundingClientRect();
    expect(box.bottom).toBeLessThanOrEqual(window.innerHeight);
  });

  it("is chosen by keyboard, and what is saved is looked at again", async () => {
    const { model, shown } = gallery(GUESSED);
    button(shown).focus();
    button(shown).click();
    expect(button(shown).getAttribute("aria-expanded")).toBe("true");
    expect(one(shown, ".menu .said").textContent).toBe("Guessed from names and values: price.");
    const [city, price] = choices(shown);
    expect(price?.getAttribute("aria-checked")).toBe("true");
    expect(price?.matches(":focus")).toBe(true);
    press("ArrowUp");
    expect(city?.matches(":focus")).toBe(true);
    city?.click();
    await until(() => model.asked("about").length === 1);
    expect(model.asked("about")).toMatchObject([{ columns: ["city"] }]);
    expect(button(shown).matches(":focus")).toBe(true);
    await until(() => model.asked("saved").length === 2);
  });

  it("can be none in particular, the guess confirmed, and the guess again", async () => {
    const { model, shown } = gallery(GUESSED);
    const choose = (label: string) => {
      button(shown).click();
      choices(shown)
        .find((item) => item.textContent === label)
        ?.click();
    };
    choose("No column in particular");
    choose("price");
    model.set("about", TOLD);
    await until(() => button(shown).textContent === "About: city and price");
    choose("As it is guessed: price");
    await until(() => model.asked("about").length === 3);
    model.set("about", { ...TOLD, columns: ["city"] });
    await until(() => button(shown).textContent === "About: city");
    choose("city"); // told already: nothing is asked
    choose("price");
    await until(() => model.asked("about").length === 4);
    const asked = model.asked("about").map((request) => request.columns);
    expect(asked).toEqual([[], ["price"], null, ["price"]]);
  });

  it("can be several columns, in their order, and fewer again", async () => {
    const { model, shown } = gallery(GUESSED);
    const choose = (label: string) => {
      button(shown).click();
      one(shown, `.menu button[aria-label="${label}"]`).click();
    };
    button(shown).click();
    // The column that it is about alone has nothing to go with, or to be left out of.
    expect(all(shown, ".menu .item").map((item) => item.textContent)).toEqual([
      "city+",
      `${GUESSED.choices[2]}+`,
    ]);
    button(shown).click();
    choose("city as well");
    await until(() => model.asked("about").length === 1);
    model.set("about", { ...TOLD, columns: ["price", "city"] });
    await until(() => button(shown).textContent === "About: price and city");
    button(shown).click();
    const checked = all(shown, '.menu [role="menuitemcheckbox"][aria-checked="true"]');
    expect(checked.map((item) => item.textContent)).toEqual(["city", "price"]);
    button(shown).click();
    choose("Without price");
    await until(() => model.asked("about").length === 2);
    const asked = model.asked("about").map((request) => request.columns);
    expect(asked).toEqual([["price", "city"], ["city"]]);
  });

  it("is chosen beside another by keyboard: arrows go down the names and across to the signs", async () => {
    const { model, shown } = gallery(GUESSED);
    button(shown).focus();
    button(shown).click();
    press("ArrowDown");
    press("ArrowUp");
    press("ArrowUp");
    expect(choices(shown)[0]?.matches(":focus")).toBe(true);
    press("ArrowRight");
    const sign = one(shown, '.menu button[aria-label="city as well"]');
    expect(sign.matches(":focus")).toBe(true);
    press("ArrowDown");
    expect(choices(shown)[1]?.matches(":focus")).toBe(true);
    press("ArrowUp");
    press("ArrowRight");
    sign.click();
    await until(() => model.asked("about").length === 1);
    expect(model.asked("about")).toMatchObject([{ columns: ["price", "city"] }]);
  });

  it("is named among the grounds of a chart", () => {
    const { shown } = gallery(TOLD);
    expect(one(shown, ".details th").textContent).toBe("You asked about price");
  });

  it("fits a narrow place, and has no barriers", async () => {
    const long = { ...TOLD, columns: [GUESSED.choices[2] ?? ""] };
    const { shown } = gallery(long, {}, 320);
    expect(button(shown).getBoundingClientRect().right).toBeLessThanOrEqual(
      shown.root.getBoundingClientRect().right + 1,
    );
    button(shown).click();
    const { violations } = await axe.run(shown.root, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});
