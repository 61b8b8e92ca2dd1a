"""Prints the table of figures: what was measured, the goal, met or not."""

from __future__ import annotations

import argparse
import importlib
import sys

from benchmarks.figure import Figure, print_table

PARTS = (
    "start",
    "first_call",
    "scale",
    "memory",
    "peers",
    "batch",
    "lists",
    "browser",
    "transfer",
    "store",
)


def main() -> int:
    """Measure the parts that are asked for; a part that fails is a row that says so."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}; all if none")
    asked = parser.parse_args().parts or PARTS
    for part in set(asked) - set(PARTS):
        parser.error(f"no part {part!r}; there are {', '.join(PARTS)}")
    figures: list[Figure] = []
    for part in asked:
        sys.stderr.write(f"measuring: {part}\n")
        try:
            figures += importlib.import_module(f"benchmarks.{part}").figures()
        except Exception as error:
            lines = str(error).strip().splitlines() or [type(error).__name__]
            figures.append(Figure(part, f"failed: {lines[-1]}", "", False))
    print_table(figures)
    return 1 if any("failed" in figure.measured for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
