/** Owns the tests of the editor of a report: every change by mouse and keys, and who can use it. */
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { until } from "../gallery/testing";
import { ReportEditor } from "./editor";
import type { Change, Desk, Part } from "./parts";

const HOSTILE = '<img src=x onerror="window.harmed=true">';
const PARTS: Part[] = [
  { id: "s", kind: "section", title: "Prices", text: "Prices" },
  { id: "a", kind: "chart", title: HOSTILE, text: "A caption" },
  { id: "n", kind: "note", title: "They rise", text: "They *rise*" },
  { id: "d", kind: "summary", title: "cars: 400 rows", text: "" },
];

/** Keeps parts as the kernel does, in memory. */
class MemoryDesk implements Desk {
  readonly asked: Change[] = [];
  shown = 0;
  past: Part[][] = [];
  future: Part[][] = [];
  fails = "";

  constructor(public parts: Part[] = PARTS) {}

  change = async (asked: Change): Promise<Record<string, unknown>> => {
    this.asked.push(asked);
    if (this.fails !== "") throw new Error(this.fails);
    const [next, back] = [this.future.at(-1), this.past.at(-1)];
    if (asked.act === "undo" && back !== undefined) {
      this.future.push(this.parts);
      this.parts = back;
      this.past.pop();
    } else if (asked.act === "redo" && next !== undefined) {
      this.past.push(this.parts);
      this.parts = next;
      this.future.pop();
    } else if (asked.act !== "look") {
      this.past.push(this.parts);
      this.parts = after(this.parts, asked);
    }
    const [undo, redo] = [this.past.length > 0, this.future.length > 0];
    return { title: "sales", parts: this.parts, undo, redo };
  };

  show = async (): Promise<string> => {
    this.shown += 1;
    await new Promise((done) => setTimeout(done, 5));
    return "";
  };
}

function after(parts: Part[], asked: Change): Part[] {
  const changed = [...parts];
  if (asked.act === "remove") return parts.filter((part) => part.id !== asked.part);
  if (asked.act === "text") {
    return parts.map((part) => (part.id === asked.part ? { ...part, text: asked.text } : part));
  }
  if (asked.act === "move") {
    const [part] = changed.splice(
      parts.findIndex(({ id }) => id === asked.part),
      1,
    );
    if (part !== undefined) changed.splice(asked.to, 0, part);
  }
  if (asked.act === "section" || asked.act === "note") {
    const { act: kind, text } = asked;
    changed.splice(asked.to ?? parts.length, 0, { id: `new ${text}`, kind, title: text, text });
  }
  return changed;
}

let editor: ReportEditor | undefined;

async function opened(desk: MemoryDesk) {
  editor = new ReportEditor(desk);
  document.body.append(editor.element);
  await editor.look();
  return editor;
}

const root = () => editor?.element.shadowRoot as ShadowRoot;
const all = <E extends HTMLElement>(selector: string) => [...root().querySelectorAll<E>(selector)];
const named = (label: string) => {
  const found = all(`[aria-label="${CSS.escape(label).replaceAll("\\ ", " ")}"]`)[0];
  const exact = all("button, input, textarea").find((one) => one.ariaLabel === label);
  return (exact ?? found) as HTMLInputElement;
};
const titles = () => all(".part b").map((one) => one.textContent);
const said = () => all(".status")[0]?.textContent ?? "";
const focused = () => (root().activeElement as HTMLElement | null)?.ariaLabel;
const press = (key: string, more: KeyboardEventInit = {}) =>
  root().activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more }),
  );

afterEach(() => editor?.close());

describe("the editor of a report", () => {
  it("shows every part as text", async () => {
    await opened(new MemoryDesk());
    expect(titles()).toEqual(PARTS.map(({ title }) => title));
    expect(all(".what").map((one) => one.textContent)).toEqual([
      "Section",
      "Chart",
      "Note",
      "Table in figures",
    ]);
    expect(all("img")).toHaveLength(0);
    expect("harmed" in window).toBe(false);
  });

  it("moves a part, keeps the focus on it, and shows the report once for quick changes", async () => {
    const desk = new MemoryDesk();
    await opened(desk);
    named("Move down: “Prices”").focus();
    named("Move down: “Prices”").click();
    await until(() => titles()[1] === "Prices");
    expect(focused()).toBe("Move down: “Prices”");
    expect(said()).toBe("“Prices” is number 2.");
    press("ArrowDown", { altKey: true });
    press("ArrowDown", { altKey: true });
    await until(() => titles()[3] === "Prices");
    press("ArrowUp", { altKey: true });
    press("ArrowUp", { altKey: true });
    await until(() => titles()[1] === "Prices");
    await until(() => desk.shown >= 1);
    await new Promise((done) => setTimeout(done, 30));
    expect(desk.shown).toBeLessThanOrEqual(5);
    // At the end there is no further.
    named("Move up: “Prices”").click();
    await until(() => titles()[0] === "Prices");
    const before = desk.asked.length;
    named("Move up: “Prices”").click();
    expect(desk.asked).toHaveLength(before);
  });

  it("removes a part and brings it back", async () => {
    const desk = new MemoryDesk();
    await opened(desk);
    named("Move up: “They rise”").focus();
    press("Delete");
    await until(() => titles().length === 3);
    expect(focused()).toBe("Move up: “cars: 400 rows”");
    named("Undo the last change of the report").click();
    await until(() => titles().length === 4);
    named("Redo what was undone in the report").click();
    await until(() => titles().length === 3);
    expect(named("Redo what was undone in the report").disabled).toBe(true);
  });

  it("begins sections and notes below the part that was used last", async () => {
    const desk = new MemoryDesk();
    await opened(desk);
    named("Move up: “They rise”").focus();
    named("Add a section").click();
    const field = named("Heading of the new section");
    expect(root().activeElement).toBe(field);
    field.value = "Units";
    press("Enter");
    press("Enter"); // twice is once
    await until(() => titles().length === 5);
    expect(titles()[3]).toBe("Units");
    expect(desk.asked.filter(({ act }) => act === "section")).toHaveLength(1);
    expect(all(".writing")).toHaveLength(0);
    named("Add a note").click();
    named("Text of the new note").value = "one\ntwo";
    press("Enter");
    expect(desk.asked.filter(({ act }) => act === "note")).toHaveLength(0);
    press("Enter", { ctrlKey: true });
    await until(() => titles().length === 6);
    expect(desk.asked.at(-1)).toEqual({ act: "note", text: "one\ntwo", to: 4 });
  });

  it("begins sections and notes at the end where no part was used yet", async () => {
    const desk = new MemoryDesk();
    await opened(desk);
    for (const heading of ["Units", "More"]) {
      named("Add a section").click();
      named("Heading of the new section").value = heading;
      press("Enter");
      await until(() => titles().includes(heading));
    }
    expect(titles().slice(-2)).toEqual(["Units", "More"]);
  });

  it("rewrites captions, headings and notes", async () => {
    const desk = new MemoryDesk();
    await opened(desk);
    named("Move up: “They rise”").focus();
    press("F2");
    expect(all(".writing textarea")).toHaveLength(1);
    const area = root().activeElement as HTMLTextAreaElement;
    expect(area.value).toBe("They *rise*");
    area.value = "They fall";
    press("Enter", { ctrlKey: true });
    await until(() => desk.parts[2]?.text === "They fall");
    await until(() => all(".writing").length === 0);
    named(`Caption of “${HOSTILE}”`).focus();
    named(`Caption of “${HOSTILE}”`).click();
    press("Escape");
    expect(all(".writing")).toHaveLength(0);
    expect(focused()).toBe(`Caption of “${HOSTILE}”`);
  });

  it("keeps what a person wrote where the kernel says no", async () => {
    const desk = new MemoryDesk();
    await opened(desk);
    named("Add a section").click();
    named("Heading of the new section").value = "Units";
    desk.fails = "The store does not answer: try again.";
    press("Enter");
    await until(() => said() === desk.fails);
    expect(named("Heading of the new section").value).toBe("Units");
    desk.fails = "";
    press("Enter");
    await until(() => titles().length === 5);
  });

  it("keeps what a person writes whatever else they change, and puts it where it belongs", async () => {
    const desk = new MemoryDesk();
    await opened(desk);
    named(`Move up: “${HOSTILE}”`).focus();
    named("Add a note").click();
    named("Text of the new note").value = "half a";
    named("Move down: “Prices”").click();
    named("Move down: “Prices”").click();
    await until(() => titles()[2] === "Prices");
    expect(named("Text of the new note").value).toBe("half a");
    named(`Caption of “${HOSTILE}”`).click();
    expect(said()).toContain("Keep or cancel first");
    expect(focused()).toBe("Text of the new note");
    press("Enter", { ctrlKey: true });
    await until(() => titles().length === 5);
    expect(titles().slice(0, 2)).toEqual([HOSTILE, "half a"]);
    expect(all(".writing")).toHaveLength(0);
  });

  it("goes on after an answer that is none", async () => {
    const desk = new MemoryDesk();
    await opened(desk);
    desk.fails = "The kernel is away.";
    named("Move down: “Prices”").click();
    await until(() => said() === desk.fails);
    desk.fails = "";
    named("Move down: “Prices”").click();
    await until(() => titles()[1] === "Prices");
  });

  it("says what to do where the report is empty, and begins there", async () => {
    await opened(new MemoryDesk([]));
    expect(all(".nothing")[0]?.hidden).toBe(false);
    named("Add a note").click();
    named("Text of the new note").value = "First";
    press("Enter", { ctrlKey: true });
    await until(() => titles().length === 1);
    expect(all(".writing")).toHaveLength(0);
  });

  it("follows what is changed elsewhere, but never while a person writes", async () => {
    const desk = new MemoryDesk();
    const open = await opened(desk);
    desk.parts = desk.parts.slice(1);
    open.refresh();
    await until(() => titles().length === 3);
    named("Add a note").click();
    named("Text of the new note").value = "half a";
    desk.parts = PARTS;
    open.refresh();
    await new Promise((done) => setTimeout(done, 20));
    expect(named("Text of the new note").value).toBe("half a");
    expect(titles()).toHaveLength(3);
  });

  it("shields the notebook from its keys, and nothing once it is closed", async () => {
    const open = await opened(new MemoryDesk());
    named("Move up: “Prices”").focus();
    press("Delete");
    expect(open.element.hasAttribute("data-lm-suppress-shortcuts")).toBe(true);
    // Saving is for the notebook; running the cell would take the editor away.
    press("s", { ctrlKey: true });
    expect(open.element.hasAttribute("data-lm-suppress-shortcuts")).toBe(false);
    press("Enter", { ctrlKey: true });
    expect(open.element.hasAttribute("data-lm-suppress-shortcuts")).toBe(true);
    open.close();
    expect(open.element.hasAttribute("data-lm-suppress-shortcuts")).toBe(false);
  });

  it("is one Tab stop among its rows, and has no barrier", async () => {
    await opened(new MemoryDesk());
    expect(all('.acts button[tabindex="0"]')).toHaveLength(1);
    named("Move up: “Prices”").focus();
    press("ArrowDown");
    press("ArrowRight");
    expect(focused()).toBe(`Move down: “${HOSTILE}”`);
    press("End");
    expect(focused()).toBe("Move down: “cars: 400 rows”");
    named("Add a note").click();
    await vi.waitFor(async () => {
      const { violations } = await axe.run(editor?.element as HTMLElement);
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    });
  });
});
