"""From data to a gallery: wishes are honoured, one failure costs one chart, notes tell the rest."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from made_charts import sales_table

import erp_widget as erp
from erp_widget.aggregate import ChartRows, SharedRows
from erp_widget.errors import InputError
from erp_widget.library.history import history
from erp_widget.library.uploads import upload
from erp_widget.sources import open_table
from erp_widget.specs import recommended_specs
from vizmodel.design import MARKS
from vizmodel.profile import profile_table


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sales_table()


def test_a_gallery_is_best_first_told_and_kept(table: pd.DataFrame) -> None:
    gallery = erp.recommend(table, name="sales")
    assert len(gallery) == 15
    assert gallery.title == "sales"
    assert len({(c.title, c.mark) for c in gallery}) == 15
    assert all(c.n_rows == len(table) and c.dataset_name == "sales" for c in gallery)
    event = history()[0]
    assert (event.kind, event.name) == ("gallery", "sales")
    again = history().open(0)
    assert [c.id for c in again] == [c.id for c in gallery]
    assert [c.to_vegalite() for c in again] == [c.to_vegalite() for c in gallery]


def test_the_same_table_gives_the_same_charts(table: pd.DataFrame) -> None:
    first, second = (erp.recommend(table, k=8) for _ in range(2))
    assert [c.to_vegalite() for c in first] == [c.to_vegalite() for c in second]
    assert {c.dataset_id for c in first} == {c.dataset_id for c in second}


def test_the_frame_is_left_as_it_was(table: pd.DataFrame) -> None:
    before = table.copy(deep=True)
    erp.recommend(table, k=5)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("mark", MARKS)
def test_the_mark_is_honoured(table: pd.DataFrame, mark: str) -> None:
    gallery = erp.recommend(table, k=5, mark=mark)
    assert {c.mark for c in gallery} == {mark}
    assert len(gallery) == 5


def test_another_name_of_a_mark_is_understood(table: pd.DataFrame) -> None:
    assert {c.mark for c in erp.recommend(table, k=3, mark="circle")} == {"point"}


@pytest.mark.parametrize(
    "columns", ["price", ["price"], ["price", "city"], ("units", "kind", "when")]
)
def test_columns_are_honoured(table: pd.DataFrame, columns: Any) -> None:
    gallery = erp.recommend(table, k=5, columns=columns)
    assert len(gallery) == 5
    wanted = {columns} if isinstance(columns, str) else set(columns)
    assert all(wanted <= set(c.fields) for c in gallery)


@pytest.mark.parametrize(
    "encoding",
    [{"y": "price"}, {"x": "when", "y": "price"}, {"color": "kind"}, {"x": "price"}, {"y": "city"}],
    ids=str,
)
def test_channels_are_honoured_as_drawn(table: pd.DataFrame, encoding: dict[str, str]) -> None:
    gallery = erp.recommend(table, k=5, encoding=encoding)
    assert len(gallery) > 0
    for chart in gallery:
        shown = {e.channel: e.field for e in chart.design.encodings}
        assert {channel: shown.get(channel) for channel in encoding} == encoding


def test_all_wishes_at_once(table: pd.DataFrame) -> None:
    gallery = erp.recommend(table, k=3, mark="line", columns=["kind"], encoding={"y": "price"})
    assert len(gallery) > 0
    for chart in gallery:
        assert chart.mark == "line"
        assert "kind" in chart.fields
        assert chart.design.encoding("y").field == "price"  # type: ignore[union-attr]


#: How a contradiction says what to change.
FIXES = ("choose another", "drop one", "ask for fewer", "give it one", "leave", "it can stand on")


@pytest.mark.parametrize(
    "wish",
    [
        {"mark": "line", "encoding": {"x": "city"}},
        {"mark": "arc", "columns": ["price", "change", "skewed"]},
        {"encoding": {"x": "price", "y": "price"}},
        {"columns": ["city", "kind", "size", "region", "when"]},
    ],
    ids=str,
)
def test_a_contradiction_says_what_to_change(table: pd.DataFrame, wish: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        erp.recommend(table, **wish)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert any(fix in message for fix in FIXES)


def test_specs_are_those_of_the_gallery(table: pd.DataFrame) -> None:
    specs = recommended_specs(open_table(table), 6, columns=["price"])
    gallery = erp.recommend(table, k=6, columns=["price"])
    # Where bins begin is seen from the rows, which are not looked at here.
    assert specs == [without_ends(c.to_vegalite("none")) for c in gallery]
    assert all("data" not in spec for spec in specs)


def without_ends(spec: dict[str, Any]) -> dict[str, Any]:
    for definition in spec["encoding"].values():
        if "bin" in definition:
            definition["bin"] = True
    return spec


def test_one_chart_that_fails_sinks_no_other(
    table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = erp.recommend(table, k=6)
    real, calls = SharedRows.rows, []

    def failing(*arguments: Any) -> ChartRows:
        calls.append(arguments)
        if len(calls) == 3:
            raise RuntimeError("the disk\nis gone")
        return real(*arguments)

    monkeypatch.setattr(SharedRows, "rows", failing)
    gallery = erp.recommend(table, k=6)
    assert [c.title for c in gallery] == [c.title for c in whole if c is not whole[2]]
    assert f"The chart “{whole[2].title}” could not be drawn (the disk)." in gallery.notes


def test_a_store_that_fails_gives_a_note(table: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "store.sqlite3").write_bytes(b"no database at all" * 99)
    gallery = erp.recommend(table, k=4, store=tmp_path / "store.sqlite3")
    assert len(gallery) == 4
    (note,) = (note for note in gallery.notes if note.startswith("Not kept in the history: "))
    assert len(note.splitlines()) == 1


def test_notes_tell_what_was_read_how_and_what_was_left_out() -> None:
    n = 40
    frame = pd.DataFrame(
        {
            "sold": [f"{d:%d/%m/%Y}" for d in pd.date_range("2024-01-01", periods=n)],
            "price": [f"{v / 7:.2f}" for v in range(n)],
            "took": pd.to_timedelta(np.arange(n) * 7 % 31, "s"),
            "raw": [b"x"] * n,
            "void": [None] * n,
            "same": ["x"] * n,
            "key": [f"{v:06x}" for v in range(n)],
            "kind": list("ab") * (n // 2),
        }
    )
    notes = erp.recommend(frame, k=3).notes
    for note in (
        "Read as dates: sold.",
        "Read as numbers: price.",
        "Read as seconds: took.",
        "Left out raw: it holds bytes.",
        "Left out void: it holds no values.",
        "Not charted same: one value only.",
        "Not charted key: every value differs.",
    ):
        assert note in notes


def test_texts_are_left_out_for_what_they_are() -> None:
    n = 900
    frame = pd.DataFrame(
        {
            "order_id": [f"O-{v * 7 % 540:06}" for v in range(n)],
            "account": [f"u{v if v % 30 else 0}" for v in range(n)],
            "story": [f"word {v % 600} of a text" for v in range(n)],
            "line_no": range(n),
            "price": [v * 37 % 101 / 7 for v in range(n)],
        }
    )
    notes = erp.recommend(frame, k=3).notes
    assert "Not charted order_id: too many different values." in notes
    assert "Not charted account: nearly every value differs." in notes
    assert "Not charted story: free text." in notes
    profile = profile_table(pa.table({"line_no": [*range(1, 8)] * 60, "v": range(420)}))
    assert profile.column("line_no").evidence.endswith("which is a running number")


def test_a_messy_file_tells_how_it_was_read(tmp_path: Path) -> None:
    rows = [
        f"2024-01-{day:02},{100 * (day % 24) + 5 * (day % 11)},"
        f"{-999 if day % 9 == 0 else day * 1.5},{day % 12 + 1:02}/{day % 28 + 1:02}/2023,{day}"
        for day in range(1, 31)
    ]
    path = tmp_path / "log.csv"
    lines = ["A log", "", "day,dep_time,temp,booked,day_no", *rows, "Source: nobody"]
    path.write_text("\n".join(lines))
    notes = erp.recommend(path, k=3).notes
    assert "Left out 1 row above the header." in notes
    assert "Left out 1 row of notes or of nothing at the end." in notes
    assert "Read as dates: day, booked." in notes
    assert "Read as clocks: dep_time." in notes
    assert "Read -999 as missing: temp." in notes


def test_a_code_that_comes_again_is_left_out_for_what_it_stands_for() -> None:
    numbers = {"France": 250, "Spain": 724, "Peru": 604}
    country = list(numbers) * 30
    frame = pd.DataFrame(
        {
            "country": country,
            "iso_num": [numbers[name] for name in country],
            "gdp": np.random.default_rng(0).lognormal(2, 1, 90),
            "year": np.random.default_rng(1).integers(1990, 2000, 90),
        }
    )
    notes = erp.recommend(frame, k=3).notes
    assert "Not charted iso_num: stands for what “country” names." in notes


def test_a_large_table_is_chosen_from_a_sample_and_counted_in_full() -> None:
    n = 12_000
    frame = pd.DataFrame({"kind": np.arange(n) % 4, "value": np.arange(n) * 1.5})
    frame["kind"] = frame["kind"].map({0: "a", 1: "b", 2: "c", 3: "d"})
    gallery = erp.recommend(frame, k=8)
    assert (
        "Chosen from a sample of 10,000 of 12,000 rows; the charts count every row."
        in gallery.notes
    )
    counts = [
        sum(record[e.channel] for record in c.to_vegalite()["data"]["values"])
        for c in gallery
        for e in c.design.encodings
        if e.aggregate == "count"
    ]
    assert counts
    assert set(counts) == {n}
    assert all(len(c.to_vegalite()["data"]["values"]) <= 1000 for c in gallery)


def test_a_stored_dataset_after_its_file_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    sales_table().to_csv(path, index=False)
    dataset = upload(path)
    path.unlink()
    gallery = erp.recommend(dataset, k=4)
    assert len(gallery) == 4
    assert gallery.title == "sales"
    assert {c.dataset_id for c in gallery} == {dataset.id}
    assert [(event.kind, event.name) for event in history()] == [
        ("gallery", "sales"),
        ("upload", "sales"),
    ]


def test_a_dataset_without_a_file_says_what_to_do() -> None:
    erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=1, name="sales")
    gallery = history().open(0)
    dataset = history()._store.dataset(history()._user, gallery.dataset_id)
    with pytest.raises(erp.ErpError) as caught:
        erp.recommend(dataset)
    assert len(str(caught.value).splitlines()) == 1
    assert "erp.recommend" in str(caught.value) or "upload" in str(caught.value)


#: What most files hold; the charts of it count, sum, bin, box, and follow days.
FILE = ["day,region,product,units,price"] + [
    f"2024-{n % 12 + 1:02}-{n % 28 + 1:02},{'NSEW'[n % 4]},{('Tea', 'Cocoa', 'Milk')[n % 3]},"
    f"{n * 7 % 31 if n % 9 else ''},{n * 13 % 101 / 4}"
    for n in range(400)
]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_needs_no_pandas_and_nothing_that_shows_it(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"sales.{kind}"
    if kind == "csv":
        path.write_text("\n".join(FILE))
    else:
        pd.read_csv(StringIO("\n".join(FILE)), parse_dates=["day"]).to_parquet(path)
    code = (
        "import sys, erp_widget as erp\n"
        f"gallery = erp.recommend({str(path)!r}, store=':memory:')\n"
        "print(len(gallery))\n"
        "heavy = {'pandas', 'altair', 'ipywidgets', 'IPython', 'jsonschema', 'vl_convert', 'PIL'}\n"
        "print(*sorted(heavy & set(sys.modules)))\n"
        "gallery._repr_mimebundle_()\n"
        "later = {'pandas', 'altair', 'jsonschema', 'vl_convert', 'asyncio'}\n"
        "later.add('erp_widget.reports.report')\n"
        "print(*sorted(later & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    n_charts, to_draw, to_show = done.stdout.split("\n")[:3]
    assert (int(n_charts) > 5, to_draw, to_show) == (True, "", "")
