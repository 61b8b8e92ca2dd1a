"""Owns what the READMEs show of the kept results: tables and charts between two markers each."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.drawings import PICTURES
from benchmarks.judged import judged
from benchmarks.processes import ROOT
from benchmarks.published_gpu import on_gpu
from benchmarks.published_lists import quality
from benchmarks.published_peers import goals, overview, tools
from benchmarks.published_sizes import batches, everything, first_calls, transfers

FILES = (ROOT / "README.md", ROOT / "benchmarks" / "README.md")
#: Marker -> what stands there; nothing is written where it returns None.
SECTIONS: dict[str, Callable[[], str | None]] = {
    "overview": overview,
    "tools": tools,
    "goals": goals,
    "batch": batches,
    "gpu": on_gpu,
    "transfer": transfers,
    "first": first_calls,
    "lists": quality,
    "judged": judged,
    "everything": everything,
}


def publish(files: Iterable[Path] = FILES) -> None:
    """Write each section that has results anew, wherever a file has its markers.

    Raises
    ------
    ValueError
        A file has a marker of no section, or one that does not end.
    """
    made = {name: make() for name, make in SECTIONS.items()}
    for path in files:
        beside = {
            name: section and section.replace(f"({PICTURES}/", f"({_relative(path)}/")
            for name, section in made.items()
        }
        text = path.read_text(encoding="utf-8")
        path.write_text(filled(text, beside), encoding="utf-8")


def _relative(path: Path) -> str:
    """Return how a file links to the folder of pictures."""
    return Path(os.path.relpath(PICTURES, path.parent)).as_posix()


def filled(text: str, made: dict[str, str | None]) -> str:
    """Return a text with the sections that were made between their markers.

    Raises
    ------
    ValueError
        A marker names no section, or does not end.
    """
    for name in re.findall(r"<!-- figures: (\w+) -->", text):
        if name not in made:
            raise ValueError(f"no section {name!r}; there are {', '.join(made)}")
        begin, end = f"<!-- figures: {name} -->", "<!-- end -->"
        before, _, rest = text.partition(begin)
        _, ended, after = rest.partition(end)
        if not ended:
            raise ValueError(f"the section {name!r} has no {end}")
        section = made[name]
        if section is not None:
            text = f"{before}{begin}\n{section.strip()}\n{end}{after}"
    return text
