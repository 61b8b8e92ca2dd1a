"""Reports on a real store: what they keep, how they are told apart, and that no edit is lost."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import uuid
import warnings
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import nbformat
import pytest
from exported import HOSTILE, charts
from msgspec.structs import replace
from nbclient import NotebookClient

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.errors import ConflictError, ErpError, ExportError, InputError, NotInStoreError
from erp_widget.export.document import Section
from erp_widget.export.vegalite_output import MIME
from erp_widget.library.history import saved
from erp_widget.reports.live import LiveReport, report_state
from erp_widget.reports.name import mark_of
from erp_widget.reports.report import Report, report
from erp_widget.reports.showing import INVITATION
from erp_widget.store import ReportEntry, SavedChart, open_store

A, B, C, D = charts()[:4]


def titles(found: Report) -> list[str]:
    return [chart.title for chart in found]


def copies(count: int) -> list[Chart]:
    """Return charts that are each their own."""
    return [replace(A, id=str(uuid.uuid4())) for _ in range(count)]


class TestChanges:
    def test_charts_come_in_the_order_of_adding(self) -> None:
        made = report("Q3")
        assert made.add(A, "Prices rise.").add(B) is made
        assert titles(made) == [A.title, B.title]
        assert made.captions == ("Prices rise.", "")
        assert len(made) == 2
        assert [chart.id for chart in saved()] == [B.id, A.id]

    def test_an_added_chart_is_the_chart(self) -> None:
        found = report("Q3").add(A).charts[0]
        assert found.to_record() == A.to_record()
        assert found.to_png() == A.to_png()

    def test_a_saved_chart_is_added(self) -> None:
        kept = A.save()
        assert isinstance(kept, SavedChart)
        assert titles(report("Q3").add(kept)) == [A.title]

    def test_adding_again_changes_nothing_but_the_caption(self) -> None:
        made = report("Q3").add(A, "first").add(B)
        made.add(A).add(saved()[1])
        assert titles(made) == [A.title, B.title]
        assert made.captions == ("first", "")
        assert made.add(A, "second").captions == ("second", "")

    def test_a_whole_report_is_deleted_and_comes_back(self) -> None:
        made = report("Q3").add(A, "Prices rise.").add(B)
        assert made.delete() is made
        assert (len(made), made.notes) == (0, ())
        assert len(saved()) == 2
        with pytest.raises(NotInStoreError, match="no charts"):
            made.delete()
        made.add(C)
        assert titles(made.restore()) == [A.title, B.title, C.title]
        assert made.captions == ("Prices rise.", "", "")
        with pytest.raises(NotInStoreError, match="check its name"):
            report("Q4").restore()

    def test_a_deleted_report_is_undone_like_any_change(self) -> None:
        made = report("Q3").add_section("One").add_section("Two")
        assert [part.text for part in made.delete().undo()._contents.record().entries] == [
            "One",
            "Two",
        ]
        assert not made.redo()._contents.record().entries
        assert len(made.restore()._contents.record().entries) == 2
        assert not made.undo()._contents.record().entries

    def test_a_chart_saves_itself_into_a_report(self, tmp_path: Path) -> None:
        A.save(report="Q3")
        assert titles(report("Q3")) == [A.title]
        other = tmp_path / "other.sqlite3"
        replace(B, store=other).save(report="Q3")
        assert titles(report("Q3", store=other)) == [B.title]
        assert titles(report("Q3")) == [A.title]

    @pytest.mark.parametrize("which", [B, B.id, 1, -2], ids=["chart", "id", "number", "from end"])
    def test_a_chart_is_removed(self, which: Any) -> None:
        made = report("Q3").add(A).add(B).add(C)
        made.remove(which)
        assert titles(made) == [A.title, C.title]
        assert B.id in {chart.id for chart in saved()}

    @pytest.mark.parametrize(
        ("which", "to", "order"),
        [
            (D, 0, "DABC"),
            (A.id, -1, "BCDA"),
            (0, 1, "BACD"),
            (2, 1, "ACBD"),
            (1, 1, "ABCD"),
            (0, 2, "BCAD"),
        ],
        # Ids of charts differ from process to process; names of tests must not.
        ids=["chart", "id", "down", "up", "nowhere", "two down"],
    )
    def test_a_chart_is_moved(self, which: Any, to: int, order: str) -> None:
        made = report("Q3").add(A).add(B).add(C).add(D)
        made.move(which, to)
        named = {"A": A, "B": B, "C": C, "D": D}
        assert titles(made) == [named[letter].title for letter in order]

    def test_a_caption_is_changed_and_taken_away(self) -> None:
        made = report("Q3").add(A).add(B)
        assert made.caption(-1, HOSTILE).captions == ("", HOSTILE)
        assert made.caption(B, "").captions == ("", "")

    def test_what_is_not_there_is_said(self) -> None:
        made = report("Q3").add(A)
        for call in (
            lambda: made.remove(1),
            lambda: made.remove("nope"),
            lambda: made.remove(B),
            lambda: made.move(0, 1),
            lambda: made.caption(-2, "x"),
        ):
            with pytest.raises(NotInStoreError) as caught:
                call()
            assert "\n" not in str(caught.value)
        wrong: Any
        for wrong in (3.5, None, True, {"id": A.id}):
            with pytest.raises(InputError):
                made.remove(wrong)
            with pytest.raises(InputError):
                made.add(wrong)
        with pytest.raises(InputError, match="caption is text"):
            made.add(A, 3)  # type: ignore[arg-type]
        assert titles(made) == [A.title]

    def test_a_store_that_cannot_be_reached_is_one_line(self) -> None:
        with pytest.raises(ErpError) as caught:
            report("Q3", store="/proc/nowhere/s.sqlite3")
        assert "\n" not in str(caught.value)


class TestParts:
    def test_sections_notes_and_summaries_stand_between_charts(self) -> None:
        made = report("Q3").add_section("Prices").add(A).add_note("They *rise*.").add(B)
        made.add_summary({"city": ["Rome", "Oslo", None]}, "cities")
        assert [type(part).__name__ for part in made.parts] == [
            "Section",
            "Figure",
            "Passage",
            "Figure",
            "Data",
        ]
        assert titles(made) == [A.title, B.title]
        assert repr(made).splitlines() == [
            "Report 'Q3': 2 charts",
            "  1  [section] Prices",
            f"  2  {A.title}",
            "  3  [note] They *rise*.",
            f"  4  {B.title}",
            "  5  [data] cities: 3 rows, 1 column",
        ]
        assert repr(report("Q3")) == repr(made)

    def test_every_part_moves_and_goes(self) -> None:
        made = report("Q3").add(A).add(B).add_section("Prices").add_note("n")
        made.move(2, 0).move(3, 1).remove(B)
        assert [line[5:] for line in repr(made).splitlines()[1:]] == [
            "[section] Prices",
            "[note] n",
            A.title,
        ]
        made.remove(0).edit(0, "m")
        assert "[note] m" in repr(made)

    def test_a_part_is_changed_as_what_it_is(self) -> None:
        made = report("Q3").add_section("Prices").add(A).add_summary({"x": [1, 2]})
        assert made.edit(0, "Costs").parts[0] == Section("Costs")
        with pytest.raises(InputError, match="a section, not a chart"):
            made.caption(0, "x")
        for which in (1, 2):
            with pytest.raises(InputError, match="not a section or a note"):
                made.edit(which, "x")
        for call in (made.add_section, made.add_note, lambda text: made.edit(0, text)):
            for wrong in ("", " \n", 3, None, "x" * 100_001):
                with pytest.raises(InputError):
                    call(wrong)  # type: ignore[arg-type]
        assert len(made.parts) == 3

    def test_a_part_that_cannot_be_read_is_left_out(self) -> None:
        made = report("Q3").add(A)
        store = open_store()
        record = store.get_report("test-user", "Q3")
        broken = (*record.entries, ReportEntry("s", "{}", "summary"))
        store.put_report("test-user", replace(record, entries=broken), record.revision)
        assert titles(made) == [A.title]
        assert "add it again" in made.notes[0]


class TestUndo:
    def test_changes_are_taken_back_and_made_again(self) -> None:
        made = report("Q3").add(A, "said").add_section("Prices").move(1, 0).remove(A)
        made.undo()
        assert repr(made).splitlines()[1:] == ["  1  [section] Prices", f"  2  {A.title}"]
        assert made.captions == ("said",)
        made.undo().undo().undo()
        assert made.parts == ()
        with pytest.raises(NotInStoreError, match="no change to take back"):
            made.undo()
        made.redo().redo()
        assert [type(part).__name__ for part in report("Q3").parts] == ["Figure", "Section"]
        made.add(B)
        with pytest.raises(NotInStoreError, match="taken back"):
            made.redo()

    def test_the_last_twenty_can_be_taken_back(self) -> None:
        made = report("Q3")
        for n in range(25):
            made.add_section(str(n))
        for _ in range(20):
            made.undo()
        assert len(made.parts) == 5
        with pytest.raises(NotInStoreError):
            made.undo()

    def test_each_report_has_its_own(self) -> None:
        report("Q3").add_section("one")
        report("Q4").add_section("two")
        report("Q3").undo()
        assert report("Q3").parts == ()
        assert report("Q4").parts == (Section("two"),)


class TestOutdated:
    TABLE: ClassVar = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": list(range(36))}

    def changed(self) -> dict[str, list[Any]]:
        return self.TABLE | {"sales": list(range(36, 72))}

    def test_a_chart_says_that_its_data_changed_until_it_is_drawn_again(
        self, tmp_path: Path
    ) -> None:
        shown = erp.recommend(self.TABLE, name="shops", columns="sales")[0]
        made = report("Q3").add(shown, "said").add(A)
        erp.recommend(self.TABLE, name="shops")
        assert made.outdated == ()
        erp.recommend(self.changed(), name="shops")
        assert [chart.dataset_name for chart in made.outdated] == ["shops"]
        said = made.outputs()[1]["data"]["text/plain"]
        assert "The data of shops have changed" in said
        assert "report.refresh(data)" in said
        page = made.to_html(tmp_path / "r.html").read_text(encoding="utf-8")
        assert page.count("have changed since this chart was saved") == 1
        assert "report.refresh" not in page
        before = made.charts[0]
        made.refresh(self.changed(), "shops")
        assert made.outdated == ()
        assert made.captions == ("said", "")
        assert made.charts[0].design == before.design
        assert made.charts[0].drawn != before.drawn
        assert made.undo().charts[0].id == before.id

    def test_other_tables_do_not_count(self) -> None:
        made = report("Q3").add(erp.recommend(self.TABLE, name="shops")[0])
        made.add(erp.recommend(self.TABLE)[0])
        erp.recommend(self.changed(), name="other shops")
        erp.recommend(self.changed() | {"more": list(range(36))}, name="shops")
        erp.recommend(self.changed())
        assert made.outdated == ()

    def test_a_chart_of_gathered_columns_is_drawn_again(self) -> None:
        years = {str(year): [float(year % 7 + at) for at in range(8)] for year in range(2015, 2021)}
        wide = {"country": list("abcdefgh"), **years}
        shown = next(c for c in erp.recommend(wide, name="wide") if c.design.style.fold)
        made = report("Q3").add(shown)
        made.refresh(wide | {"2020": [99.5] * 8}, "wide")
        assert made.charts[0].design == shown.design
        assert made.charts[0].drawn != shown.drawn

    def test_a_chart_that_would_not_be_recommended_any_more_is_drawn_again(self) -> None:
        shown = next(c for c in erp.recommend(self.TABLE, name="shops") if c.fields == ("sales",))
        made = report("Q3").add(shown)
        # A column of one value shows nothing, but it is what the person keeps.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            made.refresh(self.TABLE | {"sales": [7] * 36}, "shops")
        assert made.charts[0].drawn != shown.drawn
        with pytest.warns(UserWarning, match="left as they were: .*scale"):
            made.refresh(self.TABLE | {"sales": ["seven", "eight"] * 18}, "shops")

    def test_only_a_table_of_the_report_refreshes_it(self) -> None:
        made = report("Q3").add(erp.recommend(self.TABLE, name="shops")[0]).add(A)
        with pytest.raises(InputError, match="'shops'"):
            made.refresh(self.changed())
        with pytest.raises(InputError, match="pass name="):
            made.refresh({"x": [1, 2]}, "shops")


class TestDeletedCharts:
    def test_a_deleted_chart_is_left_out_and_comes_back(self, tmp_path: Path) -> None:
        made = report("Q3").add(A, "first").add(B).add(C)
        saved().remove(B.id)
        assert titles(made) == [A.title, C.title]
        assert f'restore("{B.id}")' in made.notes[0]
        assert "was deleted" in made.to_html(tmp_path / "r.html").read_text(encoding="utf-8")
        made.move(1, 0)
        assert titles(made) == [C.title, A.title]
        saved().restore(B.id)
        assert set(titles(made)) == {A.title, B.title, C.title}
        assert made.notes == ()

    def test_a_deleted_chart_is_removed_or_added_again(self) -> None:
        made = report("Q3").add(A).add(B)
        kept = saved()[0]
        saved().remove(B.id)
        made.add(kept)
        assert titles(made) == [A.title, B.title]
        saved().remove(B.id)
        made.remove(B.id)
        assert made.notes == ()

    def test_a_record_that_cannot_be_read_is_left_out(self) -> None:
        made = report("Q3").add(A)
        newer = replace(A.save(), id="newer", record={**A.to_record(), "version": 99})
        made.add(newer)
        made.add(replace(A.save(), id="broken", record={"no": "chart"}))
        assert titles(made) == [A.title]
        assert len(made.notes) == 2
        assert "upgrade" in made.notes[0]
        assert MIME in made.outputs()[2]["data"]


class TestNames:
    def test_the_same_name_is_the_same_report(self) -> None:
        report("Q3 sales").add(A)
        assert titles(report(" Q3 sales ")) == [A.title]
        assert len(report("Q4 sales")) == 0
        assert report("Q3 sales").title == "Q3 sales"

    @pytest.mark.parametrize("name", ["", "  ", 3, "x" * 501, "a\x00b"])
    def test_a_name_that_is_none_is_refused(self, name: Any) -> None:
        with pytest.raises(InputError):
            report(name)

    def test_notebooks_do_not_mix(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/one.ipynb")
        first = report().add(A)
        monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/deep/one.ipynb")
        assert len(report()) == 0
        report().add(B)
        monkeypatch.delenv("JPY_SESSION_NAME")
        assert len(report()) == 0
        assert titles(first) == [A.title]
        # From elsewhere, by the notebook's path.
        assert titles(report("/home/ada/one.ipynb")) == [A.title]
        assert titles(report("/home/ada/deep/../deep/one.ipynb")) == [B.title]
        assert first.title == "one"

    def test_a_notebook_of_the_same_name_is_told_where_a_report_is_empty(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "sales.ipynb"))
        report().add(A)
        monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "other.ipynb"))
        told = "erp.report('sales.ipynb') shows that"
        assert told in str(report("sales").outputs())
        assert told not in str(report("Q3").outputs())
        assert A.title in str(report("sales.ipynb").outputs())
        assert told not in str(report("sales").add(A).outputs())

    def test_a_renamed_notebook_keeps_its_report(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        def opened_as(name: str) -> Report:
            monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / name))
            return report()

        def written(name: str, mark: str) -> None:
            cell = nbformat.v4.new_code_cell("erp.report()")
            cell.metadata["erp"] = {"report": mark, "source": "erp.report()"}
            nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / name)

        first = opened_as("Untitled.ipynb").add(A, "said")
        mark = mark_of(first.name)
        written("sales.ipynb", mark)
        renamed = opened_as("sales.ipynb")
        assert (titles(renamed), renamed.captions) == ([A.title], ("said",))
        assert renamed.former_marks() == [mark]
        assert report_state(renamed)["report"]["former"] == [mark]
        # From now on each is its own.
        renamed.add(B)
        assert titles(opened_as("Untitled.ipynb")) == [A.title]
        written("again.ipynb", mark_of(renamed.name))
        again = opened_as("again.ipynb")
        assert titles(again) == [A.title, B.title]
        assert again.former_marks() == [mark_of(renamed.name), mark]

    @pytest.mark.parametrize("way", ["run", "live"])
    def test_a_renamed_notebook_keeps_its_report_without_the_plugin(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
    ) -> None:
        monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "Untitled.ipynb"))
        mine = report().add(A)
        if way == "run":
            outputs = [nbformat.from_dict(one) for one in mine.outputs()]
        else:
            live = LiveReport()
            live._placed = True
            live.show(mine)
            outputs = [nbformat.v4.new_output("display_data", live._shown)]
        cells = [{"metadata": 3}, nbformat.v4.new_code_cell("erp.report()", outputs=outputs)]
        made = nbformat.v4.new_notebook(cells=cells[1:])
        (tmp_path / "sales.ipynb").write_text(json.dumps(made | {"cells": cells}))
        monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "sales.ipynb"))
        assert titles(report()) == [A.title]
        assert str(tmp_path) not in json.dumps(made)

    def test_a_notebook_of_somebody_else_brings_no_report(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        path = tmp_path / "theirs.ipynb"
        monkeypatch.setenv("JPY_SESSION_NAME", str(path))
        for content in (
            '{"cells": [{"metadata": {"erp": {"report": "notebook-0badcafe"}}}]}',
            '{"cells": [{"metadata": {"erp": 3}}, 4]}',
            "no notebook",
        ):
            path.write_text(content)
            assert report().parts == ()
        assert report().add(A).former_marks() == []

    def test_a_console_is_no_notebook(self, monkeypatch: pytest.MonkeyPatch) -> None:
        outside = report().name
        monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/console-1-5f0e")
        assert report().name == outside

    def test_a_new_notebook_has_a_title(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/Untitled7.ipynb")
        assert report().title == report("report").title == "Report"

    def test_users_do_not_mix(self) -> None:
        report("Q3").add(A)
        erp.configure(user="bob")
        assert len(report("Q3")) == 0


class TestConcurrency:
    def test_threads_lose_nothing(self) -> None:
        report("Q3")
        many = copies(24)
        start = threading.Barrier(8)

        def add(mine: list[Chart]) -> None:
            start.wait()
            for chart in mine:
                report("Q3").add(chart)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(add, [many[n::8] for n in range(8)]))
        assert {chart.id for chart in report("Q3")} == {chart.id for chart in many}

    def test_processes_lose_nothing(self) -> None:
        many = copies(12)
        report("Q3").add(A)
        with multiprocessing.get_context("spawn").Pool(3) as pool:
            pool.map(_add, [[c.to_record() for c in many[n::3]] for n in range(3)])
        assert {chart.id for chart in report("Q3")} == {A.id, *(chart.id for chart in many)}

    def test_an_edit_applies_to_what_another_left(self) -> None:
        made = report("Q3").add(A).add(B)
        other = report("Q3")
        other.remove(A).add(C)
        made.caption(B, "said")
        assert titles(made) == [B.title, C.title]
        assert made.captions == ("said", "")

    def test_a_stale_write_is_refused_by_the_store(self) -> None:
        made, store = report("Q3").add(A), open_store()
        record = store.get_report("test-user", made.name)
        made.add(B)
        with pytest.raises(ConflictError):
            changed = replace(record, entries=(ReportEntry(C.id),))
            store.put_report("test-user", changed, record.revision)


def _add(records: list[dict[str, Any]]) -> None:
    for record in records:
        report("Q3").add(Chart.from_record(record))


class TestCell:
    def test_outside_a_notebook_the_code_imports(self) -> None:
        assert report().cell_code() == "import erp_widget as erp\n\nerp.report()"
        assert report("it's Q3").cell_code().endswith('erp.report("it\'s Q3")')

    @pytest.mark.parametrize("name", [HOSTILE, "日本 🎈", "a\\b", "a\nb", "{x}", '"', "'\"'"])
    def test_the_code_opens_the_report(self, name: str) -> None:
        report(name).add(A)
        names: dict[str, Any] = {}
        *imports, call = report(name).cell_code().splitlines()
        exec("\n".join(imports), names)
        assert titles(eval(call, names)) == [A.title]

    def test_the_store_is_named_where_it_is_another(self, tmp_path: Path) -> None:
        place = tmp_path / "other.sqlite3"
        code = report("Q3", store=place).cell_code()
        assert code.endswith(f'erp.report("Q3", store="{place}")')
        assert report("Q3", store=open_store(place)).cell_code() == code
        assert "store" not in report("Q3", store=os.environ["ERP_STORE"]).cell_code()

    def test_a_password_is_never_written(self) -> None:
        from erp_widget.reports.cell import cell_code

        address = "mongodb://ada:secret@db.example/erp"
        assert "secret" not in cell_code("Q3", "", address)
        assert "mongodb://db.example/erp" in cell_code("Q3", "", "mongodb://db.example/erp")

    @pytest.mark.parametrize(
        ("before", "code"),
        [
            ("import erp_widget as erp", "erp.report()"),
            ("import erp_widget", "erp_widget.report()"),
            ("erp = 1", "import erp_widget\n\nerp_widget.report()"),
            ("import erp_widget as e", "import erp_widget as erp\n\nerp.report()"),
        ],
    )
    def test_the_code_suits_the_notebook(self, before: str, code: str, tmp_path: Path) -> None:
        inside = "from erp_widget.reports.report import report as r; print(r().cell_code())"
        assert printed(tmp_path, before, inside) == code

    def test_vs_code_names_its_file(self, tmp_path: Path) -> None:
        inside = "from erp_widget.reports.report import report as r; print(r().name)"
        path = "/home/ada/code.ipynb"
        assert printed(tmp_path, f"__vsc_ipynb_file__ = {path!r}", inside) == path


def executed(folder: Path, *cells: str) -> nbformat.NotebookNode:
    """Run cells in a real kernel."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    client = NotebookClient(made, timeout=120, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    return made


def printed(folder: Path, *cells: str) -> str:
    return str(executed(folder, *cells).cells[-1].outputs[0].text).strip()


class TestShowing:
    def test_a_run_of_the_cell_brings_the_report_back(self, tmp_path: Path) -> None:
        made = report().add(A, "Prices rise.").add(B)
        outputs = executed(tmp_path, report().cell_code()).cells[0].outputs
        assert [output.output_type for output in outputs] == ["display_data"] * len(outputs)
        shown = json.loads(json.dumps([output.data for output in outputs]))
        assert shown == [output["data"] for output in made.outputs()]
        assert [o.metadata for o in outputs] == [o["metadata"] for o in made.outputs()]

    def test_an_empty_report_invites(self, tmp_path: Path) -> None:
        outputs = executed(tmp_path, report().cell_code()).cells[0].outputs
        assert INVITATION in "".join(output.data["text/plain"] for output in outputs)
        assert INVITATION in report().picture_html()

    def test_a_store_that_fails_gives_a_line_not_a_traceback(self, tmp_path: Path) -> None:
        code = (
            "import erp_widget as erp, os, pathlib\n"
            "r = erp.report('Q3')\n"
            "path = pathlib.Path(os.environ['ERP_STORE'])\n"
            "from erp_widget.store import open_store\n"
            "open_store().close()\n"
            "r"
        )
        cell = executed(tmp_path, code).cells[0]
        assert [output.output_type for output in cell.outputs] == ["display_data"]
        assert "cannot be shown" in cell.outputs[0].data["text/plain"]

    def test_it_prints_its_titles(self) -> None:
        text = repr(report("Q3").add(A).add(B))
        assert text.splitlines()[0] == "Report 'Q3': 2 charts"
        assert A.title in text

    def test_pictures_for_hosts_without_cells(self) -> None:
        chart = replace(A, title=HOSTILE, reason=HOSTILE, description=HOSTILE, note=HOSTILE)
        page = Tags()
        page.feed(report(HOSTILE).add(chart, HOSTILE).picture_html())
        assert page.tags == {"h1", "h3", "figure", "figcaption", "p", "img", "span"}
        assert page.attributes == {"src", "alt", "style", "width"}
        assert [source[:5] for source in page.sources] == ["data:"]
        assert page.alts == [HOSTILE]
        assert "".join(page.texts).count(HOSTILE) == 5


class Tags(HTMLParser):
    """Collects what a browser would make of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: list[str] = []
        self.alts: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        self.alts += [value or "" for name, value in attrs if name == "alt"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


class TestFiles:
    def test_each_format_is_written(self, tmp_path: Path) -> None:
        made = report("Q3").add(A)
        for name, start in (
            ("r.html", b"<!DOCTYPE"),
            ("r.ipynb", b"{"),
            ("r.md", b"# Q3"),
            ("r.pdf", b"%PDF"),
        ):
            path = tmp_path / name
            write = {
                "html": made.to_html,
                "ipynb": made.to_notebook,
                "md": made.to_markdown,
                "pdf": made.to_pdf,
            }
            assert write[path.suffix[1:]](path) == path
            assert path.read_bytes().startswith(start)
        assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(("r.", ".erp"))) == [
            "r.html",
            "r.ipynb",
            "r.md",
            "r.pdf",
        ]
        assert [p.name for p in (tmp_path / "r_files").iterdir()] == ["chart-1.png"]

    @pytest.mark.parametrize("place", ["no/such/r.html", "", "folder"])
    def test_a_place_that_cannot_be_written_is_one_line(self, tmp_path: Path, place: str) -> None:
        (tmp_path / "folder").mkdir()
        with pytest.raises(ExportError) as caught:
            report("Q3").add(A).to_html(tmp_path / place if place else place)
        assert "\n" not in str(caught.value)

    def test_an_old_file_outlives_a_failure(self, tmp_path: Path) -> None:
        path = tmp_path / "r.html"
        made = report("Q3").add(A)
        made.to_html(path)
        before = path.read_bytes()
        open_store().close()
        with pytest.raises(ErpError):
            made.to_html(path)
        assert path.read_bytes() == before


def test_the_module_and_the_function_of_one_name_stay_apart() -> None:
    code = "import erp_widget.reports.report, erp_widget as erp; print(callable(erp.report))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
