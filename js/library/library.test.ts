/** Owns the tests of lists of stored things: what is shown, asked and said; and that all can use it. */
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeModel, type Kernel, until } from "../gallery/testing";
import type { JsonObject } from "../runtime/index";
import { REPORT_EVENT } from "../widget/report";
import { Library } from "./library";

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
const HOSTILE = '<img src=x onerror="window.harmed=true">';

function row(id: string, more: JsonObject = {}): JsonObject {
  return {
    id,
    when: "2026-01-31 12:00",
    what: "bar",
    name: `chart ${id}`,
    about: "shops",
    waits: false,
    actions: ["open", "add"],
    pictured: true,
    ...more,
  };
}

const working: Kernel = ({ command }) => {
  if (command === "picture") return { ok: true, picture: PIXEL };
  if (command === "add")
    return { ok: true, report: { mark: "r", code: "erp.report()", outputs: [] } };
  return { ok: true, found: 2 };
};

const shown: Library[] = [];

function show(state: JsonObject = {}, kernel: Kernel = working) {
  const model = new FakeModel(
    {
      heading: "Saved charts",
      empty: "No saved charts yet.",
      rows: [row("a"), row("b")],
      ...state,
    },
    kernel,
  );
  const library = new Library(model, 2_000);
  document.body.append(library.root);
  shown.push(library);
  const all = <E extends HTMLElement>(selector: string) => [
    ...(library.root.shadowRoot?.querySelectorAll<E>(selector) ?? []),
  ];
  const said = () => all(".status")[0]?.textContent ?? "";
  return { model, library, all, said };
}

/** Put a list into an output of a cell with an output below it, as in JupyterLab. */
function inOutput(list: HTMLElement): HTMLElement {
  const cell = document.createElement("div");
  const [own, room] = ["div", "div"].map((name) => document.createElement(name));
  own?.append(list);
  for (const output of [own, room]) {
    if (output === undefined) continue;
    output.className = "jp-OutputArea-child";
    cell.append(output);
  }
  document.body.append(cell);
  return room as HTMLElement;
}

afterEach(() => {
  for (const library of shown.splice(0)) library.close();
});

describe("a list", () => {
  it("shows rows as text, with pictures that are asked for once they are seen", async () => {
    const { model, all } = show({
      rows: [row("a", { name: HOSTILE, about: HOSTILE, what: "boxplot" }), row("b")],
    });
    expect(all("tbody tr")).toHaveLength(2);
    expect(all(".what")[0]?.textContent).toBe("Box plots");
    expect(all(".open")[0]?.textContent).toBe(HOSTILE);
    await until(() => all("img").length === 2);
    expect(model.asked("picture").map(({ chart }) => chart)).toEqual(["a", "b"]);
    expect(all("img").map((image) => image.getAttribute("src"))).toEqual([PIXEL, PIXEL]);
    model.set("rows", [row("b"), row("c", { pictured: false })]);
    expect(all("img")).toHaveLength(1);
    expect(model.asked("picture")).toHaveLength(2);
    expect("harmed" in window).toBe(false);
  });

  it("takes no picture that is none", async () => {
    const { all, model } = show({}, () => ({ ok: true, picture: "javascript:alert(1)" }));
    await until(() => model.asked("picture").length === 2);
    expect(all("img")).toHaveLength(0);
  });

  it("says what to do where it is empty, and shows a broken state without an exception", () => {
    expect(show({ rows: [] }).all(".nothing")[0]?.textContent).toBe("No saved charts yet.");
    const { all } = show({ rows: [null, 3, {}], more: "yes", notice: 7 });
    expect(all("tbody tr")).toHaveLength(3);
  });

  it("searches after typing, once, and tells the number", async () => {
    const { model, all, said } = show();
    const search = all<HTMLInputElement>(".search")[0] as HTMLInputElement;
    for (const text of ["s", "sh", "shop"]) {
      search.value = text;
      search.dispatchEvent(new Event("input"));
    }
    await until(() => said() === "2 rows found.");
    expect(model.asked("search")).toMatchObject([{ text: "shop" }]);
    model.set("rows", []);
    expect(all(".nothing")[0]?.textContent).toBe("Nothing is named “shop”.");
  });

  it("searches by column, mark and dates, and clears them all", async () => {
    const { model, all } = show({ columns: ["price", HOSTILE] });
    const field = (label: string) =>
      all<HTMLInputElement>("input, select").find(
        (one) => one.ariaLabel === label || one.closest("label")?.textContent?.trim() === label,
      ) as HTMLInputElement;
    expect(all("datalist option").map((one) => one.getAttribute("value"))).toEqual([
      "price",
      HOSTILE,
    ]);
    const given = { Column: "price", Mark: "bar", From: "2026-01-31", Until: "2026-02-01" };
    for (const [label, value] of Object.entries(given)) {
      field(label).value = value;
      field(label).dispatchEvent(new Event("input"));
    }
    const asked = { column: "price", mark: "bar", since: "2026-01-31", until: "2026-02-01" };
    await until(() => model.asked("search").length === 1);
    expect(model.asked("search")).toMatchObject([{ text: "", ...asked }]);
    model.set("rows", []);
    expect(all(".nothing")[0]?.textContent).toBe("Nothing fits all that is searched for.");
    const clear = all(".fields button")[0] as HTMLElement;
    expect(clear.hidden).toBe(false);
    clear.click();
    await until(() => model.asked("search").length === 2);
    expect(model.asked("search")[1]).toMatchObject({ text: "", column: "", mark: "", since: "" });
    expect(clear.hidden).toBe(true);
  });

  it("brings older rows only where there are some, and goes on to them after the last", async () => {
    const { model, library, all, said } = show({ more: true }, (request) => {
      if (request.command !== "older") return working(request);
      const isLast = model.asked("older").length === 2;
      model.set("rows", [row("a"), row("b"), row("c"), ...(isLast ? [row("d")] : [])]);
      model.set("more", !isLast);
      return { ok: true, found: 1 };
    });
    const older = all(".older")[0] as HTMLElement;
    expect(older.hidden).toBe(false);
    older.focus();
    older.click();
    await until(() => said() === "1 older row.");
    expect(library.root.shadowRoot?.activeElement).toBe(older);
    older.click();
    await until(() => older.hidden);
    await until(() => library.root.shadowRoot?.activeElement === all(".open")[3]);
  });
});

describe("a row", () => {
  it("shows what it opened, which stands below rows that may fill the window", async () => {
    const { library, all } = show({ rows: [row("a"), row("b")] });
    const room = inOutput(library.root);
    const seen = vi.spyOn(room, "scrollIntoView");
    all<HTMLButtonElement>(".open")[1]?.click();
    await until(() => all(".waits:not([hidden])").length === 1);
    expect(all("tbody tr")[1]?.textContent).toContain("open below");
    expect(seen).not.toHaveBeenCalled();
    room.append(Object.assign(document.createElement("p"), { textContent: "a gallery" }));
    await until(() => seen.mock.calls.length === 1);
    room.parentElement?.remove();
  });

  it("opens, and adds to the report that the page takes", async () => {
    const { model, all, said, library } = show();
    all(".open")[1]?.click();
    await until(() => said() === "“chart b” is open below the list.");
    expect(model.asked("open")).toMatchObject([{ chart: "b" }]);
    const heard = vi.fn((event: Event) => event.preventDefault());
    library.root.addEventListener(REPORT_EVENT, heard);
    all(".add")[0]?.click();
    await until(() => said() === "Added: “chart a”. It is in the report cell.");
    expect(heard).toHaveBeenCalledOnce();
    expect(all(".add")[0]?.textContent).toBe("In the report");
  });

  it("says at once which charts are in the report, and that they stay there", async () => {
    const { all, said } = show({ rows: [row("a", { reported: true }), row("b")] }, (request) => ({
      ...working(request),
      already: true,
    }));
    const [inIt, notYet] = all(".add");
    expect([inIt?.textContent, notYet?.textContent]).toEqual(["In the report", "Add to report"]);
    inIt?.click();
    await until(() => said().startsWith("“chart a” is in the report already."));
  });

  it("offers the code where nothing shows the report", async () => {
    const { all, said } = show({}, (request) =>
      request.command === "show_report" ? { ok: true, shown: null } : working(request),
    );
    all(".add")[0]?.click();
    await until(() => said().startsWith("Added: “chart a”. Run the code in a cell"));
    expect(all(".copy")[0]?.hidden).toBe(false);
  });

  it("says what went wrong in the kernel's words", async () => {
    const { all, said } = show({}, () => ({ ok: false, error: "It was deleted." }));
    all(".open")[0]?.click();
    await until(() => said() === "It was deleted.");
    expect(all("[data-busy]")).toHaveLength(0);
  });

  it("is reached by the arrows", () => {
    const { all, library } = show();
    all(".search")[0]?.focus();
    const press = (key: string) =>
      library.root.shadowRoot?.activeElement?.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
      );
    press("ArrowDown");
    expect(library.root.shadowRoot?.activeElement).toBe(all(".open")[0]);
    press("ArrowDown");
    expect(library.root.shadowRoot?.activeElement).toBe(all(".open")[1]);
    press("ArrowUp");
    expect(library.root.shadowRoot?.activeElement).toBe(all(".open")[0]);
  });
});

describe("everybody", () => {
  it("can use it: axe finds no barrier, with rows and without", async () => {
    for (const state of [{ more: true }, { rows: [] }]) {
      const { library, all } = show(state);
      await until(() => all("img").length === all("tbody tr").length);
      const { violations } = await axe.run(library.root);
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
    }
  });

  it("leaves no listener behind", () => {
    const { model, library } = show();
    library.close();
    expect(model.listeners).toEqual([]);
  });
});
