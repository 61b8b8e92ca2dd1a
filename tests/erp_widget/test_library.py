"""Uploads, history and saved charts, on a real SQLite store."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from IPython.lib.pretty import pretty

from erp_widget.config import configure
from erp_widget.errors import InputError, NotInStoreError, SourceError
from erp_widget.library.history import dataset, history, saved
from erp_widget.library.uploads import upload
from erp_widget.sources import open_table
from erp_widget.store import ChartDraft, Dataset, GalleryDraft, Store, open_store

ROWS = [
    {"city": "Rome", "price": 3.5},
    {"city": "Oslo", "price": 4.0},
    {"city": "Rome", "price": 5},
]
HOSTILE = "<script>alert('$x$')</script>\n\x1b[31m\"&"


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Store]:
    """Use a fresh store as the user ada."""
    configure(store=str(tmp_path / "store.sqlite3"), user="ada")
    opened = open_store()
    yield opened
    opened.close()
    configure(store=None, user=None)


class Tags(HTMLParser):
    """Collect what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def content(kind: str) -> bytes:
    """Return the rows in one format."""
    lines = [f"{row['city']},{row['price']}" for row in ROWS]
    if kind in ("csv", "tsv"):
        text = "\n".join(["city,price", *lines, ""])
        return (text if kind == "csv" else text.replace(",", "\t")).encode()
    if kind == "json":
        return json.dumps(ROWS).encode()
    if kind == "jsonl":
        return "\n".join(json.dumps(row) for row in ROWS).encode()
    sink = io.BytesIO()
    pq.write_table(pa.table({"city": [r["city"] for r in ROWS], "price": [3.5, 4.0, 5.0]}), sink)
    return sink.getvalue()


def written(folder: Path, name: str) -> Path:
    """Write the rows to a file in the format of its name."""
    path = folder / name
    suffixes = name.split(".")[1:]
    data = content(suffixes[0])
    path.write_bytes(gzip.compress(data) if "gz" in suffixes else data)
    return path


@pytest.mark.parametrize("zipped", ["", ".gz"])
@pytest.mark.parametrize("kind", ["csv", "tsv", "json", "jsonl", "parquet"])
def test_an_uploaded_file_is_read_again_without_the_file(
    tmp_path: Path, kind: str, zipped: str, store: Store
) -> None:
    path = written(tmp_path, f"sales.{kind}{zipped}")
    made = upload(path)
    assert (made.name, made.n_rows, made.columns) == ("sales", 3, ("city", "price"))
    assert (made.format, made.n_bytes) == (kind + zipped, path.stat().st_size)
    assert pretty(made) == "<Dataset sales: 3 rows, 2 columns>"
    fingerprint = open_table(path).fingerprint
    path.unlink()
    table = open_table(dataset(made.id))
    assert table.fingerprint == made.fingerprint == fingerprint
    assert table.name == "sales"


def test_the_same_file_is_the_same_dataset_and_two_uploads(tmp_path: Path) -> None:
    path = written(tmp_path, "sales.csv")
    assert upload(path) == upload(str(path))
    assert upload(path, "other").id != upload(path).id
    assert [event.name for event in history()] == ["sales", "other", "sales", "sales"]


def test_an_open_file_is_uploaded(tmp_path: Path) -> None:
    path = written(tmp_path, "sales.csv.gz")
    with path.open("rb") as file:
        assert upload(file).name == "sales"
    made = upload(io.BytesIO(content("json")), "last year.json")
    assert (made.name, made.format) == ("last year", "json")
    with pytest.raises(InputError, match=r'name="sales\.csv"'):
        upload(io.BytesIO(content("csv")))
    with pytest.raises(InputError, match="rb"):
        upload(cast(BinaryIO, io.StringIO("a,b\n1,2\n")), "a.csv")
    with pytest.raises(InputError, match="path"):
        upload(cast(Any, 3))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b""),
        ("noise.parquet", b"PAR1 nothing"),
        ("noise.csv.gz", b"not gzip"),
        ("a.json", b'{"a": ['),
        ("a.pickle", b"\x80\x04."),
        ("none", b"a,b\n1,2\n"),
    ],
)
def test_what_is_no_table_is_not_kept(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError) as caught:
        upload(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert not history()


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    written(tmp_path, "sales.csv")
    with pytest.raises(SourceError, match=r"did you mean sales\.csv"):
        upload(tmp_path / "sale.csv")


def test_history_is_newest_first_and_of_one_user(tmp_path: Path, store: Store) -> None:
    upload(written(tmp_path, "sales.csv"))
    store.add_gallery("ada", GalleryDraft("sales", ()))
    store.add_gallery("bob", GalleryDraft("secret", ()))
    assert [event.kind for event in history()] == ["gallery", "upload"]
    assert "secret" not in repr(history()) + history()._repr_html_()
    configure(user="bob")
    assert [event.name for event in history()] == ["secret"]


def test_lists_show_themselves(tmp_path: Path, store: Store) -> None:
    assert "erp.upload" in repr(history())
    assert "No saved charts" in saved()._repr_html_()
    upload(written(tmp_path, "sales.csv"))
    store.save_chart("ada", ChartDraft("Price", "bar", ("city", "price"), {}, None, "sales"))
    heading, line = repr(saved()).splitlines()
    assert heading.split() == ["saved", "title", "mark", "columns", "dataset", "id"]
    assert "city, price" in line
    assert line.index("Price") == heading.index("title")
    assert saved()._repr_html_().count("<tr>") == 2
    # Hosts without a style for tables, such as marimo, would run the columns together.
    cells = re.findall(r"<t[hd]\b[^>]*>", saved()._repr_html_())
    assert cells and all("text-align:left;padding:" in cell for cell in cells)
    assert "upload" in repr(history())


def test_names_are_text_never_markup(store: Store) -> None:
    store.save_chart("ada", ChartDraft(HOSTILE, "bar", (HOSTILE,), {}, None, HOSTILE))
    for listing in (saved(), history()):
        page = Tags()
        page.feed(listing._repr_html_())
        assert page.seen <= {"table", "thead", "tbody", "tr", "th", "td", "span"}
        assert page.attributes <= {"style", "title", "scope"}
        assert not any("$x$" in text for text in page.texts)
        assert any(cell.startswith("<script>") for cell in page.texts)
        text = repr(listing)
        assert len(text.splitlines()) == 2
        assert "\x1b" not in text
    assert saved()[0].title == HOSTILE


def test_a_long_list_goes_on(store: Store) -> None:
    ids = [store.save_chart("ada", ChartDraft(str(n), "bar", (), {})).id for n in range(5)]
    first = saved(limit=2)
    assert ".more()" in repr(first)
    rest = first.more()
    assert [chart.id for chart in (*first, *rest, *rest.more())] == ids[::-1]
    assert len(rest.more().more()) == 0
    assert len(history(limit=2).more()) == 2


def test_a_removed_chart_comes_back(store: Store) -> None:
    kept = store.save_chart("ada", ChartDraft("Price", "bar", (), {}))
    assert len(saved().remove(0)) == 0
    assert list(saved().restore(kept.id)) == [kept]
    assert len(saved().remove(kept.id)) == 0


def test_what_is_not_there_is_said(store: Store) -> None:
    for call in (
        lambda: saved().open(0),
        lambda: saved().open("nope"),
        lambda: history().open(3),
        lambda: history().open("nope"),
        lambda: saved().remove("nope"),
        lambda: dataset("nope"),
    ):
        with pytest.raises(NotInStoreError):
            call()


def test_history_opens_a_dataset(tmp_path: Path) -> None:
    made = upload(written(tmp_path, "sales.csv"))
    opened = history().open(0)
    assert isinstance(opened, Dataset)
    assert opened == made
    assert history().open(made.id) == made


def test_a_search_without_a_hit_names_what_was_searched_for() -> None:
    upload_of_rows = io.BytesIO(b"city,price\nRome,3\nOslo,4\n")
    upload(upload_of_rows, "shops.csv")
    assert len(history()) == 1
    for listing in (history, saved):
        found = listing(
            search="zzz", column="price", mark="line", since="2026-01-31", until="2026-02-01"
        )
        said = (
            'Nothing matches: text "zzz", column "price", mark line, since 2026-01-31, '
            "until 2026-02-01."
        )
        assert repr(found) == said
        assert "Nothing matches" in found._repr_html_()
        assert repr(history(until="2020-01-01 14:30")).endswith("until 2020-01-01 14:30.")
    assert repr(history().matching("zzz")) == 'Nothing matches: text "zzz".'
    assert repr(history().more()) == "There is nothing older."
    assert "erp.upload" not in repr(saved(search="zzz"))
    assert repr(saved()).startswith("No saved charts yet")
