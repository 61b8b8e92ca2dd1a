"""Owns the labels of training examples: the teacher's and people's charts of tables."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from msgspec.structs import replace

from vizmodel.design import Design
from vizmodel.network.features import make_features
from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.tokens import MAX_TOKENS, PAD, encode
from vizmodel.training.augment import harden, some_columns, some_rows
from vizmodel.training.corpus import (
    PROGRAM_SOURCES,
    CorpusChart,
    CorpusError,
    is_held_out,
    merge_groups,
    read_charts,
    read_table,
    to_design,
)
from vizmodel.training.shards import Example
from vizmodel.training.synthetic import make_table, with_range
from vizmodel.training.teacher import teach

#: Charts per table in one example.
N_CHARTS = 12
#: Seen rows of a raw table; more only cost time.
MAX_ROWS = 2_000


def make_example(
    profile: Profile, charts: Sequence[Sequence[int]], kind: str, weight: float, held_out: bool
) -> Example:
    """Join features and padded tokens."""
    features = make_features(profile)
    tokens = np.full((len(charts), MAX_TOKENS), PAD, dtype=np.int16)
    for row, chart in enumerate(charts):
        tokens[row, : len(chart)] = chart
    return Example(features.columns, features.pairs, features.table, tokens, kind, weight, held_out)


def teacher_example(table: pa.Table, seed: int) -> Example | None:
    """Let the teacher label some rows and columns of a typed table."""
    rng = np.random.default_rng(seed)
    if table.num_rows < 2 or table.num_columns < 1:
        return None
    part = some_columns(some_rows(table.slice(0, MAX_ROWS), rng), rng)
    profile = profile_table(part)
    designs = teach(profile, rng, n_charts=N_CHARTS)
    if not designs:
        return None
    return make_example(profile, [encode(d, profile) for d in designs], "teacher", 1.0, False)


def person_example(
    table: pa.Table,
    charts: Sequence[CorpusChart],
    distractors: Sequence[pa.Table],
    seed: int,
    held_out: bool,
    weight: float,
) -> Example | None:
    """Write people's charts of one table on a harder form of it; seed 0 keeps the table."""
    rng = np.random.default_rng(seed)
    plain = profile_table(table.slice(0, 5_000))
    designs = [d for c in charts if (d := to_design(c.spec, plain)) is not None and d.fields]
    if not designs:
        return None
    kind = "program" if charts[0].source in PROGRAM_SOURCES else "person"
    if seed == 0 or held_out:
        chosen, hard = designs, table
        renames = {name: name for name in table.column_names}
    else:
        chosen = [designs[int(rng.integers(len(designs)))]]
        hard, renames = harden(table, chosen[0].fields, distractors, rng)
    profile = profile_table(hard.slice(0, 5_000))
    if len(profile.columns) > 64:
        return None
    written = [encode(renamed(chart, renames), profile) for chart in chosen]
    return make_example(profile, written[:64], kind, weight, held_out)


def renamed(design: Design, renames: Mapping[str, str]) -> Design:
    """Return a chart of columns that are called otherwise, where they are."""
    fields = (e.field and renames.get(e.field, e.field) for e in design.encodings)
    pairs = zip(design.encodings, fields, strict=True)
    return replace(design, encodings=tuple(replace(e, field=field) for e, field in pairs))


@lru_cache(maxsize=1)
def corpus_of(folder: str) -> tuple[dict[str, list[CorpusChart]], dict[str, str], list[str]]:
    """Return people's charts by table, the group of each table, and the raw tables."""
    charts = read_charts(Path(folder) / "charts.jsonl")
    by_table: dict[str, list[CorpusChart]] = {}
    for chart in charts:
        by_table.setdefault(chart.table, []).append(chart)
    headers = {name: _header(Path(folder) / name) for name in by_table}
    raw = [row["table"] for row in json.loads((Path(folder) / "raw" / "index.json").read_text())]
    return by_table, merge_groups(charts, headers), raw


def corpus_tables(corpus: Path) -> tuple[dict[str, list[CorpusChart]], dict[str, str]]:
    """Return people's and programs' charts by table, and the group of each table."""
    by_table, groups, _ = corpus_of(str(corpus))
    return by_table, groups


def _header(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return lines.readline().strip().lower()


@lru_cache(maxsize=600)
def _table(folder: str, name: str) -> pa.Table | None:
    try:
        return read_table(Path(folder) / name)
    except CorpusError as error:
        # The others go on without it.
        print(f"left out {name}: {error}", flush=True)
        return None


def _distractors(folder: str, rng: np.random.Generator) -> list[pa.Table]:
    raw = corpus_of(folder)[2]
    tables = [_table(folder, raw[int(i)]) for i in rng.integers(0, len(raw), 4)]
    return [table for table in tables if table is not None and table.num_columns]


def label_raw(folder: str, name: str, seeds: Sequence[int]) -> list[Example]:
    """Teacher's examples of one raw table."""
    table = _table(folder, name)
    if table is None:
        return []
    return [e for seed in seeds if (e := teacher_example(table, seed)) is not None]


def label_synthetic(folder: str, name: str, seeds: Sequence[int]) -> list[Example]:
    """Teacher's examples of synthetic tables."""
    tables = (_synthetic(seed) for seed in seeds)
    typed = (apply_casts(table, infer_casts(table)) for table in tables)
    return [e for seed, t in zip(seeds, typed, strict=True) if (e := teacher_example(t, seed))]


def _synthetic(seed: int) -> pa.Table:
    """Return a made-up table; every fifth has the two ends of a range."""
    table = make_table(seed).table
    return table if seed % 5 else with_range(table, np.random.default_rng(seed))


def label_people(folder: str, name: str, seeds: Sequence[int]) -> list[Example]:
    """People's examples of one corpus table; a held-out table gives its plain form only."""
    by_table, groups, _ = corpus_of(folder)
    table = _table(folder, name)
    if table is None or not table.num_rows:
        return []
    charts = by_table[name]
    held_out = is_held_out(groups[name]) and charts[0].source not in PROGRAM_SOURCES
    family = sum(len(cs) for t, cs in by_table.items() if groups[t] == groups[name])
    weight = len(charts) / max(family, 1) ** 0.5
    found = []
    for seed in [0] if held_out else seeds:
        distractors = _distractors(folder, np.random.default_rng(seed + 17))
        example = person_example(table, charts, distractors, seed, held_out, weight)
        if example is not None:
            found.append(dataclasses.replace(example, family=groups[name]))
    return found
