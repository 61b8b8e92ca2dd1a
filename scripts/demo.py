"""Runs the tour on a store of its own and leaves the results in a folder."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
TOUR = ROOT / "notebooks" / "tour.ipynb"
#: Written by the tour's own cells, beside the executed notebook.
PAGES = ("gallery.html", "report.html")
TITLES_TAG = "titles"


def run_tour(folder: Path) -> nbformat.NotebookNode:
    """Run the tour inside `folder`, with an empty store, and write it there with its outputs."""
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(TOUR, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        # A widget's state is the Vega runtime and nothing that shows without a kernel.
        store_widget_state=False,
    )
    with tempfile.TemporaryDirectory(prefix="erp-tour-") as store:
        environment = dict(os.environ) | {"ERP_STORE": str(Path(store) / "store.sqlite3")}
        client.execute(env=environment)
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
