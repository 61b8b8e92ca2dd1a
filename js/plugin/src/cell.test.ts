/** Owns the tests of the report cell, on the shared document that JupyterLab itself uses. */
import { type ISharedCodeCell, YNotebook } from "@jupyter/ydoc";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { writeReport } from "./cell.js";
import type { Request } from "./request.js";

const CODE = 'import erp_widget as erp\nerp.report("Q3")';

// The shared document warns of what its own constructors do.
beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue());

function request(titles: string[], mark = "Q3", code = CODE, former: string[] = []): Request {
  return {
    mark,
    code,
    outputs: titles.map((title) => ({
      output_type: "display_data",
      data: { "text/plain": title },
      metadata: {},
    })),
    former,
  };
}

function notebook(...sources: string[]): YNotebook {
  const made = new YNotebook();
  made.insertCells(
    0,
    sources.map((source) => ({ cell_type: "code", source })),
  );
  return made;
}

function cellAt(made: YNotebook, index: number): ISharedCodeCell {
  return made.getCell(index) as unknown as ISharedCodeCell;
}

function shown(made: YNotebook, index: number): unknown[] {
  return cellAt(made, index)
    .getOutputs()
    .map((output) => (output as { data: Record<string, unknown> }).data["text/plain"]);
}

describe("a first report", () => {
  it("gets a cell right below the gallery's", () => {
    const made = notebook("before", "gallery", "after");
    expect(writeReport(made, 1, request(["a"]))).toBe(2);
    expect(made.cells.map((cell) => cell.source)).toEqual(["before", "gallery", CODE, "after"]);
    expect(shown(made, 2)).toEqual(["a"]);
    expect(cellAt(made, 2).getMetadata("erp")).toEqual({ report: "Q3", source: CODE });
  });

  it("gets a cell of its own beside another report", () => {
    const made = notebook("gallery");
    writeReport(made, 0, request(["a"]));
    writeReport(made, 0, request(["b"], "other", "erp.report()"));
    expect(shown(made, 1)).toEqual(["b"]);
    expect(shown(made, 2)).toEqual(["a"]);
  });
});

describe("a notebook's own report", () => {
  it("is known again by its mark", () => {
    const made = notebook("gallery");
    writeReport(made, 0, request(["a"], "notebook-e480e2af"));
    expect(writeReport(made, 0, request(["a", "b"], "notebook-e480e2af"))).toBe(1);
    expect(made.cells).toHaveLength(2);
  });

  it("is another one where the notebook was moved", () => {
    const made = notebook("gallery");
    writeReport(made, 0, request(["a"], "notebook-00000001"));
    writeReport(made, 0, request(["b"], "notebook-00000002"));
    expect([shown(made, 1), shown(made, 2)]).toEqual([["b"], ["a"]]);
  });
});

describe("a notebook that was renamed", () => {
  it("keeps its cell, under its new mark", () => {
    const made = notebook("gallery");
    writeReport(made, 0, request(["a"], "notebook-00000003"));
    const mark = (cellAt(made, 1).getMetadata("erp") as { report: string }).report;
    const renamed = request(["a", "b"], "notebook-00000001", CODE, [mark]);
    expect(writeReport(made, 0, renamed)).toBe(1);
    expect(made.cells).toHaveLength(2);
    expect(shown(made, 1)).toEqual(["a", "b"]);
    expect(writeReport(made, 0, request(["a"], "notebook-00000001"))).toBe(1);
  });
});

describe("a report that is there", () => {
  it("is found wherever its cell was moved", () => {
    const made = notebook("gallery", "after");
    writeReport(made, 0, request(["a"]));
    made.moveCell(1, 0);
    expect(writeReport(made, 1, request(["a", "b"]))).toBe(0);
    expect(made.cells).toHaveLength(3);
    expect(shown(made, 0)).toEqual(["a", "b"]);
  });

  it("adds, changes and removes only what differs", () => {
    const made = notebook("gallery");
    writeReport(made, 0, request(["a", "b"]));
    const changes: unknown[] = [];
    cellAt(made, 1).changed.connect((_cell, change) => {
      if (change.outputsChange) changes.push(change.outputsChange);
    });
    writeReport(made, 0, request(["a", "b"]));
    expect(changes).toHaveLength(0);
    writeReport(made, 0, request(["a", "b", "c"]));
    expect(changes[0]).toMatchObject([{ retain: 2 }, { insert: [expect.anything()] }]);
    writeReport(made, 0, request(["c"]));
    expect(shown(made, 1)).toEqual(["c"]);
    writeReport(made, 0, request([]));
    expect(shown(made, 1)).toEqual([]);
  });

  it("forgets the number of a run that did not make its outputs", () => {
    const made = notebook("gallery");
    writeReport(made, 0, request(["a"]));
    cellAt(made, 1).execution_count = 7;
    writeReport(made, 0, request(["a", "b"]));
    expect(cellAt(made, 1).execution_count).toBeNull();
  });
});

describe("the source", () => {
  it("follows new code where it still is as we wrote it", () => {
    const made = notebook("gallery");
    writeReport(made, 0, request(["a"]));
    writeReport(made, 0, request(["a"], "Q3", "new code"));
    expect(cellAt(made, 1).source).toBe("new code");
    writeReport(made, 0, request(["a"], "Q3", "newer code"));
    expect(cellAt(made, 1).source).toBe("newer code");
  });

  it("keeps the source that a person changed", () => {
    const made = notebook("gallery");
    writeReport(made, 0, request(["a"]));
    cellAt(made, 1).setSource("# mine\nerp.report().to_html('q3.html')");
    writeReport(made, 0, request(["a", "b"], "Q3", "new code"));
    expect(cellAt(made, 1).source).toContain("# mine");
    expect(shown(made, 1)).toEqual(["a", "b"]);
  });
});

describe("other cells", () => {
  it("are no report, whatever their metadata hold", () => {
    const made = new YNotebook();
    made.insertCells(0, [
      { cell_type: "code", source: "gallery", metadata: { erp: "Q3" } },
      { cell_type: "markdown", source: "text", metadata: { erp: { report: "Q3" } } },
      { cell_type: "code", source: "x", metadata: { erp: [1] } },
    ]);
    expect(writeReport(made, 0, request(["a"]))).toBe(1);
    expect(made.cells).toHaveLength(4);
  });
});
