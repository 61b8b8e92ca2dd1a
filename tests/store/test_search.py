"""Finding what was kept, by name, column, mark and date, alike on each store."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from erp_widget.errors import InputError
from erp_widget.store import ChartDraft, GalleryDraft, Search, Store

NOW = datetime.now(UTC)
#: A column whose name looks like the end of another in JSON text, and other traps.
COLUMNS = ["price", 'x"price', ',"', ",", "a.b", "$ne", "[", "Größe", "tail\\", "prix €"]


def record(mark: str, *columns: str) -> dict[str, Any]:
    """Return as much of a chart's record as a search looks at."""
    return {"design": {"mark": mark, "encodings": [{"field": column} for column in columns]}}


def save(store: Store, title: str, mark: str, *columns: str, dataset: str = "sales") -> str:
    draft = ChartDraft(title, mark, columns, record(mark, *columns), None, dataset)
    return store.save_chart("ada", draft).id


@pytest.fixture
def three(store: Store) -> list[str]:
    """Save three charts, and one of another user."""
    ids = [
        save(store, "Price by CITY", "bar", "price", "city"),
        save(store, "Straße per month", "line", "month", "price"),
        save(store, "Points", "point", "month", dataset="Weather"),
    ]
    store.save_chart("bob", ChartDraft("Price by city", "bar", ("price",), {}))
    return ids


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(), [2, 1, 0]),
        (Search("price by city"), [0]),
        (Search("PRICE"), [0]),
        (Search("STRASSE"), [1]),
        (Search("weather"), [2]),
        (Search(column="price"), [1, 0]),
        (Search(column="pric"), []),
        (Search(column="Price"), []),
        (Search(mark="line"), [1]),
        (Search("price", "price", "bar"), [0]),
        (Search("price", "price", "line"), []),
        (Search(since=NOW - timedelta(hours=1)), [2, 1, 0]),
        (Search(until=NOW - timedelta(hours=1)), []),
        (Search(since=NOW + timedelta(hours=1)), []),
        (Search(since=datetime(1, 1, 2, tzinfo=UTC), until=datetime(9999, 1, 1)), [2, 1, 0]),
    ],
)
def test_charts_are_found(store: Store, three: list[str], search: Search, found: list[int]) -> None:
    assert [c.id for c in store.charts("ada", search=search)] == [three[n] for n in found]
    saves = [e.subject_id for e in store.history("ada", search=search) if e.kind == "save"]
    assert saves == [three[n] for n in found]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_is_found_by_its_exact_name(store: Store, column: str) -> None:
    ids = {name: save(store, "Chart", "bar", name, "other") for name in COLUMNS}
    found = store.charts("ada", search=Search(column=column))
    assert [chart.id for chart in found] == [ids[column]]


@pytest.mark.parametrize(
    "text", ["$ne", '{"$gt": ""}', ".*", "%", "_", "' OR '1'='1", "^", "\x00", "[a-z]", "__proto__"]
)
def test_hostile_words_find_what_they_name_and_nothing_else(store: Store, text: str) -> None:
    save(store, "Harmless", "bar", "city")
    assert not store.charts("ada", search=Search(text))
    assert not store.charts("ada", search=Search(column=text))
    assert not store.charts("ada", search=Search(mark=text))
    assert not store.history("ada", search=Search(text))
    own = save(store, f"a {text} b", "bar", text)
    assert [c.id for c in store.charts("ada", search=Search(text))] == [own]
    if text != "\x00":  # SQLite's JSON ends a text there
        assert [c.id for c in store.charts("ada", search=Search(column=text))] == [own]
    assert not store.charts("bob", search=Search(text))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Search(text={"$ne": None}),  # type: ignore[arg-type]
        lambda: Search(column={"$ne": None}),  # type: ignore[arg-type]
        lambda: Search(mark=["bar"]),  # type: ignore[arg-type]
        lambda: {"text": "x"},
    ],
)
def test_what_is_no_text_is_refused(store: Store, make: Callable[[], Any]) -> None:
    with pytest.raises(InputError):
        store.charts("ada", search=make())


def test_history_finds_uploads_galleries_and_what_was_deleted(store: Store) -> None:
    dataset = store.add_dataset(
        "ada",
        name="Sales 2026",
        columns=["price", "city"],
        n_rows=1,
        fingerprint="f",
        content=io.BytesIO(b"x"),
        format="csv",
    )
    charts = (record("bar", "price"), record("line", "month"))
    gallery = store.add_gallery("ada", GalleryDraft("Sales 2026", charts, dataset.id))
    chart = save(store, "Other", "tick", "month", dataset="weather")
    store.delete_chart("ada", chart)

    def kinds(search: Search) -> list[str]:
        return [event.kind for event in store.history("ada", search=search)]

    assert kinds(Search("sales")) == ["gallery", "upload"]
    assert kinds(Search(column="price")) == ["gallery", "upload"]
    assert kinds(Search(column="city")) == ["upload"]
    assert kinds(Search(mark="line")) == ["gallery"]
    assert kinds(Search(mark="tick")) == ["delete", "save"]
    assert kinds(Search(column="month")) == ["delete", "save", "gallery"]
    assert store.history("ada", search=Search(mark="bar"))[0].subject_id == gallery.id


def test_pages_of_a_search_go_on(store: Store) -> None:
    for n in range(9):
        save(store, f"Chart {n}", "bar" if n % 2 else "line", "price")
    search, titles, cursor = Search(mark="bar"), [], None
    while True:
        page = store.charts("ada", 2, cursor, search)
        titles += [chart.title for chart in page]
        if (cursor := page.cursor) is None:
            break
    assert titles == [f"Chart {n}" for n in (7, 5, 3, 1)]


def test_pages_of_a_history_of_all_kinds_show_each_event_once(store: Store) -> None:
    wanted: list[str] = []
    for n in range(6):
        data = io.BytesIO(str(n).encode())
        made = store.add_dataset(
            "ada", name="d", columns=[], n_rows=1, fingerprint=str(n), content=data, format="csv"
        )
        gallery = store.add_gallery("ada", GalleryDraft("g", (), made.id))
        chart = save(store, "c", "bar", "price")
        store.delete_chart("ada", chart)
        wanted += [f"upload:{made.id}", f"gallery:{gallery.id}", f"save:{chart}", "delete"]
    for limit in (1, 2, 3, 7, 24):
        seen: list[str] = []
        cursor = None
        while True:
            page = store.history("ada", limit, cursor)
            assert len(page) <= limit
            seen += ["delete" if e.kind == "delete" else e.id for e in page]
            if (cursor := page.cursor) is None:
                break
        assert seen == wanted[::-1]


def test_a_hidden_gallery_comes_back(store: Store) -> None:
    made = store.add_gallery("ada", GalleryDraft("Sales", (record("bar", "a"),), "d", "3"))
    assert made.weights == "3"
    store.delete_gallery("ada", made.id)
    assert not store.galleries("ada")
    assert store.restore_gallery("ada", made.id) == made == replace(made)
    assert list(store.galleries("ada")) == [made]
    assert [event.kind for event in store.history("ada")] == ["restore", "delete", "gallery"]
