"""Runs the first tour on a store of its own and leaves the results in a folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError
from tours import NOTEBOOKS, ROOT, run

TOUR = NOTEBOOKS / "start.ipynb"
#: Written by the tour's own cells, beside the executed notebook.
PAGES = ("gallery.html", "report.html")
TITLES_TAG = "titles"


def run_tour(folder: Path) -> nbformat.NotebookNode:
    """Run the first tour inside `folder` and write it there with its outputs."""
    notebook = run(TOUR, folder)
    nbformat.write(notebook, folder / TOUR.name)
    return notebook


def titles(notebook: nbformat.NotebookNode) -> str:
    """Return what the cell that lists the charts printed."""
    return "".join(
        output.text
        for cell in notebook.cells
        if TITLES_TAG in cell.metadata.get("tags", [])
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stdout"
    )


def main() -> int:
    """Run the tour, print the recommended charts' titles and where the results are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "demo")
    folder = parser.parse_args().folder.resolve()
    for name in PAGES:
        (folder / name).unlink(missing_ok=True)
    try:
        notebook = run_tour(folder)
    except CellExecutionError as error:
        sys.stderr.write(f"a cell of the tour failed:\n{error}\n")
        return 1
    sys.stdout.write("\nCharts that the model recommends for the cars of 1970 to 1982:\n\n")
    sys.stdout.write(titles(notebook))
    sys.stdout.write("\nLook at:\n")
    for name in (*PAGES, TOUR.name):
        path = folder / name
        if not path.is_file():
            sys.stderr.write(f"the tour wrote no {name}\n")
            return 1
        sys.stdout.write(f"  {path}  ({path.stat().st_size / 1e6:.1f} MB)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
