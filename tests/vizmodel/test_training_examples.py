"""Examples come from the training split alone, keep people's charts, and survive the disk."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.tiny_corpus import DEV_SPLITS, HELD_OUT, RAW_TORN, ROWS, TORN, write_corpus
from vizmodel.network.features import COLUMN_FEATURES, PAIR_FEATURES, TABLE_FEATURES
from vizmodel.profile import profile_table
from vizmodel.tokens import END, MAX_TOKENS, N_STATIC, PAD, START, decode, encode
from vizmodel.training.augment import MAX_COLUMNS
from vizmodel.training.corpus import CorpusChart, read_charts, read_table, to_design
from vizmodel.training.examples import (
    N_CHARTS,
    label_people,
    label_raw,
    label_synthetic,
    person_example,
    teacher_example,
)
from vizmodel.training.jobs import jobs
from vizmodel.training.shards import Example, read_examples

#: Makes examples as training does, in a process of its own: it starts a pool of others.
WRITE = """
import sys
from pathlib import Path
from vizmodel.training.jobs import write_examples
for corpus, out in zip(sys.argv[1::2], sys.argv[2::2]):
    print("written", write_examples(Path(corpus), Path(out), scale=0.0, processes=1))
"""


@dataclass(frozen=True)
class Made:
    """A corpus, the shards made of it, and what was printed meanwhile."""

    corpus: Path
    shards: Path
    printed: str


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the tiny corpus."""
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def made(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make the examples of the tiny corpus, and of one in which no table can be read."""
    torn = write_corpus(tmp_path_factory.mktemp("torn"))
    for path in (*torn.glob("tables/*/*.csv"), *torn.glob("raw/*/*.csv")):
        path.write_text("")
    shards, none = (tmp_path_factory.mktemp(name) for name in ("shards", "none"))
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(corpus), str(shards), str(torn), str(none)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return Made(corpus, shards, done.stdout)


def _same(read: Example, made: Example) -> None:
    for name in ("columns", "pairs"):
        # Half the precision on disk.
        expected = getattr(made, name).astype(np.float16)
        np.testing.assert_array_equal(getattr(read, name), expected)
    np.testing.assert_array_equal(read.table, made.table)
    np.testing.assert_array_equal(read.tokens, made.tokens)
    assert (read.kind, read.held_out) == (made.kind, made.held_out)
    assert read.weight == pytest.approx(made.weight)


class TestShards:
    def test_they_give_back_what_was_made_and_each_run_makes_the_same(self, made: Made) -> None:
        work = jobs(str(made.corpus), 1, 0, 1)
        work = [work[i] for i in np.random.default_rng(0).permutation(len(work))]
        expected = [e for label, name, seeds in work for e in label(str(made.corpus), name, seeds)]
        read = list(read_examples(made.shards))
        assert f"written {len(expected)}" in made.printed
        assert len(read) == len(expected) > 60
        for ours, theirs in zip(read, expected, strict=True):
            _same(ours, theirs)

    def test_each_example_is_whole(self, made: Made) -> None:
        for example in read_examples(made.shards):
            size = len(example.columns)
            assert example.columns.shape == (size, len(COLUMN_FEATURES))
            assert example.pairs.shape == (size, size, len(PAIR_FEATURES))
            assert example.table.shape == (len(TABLE_FEATURES),)
            assert np.isfinite(example.columns).all()
            assert np.isfinite(example.pairs).all()
            assert example.weight > 0
            for tokens in example.tokens:
                end = list(tokens).index(END)
                assert tokens[0] == START
                assert (tokens[end + 1 :] == PAD).all()
                assert tokens.max() < N_STATIC + size

    def test_all_kinds_of_examples_are_there(self, made: Made) -> None:
        kinds = {example.kind for example in read_examples(made.shards)}
        assert kinds == {"teacher", "person", "program"}

    def test_a_held_out_family_only_watches(self, made: Made) -> None:
        held = [example for example in read_examples(made.shards) if example.held_out]
        assert [example.kind for example in held] == ["person"]
        plain = profile_table(read_table(made.corpus / HELD_OUT))
        assert len(held[0].columns) == len(plain.columns)
        design = decode(held[0].tokens[0].tolist(), plain)
        assert design.fields == ("year", "farms")

    def test_a_broken_table_is_left_out_and_named(self, made: Made) -> None:
        first, _, second = made.printed.partition("written")
        for name in (TORN, RAW_TORN):
            assert f"left out {name}: cannot read" in first
        assert "tables/eco/wages.csv" not in first
        # Nothing to read is no crash: no shard, and every table is named.
        assert "written 0" in second
        assert f"left out {HELD_OUT}: cannot read" in second


class TestSplits:
    def test_no_dev_table_reaches_the_work(self, corpus: Path, tmp_path: Path) -> None:
        work = jobs(str(corpus), 2, 40, 2)
        names = {name for _, name, _ in work}
        dev = {table for split, _, table, _, _ in ROWS if split in DEV_SPLITS}
        assert len(dev) == 4
        assert not names & dev
        assert {table for split, _, table, _, _ in ROWS if split == "train"} <= names
        # The very same work without any dev row in the corpus.
        assert jobs(str(write_corpus(tmp_path / "train", ("train",))), 2, 40, 2) == work

    def test_a_held_out_table_is_not_taught(self, corpus: Path) -> None:
        taught = {name for label, name, _ in jobs(str(corpus), 1, 0, 1) if label is label_raw}
        assert "tables/eco/wages.csv" in taught
        assert HELD_OUT not in taught

    def test_each_kind_of_work_is_listed(self, corpus: Path) -> None:
        work = jobs(str(corpus), 3, 40, 2)
        assert {label for label, _, _ in work} == {label_people, label_raw, label_synthetic}
        synthetic = [s for label, _, seeds in work if label is label_synthetic for s in seeds]
        assert sorted(synthetic) == list(range(40))
        people = {name: seeds for label, name, seeds in work if label is label_people}
        assert len(people["tables/eco/orders.csv"]) == 6, "two variants of each of three charts"


class TestPeople:
    @staticmethod
    def _shape(tokens: Sequence[int]) -> list[int]:
        """Return a chart's tokens with the columns left open."""
        return [min(int(token), N_STATIC) for token in tokens if token != PAD]

    @staticmethod
    def _orders(corpus: Path) -> tuple[pa.Table, list[CorpusChart]]:
        name = "tables/eco/orders.csv"
        charts = [c for c in read_charts(corpus / "charts.jsonl") if c.table == name]
        return read_table(corpus / name), charts

    def test_the_first_variant_is_the_table_as_it_is(self, corpus: Path) -> None:
        table, charts = self._orders(corpus)
        profile = profile_table(table)
        example = person_example(table, charts, [], 0, False, 2.0)
        assert example is not None
        found = [decode(tokens.tolist(), profile) for tokens in example.tokens]
        assert found == [to_design(chart.spec, profile) for chart in charts]
        assert (example.kind, example.weight, example.held_out) == ("person", 2.0, False)

    def test_a_harder_table_keeps_one_of_the_charts(self, corpus: Path) -> None:
        table, charts = self._orders(corpus)
        profile = profile_table(table)
        designs = [d for c in charts if (d := to_design(c.spec, profile)) is not None]
        known = [self._shape(encode(design, profile)) for design in designs]
        others = [read_table(corpus / "raw/shop/rooms.csv")]
        found, widths = [], set()
        for seed in range(1, 25):
            example = person_example(table, charts, others, seed, False, 1.0)
            assert example is not None
            assert example.tokens.shape == (1, MAX_TOKENS)
            found.append(known.index(self._shape(example.tokens[0])))
            widths.add(len(example.columns))
        assert set(found) == {0, 1, 2}
        assert len(widths) > 3

    def test_a_held_out_table_stays_plain_for_every_seed(self, corpus: Path) -> None:
        table, charts = self._orders(corpus)
        first, second = (person_example(table, charts, [], seed, True, 1.0) for seed in (0, 9))
        assert first is not None
        assert second is not None
        np.testing.assert_array_equal(first.columns, second.columns)
        np.testing.assert_array_equal(first.tokens, second.tokens)

    def test_charts_that_we_have_no_words_for_give_nothing(self, corpus: Path) -> None:
        table, charts = self._orders(corpus)
        odd = CorpusChart("a", "a", "eco", 1, "1", True, {"mark": "geoshape", "encoding": {}})
        assert person_example(table, [odd], [], 0, False, 1.0) is None
        both = person_example(table, [odd, *charts], [], 0, False, 1.0)
        assert both is not None
        assert len(both.tokens) == len(charts)


class TestTeacher:
    def test_it_labels_some_rows_and_columns(self, corpus: Path) -> None:
        widths = set()
        for seed in range(6):
            (example,) = label_raw(str(corpus), "raw/shop/rooms.csv", [seed])
            assert example.kind == "teacher"
            assert example.tokens.shape == (N_CHARTS, MAX_TOKENS)
            widths.add(len(example.columns))
        assert len(widths) > 2

    def test_it_follows_the_seed(self, corpus: Path) -> None:
        first, again, other = (
            label_raw(str(corpus), "raw/shop/stock.csv", [seed])[0] for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first.tokens, again.tokens)
        assert first.tokens.tolist() != other.tokens.tolist()

    def test_a_wide_table_is_cut(self) -> None:
        rng = np.random.default_rng(0)
        table = pa.table({f"c{i}": rng.normal(size=50) for i in range(70)})
        example = teacher_example(table, 0)
        assert example is not None
        assert len(example.columns) <= MAX_COLUMNS

    def test_a_table_with_nothing_to_show_gives_nothing(self) -> None:
        assert teacher_example(pa.table({"a": [1.0] * 9, "b": ["same"] * 9}), 0) is None
        assert teacher_example(pa.table({"a": [1.0]}), 0) is None

    def test_made_up_tables_are_labelled_too(self) -> None:
        examples = label_synthetic("", "synthetic", [3, 4])
        assert len(examples) == 2
        assert {example.kind for example in examples} == {"teacher"}
