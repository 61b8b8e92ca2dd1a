"""The corpus is read split by split; people's charts become designs, and hardening keeps them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.tiny_corpus import (
    BARS,
    DERIVED,
    DEV_SPLITS,
    FOLDED,
    GEO,
    HELD_OUT,
    TORN,
    write_corpus,
)
from tests.vizmodel.written_charts import design_of
from vizmodel.profile import Profile, profile_table
from vizmodel.training.augment import MAX_COLUMNS, harden, some_columns, some_rows
from vizmodel.training.corpus import (
    CorpusChart,
    CorpusError,
    is_held_out,
    merge_groups,
    read_charts,
    read_table,
    to_design,
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the tiny corpus."""
    return write_corpus(tmp_path_factory.mktemp("corpus"))


class TestCharts:
    def test_only_the_asked_split_is_read(self, corpus: Path) -> None:
        rows = [json.loads(line) for line in (corpus / "charts.jsonl").read_text().splitlines()]
        tables = {
            split: {chart.table for chart in read_charts(corpus / "charts.jsonl", split)}
            for split in ("train", *DEV_SPLITS)
        }
        for split, found in tables.items():
            assert found == {row["table"] for row in rows if row["split"] == split}
        assert not tables["train"] & set().union(*(tables[split] for split in DEV_SPLITS))

    def test_training_is_the_split_read_by_default(self, corpus: Path) -> None:
        charts = read_charts(corpus / "charts.jsonl")
        assert charts == read_charts(corpus / "charts.jsonl", "train")

    def test_charts_of_made_columns_are_left_out(self, corpus: Path) -> None:
        written = [json.loads(line) for line in (corpus / "charts.jsonl").read_text().splitlines()]
        specs = [row["spec"] for row in written if row["split"] == "train"]
        assert FOLDED in specs
        assert DERIVED in specs
        read = [chart.spec for chart in read_charts(corpus / "charts.jsonl")]
        assert [spec for spec in specs if spec not in (FOLDED, DERIVED)] == read

    def test_who_made_a_chart_and_where_it_stands_is_kept(self, corpus: Path) -> None:
        first = read_charts(corpus / "charts.jsonl")[0]
        assert (first.id, first.table, first.source, first.family, first.human) == (
            "eco-00000", "tables/eco/orders.csv", "eco", 1, True,
        )  # fmt: skip
        assert first.spec == BARS
        human = {c.source: c.human for c in read_charts(corpus / "charts.jsonl")}
        assert human == {"eco": True, "altair_docs": True, "data2vis": False}

    def test_a_missing_corpus_and_an_unknown_split_say_so(self, corpus: Path) -> None:
        with pytest.raises(CorpusError, match=r"no corpus at .*; give its folder with --corpus"):
            read_charts(corpus / "nowhere.jsonl")
        with pytest.raises(CorpusError, match="no charts of split 'dev_moon'"):
            read_charts(corpus / "charts.jsonl", "dev_moon")


class TestGroups:
    @staticmethod
    def _chart(table: str, family: int) -> CorpusChart:
        return CorpusChart(table, table, "eco", family, str(family), True, {})

    def test_one_family_or_one_header_is_one_group(self) -> None:
        charts = [self._chart(t, f) for t, f in (("a", 1), ("b", 1), ("c", 2), ("d", 3), ("e", 4))]
        headers = {"a": "x,y", "b": "p,q", "c": "p,q", "d": "u,v", "e": "s,t"}
        groups = merge_groups(charts, headers)
        # a and b share a family, b and c a header.
        assert groups["a"] == groups["b"] == groups["c"]
        assert len(set(groups.values())) == 3

    def test_about_a_tenth_is_held_out_and_every_run_agrees(self) -> None:
        names = [f"family {i}" for i in range(4000)]
        held = [is_held_out(name) for name in names]
        assert held == [is_held_out(name) for name in names]
        assert 0.08 < np.mean(held) < 0.12
        assert not any(is_held_out(name, share=0.0) for name in names)

    def test_the_tiny_corpus_holds_one_family_out(self, corpus: Path) -> None:
        charts = read_charts(corpus / "charts.jsonl")
        headers = {
            c.table: ((corpus / c.table).read_text().splitlines() or [""])[0] for c in charts
        }
        groups = merge_groups(charts, headers)
        assert {table for table, group in groups.items() if is_held_out(group)} == {HELD_OUT}


class TestTables:
    def test_columns_are_typed_and_gaps_are_gaps(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text('n,when,text,n\n1.5,2021-01-02,"a, b",7\nNA,2021-01-03,null,8\n')
        table = read_table(path)
        assert table.column_names == ["n", "when", "text"], "a name that comes twice is read once"
        assert table.column("n").to_pylist() == [1.5, None]
        assert pa.types.is_timestamp(table.schema.field("when").type)
        assert table.column("text").to_pylist() == ["a, b", None]

    def test_records_of_texts_are_typed(self, corpus: Path) -> None:
        profile = profile_table(read_table(corpus / "data2vis_test" / "000_made.json"))
        assert [column.kind for column in profile.columns] == [
            "time", "text", "text", "number", "number",
        ]  # fmt: skip

    @pytest.mark.parametrize("content", ["", "[1, 2", "\x00\x01"])
    def test_a_broken_table_is_named(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "broken.json"
        path.write_text(content)
        with pytest.raises(CorpusError, match=r"cannot read .*broken\.json as a table"):
            read_table(path)

    def test_an_empty_or_missing_file_is_named(self, corpus: Path) -> None:
        for name in (TORN, "tables/eco/nowhere.csv"):
            with pytest.raises(CorpusError, match=f"cannot read .*{Path(name).name} as a table"):
                read_table(corpus / name)


N_ROWS = 60
_RNG = np.random.default_rng(2)
TABLE = pa.table(
    {
        "city": _RNG.choice(["Rome", "Oslo", "Lima"], N_ROWS),
        "kind": _RNG.choice(["a", "b"], N_ROWS),
        "price": _RNG.uniform(1, 9, N_ROWS),
        "mass": _RNG.uniform(1, 9, N_ROWS),
        "a.b": _RNG.uniform(1, 9, N_ROWS),
        "floors": _RNG.integers(1, 6, N_ROWS),
        "built": _RNG.integers(2001, 2011, N_ROWS),
        "founded": _RNG.integers(1901, 2011, N_ROWS),
        "yes": _RNG.integers(0, 2, N_ROWS),
        "sold": pa.array([1_600_000_000_000_000 + 90_000_000_000 * i for i in range(N_ROWS)]).cast(
            pa.timestamp("us")
        ),
    }
)
PROFILE = profile_table(TABLE)

Q, N, T, RANKED = ({"type": t} for t in ("quantitative", "nominal", "temporal", "ordinal"))
CITY, KIND = {"field": "city", **N}, {"field": "kind", **N}
PRICE, MASS, SOLD = {"field": "price", **Q}, {"field": "mass", **Q}, {"field": "sold", **T}
RECORDS = {"aggregate": "count", **Q}


def mean(channel: dict[str, Any], how: str = "mean") -> dict[str, Any]:
    """Return the channel with an aggregate."""
    return {**channel, "aggregate": how}


def timed(unit: str, field: str = "sold") -> dict[str, Any]:
    """Return a channel with a time unit."""
    return {"field": field, "timeUnit": unit, **T}


#: What it shows -> mark, encoding, and the design as text (None: no word for it).
SPECS: dict[str, tuple[Any, dict[str, Any], str | None]] = {
    "plain": ("point", {"x": MASS, "y": PRICE}, "point x=mass:value y=price:value"),
    "circle": ("circle", {"x": MASS, "y": PRICE}, "point x=mass:value y=price:value"),
    "square": ("square", {"x": MASS, "y": PRICE}, "point x=mass:value y=price:value"),
    "trail": ("trail", {"x": SOLD, "y": PRICE}, "line x=sold:value y=price:value"),
    "mark with properties": (
        {"type": "tick", "color": "red"}, {"x": PRICE}, "tick x=price:value",
    ),
    "unknown mark": ("geoshape", {"color": PRICE}, None),
    "average": (
        "bar", {"x": CITY, "y": mean(PRICE, "average")}, "bar x=city:category y=price:mean",
    ),
    "valid": ("bar", {"x": CITY, "y": mean(PRICE, "valid")}, "bar x=city:category y=*:count"),
    "count of a column": (
        "bar", {"x": CITY, "y": mean(PRICE, "count")}, "bar x=city:category y=*:count",
    ),
    "unknown aggregate": ("bar", {"x": CITY, "y": mean(PRICE, "variance")}, None),
    "on its side": ("bar", {"y": CITY, "x": RECORDS}, "bar x=city:category y=*:count"),
    "y alone": ("boxplot", {"y": PRICE}, "boxplot x=price:value"),
    "two groups keep their places": (
        "rect", {"x": KIND, "y": CITY, "color": RECORDS},
        "rect x=kind:category y=city:category color=*:count",
    ),
    "period before group": (
        "rect", {"x": CITY, "y": timed("month"), "color": RECORDS},
        "rect x=city:category y=sold:month color=*:count",
    ),
    "facet": (
        "point", {"x": MASS, "y": PRICE, "facet": CITY},
        "point x=mass:value y=price:value column=city:category",
    ),
    "fill": (
        "bar", {"x": CITY, "y": RECORDS, "fill": KIND},
        "bar x=city:category y=*:count color=kind:category",
    ),
    "dashes": (
        "line", {"x": SOLD, "y": PRICE, "strokeDash": KIND},
        "line x=sold:value y=price:value color=kind:category",
    ),
    "a place": (
        "point", {"longitude": MASS, "latitude": PRICE}, "point x=mass:value y=price:value",
    ),
    "colour that repeats the axis": (
        "bar", {"x": CITY, "y": mean(PRICE), "color": CITY}, "bar x=city:category y=price:mean",
    ),
    "pie": (
        "arc", {"theta": RECORDS, "color": CITY}, "arc theta=*:count color=city:category",
    ),
    "histogram": ("bar", {"x": {**PRICE, "bin": True}, "y": RECORDS}, "bar x=price:bin y=*:count"),
    "bin with settings": (
        "bar", {"x": {**PRICE, "bin": {"maxbins": 9}}, "y": RECORDS}, "bar x=price:bin y=*:count",
    ),
    "bins of text": ("bar", {"x": {**CITY, "bin": True}, "y": RECORDS},
                     "bar x=city:category y=*:count"),
    "unit": ("line", {"x": timed("month"), "y": mean(PRICE)}, "line x=sold:month y=price:mean"),
    "unit in UTC": (
        "line", {"x": timed("utcyearmonth"), "y": mean(PRICE)},
        "line x=sold:yearmonth y=price:mean",
    ),
    "unit that we lack": (
        "line", {"x": timed("yearweek"), "y": mean(PRICE)},
        "line x=sold:yearmonthdate y=price:mean",
    ),
    "unit beside plain rows": (
        "line", {"x": timed("month"), "y": PRICE}, "line x=sold:value y=price:value",
    ),
    "unit of text": (
        "bar", {"x": timed("year", "city"), "y": RECORDS}, "bar x=city:category y=*:count",
    ),
    "text said to be a number": (
        "bar", {"x": {"field": "city", **Q}, "y": mean(PRICE)}, "bar x=city:category y=price:mean",
    ),
    "number as group": (
        "bar", {"x": {"field": "floors", **RANKED}, "y": mean(PRICE)},
        "bar x=floors:category y=price:mean",
    ),
    "number under bars": (
        "bar", {"x": {"field": "floors", **Q}, "y": mean(PRICE)},
        "bar x=floors:category y=price:mean",
    ),
    "few years under bars": (
        "bar", {"x": {"field": "built", **T}, "y": mean(PRICE)},
        "bar x=built:category y=price:mean",
    ),
    "many years under bars": (
        "bar", {"x": {"field": "founded", **N}, "y": mean(PRICE)},
        "bar x=founded:value y=price:mean",
    ),
    "codes": (
        "point", {"x": MASS, "y": PRICE, "color": {"field": "yes", **Q}},
        "point x=mass:value y=price:value color=yes:category",
    ),
    "escaped name": (
        "point", {"x": {"field": "a\\.b", **Q}, "y": PRICE}, "point x=a.b:value y=price:value",
    ),
    "unknown column on an axis": ("point", {"x": {"field": "moon"}, "y": PRICE}, None),
    "unknown column as colour": (
        "point", {"x": MASS, "y": PRICE, "color": {"field": "moon"}},
        "point x=mass:value y=price:value",
    ),
    "fixed colour": (
        "point", {"x": MASS, "y": PRICE, "color": {"value": "red"}},
        "point x=mass:value y=price:value",
    ),
    "channels that we lack": (
        "point", {"x": MASS, "y": PRICE, "y2": MASS, "tooltip": [CITY], "order": CITY},
        "point x=mass:value y=price:value",
    ),
    "field from a parameter": ("point", {"x": {"field": {"repeat": "column"}}, "y": PRICE}, None),
    "no column at all": ("bar", {"y": RECORDS}, None),
    "nothing": ("point", {}, None),
    "more than the tokens hold": (
        "point",
        {"x": MASS, "y": PRICE, "color": CITY, "size": {"field": "floors", **Q},
         "shape": KIND, "row": {"field": "built", **RANKED}},
        None,
    ),
    "folded": (FOLDED["mark"], FOLDED["encoding"], None),
    "derived": (DERIVED["mark"], DERIVED["encoding"], None),
    "map": (GEO["mark"], GEO["encoding"], None),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SPECS))
def test_people_s_charts_in_our_vocabulary(name: str) -> None:
    mark, encoding, expected = SPECS[name]
    design = to_design({"mark": mark, "encoding": encoding}, PROFILE)
    assert design == (None if expected is None else design_of(expected, PROFILE))


class TestHardening:
    USED = ("city", "price")

    @staticmethod
    def _foreign() -> list[pa.Table]:
        return [
            pa.table({f"foreign {i} {j}": np.arange(30) * j for j in range(1, 5)}) for i in range(4)
        ]

    def test_the_chart_s_columns_stay_whatever_happens_around_them(self) -> None:
        kinds: set[str] = set()
        for seed in range(80):
            rng = np.random.default_rng(seed)
            hard, renames = harden(TABLE, self.USED, self._foreign(), rng)
            assert set(renames) == set(self.USED)
            assert len(set(hard.column_names)) == hard.num_columns <= MAX_COLUMNS
            for name, new in renames.items():
                assert hard.column(new).equals(TABLE.column(name))
            kinds |= self._what_changed(hard, renames)
        assert kinds == {"renamed", "kept names", "fewer", "foreign", "shuffled"}

    @staticmethod
    def _what_changed(hard: pa.Table, renames: dict[str, str]) -> set[str]:
        renamed = any(old != new for old, new in renames.items())
        ours = [name for name in hard.column_names if name in TABLE.column_names]
        found = {"renamed" if renamed else "kept names"}
        if not renamed and len(ours) < TABLE.num_columns:
            found.add("fewer")
        if any(name.startswith("foreign") for name in hard.column_names):
            found.add("foreign")
        if ours != sorted(ours, key=TABLE.column_names.index):
            found.add("shuffled")
        return found

    def test_a_wide_table_is_cut_around_the_chart(self) -> None:
        wide = pa.table({f"c{i}": np.arange(30.0) + i for i in range(60)})
        for seed in range(10):
            rng = np.random.default_rng(seed)
            hard, renames = harden(wide, ("c3", "c59"), [], rng)
            assert hard.num_columns <= MAX_COLUMNS
            assert hard.column(renames["c59"]).equals(wide.column("c59"))

    def test_it_follows_the_seed(self) -> None:
        first, again, other = (
            harden(TABLE, self.USED, self._foreign(), np.random.default_rng(seed))
            for seed in (3, 3, 4)
        )
        assert first[0].equals(again[0])
        assert first[1] == again[1]
        assert not first[0].equals(other[0])

    def test_some_rows_and_columns_keep_their_order(self) -> None:
        table = pa.table({f"c{i}": np.arange(100) for i in range(9)})
        sizes = set()
        for seed in range(20):
            rng = np.random.default_rng(seed)
            part = some_columns(some_rows(table, rng), rng)
            rows = part.column(0).to_pylist()
            assert rows == sorted(set(rows))
            assert part.column_names == sorted(part.column_names)
            assert 2 <= part.num_columns <= 9
            assert 30 <= part.num_rows <= 100
            sizes.add((part.num_rows == 100, part.num_columns == 9))
        assert len(sizes) == 4

    def test_a_small_table_keeps_its_rows(self) -> None:
        table = TABLE.slice(0, 59)
        assert some_rows(table, np.random.default_rng(0)).equals(table)


def test_profiles_are_those_of_the_file(corpus: Path) -> None:
    profile: Profile = profile_table(read_table(corpus / "tables/eco/wages.csv"))
    assert [column.name for column in profile.columns] == ["year", "wages"]
    assert profile.n_rows == 20
