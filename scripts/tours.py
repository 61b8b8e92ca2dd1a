"""Runs the tours in `notebooks/` and writes them back with their outputs, for readers."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
#: Needs a server, whose address it finds in this variable.
TEAM, TEAM_STORE = NOTEBOOKS / "team_store.ipynb", "TEAM_STORE"


def run(path: Path, folder: Path, **environment: str) -> nbformat.NotebookNode:
    """Run a notebook inside a folder, with an empty store, and return it with its outputs.

    Raises
    ------
    CellExecutionError
        A cell fails; it says which one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        # A widget's state is the Vega runtime and nothing that shows without a kernel.
        store_widget_state=False,
        record_timing=False,
        # What is printed in two goes is one output, however slow the machine.
        coalesce_streams=True,
    )
    with tempfile.TemporaryDirectory(prefix="erp-tour-") as store:
        own = {"ERP_STORE": str(Path(store) / "store.sqlite3"), "ERP_USER": "ada"}
        client.execute(env=dict(os.environ) | own | environment)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def main() -> int:
    """Run the notebooks that are named, or all of them, and write them in their places."""
    # The tests know how a server is started.
    sys.path.insert(0, str(ROOT / "tests" / "store"))
    from mongod import Mongod

    chosen = [NOTEBOOKS / f"{Path(name).stem}.ipynb" for name in sys.argv[1:]]
    server = Mongod()
    try:
        for path in chosen or sorted(NOTEBOOKS.glob("*.ipynb")):
            more = {}
            if path == TEAM:
                server.start()
                more[TEAM_STORE] = server.database("ada")
            with tempfile.TemporaryDirectory(prefix="erp-tour-") as folder:
                nbformat.write(run(path, Path(folder), **more), path)
            sys.stdout.write(f"{path}  ({path.stat().st_size / 1000:.0f} KB)\n")
    finally:
        server.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
