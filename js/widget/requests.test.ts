/** Owns the tests of requests: every one ends in a reply or in an error people can read. */
import { describe, expect, it } from "vitest";
import { FakeModel } from "../gallery/testing";
import { Requests } from "./requests";

describe("a request", () => {
  it("has an id, and ends with the reply of that id", async () => {
    const model = new FakeModel({});
    const requests = new Requests(model);
    const first = requests.ask("code", "a");
    const second = requests.ask("code", "b");
    const [one, two] = model.sent;
    expect(one).toMatchObject({ kind: "request", command: "code", chart: "a" });
    expect(one?.id).not.toBe(two?.id);
    model.emit("msg:custom", { kind: "reply", id: two?.id, ok: true, code: "B" });
    model.emit("msg:custom", { kind: "reply", id: one?.id, ok: true, code: "A" });
    expect((await first).code).toBe("A");
    expect((await second).code).toBe("B");
  });

  it("ends with the kernel's error", async () => {
    const model = new FakeModel({}, () => ({ ok: false, error: "The disk is full." }));
    await expect(new Requests(model).ask("save", "a")).rejects.toThrow("The disk is full.");
  });

  it("says what to do where a restart has left nobody to send it to", async () => {
    const model = new FakeModel({});
    model.send = () => {
      throw new Error("Cannot send");
    };
    await expect(new Requests(model).ask("save", "a")).rejects.toThrow("run the cell again");
  });

  it("ends with an error where the kernel says nothing of the kind", async () => {
    const model = new FakeModel({}, () => ({ ok: false }));
    await expect(new Requests(model).ask("save", "a")).rejects.toThrow("without saying which");
  });

  it("ends with an error where the kernel is silent, and hears a late reply", async () => {
    const model = new FakeModel({});
    const late: unknown[] = [];
    const requests = new Requests(model, (...reply) => late.push(reply), 20);
    await expect(requests.ask("save", "a")).rejects.toThrow("does not answer");
    const reply = { kind: "reply", id: model.sent[0]?.id, ok: true };
    model.emit("msg:custom", reply);
    model.emit("msg:custom", reply);
    expect(late).toEqual([["save", "a", reply]]);
  });

  it("ends with an error where nothing can be sent", async () => {
    const model = new FakeModel({}, () => {
      throw new Error("socket closed");
    });
    await expect(new Requests(model).ask("save")).rejects.toThrow("socket closed");
  });

  it("is deaf to what it did not ask", async () => {
    const model = new FakeModel({});
    const requests = new Requests(model, undefined, 30);
    const asked = requests.ask("save");
    for (const message of [null, "text", { kind: "reply", id: "other", ok: true }, { id: 3 }]) {
      model.emit("msg:custom", message);
    }
    await expect(asked).rejects.toThrow("does not answer");
  });

  it("ends when the kernel is restarted, also where it was taken on", async () => {
    const model = new FakeModel({});
    const requests = new Requests(model);
    const asked = requests.ask("more_like", "a");
    model.emit("msg:custom", { kind: "accepted", id: model.sent[0]?.id });
    model.emit("comm_live_update", undefined);
    await expect(asked).rejects.toThrow("restarted: run the cell again");
  });

  it("ends when the gallery is closed, and leaves no listener", async () => {
    const model = new FakeModel({});
    const requests = new Requests(model);
    const asked = requests.ask("save");
    requests.dispose();
    await expect(asked).rejects.toThrow("closed");
    expect(model.listeners).toEqual([]);
  });
});
