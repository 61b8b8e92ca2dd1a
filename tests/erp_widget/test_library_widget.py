"""Lists of stored things in the browser: rows, search, thumbnails, opening, and adding."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import erp_widget as erp
from erp_widget.library.history import History, Saved
from erp_widget.library.thumbnails import HEIGHT, WIDTH, thumbnail
from erp_widget.library.widget import STILL, LibraryWidget, still

HOSTILE = "<img src=x onerror=alert(1)>"
TABLE = {
    "city": ["Rome", "Oslo", "Kyiv"] * 12,
    "sales": [7 * n % 31 for n in range(36)],
    "price": [n * n % 17 for n in range(36)],
}


pytestmark = pytest.mark.usefixtures("wires")


@pytest.fixture
def kept() -> list[str]:
    """Keep a gallery and three saved charts; return the charts' ids, newest first."""
    gallery = erp.recommend(TABLE, k=4, name=f"shops {HOSTILE}")
    return [gallery[place].save().id for place in range(3)][::-1]


class Page:
    """A browser that is ours: asks a list, and reads what it sends back."""

    def __init__(self, listing: History | Saved) -> None:
        self.widget = LibraryWidget(listing)

    def ask(self, command: str, chart: str = "", **more: Any) -> dict[str, Any]:
        """Send a request and return its reply."""
        wire: Any = self.widget.comm
        content = {"kind": "request", "id": "r1", "command": command, "chart": chart, **more}
        replies = [m for m in wire.bring(content) if m.get("kind") == "reply"]
        assert [reply["id"] for reply in replies] == ["r1"]
        return dict(replies[0])

    @property
    def ids(self) -> list[str]:
        """Ids of the rows shown."""
        return [row["id"] for row in self.widget.rows]


def test_rows_say_what_is_there(kept: list[str]) -> None:
    page = Page(erp.saved())
    assert page.ids == kept
    row = page.widget.rows[0]
    assert row["about"] == f"shops {HOSTILE}"
    assert row["actions"] == ["open", "add"]
    assert (page.widget.heading, page.widget.more) == ("Saved charts", False)
    past = Page(erp.history())
    assert [row["what"] for row in past.widget.rows] == ["saved"] * 3 + ["recommended"]
    assert [row["actions"] for row in past.widget.rows[2:]] == [["open", "add"], ["open"]]


def test_a_search_asks_the_store_and_keeps_what_was_asked_before(kept: list[str]) -> None:
    listing = erp.saved(limit=1, column="sales")
    with_sales = [chart.id for chart in erp.saved(column="sales")]
    assert with_sales
    page = Page(listing)
    title = listing[0].title
    assert page.ask("search", text=title.upper()[:9])["found"] == 1
    assert page.ask("search", text="nothing is called so") == {
        "kind": "reply",
        "id": "r1",
        "found": 0,
        "ok": True,
    }
    assert page.ids == []
    page.ask("search", text="")
    while page.widget.more:
        page.ask("older")
    assert page.ids == with_sales


@pytest.mark.parametrize("of", [erp.saved, erp.history], ids=["saved", "history"])
def test_pictures_are_small_and_come_one_by_one(of: Any, kept: list[str]) -> None:
    page = Page(of())
    assert "picture" not in page.widget.rows[0]
    for id in page.ids:
        picture = page.ask("picture", id)["picture"]
        assert picture.startswith("data:image/png;base64,")
        content = base64.b64decode(picture.partition(",")[2])
        assert len(content) < 20_000
        with Image.open(io.BytesIO(content)) as image:
            assert image.width <= WIDTH
            assert image.height <= HEIGHT


def test_the_same_picture_is_drawn_once() -> None:
    spec = erp.recommend(TABLE, k=1)[0].drawn
    assert thumbnail(spec) is thumbnail(dict(spec))


def test_what_is_opened_shows_below(kept: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import IPython.display

    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(
        IPython.display, "update_display", lambda data, **_: shown.append(dict(data))
    )
    page = Page(erp.history())
    failed = page.ask("open", page.ids[-1])
    assert failed["ok"] is False
    assert failed["error"].startswith("Show the list in a cell first")
    page.widget.display(erp.history())
    assert page.ask("open", page.ids[-1])["ok"] is True
    assert "Gallery" in shown[-1]["text/plain"]
    assert page.ask("open", page.ids[0])["ok"] is True
    assert "image/png" in shown[-1]


def test_an_uploaded_table_is_recommended_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import IPython.display

    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(
        IPython.display, "update_display", lambda data, **_: shown.append(dict(data))
    )
    (tmp_path / "a.csv").write_text("city,price\n" + "Rome,3.5\nOslo,4.5\nKyiv,9\n" * 9)
    erp.upload(tmp_path / "a.csv")
    page = Page(erp.history())
    page.widget.display(erp.history())
    assert page.ask("picture", page.ids[0])["picture"] == ""
    assert page.ask("open", page.ids[0])["ok"] is True
    assert shown[-1]["text/plain"].startswith("Gallery 'a'")


def test_a_saved_chart_goes_into_the_report(kept: list[str]) -> None:
    page = Page(erp.saved())
    reply = page.ask("add", kept[1])
    assert reply["ok"] is True
    assert reply["report"]["code"].endswith("erp.report()")
    assert reply["already"] is False
    assert page.ask("add", kept[1])["already"] is True
    assert len(erp.report()) == 1
    assert [row["reported"] for row in page.widget.rows] == [False] * 3  # as it was shown
    assert [row["reported"] for row in Page(erp.saved()).widget.rows] == [False, True, False]
    assert page.ask("show_report")["shown"] is None  # it was never placed


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"command": "dance"}, "There is no command 'dance'"),
        ({"command": "search", "text": 3}, "A search is for texts"),
        ({"command": "add", "chart": "none"}, "no chart"),
        ({"command": "open", "chart": "none"}, "no chart"),
    ],
    ids=["command", "text", "add", "open"],
)
def test_what_goes_wrong_is_one_line(request_: dict[str, Any], error: str) -> None:
    reply = Page(erp.history()).ask(**request_)
    assert reply["ok"] is False
    assert error.lower() in reply["error"].lower()
    assert len(reply["error"].splitlines()) == 1


def test_without_a_kernel_there_is_a_plain_table(kept: list[str]) -> None:
    table = still(erp.saved())
    assert f'class="{STILL}"' in table
    assert HOSTILE not in table
    assert "&lt;img src=x onerror=alert(1)&gt;" in table


def test_a_search_is_for_column_mark_and_dates_too_and_each_can_be_taken_back(
    tmp_path: Path,
) -> None:
    gallery = erp.recommend(TABLE, k=6, name="shops")
    saved = [chart.save() for chart in gallery]
    (tmp_path / "other.csv").write_text("other\n1\n2\n")
    erp.upload(tmp_path / "other.csv")
    page = Page(erp.saved())
    assert page.widget.columns == ["other", "city", "sales", "price"]
    mark = saved[0].mark
    assert page.ask("search", mark=mark)["found"] == len([c for c in saved if c.mark == mark])
    both = [c for c in saved if c.mark == mark and "price" in c.fields]
    assert page.ask("search", mark=mark, column="price")["found"] == len(both)
    assert page.ask("search", column="price")["found"] > len(both)
    day = saved[0].created_at.astimezone().date()
    assert page.ask("search", since=str(day), until=str(day))["found"] == len(saved)
    assert page.ask("search", until=str(day - timedelta(days=1)))["found"] == 0
    past = Page(erp.history())
    assert past.ask("search", mark=mark, column="city")["found"] > 0
    assert past.ask("search", column="nobody has this")["found"] == 0
    assert past.ask("search")["found"] == len(saved) + 2


def test_from_python_too(kept: list[str]) -> None:
    listing = erp.saved()
    found = listing.matching(listing[0].title)
    assert listing[0].id in [chart.id for chart in found]
    erp.report().add(listing[0])
    assert len(erp.report()) == 1
    first = erp.history().first_chart(erp.history()[-1].subject_id)
    assert first is not None
