"""Prints the table of figures: what was measured, the goal, met or not."""

from __future__ import annotations

import argparse
import importlib
import sys
from dataclasses import asdict

from benchmarks.figure import Figure, print_table
from benchmarks.machine import keep_rows

PARTS = (
    "start",
    "first_call",
    "scale",
    "memory",
    "millions",
    "peers",
    "batch",
    "gpu",
    "lists",
    "browser",
    "transfer",
    "store",
    "service",
)
#: Measures nothing: brings tables and charts of what was measured last into the READMEs.
PUBLISH = "figures"


def main() -> int:
    """Measure the parts that are asked for; a part that fails is a row that says so."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = f"any of {', '.join(PARTS)}, all if none; or {PUBLISH}, to write the kept results"
    parser.add_argument("parts", nargs="*", help=f"{known} into the READMEs")
    asked = parser.parse_args().parts or list(PARTS)
    for part in set(asked) - {*PARTS, PUBLISH}:
        parser.error(f"no part {part!r}; there are {', '.join((*PARTS, PUBLISH))}")
    figures: list[Figure] = []
    for part in asked:
        if part == PUBLISH:
            continue
        sys.stderr.write(f"measuring: {part}\n")
        try:
            found = list(importlib.import_module(f"benchmarks.{part}").figures())
            keep_rows(part, [asdict(figure) for figure in found])
        except Exception as error:
            lines = str(error).strip().splitlines() or [type(error).__name__]
            found = [Figure(part, f"failed: {lines[-1]}", "", False)]
        figures += found
    if figures:
        print_table(figures)
    if PUBLISH in asked:
        from benchmarks.published import publish

        publish()
    return 1 if any("failed" in figure.measured for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
