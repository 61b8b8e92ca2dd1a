/** Owns what an editor asks of a report, and what it is told of the report's parts. */

export type Kind = "chart" | "section" | "note" | "summary";

export interface Part {
  id: string;
  kind: Kind;
  title: string;
  /** What a person may rewrite: caption, heading or Markdown. */
  text: string;
}

export interface Parts {
  title: string;
  parts: Part[];
  undo: boolean;
  redo: boolean;
}

/** What is asked; see `edited` in the kernel. */
export type Change =
  | { act: "look" | "undo" | "redo" }
  | { act: "section" | "note"; text: string; to?: number }
  | { act: "text"; part: string; text: string }
  | { act: "move"; part: string; to: number }
  | { act: "remove"; part: string };

/** The way to the report: through a widget, or through the kernel of a notebook. */
export interface Desk {
  /** Make a change; the reply tells the parts. An error can be read by a person. */
  change(asked: Change): Promise<Record<string, unknown>>;
  /** Bring the place where the report is read up to date; returns where that is, to say so. */
  show(): Promise<string>;
}

const KINDS: readonly Kind[] = ["chart", "section", "note", "summary"];

/** Read a reply; what is missing is empty, never an exception. */
export function partsOf(reply: Record<string, unknown>): Parts {
  const found = Array.isArray(reply.parts) ? reply.parts : [];
  return {
    title: text(reply.title),
    parts: found.map(partOf),
    undo: reply.undo === true,
    redo: reply.redo === true,
  };
}

function partOf(value: unknown): Part {
  const found = typeof value === "object" && value !== null ? { ...value } : {};
  const { id, kind, title, text: said } = found as Record<string, unknown>;
  return {
    id: text(id),
    kind: KINDS.find((one) => one === kind) ?? "chart",
    title: text(title),
    text: text(said),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
