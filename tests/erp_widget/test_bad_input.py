"""Whatever is passed in: a gallery of what can be shown with a note, or one error with its fix."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_charts import names_in, schema_problems

import erp_widget as erp
from erp_widget.errors import (
    InputError,
    SourceError,
    UnknownArgumentError,
    UnknownColumnError,
)

N = 60
DAYS = pd.date_range("2023-01-01", periods=N, freq="D")


def good() -> dict[str, Any]:
    """Return two columns that charts can show."""
    return {
        "city": ["Rome", "Oslo", "Lima"] * (N // 3),
        "price": [n * 7 % 23 + 0.5 for n in range(N)],
    }


def frame(**columns: Any) -> pd.DataFrame:
    """Return the good columns and some more."""
    return pd.DataFrame({**good(), **columns})


class Untold:
    """An object of somebody's that cannot be written."""

    def __repr__(self) -> str:
        raise RuntimeError("it is gone")


def check(gallery: erp.Gallery, columns: tuple[str, ...] | list[str]) -> None:
    """Every chart is valid, told, and about real columns only; every note is one line."""
    for chart in gallery:
        assert schema_problems(chart.to_vegalite()) == []
        declared = chart.to_vegalite("none")
        assert schema_problems({**declared, "data": {"values": []}}) == []
        assert set(chart.fields) <= set(columns)
        made = {step["as"] for step in declared.get("transform", ()) if "as" in step}
        plain = {name.replace("\\", "") for name in names_in(declared["encoding"])}
        assert plain <= {name.replace("\\", "") for name in (*columns, *made)}
        for text in (chart.title, chart.description, chart.reason):
            assert text.strip()
            assert "\n" not in text
    for note in gallery.notes:
        assert note.strip()
        assert len(note.splitlines()) == 1
    assert not any("could not be drawn" in note for note in gallery.notes), gallery.notes
    assert not any("Not kept" in note for note in gallery.notes), gallery.notes


def told(gallery: erp.Gallery) -> str:
    """Return all notes as one text."""
    return " ".join(gallery.notes)


# --- what gives a gallery of what can be shown

SHOWN: dict[str, tuple[Callable[[], Any], str]] = {
    "all null": (lambda: frame(void=[None] * N), "void: it holds no values"),
    "all NaN": (lambda: frame(void=[np.nan] * N), "void: it holds no values"),
    "one value": (lambda: frame(same=["x"] * N), "same: one value only"),
    "nested lists": (lambda: frame(deep=[[1, [2]]] * N), "deep: it holds nested values"),
    "nested dicts": (lambda: frame(deep=[{"a": {"b": 1}}] * N), "deep: it holds nested values"),
    "bytes": (lambda: frame(raw=[b"\x00\xff"] * N), "raw: it holds bytes"),
    "numbers in text": (lambda: frame(n=[f"{i % 9}.5" for i in range(N)]), "numbers: n"),
    "dates in text": (lambda: frame(d=[f"{d:%Y-%m-%d}" for d in DAYS]), "dates: d"),
    "mixed types": (lambda: frame(mix=[1, "two", None, 3.5, b"x", True] * (N // 6)), ""),
    "infinities": (lambda: frame(far=[np.inf, -np.inf, 1.5, 2.5, 9.0] * (N // 5)), "infinite"),
    "huge numbers": (lambda: frame(far=[1e308, -1e308, 1e-308, 0.0] * (N // 4)), ""),
    "large integers": (lambda: frame(far=[2**63 - 1, -(2**63), 0] * (N // 3)), ""),
    "beyond integers": (lambda: frame(far=[2**70, 1, 3] * (N // 3)), ""),
    "decimals": (lambda: frame(cost=[Decimal(n) / 3 for n in range(N)]), ""),
    "complex": (lambda: frame(z=[complex(1, n) for n in range(N)]), "z: it holds complex numbers"),
    "complex, some missing": (lambda: frame(z=[None, 1j, 2.5] * (N // 3)), "z: it holds complex"),
    "time zone": (lambda: frame(when=DAYS.tz_localize("Asia/Kolkata")), ""),
    "mixed zones": (
        lambda: frame(
            when=[
                dt.datetime(2024, 1, 1 + n % 28, tzinfo=dt.timezone(dt.timedelta(hours=n % 5)))
                for n in range(N)
            ]
        ),
        "",
    ),
    "periods": (lambda: frame(when=DAYS.to_period("M")), ""),
    "durations": (lambda: frame(took=pd.to_timedelta(np.arange(N) * 13, "min")), ""),
    "intervals": (lambda: frame(part=pd.cut(np.arange(N), 4)), ""),
    "times of day": (lambda: frame(at=[dt.time(n % 24, 5) for n in range(N)]), ""),
    "dates of Python": (lambda: frame(day=[d.date() for d in DAYS]), ""),
    "far dates": (
        lambda: frame(day=[dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31)] * (N // 2)),
        "",
    ),
    "categories": (
        lambda: frame(level=pd.Categorical(["low", "high"] * (N // 2), ["low", "mid", "high"])),
        "",
    ),
    "nullable types": (
        lambda: frame(
            i=pd.array([1, None, 3] * (N // 3), "Int64"),
            b=pd.array([True, None, False] * (N // 3), "boolean"),
            s=pd.array(["a", None, "b"] * (N // 3), "string"),
        ),
        "",
    ),
    "sparse": (lambda: frame(rare=pd.arrays.SparseArray([0, 0, 0, 1] * (N // 4))), ""),
    "objects that raise": (
        lambda: frame(thing=[Untold()] * N),
        "thing: it holds objects that do not say what they are",
    ),
    "objects": (lambda: frame(thing=[object() for _ in range(N)]), "thing: it holds objects"),
    "long texts": (lambda: frame(tale=["word " * 2000 + str(n) for n in range(N)]), ""),
    "control characters": (lambda: frame(odd=["a\x00b", "\x1b[31m", "c\nd"] * (N // 3)), ""),
    "lone surrogates": (lambda: {**good(), "odd": ["\ud800", "b", "c"] * (N // 3)}, ""),
    "names repeat": (
        lambda: pd.DataFrame(zip(*good().values(), range(N), strict=True), columns=["a", "b", "a"]),
        "'a.1'",
    ),
    "names are numbers": (
        lambda: pd.DataFrame(zip(*good().values(), strict=True), columns=[0, 1.5]),
        "",
    ),
    "names are tuples": (
        lambda: pd.DataFrame(
            np.arange(N * 2).reshape(N, 2) % 17,
            columns=pd.MultiIndex.from_tuples([("x", "a"), ("x", "b")]),
        ),
        "",
    ),
    "names are nothing": (
        lambda: pd.DataFrame(zip(*good().values(), strict=True), columns=[None, ""]),
        "",
    ),
    "an index of dates": (lambda: pd.DataFrame(good(), index=DAYS), ""),
    "an index of levels": (
        lambda: pd.DataFrame(good()).set_index(["city", pd.Index(range(N), name="n")]),
        "",
    ),
    "300 columns": (
        lambda: pd.DataFrame(np.random.default_rng(5).normal(size=(N, 300))).add_prefix("c"),
        "",
    ),
    "one column": (lambda: {"price": good()["price"]}, ""),
    "one column of names": (lambda: {"city": good()["city"]}, ""),
    "a series": (lambda: pd.Series(good()["price"], name="price"), ""),
    "an array": (lambda: np.arange(N * 2).reshape(N, 2) % 13, ""),
    "polars": (lambda: pl.DataFrame(good()), ""),
    "polars, lazy": (lambda: pl.LazyFrame(good()), ""),
    "polars, nested": (lambda: pl.DataFrame({**good(), "deep": [{"a": 1}] * N}), "deep"),
    "polars, objects": (
        lambda: pl.DataFrame({**good(), "o": pl.Series([object()] * N, dtype=pl.Object)}),
        "o: it holds objects",
    ),
    "Arrow": (lambda: pa.table(good()), ""),
    "Arrow, names repeat": (
        lambda: pa.Table.from_arrays([pa.array(v) for v in good().values()] * 2, list("abab")),
        "'b.1'",
    ),
    "records": (lambda: pd.DataFrame(good()).to_dict("records"), ""),
    "records with gaps": (lambda: [{"a": n % 3} if n % 2 else {"b": n} for n in range(N)], ""),
}  # fmt: skip


@pytest.mark.parametrize("case", SHOWN)
def test_what_can_be_shown_is_shown(case: str) -> None:
    make, note = SHOWN[case]
    gallery = erp.recommend(make(), k=6)
    assert len(gallery) > 0
    from erp_widget.sources import open_table

    check(gallery, open_table(make()).columns)
    assert note in told(gallery)
    for chart in gallery:
        said = f"{chart.title} {chart.description} {chart.reason}".lower()
        assert not {"nan", "none", "nat", "inf"} & set(said.replace("(", " ").split()), said


@pytest.mark.parametrize(
    "data",
    [
        {"a": [1.5], "b": ["x"]},
        {"void": [None, None]},
        {"same": [3] * N},
        {"id": [f"{n:08x}" for n in range(N)]},
        {"raw": [b"x"] * N},
    ],
    ids=["1 row", "all null", "constant", "identifier", "bytes"],
)
def test_where_nothing_can_be_shown_a_note_says_so(data: dict[str, Any]) -> None:
    gallery = erp.recommend(data)
    check(gallery, list(data))
    assert len(gallery) == 0
    fits = "a single row" if len(next(iter(data.values()))) == 1 else "this table"
    assert f"No chart fits {fits}" in told(gallery)


NAMES = [
    "a.b", "a[0]", "it's", 'say "hi"', "back\\slash", "two\nlines", "<script>alert(1)</script>",
    "$x$", "{{y}}", "datum", "__proto__", "count", "price:Q", "größe 🎨", "\u202eabc", "x" * 500,
    "a\x00b",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_any_name_is_a_name(name: str) -> None:
    data = {name: good()["city"], f"{name} 2": good()["price"], f"{name} 3": range(N)}
    gallery = erp.recommend(data, k=5, columns=[name])
    assert len(gallery) > 0
    check(gallery, list(data))
    assert all(name in chart.fields for chart in gallery)
    chart = erp.recommend(data, k=1, encoding={"y": f"{name} 2"})[0]
    assert chart.design.encoding("y").field == f"{name} 2"  # type: ignore[union-attr]
    assert chart.to_svg()


# --- what gives one error that names the fix


def folder(tmp_path: Path) -> dict[str, Path]:
    """Write files that cannot be read."""
    contents = {
        "empty.csv": b"",
        "binary.csv": b"\x00\x01\x02PK" * 50,
        "broken.json": b'{"a": [1, 2',
        "scalar.json": b"3",
        "lists.json": b"[[1, 2], [3, 4]]",
        "ragged.json": b'{"a": [1, 2], "b": [3]}',
        "text.parquet": b"no parquet at all",
        "short.parquet": b"PAR1",
        "plain.csv.gz": b"city,price\nRome,1\n",
        "cut.csv.gz": gzip.compress(b"city,price\n" + b"Rome,1\n" * 999)[:40],
        "table.xyz": b"a,b\n1,2\n",
        "header.csv": b"city,price\n",
        "sales.csv": b"city,price\nRome,1\nOslo,2\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    return {path.name: path for path in tmp_path.iterdir()}


REFUSED: list[tuple[Any, dict[str, Any], type[Exception], str]] = [
    (pd.DataFrame(), {}, InputError, "at least one"),
    (pd.DataFrame({"a": []}), {}, InputError, "no rows"),
    (pd.DataFrame(index=range(5)), {}, InputError, "no columns"),
    (pl.DataFrame(), {}, InputError, "at least one"),
    (pa.table({}), {}, InputError, "no columns"),
    ({}, {}, InputError, "no columns"),
    ([], {}, InputError, "at least one"),
    (None, {}, InputError, "pass a pandas"),
    (42, {}, InputError, "pass a pandas"),
    ([1, 2, 3], {}, InputError, "records"),
    ({"a": [1, 2], "b": [1]}, {}, InputError, "differ in length"),
    ({"a": 1}, {}, InputError, "put single values into lists"),
    (b"a,b", {}, InputError, "pass a pandas"),
    (np.zeros((2, 2, 2)), {}, InputError, "two dimensions"),
    (good(), {"colums": ["price"]}, UnknownArgumentError, "did you mean 'columns'?"),
    (good(), {"marks": "bar"}, UnknownArgumentError, "'mark'"),
    (good(), {"columns": ["prise"]}, UnknownColumnError, "did you mean 'price'?"),
    (good(), {"columns": [3]}, UnknownColumnError, "'city', 'price'"),
    (good(), {"columns": 3}, InputError, "columns"),
    (good(), {"encoding": {"y": "prise"}}, UnknownColumnError, "did you mean 'price'?"),
    (good(), {"encoding": {"yy": "price"}}, InputError, "'y'"),
    (good(), {"encoding": ["price"]}, InputError, "maps channels to columns"),
    (good(), {"mark": "bra"}, InputError, "did you mean 'bar'?"),
    (good(), {"mark": 3}, InputError, "use one of"),
    (good(), {"k": 0}, InputError, "1 to 100"),
    (good(), {"k": 1.5}, InputError, "1 to 100"),
    (good(), {"k": True}, InputError, "1 to 100"),
    (good() | {"void": [None] * N}, {"columns": "void"}, InputError, "ask for another"),
    (frame(same=1, n=range(N), m=good()["price"]), {"columns": "same"}, InputError, "leave it out"),
    ({"a": good()["city"]}, {"mark": "line"}, InputError, "choose another mark"),
    (good(), {"mark": "line", "encoding": {"x": "city"}}, InputError, "it can stand on color"),
    (good(), {"encoding": {"x": "price", "y": "price"}}, InputError, "one channel"),
]


@pytest.mark.parametrize(("data", "asked", "kind", "fix"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_used_is_one_error_with_its_fix(
    data: Any, asked: dict[str, Any], kind: type[Exception], fix: str
) -> None:
    with pytest.raises(kind) as caught:
        erp.recommend(data, **asked)
    assert isinstance(caught.value, erp.ErpError)
    assert len(str(caught.value).splitlines()) == 1
    assert fix in str(caught.value)


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("empty.csv", "header"),
        ("binary.csv", "text"),
        ("broken.json", "complete"),
        ("scalar.json", "list of records"),
        ("lists.json", "list of records"),
        ("ragged.json", "differ in length"),
        ("text.parquet", "complete"),
        ("short.parquet", "complete"),
        ("plain.csv.gz", "complete"),
        ("cut.csv.gz", "complete"),
        ("table.xyz", "csv"),
        ("header.csv", "no rows"),
        ("folder", "one file in it"),
        ("sale.csv", "did you mean sales.csv?"),
        ("nope.csv", "nope.csv: check the path"),
        ("nowhere/at/all.csv", "check the path"),
    ],
)
def test_files_that_cannot_be_read_name_the_fix(tmp_path: Path, name: str, fix: str) -> None:
    folder(tmp_path)
    with pytest.raises(InputError) as caught:
        erp.recommend(tmp_path / name)
    assert len(str(caught.value).splitlines()) == 1
    assert fix in str(caught.value)


def test_an_address_is_no_file() -> None:
    with pytest.raises(SourceError, match="download the file"):
        erp.recommend("https://example.org/sales.csv")


@pytest.mark.parametrize("store", ["/proc/no/such/store.sqlite3", "mongodb://127.0.0.1:9/erp"])
def test_a_store_that_is_not_there_costs_a_note_and_no_chart(store: str) -> None:
    gallery = erp.recommend(good(), k=3, store=store)
    assert len(gallery) == 3
    (note,) = (note for note in gallery.notes if "history" in note)
    if store.startswith("mongodb"):
        # What goes to a server waits on this machine; nothing is lost.
        assert "waits on this machine" in note
        assert gallery[0].save().waiting
        return
    assert note.startswith("Not kept in the history: ")
    with pytest.raises(erp.ErpError) as caught:
        gallery[0].save()
    assert len(str(caught.value).splitlines()) == 1


# --- anything at all

HOSTILE_TEXT = st.one_of(
    st.sampled_from(["", "NA", "<script>", "a.b", "1", "1e3", "2024-01-05", "true", "\x00", "{}"]),
    st.text(max_size=12),
)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "integers": st.integers(-(2**63), 2**63 - 1),
    "small": st.integers(0, 4),
    "floats": st.floats(),
    "flags": st.booleans(),
    "texts": HOSTILE_TEXT,
    "groups": st.sampled_from(["a", "b", "c"]),
    "dates": st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31)),
    "days": st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)),
    "times": st.times(),
    "durations": st.timedeltas(dt.timedelta(days=-9999), dt.timedelta(days=9999)),
    "decimals": st.decimals(-1000, 1000, places=2),
    "bytes": st.binary(max_size=4),
    "lists": st.lists(st.integers(0, 9), max_size=3),
    "dicts": st.dictionaries(st.sampled_from("ab"), st.integers(0, 3)),
    "nothing": st.none(),
    "anything": st.one_of(
        st.integers(), st.floats(), st.text(max_size=3), st.none(), st.booleans()
    ),
}
COLUMN_NAMES = st.one_of(
    st.sampled_from(
        [*NAMES, "year", "lat", "id", "date", "", " ", "rate", "zip code", "Unnamed: 0"]
    ),
    st.text(max_size=8),
)


@st.composite
def frames(draw: st.DrawFn) -> Any:
    """Draw a table of any columns and any cells, for pandas or polars."""
    n_rows = draw(st.sampled_from([1, 2, 3, 12, 40]))
    columns: list[list[Any]] = []
    for _ in range(draw(st.integers(1, 5))):
        cells = CELLS[draw(st.sampled_from(sorted(CELLS)))]
        some = draw(st.lists(cells, min_size=1, max_size=min(n_rows, 8)))
        with_nulls = draw(st.booleans())
        rng = np.random.default_rng(draw(st.integers(0, 2**16)))
        values = [some[i] for i in rng.integers(0, len(some), n_rows)]
        columns.append([None if with_nulls and rng.random() < 0.2 else v for v in values])
    names = draw(st.lists(COLUMN_NAMES, min_size=len(columns), max_size=len(columns)))
    if draw(st.booleans()):
        made = pd.DataFrame(dict(enumerate(columns)))
        made.columns = names
        return made
    unique = {f"{name}{'' if name not in names[:at] else at}": at for at, name in enumerate(names)}
    return pl.DataFrame(
        {name: pl.Series(name, columns[at], strict=False) for name, at in unique.items()}
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(frames(), st.data())
def test_any_frame_gives_valid_charts_or_one_error(data: Any, asked: st.DataObject) -> None:
    from erp_widget.sources import open_table

    columns = open_table(data).columns
    wish: dict[str, Any] = {}
    if asked.draw(st.booleans()):
        wish["columns"] = [asked.draw(st.sampled_from(columns))]
    if asked.draw(st.integers(0, 3)) == 0:
        wish["mark"] = asked.draw(st.sampled_from(["bar", "line", "point", "boxplot", "rect"]))
    try:
        gallery = erp.recommend(data, k=4, **wish)
    except erp.ErpError as error:
        assert len(str(error).splitlines()) == 1
        assert wish, f"without a wish there is always a gallery: {error}"
        return
    check(gallery, columns)
    for chart in gallery:
        assert set(wish.get("columns", ())) <= set(chart.fields)
        assert chart.mark == wish.get("mark", chart.mark)
