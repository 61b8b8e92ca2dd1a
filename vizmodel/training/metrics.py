r"""Owns the figures of a network: lists of each split, and what the scoring scripts say of them.

    python -m vizmodel.training.metrics --corpus DIR --bench DIR \
        [--out vizmodel/weights/1/metrics.json] [--lists .training/lists]

DIR of the bench holds the scripts `score.py` (lists against people's charts) and `quality.py`
(lists by themselves). They run as they are, their words are shown, and the figures they print are
kept as JSON, which `erp model` shows. Nothing here trains or chooses anything.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from vizmodel.profile import apply_casts, infer_casts, profile_table
from vizmodel.recommend import recommend
from vizmodel.runtime.opening import newest_weights
from vizmodel.training import evaluate
from vizmodel.training.corpus import TRAINING_SPLIT, read_json_lines
from vizmodel.training.pairs import FILE_NAME
from vizmodel.training.planted import planted_tables
from vizmodel.training.printed import Figures, read_quality, read_scores

SPLITS = ("dev_eco", "dev_chartllm", "dev_docs")
#: Folder of tables that are scored without people's charts.
TABLES = "data2vis_test"
#: Most columns of a table -> name of the width.
WIDTHS = {2: "1-2", 3: "3", 5: "4-5", 8: "6-8", 10**6: "9+"}
NEW_HEADER = "header not in train"
#: Columns of the made-up tables, and how many charts of each are looked at.
PLANTED_WIDTHS = (10, 40)
PLANTED_CHARTS = 5

Rows = list[dict[str, Any]]


class MetricsError(RuntimeError):
    """A script of the bench failed, or printed nothing that could be read."""


def measure(corpus: Path, bench: Path, lists: Path, n_planted: int = 60) -> Figures:
    """Recommend charts for every table, score them, and return all figures.

    Parameters
    ----------
    corpus
        Folder with `charts.jsonl`, the charts' tables and `data2vis_test`.
    bench
        Folder with `score.py` and `quality.py`.
    lists
        Folder that the lists are written to.
    n_planted
        Made-up tables of each width.

    Returns
    -------
    dict
        people: split -> level -> k -> hit, interval, recall. slices: the same of the level "chart".
        quality: figure -> value. planted: width -> share found. pairs, where the weights bring it.

    Raises
    ------
    MetricsError
        Where a script fails.
    """
    lists.mkdir(parents=True, exist_ok=True)
    # 1. Lists of every table, in the forms that the scripts read.
    people = {split: _recommend_split(corpus, split, lists) for split in SPLITS}
    evaluate.main(["--tables", str(corpus / TABLES), "--out", str(lists / f"{TABLES}.json")])
    # 2. What the scripts say of them.
    score = _script(bench / "score.py", read_scores)
    quality = _script(bench / "quality.py", read_quality)
    charts = corpus / "charts.jsonl"
    figures: Figures = {"people": {s: score(charts, s, path) for s, path in people.items()}}
    figures["quality"] = quality(lists / f"{TABLES}.json", corpus / TABLES)
    # 3. The same by kinds of tables, which the script takes for splits.
    figures["slices"] = {
        name: _only_charts(score(path, name, lists / "slices.json"))
        for name, path in _write_slices(charts, people.values(), lists).items()
    }
    # 4. What no person chose: relations that are known, because they were planted; ranked pairs.
    figures["planted"] = {
        f"{n} columns": planted_share(n, n_planted, PLANTED_CHARTS) for n in PLANTED_WIDTHS
    }
    return figures | _ranked_pairs(newest_weights())


def _recommend_split(corpus: Path, split: str, lists: Path) -> Path:
    out = lists / f"{split}.json"
    asked = ["--charts", str(corpus / "charts.jsonl"), "--split", split]
    evaluate.main([*asked, "--tables-root", str(corpus), "--out", str(out)])
    return out


def _script(path: Path, read: Callable[[str], Figures]) -> Callable[..., Figures]:
    """Return a function that runs a script on its arguments, shows and reads what it prints."""

    def run(*arguments: object) -> Figures:
        command = [sys.executable, str(path), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
            msg = f"{path} failed: {last}"
            raise MetricsError(msg)
        print(done.stdout, end="", flush=True)
        try:
            return read(done.stdout)
        except ValueError as error:
            msg = f"{path} printed no figures: {error}"
            raise MetricsError(msg) from error

    return run


def _only_charts(scores: Figures) -> Figures:
    levels = ("mark", "fields", "mark+fields")
    return {name: value for name, value in scores.items() if name not in levels}


def _write_slices(charts: Path, lists: Iterable[Path], folder: Path) -> dict[str, Path]:
    """Write people's charts once more with the slice as split; return slice -> file.

    A chart is in a slice by its table's width, and in another where no training table has its
    table's header. Slices without a table are left out.
    """
    rows = read_json_lines(charts)
    known = {_header(row) for row in rows if row["split"] == TRAINING_SPLIT}
    found: dict[str, Rows] = {name: [] for name in (*map(_slice, WIDTHS.values()), NEW_HEADER)}
    for row in rows:
        if row["split"] in SPLITS and not row["spec"].get("derived"):
            found[_slice(_width(row))].append(row)
            if _header(row) not in known:
                found[NEW_HEADER].append(row)
    every = {
        table: specs for path in lists for table, specs in json.loads(path.read_text()).items()
    }
    (folder / "slices.json").write_text(json.dumps(every))
    return {name: _write_slice(name, part, folder) for name, part in found.items() if part}


def _write_slice(name: str, rows: Rows, folder: Path) -> Path:
    path = folder / f"slice {name}.jsonl"
    path.write_text("".join(json.dumps({**row, "split": name}) + "\n" for row in rows))
    return path


def _header(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(column["name"].strip().lower() for column in row["columns"])


def _width(row: Mapping[str, Any]) -> str:
    return next(name for most, name in WIDTHS.items() if len(row["columns"]) <= most)


def _slice(width: str) -> str:
    return f"{width} columns"


def planted_share(n_columns: int, n_tables: int, first: int) -> Figures:
    """Return how much of what was planted in made-up tables the first charts of the lists show.

    A relation is found where one chart shows all its columns.
    """
    found = total = lists = 0
    for made in planted_tables(n_columns, n_tables):
        profile = profile_table(apply_casts(made.table, infer_casts(made.table)))
        shown = [set(r.design.fields) for r in recommend(profile, first)]
        hits = sum(any(planted <= fields for fields in shown) for planted in made.planted)
        found, total, lists = found + hits, total + len(made.planted), lists + (hits > 0)
    return {
        "tables": n_tables,
        "relations": total,
        f"relations found @{first}": round(found / total, 3),
        f"tables with one found @{first}": round(lists / n_tables, 3),
    }


def _ranked_pairs(weights: Path) -> Figures:
    """Return the share of pairs ranked as people did, each by weights that had not seen it."""
    path = weights / FILE_NAME
    if not path.is_file():
        print(f"no {FILE_NAME} in {weights}: pairs are not ranked", file=sys.stderr)
        return {}
    stored = json.loads(path.read_text())
    return {"pairs": {name: stored[name] for name in ("leave_condition_out", "pairs")}}


def table_of(figures: Figures) -> str:
    """Return the main figures as a table for people."""
    lines = _score_lines({**figures["people"], **figures["slices"]})
    for part in ("quality", "planted", "pairs"):
        for name, value in figures.get(part, {}).items():
            for inner, number in (value if isinstance(value, dict) else {"": value}).items():
                lines.append(f"{f'{part} {name} {inner}'.strip():<62}{number:>8}")
    return "\n".join(lines)


def _score_lines(scores: Mapping[str, Figures]) -> list[str]:
    ks = sorted({k for score in scores.values() for k in score["chart"]}, key=int)
    lines = [f"{'chart':<22}{'tables':>8}" + "".join(f"{f'hit@{k}':>8}" for k in ks) + "  recall"]
    for name, score in scores.items():
        hits = "".join(f"{score['chart'][k]['hit']:>8.3f}" for k in ks)
        recall = score["chart"][ks[-1]]["recall"]
        lines.append(f"{name:<22}{score['tables']:>8}{hits}{recall:>8.3f}")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="beside the newest weights where not given")
    parser.add_argument("--lists", type=Path, default=Path(".training/lists"))
    parser.add_argument("--planted", type=int, default=60, help="made-up tables of each width")
    options = parser.parse_args(arguments)
    figures = measure(options.corpus, options.bench, options.lists, options.planted)
    out = options.out or newest_weights() / "metrics.json"
    out.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"\n{table_of(figures)}\n\nwrote {out}")


if __name__ == "__main__":
    main()
