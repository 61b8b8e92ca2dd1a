/** Owns the tests of what a gallery may ask for. */
import { describe, expect, it } from "vitest";
import { EVENT, requestOf } from "./request.js";

const PLAIN = { output_type: "display_data", data: { "text/plain": "alt" }, metadata: {} };

function asked(detail: unknown): ReturnType<typeof requestOf> {
  return requestOf(new CustomEvent(EVENT, { detail }));
}

describe("a request", () => {
  it("is read as it was sent", () => {
    const detail = { mark: "report", code: "erp.report()", outputs: [PLAIN], former: ["a"] };
    expect(asked(detail)).toEqual(detail);
    expect(asked({ ...detail, former: ["a", 1] })?.former).toEqual(["a"]);
    expect(asked({ ...detail, former: "a" })?.former).toEqual([]);
  });

  it("may empty the report", () => {
    expect(asked({ mark: "report", code: "erp.report()", outputs: [] })?.outputs).toEqual([]);
  });

  it.each([
    ["nothing", undefined],
    ["a text", "report"],
    ["no mark", { code: "c", outputs: [] }],
    ["a mark that is no text", { mark: 1, code: "c", outputs: [] }],
    ["no outputs", { mark: "r", code: "c" }],
    ["an output of another kind", { mark: "r", code: "c", outputs: [{ output_type: "error" }] }],
    ["nothing inert", { mark: "r", code: "c", outputs: [{ ...PLAIN, data: { "text/html": "" } }] }],
  ])("of %s is none", (_what, detail) => {
    expect(asked(detail)).toBeNull();
  });

  it("is a custom event", () => {
    expect(requestOf(new Event(EVENT))).toBeNull();
  });
});

describe("an output", () => {
  it("loses what could run in a trusted cell", () => {
    const data = {
      "application/vnd.vegalite.v5+json": { mark: "bar" },
      "application/javascript": "alert(1)",
      "image/png": "iVBORw0KGgo=",
      "image/svg+xml": "<svg onload='alert(1)'/>",
      "text/html": "<img src=x onerror=alert(1)>",
      "text/markdown": "<img src=x onerror=alert(1)>",
      "text/plain": "alt",
    };
    const read = asked({ mark: "r", code: "c", outputs: [{ ...PLAIN, data }] });
    expect(Object.keys(read?.outputs[0]?.data ?? {})).toEqual([
      "application/vnd.vegalite.v5+json",
      "image/png",
      "text/plain",
    ]);
  });

  it.each([
    ["## Q3 &#38; Q4\n\n### Price by day\n\n*It rises, &#60;b&#62; 3 times.*", true],
    ["**costs** <span>&#36;</span>5", true],
    ["<b>bold</b>", false],
    ["<<span>img src=x onerror=alert(1)>", false],
    ["<span onclick='alert(1)'>x</span>", false],
    ["[a link](javascript:alert(1))", false],
    ["```mermaid\ngraph TD\n```", false],
    ["~~~mermaid\ngraph TD\n~~~", false],
  ])("keeps Markdown of headings and text only: %s", (text, isKept) => {
    const data = { "text/markdown": text, "text/plain": "alt" };
    const read = asked({ mark: "r", code: "c", outputs: [{ ...PLAIN, data }] });
    expect("text/markdown" in (read?.outputs[0]?.data ?? {})).toBe(isKept);
  });
});
