/** Owns requests to the kernel: each has an id and ends in a reply or an error people can read. */
import type { JsonObject } from "../runtime/index";
import type { Model } from "./model";
import { isRecord } from "./values";

export const COMMANDS = [
  "saved",
  "save",
  "remove",
  "waiting",
  "code",
  "show_report",
  "more_like",
  "without",
  "next",
  "retype",
  "about",
  "edits",
  "edit",
  "levels",
  "level",
  "undo",
  "cancel",
  "rows",
  // of the report
  "report_edit",
  "report_cell",
  "give_way",
  // of lists of stored things
  "search",
  "older",
  "picture",
  "open",
  "add",
] as const;
export type Command = (typeof COMMANDS)[number];

export const TIMEOUT_MS = 20_000;

const NO_ANSWER =
  "The kernel does not answer. If it is busy with a cell, this is done when the cell ends; " +
  "otherwise run the cell again.";

/** Said by JupyterLab's widgets when their kernel is restarted; others are waited for in vain. */
const DISCONNECTED = "comm_live_update";
const RESTARTED = "The kernel was restarted: run the cell again.";

/** Said where nothing can be sent, as after a restart: the kernel that is there knows nothing of it. */
const UNREACHED = "The kernel that made this is gone or cannot be reached: run the cell again.";

/** A request that was sent and of which nothing came back: perhaps it is done, perhaps not. */
export class Unanswered extends Error {}

interface Waiting {
  resolve(reply: JsonObject): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

/** Called when a reply comes after its request was given up. */
export type LateReply = (command: Command, chart: string, reply: JsonObject) => void;

let count = 0;

export class Requests {
  readonly #model: Model;
  readonly #late: LateReply;
  readonly #timeout: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #givenUp = new Map<string, [Command, string]>();
  readonly #listener = (message: unknown) => this.#receive(message);
  readonly #gone = () => this.#end(RESTARTED);

  constructor(model: Model, late: LateReply = () => {}, timeoutMs = TIMEOUT_MS) {
    this.#model = model;
    this.#late = late;
    this.#timeout = timeoutMs;
    model.on("msg:custom", this.#listener);
    model.on(DISCONNECTED, this.#gone);
  }

  /** Send a command; the promise ends with the reply, the kernel's error or a time-out. */
  ask(command: Command, chart = "", more: JsonObject = {}): Promise<JsonObject> {
    count += 1;
    // Several views of one model hear the same replies, so ids differ between views too.
    const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${count}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        this.#givenUp.set(id, [command, chart]);
        reject(new Unanswered(NO_ANSWER));
      }, this.#timeout);
      this.#waiting.set(id, { resolve, reject, timer });
      try {
        this.#model.send({ kind: "request", id, command, chart, ...more });
      } catch (error) {
        clearTimeout(timer);
        this.#waiting.delete(id);
        reject(new Error(`${UNREACHED} (${messageOf(error)})`));
      }
    });
  }

  /** Stop listening; whoever still waits gets an error. */
  dispose(): void {
    this.#model.off("msg:custom", this.#listener);
    this.#model.off(DISCONNECTED, this.#gone);
    this.#end("The gallery was closed.");
  }

  /** Give up all that waits, and all that may come late. */
  #end(why: string): void {
    for (const { timer, reject } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new Unanswered(why));
    }
    this.#waiting.clear();
    this.#givenUp.clear();
  }

  #receive(message: unknown): void {
    if (!isRecord(message) || typeof message.id !== "string") return;
    // The kernel has taken it on: it answers when it is done, however long that is.
    if (message.kind === "accepted") clearTimeout(this.#waiting.get(message.id)?.timer);
    if (message.kind !== "reply") return;
    const late = this.#givenUp.get(message.id);
    if (late !== undefined) {
      this.#givenUp.delete(message.id);
      this.#late(...late, message);
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if (message.ok === true) waiting.resolve(message);
    else waiting.reject(new Error(failureOf(message)));
  }
}

/** Return what a reply says went wrong. */
export function failureOf(reply: JsonObject): string {
  return typeof reply.error === "string" && reply.error !== ""
    ? reply.error
    : "The kernel reports an error without saying which.";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
