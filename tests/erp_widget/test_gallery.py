"""The gallery as a sequence, and its answers to the browser, on a real SQLite store."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
from gallery_wire import Page
from msgspec.structs import replace

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.errors import ErpError, InputError, StoreUnavailableError
from erp_widget.gallery.gallery import Gallery
from erp_widget.gallery.state import chart_state
from erp_widget.store import ReportEntry, open_store

TABLE = {
    "city": ["Rome", "Oslo", "Kyiv"] * 12,
    "sales": [7 * n % 31 for n in range(36)],
    "price": [n * n % 17 for n in range(36)],
}
USER = "test-user"
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def recommended() -> Gallery:
    """Recommend a few charts once."""
    found = erp.recommend(TABLE, k=4, name="shops", store=":memory:")
    assert len(found) == 4
    return found


@pytest.fixture
def gallery(recommended: Gallery) -> Gallery:
    """Return those charts as if recommended with the test's own store."""
    charts = [replace(chart, store=None) for chart in recommended]
    return Gallery(
        charts, title="shops", notes=recommended.notes, dataset_id=recommended.dataset_id
    )


pytestmark = pytest.mark.usefixtures("wires")


@pytest.fixture
def page(gallery: Gallery) -> Page:
    """Open the gallery in a browser that is ours."""
    return Page(gallery)


# --- the sequence


def test_it_is_a_sequence_of_charts(gallery: Gallery) -> None:
    assert all(isinstance(chart, Chart) for chart in gallery)
    assert gallery[0] is next(iter(gallery))
    assert gallery[-1] is list(gallery)[3]
    assert gallery.index(gallery[2]) == 2
    assert (gallery.title, len(list(reversed(gallery)))) == ("shops", 4)


def test_a_slice_is_a_gallery(gallery: Gallery) -> None:
    first = gallery[:2]
    assert isinstance(first, Gallery)
    assert list(first) == [gallery[0], gallery[1]]
    assert (first.title, first.notes) == (gallery.title, gallery.notes)
    assert first.dataset_id == gallery.dataset_id is not None


def test_a_wrong_index_says_what_there_is(gallery: Gallery) -> None:
    with pytest.raises(IndexError, match="no chart 4; the gallery has 4, from 0 to 3"):
        gallery[4]
    with pytest.raises(IndexError, match="its notes say why"):
        gallery[4:][0]
    for wrong in ("city", 1.5, True, None):
        with pytest.raises(InputError, match=r"gallery\[0\] is the best one"):
            gallery[wrong]  # type: ignore[call-overload]


def test_its_text_lists_titles_and_notes(gallery: Gallery) -> None:
    told = repr(Gallery(gallery, title="two\nlines", notes=["Left out x."]))
    assert told.startswith("Gallery 'two\\nlines': 4 charts\n  1  ")
    assert all(chart.title in told for chart in gallery)
    assert told.endswith("Left out x.")
    assert repr(gallery[:1]).startswith("Gallery 'shops': 1 chart\n")


def test_it_writes_one_page(gallery: Gallery, tmp_path: Path) -> None:
    path = gallery.save(tmp_path / "gallery.html")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") or text.startswith("<!DOCTYPE html>")
    assert gallery[0].title in text
    with pytest.raises(ErpError, match="cannot write"):
        gallery.save(tmp_path / "no such folder" / "gallery.html")


@pytest.mark.parametrize(
    ("suffix", "start"),
    [(".json", b"["), (".ipynb", b"{"), (".md", b"# "), (".pdf", b"%PDF"), (".HTML", b"<!")],
)
def test_the_name_of_its_file_says_the_format(
    gallery: Gallery, tmp_path: Path, suffix: str, start: bytes
) -> None:
    path = gallery.save(tmp_path / f"shops{suffix}")
    assert path.read_bytes().startswith(start)


def test_a_file_of_no_known_format_names_the_fix(gallery: Gallery, tmp_path: Path) -> None:
    with pytest.raises(ErpError, match=r"end its name with .html, .json, .*gallery\[0\].to_png"):
        gallery.save(tmp_path / "shops.png")
    assert not list(tmp_path.glob("shops*"))


def test_it_loads_no_widget_before_it_is_shown() -> None:
    code = (
        "import sys; from erp_widget.gallery.gallery import Gallery; repr(Gallery([], title='t')); "
        "print('anywidget' in sys.modules, 'IPython' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["False", "False"]


def test_its_widget_can_be_put_anywhere_before_it_is_shown() -> None:
    shops = erp.recommend(TABLE, k=4, name="shops")
    assert not shops.is_shown
    widget = shops.widget
    assert shops.is_shown and shops.widget is widget
    assert [chart["title"] for chart in widget.charts] == [chart.title for chart in shops]
    assert ipywidgets.Tab([widget]).children == (widget,)
    assert shops._repr_mimebundle_()[0][VIEW]["model_id"] == widget.model_id


def test_its_charts_change_in_the_thread_of_a_host_that_sends_from_no_other() -> None:
    # Shiny finds its session by the thread, and refuses to send from others.
    page = Page(erp.recommend(TABLE, k=2, name="shops"))
    asked_by, sent_by = threading.get_ident(), set[int]()
    kind = type(page.widget.comm)

    class OneThread(kind):  # type: ignore[misc,valid-type]
        __module__ = "shinywidgets._comm"

        def publish_msg(self, *args: Any, **more: Any) -> None:
            sent_by.add(threading.get_ident())
            super().publish_msg(*args, **more)

    page.widget.comm.__class__ = OneThread
    assert page.ask("next")["ok"]
    assert sent_by == {asked_by}


def test_its_widget_names_the_fix_where_browser_files_are_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("erp_widget.widgets.files.STATIC", tmp_path)
    gallery = Gallery([], title="t")
    with pytest.raises(ErpError, match="install the wheel, or run make setup"):
        _ = gallery.widget
    assert "run make setup" in gallery._repr_mimebundle_()[0]["text/plain"]


# --- what the browser gets


def test_it_shows_a_widget_and_a_text_for_those_who_have_none(gallery: Gallery) -> None:
    data, _ = gallery._repr_mimebundle_()
    assert data["text/plain"] == repr(gallery)
    view = data[VIEW]
    assert view["model_id"] == gallery._widget.model_id  # type: ignore[union-attr]
    again, _ = gallery._repr_mimebundle_()
    assert again[VIEW] == view


def test_missing_browser_files_are_told(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("erp_widget.widgets.files.STATIC", tmp_path)
    data, _ = gallery._repr_mimebundle_()
    assert list(data) == ["text/plain"]
    assert "gallery.js and runtime.js missing" in data["text/plain"]


def test_the_runtime_travels_once(gallery: Gallery) -> None:
    pages = [Page(gallery), Page(gallery[:2])]
    assert len({page.widget.runtime for page in pages}) == 1
    for page in pages:
        (_, opened) = page.widget.comm.sent[0]
        assert len(json.dumps(opened)) < 150_000
        assert "source" not in opened["state"]


def test_a_chart_that_is_no_json_does_not_sink_the_others(gallery: Gallery) -> None:
    broken = replace(gallery[0], drawn={"data": {"values": [float("nan")]}}, title="half \ud800")
    state = chart_state(broken)
    assert state["spec"] is None
    assert state["title"] == "half ?"
    page = Page(Gallery([broken, gallery[1]], title="t\udfff", notes=["n\ud800"]))
    assert [chart["spec"] is None for chart in page.widget.charts] == [True, False]
    json.dumps(page.widget.get_state(), ensure_ascii=False).encode()


# --- saving


def test_a_save_is_in_the_store_and_in_the_report(gallery: Gallery, page: Page) -> None:
    assert page.ask("saved") == {"ok": True, "saved": []}
    reply = page.ask("save", gallery[1].id)
    assert reply["ok"]
    report = reply["report"]
    assert "erp.report(" in report["code"]
    texts = [output["data"]["text/plain"] for output in report["outputs"]]
    assert gallery[1].description in texts
    assert all(output["output_type"] == "display_data" for output in report["outputs"])
    assert any("image/png" in output["data"] for output in report["outputs"])
    assert open_store().chart(USER, gallery[1].id).title == gallery[1].title
    record = open_store().get_report(USER, erp.report().name)
    assert record.entries == (ReportEntry(gallery[1].id),)
    assert page.widget.saved == [gallery[1].id]


def test_the_browser_hears_of_the_save_before_the_report_is_drawn(
    gallery: Gallery, page: Page
) -> None:
    page.ask("save", gallery[0].id)
    kinds = [
        "saved" if "saved" in data.get("state", {}) else data.get("method")
        for _, data in page.widget.comm.sent
    ]
    assert kinds.index("saved", 1) < kinds.index("custom")


def test_a_save_is_kept_once(gallery: Gallery, page: Page) -> None:
    first = page.ask("save", gallery[0].id)
    second = page.ask("save", gallery[0].id)
    assert first == second
    assert len(erp.saved()) == 1


def test_a_save_can_be_undone_and_done_again(gallery: Gallery, page: Page) -> None:
    page.ask("save", gallery[0].id)
    page.ask("save", gallery[1].id)
    reply = page.ask("remove", gallery[0].id)
    assert reply["ok"]
    assert [chart.id for chart in erp.saved()] == [gallery[1].id]
    assert [chart.id for chart in erp.report().charts] == [gallery[1].id]
    assert page.widget.saved == [gallery[1].id]
    assert page.ask("remove", gallery[0].id)["ok"]
    assert page.ask("save", gallery[0].id)["ok"]
    assert {chart.id for chart in erp.saved()} == {gallery[0].id, gallery[1].id}


def test_an_undo_takes_nothing_out_of_another_report(gallery: Gallery, page: Page) -> None:
    chart = gallery[0]
    page.ask("save", chart.id)
    erp.report("Friday").add(chart)
    reply = page.ask("remove", chart.id)
    assert reply["kept"] == "the report “Friday” shows it"
    assert reply["report"]["outputs"]
    assert [one.id for one in erp.report("Friday").charts] == [chart.id]
    assert erp.report().charts == ()
    assert page.widget.saved == [chart.id]
    # Asked again, nothing is left to do here, and no empty report is shown.
    assert page.ask("remove", chart.id) == {"ok": True, "kept": "the report “Friday” shows it"}
    erp.report("Monday").add(chart)
    assert page.ask("remove", chart.id)["kept"] == "2 other reports show it"
    for name in ("Friday", "Monday"):
        erp.report(name).remove(chart)
    assert page.ask("remove", chart.id) == {"ok": True}
    assert len(erp.saved()) == 0


def test_saves_are_shown_again_also_by_the_same_cell_run_again(
    gallery: Gallery, page: Page
) -> None:
    page.ask("save", gallery[2].id)
    assert Page(gallery[:]).ask("saved")["saved"] == [gallery[2].id]
    again = erp.recommend(TABLE, k=4, name="shops")
    assert again[2].id != gallery[2].id
    other = Page(again)
    assert other.ask("saved")["saved"] == [again[2].id]
    other.ask("save", again[2].id)
    assert len(erp.saved()) == 1
    other.ask("remove", again[2].id)
    assert len(erp.saved()) == 0
    assert page.ask("saved")["saved"] == []


def test_a_save_is_a_save_also_where_the_chart_was_deleted_meanwhile(
    gallery: Gallery, page: Page
) -> None:
    page.ask("save", gallery[0].id)
    erp.report().remove(erp.saved()[0])
    erp.saved().remove(0)
    assert page.widget.saved == [gallery[0].id]
    reply = page.ask("save", gallery[0].id)
    assert "warning" not in reply
    assert [chart.id for chart in erp.saved()] == [gallery[0].id]
    assert len(erp.report()) == 1


def test_a_chart_taken_back_is_taken_back_in_every_gallery(gallery: Gallery, page: Page) -> None:
    page.ask("save", gallery[0].id)
    again = erp.recommend(TABLE, k=4, name="shops")
    other, elsewhere = Page(again), Page(erp.recommend(TABLE, k=4, name="shops", store=":memory:"))
    elsewhere.ask("save", elsewhere.widget.order[0])
    assert other.ask("saved")["saved"] == [again[0].id]
    page.ask("remove", gallery[0].id)
    assert other.widget.saved == []
    assert elsewhere.widget.saved == [elsewhere.widget.order[0]]
    assert "warning" not in other.ask("save", again[0].id)
    assert [chart.id for chart in erp.saved()] == [again[0].id]


def test_charts_of_another_table_are_not_taken_for_saved(gallery: Gallery, page: Page) -> None:
    page.ask("save", gallery[0].id)
    other = TABLE | {"sales": [n % 5 for n in range(36)]}
    assert Page(erp.recommend(other, k=4, name="shops")).ask("saved")["saved"] == []


# --- failures


def test_a_store_that_fails_is_told_and_the_button_works_again(
    gallery: Gallery, page: Page, monkeypatch: pytest.MonkeyPatch, own_store: Path
) -> None:
    good = open_store()
    monkeypatch.setenv("ERP_STORE", str(own_store.parent))  # a folder is no store
    reply = page.ask("save", gallery[0].id)
    assert reply["ok"] is False
    assert "\n" not in reply["error"]
    assert str(own_store.parent) in reply["error"]
    assert page.widget.saved == []
    assert page.ask("saved")["ok"] is False
    monkeypatch.setenv("ERP_STORE", str(own_store))
    assert page.ask("save", gallery[0].id)["ok"]
    assert good.chart(USER, gallery[0].id).id == gallery[0].id


def test_a_report_that_fails_does_not_lose_the_save(
    gallery: Gallery, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()

    def full(*_: object, **__: object) -> None:
        raise StoreUnavailableError("the disk is full: make room")

    monkeypatch.setattr(type(store), "put_report", full)
    reply = page.ask("save", gallery[0].id)
    assert reply["ok"]
    assert "The disk is full: make room" in reply["warning"]
    assert [chart.id for chart in erp.saved()] == [gallery[0].id]
    monkeypatch.undo()


def test_what_fails_inside_is_told_as_one_line(
    gallery: Gallery, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Chart) -> str:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(Chart, "code", fails)
    reply = page.ask("code", gallery[0].id)
    assert reply == {
        "ok": False,
        "error": "Something failed inside (RuntimeError: two lines); the kernel's log has more.",
    }


@pytest.mark.parametrize("chart", ["unknown", "", None, 3, ["a"], {"id": 1}])
@pytest.mark.parametrize("command", ["save", "remove", "code"])
def test_a_chart_that_is_not_there_is_an_error(page: Page, command: str, chart: object) -> None:
    reply = page.ask(command, chart)
    assert reply == {"ok": False, "error": "This gallery has no such chart; run the cell again"}


@pytest.mark.parametrize("command", ["explode", "", None, 3, ["save"]])
def test_a_command_that_is_not_there_is_an_error(page: Page, command: Any) -> None:
    reply = page.ask(command)
    assert reply["ok"] is False
    assert "no command" in reply["error"]


def test_messages_that_are_no_requests_get_no_answer(page: Page) -> None:
    for content in (None, 3, "save", [], {}, {"kind": "reply", "id": "a"}):
        assert page.widget.comm.bring(content) == []


def test_code_is_what_the_chart_says(gallery: Gallery, page: Page) -> None:
    assert page.ask("code", gallery[0].id) == {"ok": True, "code": gallery[0].code()}


def test_no_report_is_shown_where_there_is_no_place_for_it(page: Page) -> None:
    assert page.ask("show_report") == {"ok": True, "shown": None}
