r"""Owns the evaluation: recommended lists in the forms that scoring scripts read, and ranked pairs.

    python -m vizmodel.training.evaluate --charts CHARTS.jsonl --split SPLIT \
        --tables-root DIR --out RECS.json
    python -m vizmodel.training.evaluate --tables DIR --out RECS.json
    python -m vizmodel.training.evaluate --pairs PAIRS.jsonl

Nothing here trains or chooses anything.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from vizmodel.form.declared import declared
from vizmodel.profile import profile_table
from vizmodel.recommend import recommend
from vizmodel.runtime import open_runtime
from vizmodel.training.corpus import CorpusError, read_json_lines, read_table
from vizmodel.training.pairs import share_ranked_as_people


def specs_of(path: Path, k: int) -> list[dict[str, Any]]:
    """Recommend k charts for a table file, as declared specs with the table's own names."""
    profile = profile_table(read_table(path))
    designs = [ranked.design for ranked in recommend(profile, k)]
    return [declared(one, profile.of(one.style.where), escape=False) for one in designs]


def recommend_all(paths: Iterable[tuple[str, Path]], k: int) -> dict[str, list[dict[str, Any]]]:
    """Recommend charts for named tables; a table that fails gets no list, and says so on stderr."""
    lists = {}
    for name, path in paths:
        try:
            lists[name] = specs_of(path, k)
        except (CorpusError, ValueError, OSError) as error:
            print(f"no list for {name}: {error}", file=sys.stderr)
    return lists


def tables_of(charts: Path, split: str, root: Path) -> list[tuple[str, Path]]:
    """Return the tables that the charts of a split are about, each once."""
    rows = read_json_lines(charts)
    names = dict.fromkeys(r["table"] for r in rows if r.get("split", r.get("task")) == split)
    if not names:
        msg = f"no charts of split {split!r} in {charts}"
        raise CorpusError(msg)
    return [(name, root / name) for name in names]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one evaluation; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--charts", type=Path)
    parser.add_argument("--split")
    parser.add_argument("--tables-root", type=Path)
    parser.add_argument("--tables", type=Path)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("-k", type=int, default=15)
    options = parser.parse_args(arguments)
    if options.pairs:
        share, count = share_ranked_as_people(options.pairs)
        print(f"{share:.3f} of {count} pairs ranked as people did")
        return
    if not options.out:
        parser.error("--out says where the lists go")
    open_runtime()  # Weights that are missing are an error of their own, not of each table.
    if options.tables:
        found = sorted(options.tables.glob("*.csv")) + sorted(options.tables.glob("*.json"))
        paths = [(path.name, path) for path in found]
    elif options.charts and options.split and options.tables_root:
        paths = tables_of(options.charts, options.split, options.tables_root)
    else:
        parser.error("give --tables DIR, or --charts, --split and --tables-root, or --pairs FILE")
    lists = recommend_all(paths, options.k)
    options.out.write_text(json.dumps(lists, indent=1))
    print(f"{len(lists)} of {len(paths)} tables have a list: {options.out}")


if __name__ == "__main__":
    main()
