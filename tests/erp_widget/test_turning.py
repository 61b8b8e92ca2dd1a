"""A gallery turns: more like this, not this, next, other types; what was not yet shown."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from msgspec import to_builtins

import erp_widget as erp
from erp_widget.aggregate import SharedRows
from erp_widget.chart import Chart
from erp_widget.errors import InputError, UnknownColumnError
from erp_widget.gallery.gallery import Gallery
from erp_widget.telling.notes import ALL_SHOWN
from vizmodel.design import Style


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """A table of shops with a zip code that looks like a number, and two related measures."""
    rng, n = np.random.default_rng(7), 160
    area = rng.uniform(20, 400, n)
    return pd.DataFrame(
        {
            "shop_id": [f"s{i}" for i in range(n)],
            "zip": rng.choice([10115, 20095, 50667, 80331], n),
            "kind": rng.choice(["food", "books", "toys"], n),
            "area": area,
            "rent": area * 11 + rng.normal(0, 90, n),
            "visitors": rng.poisson(80, n),
            "stars": rng.integers(1, 6, n),
            "opened": rng.integers(1995, 2024, n),
        }
    )


@pytest.fixture(scope="module")
def gallery(frame: pd.DataFrame) -> Gallery:
    return erp.recommend(frame, k=8, name="shops", store=":memory:")


def _same(first: Chart, second: Chart) -> bool:
    return first.design.identity() == second.design.identity()


class TestWithout:
    @pytest.mark.parametrize(
        "without",
        ["kind", "arc", ["kind", "arc"], {"columns": "kind", "marks": ["arc", "bar"]}],
        ids=str,
    )
    def test_what_is_ruled_out_is_nowhere(self, frame: pd.DataFrame, without: Any) -> None:
        plain = {"columns": ["kind"], "marks": ["arc"]} if without == ["kind", "arc"] else without
        if isinstance(plain, str):
            plain = {"columns": [plain]} if plain in frame.columns else {"marks": [plain]}
        found = erp.recommend(frame, without=without)
        assert len(found) == 15
        for chart in found:
            assert "kind" not in chart.fields or "columns" not in plain
            assert chart.mark not in plain.get("marks", [])

    def test_a_chart_rules_out_its_relation(self, frame: pd.DataFrame, gallery: Gallery) -> None:
        for without in (gallery[0], gallery[:3], {"charts": [gallery[1]]}):
            told = {c.design.story() for c in _charts_of(without)}
            found = erp.recommend(frame, without=without)
            assert len(found) == 15
            assert not told & {chart.design.story() for chart in found}

    @pytest.mark.parametrize(
        ("wish", "message"),
        [
            ({"without": "knid"}, "no column 'knid'; did you mean 'kind'"),
            ({"without": {"colums": "kind"}}, "no part of without 'colums'; did you mean"),
            ({"without": {"marks": "cake"}}, "no mark 'cake'; use one of"),
            ({"mark": "histogram"}, "no mark 'histogram': ask for mark='bar'"),
            ({"without": [3]}, "names of columns, marks and charts of a gallery, not 3"),
            ({"without": "kind", "columns": "kind"}, "'kind' is asked for and ruled out"),
            ({"without": "bar", "mark": "bar"}, "mark 'bar' is asked for and ruled out"),
            ({"types": {"zap": "nominal"}}, "no column 'zap'; did you mean 'zip'"),
            ({"types": {"zip": "code"}}, "no type 'code'; use one of"),
            ({"types": "nominal"}, "types maps columns to types, such as"),
            ({"types": {"kind": "temporal"}}, "'kind' cannot be read as dates or years"),
            ({"witout": "kind"}, "did you mean 'without'"),
        ],
        ids=str,
    )
    def test_a_wish_that_cannot_be_met_names_the_fix(
        self, frame: pd.DataFrame, wish: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(InputError, match=message):
            erp.recommend(frame, **wish)

    def test_columns_that_no_chart_shows_need_no_ruling_out(self) -> None:
        table = {"tags": [["a"], ["b"]] * 9, "sales": range(18), "city": ["Rome", "Oslo"] * 9}
        assert len(erp.recommend(table, without="tags")) > 0

    def test_bans_add_up_and_the_page_stays_full(self, gallery: Gallery) -> None:
        first = gallery.without(gallery[0])
        second = first.without(column="kind").without(mark="bar")
        assert len(first) == len(second) == 8
        for chart in second:
            assert chart.design.story() != gallery[0].design.story()
            assert "kind" not in chart.fields
            assert chart.mark != "bar"
        assert len(gallery) == 8  # as it was

    def test_nothing_at_all_is_an_error(self, gallery: Gallery) -> None:
        with pytest.raises(InputError, match="say what is not wanted"):
            gallery.without()
        with pytest.raises(UnknownColumnError, match="did you mean 'kind'"):
            gallery.without(column="knid")


def _charts_of(without: Any) -> list[Chart]:
    if isinstance(without, Chart):
        return [without]
    return list(without["charts"] if isinstance(without, dict) else without)


class TestNext:
    def test_pages_go_on_without_repeats(self, gallery: Gallery) -> None:
        pages = [gallery]
        for _ in range(3):
            pages.append(pages[-1].next(8))
        charts = [chart for page in pages for chart in page]
        assert len(charts) == 32
        assert len({chart.design.identity() for chart in charts}) == 32
        assert {chart.store for chart in charts} == {":memory:"}
        assert {chart.dataset_id for chart in charts} == {gallery.dataset_id}
        assert gallery.dataset_id is not None

    def test_at_the_end_there_is_a_note(self) -> None:
        page = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)})
        shown = len(page)
        while len(page):
            page = page.next()
            shown += len(page)
            assert shown < 200
        assert page.notes == (ALL_SHOWN,)

    def test_not_this_on_a_later_page_keeps_to_that_page(self, gallery: Gallery) -> None:
        page = gallery.next(8)
        other = page.without(page[0])
        assert not any(_same(chart, old) for chart in other for old in gallery)


@pytest.mark.parametrize(
    ("name", "mark"),
    [("Scatter plot", "point"), ("columns", "bar"), ("box", "boxplot")],
)
def test_marks_have_their_everyday_names(frame: pd.DataFrame, name: str, mark: str) -> None:
    found = erp.recommend(frame, mark=name, k=3)
    assert {chart.mark for chart in found} == {mark}
    assert mark not in {chart.mark for chart in erp.recommend(frame, without=name, k=8)}


def test_more_like_a_chart(gallery: Gallery) -> None:
    liked = next(chart for chart in gallery if len(chart.fields) == 2)
    found = gallery.more_like(liked, k=6)
    assert len(found) == 6
    for chart in found:
        assert not any(_same(chart, old) for old in gallery)
        assert chart.mark == liked.mark or set(chart.fields) & set(liked.fields)
    assert [c.title for c in gallery.more_like(0, k=2)] == [
        c.title for c in gallery.more_like(gallery[0], k=2)
    ]
    other = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=1)
    with pytest.raises(InputError, match="which this table does not have"):
        gallery.more_like(other[0])
    with pytest.raises(InputError, match="pass a chart of the gallery or its position"):
        gallery.more_like("bars")  # type: ignore[arg-type]


class TestTypes:
    def test_a_told_type_is_in_every_chart_and_its_code(self, frame: pd.DataFrame) -> None:
        found = erp.recommend(frame, columns="zip", types={"zip": "nominal", "stars": "O"})
        assert len(found) > 5
        for chart in found:
            written = chart.to_vegalite("none")["encoding"].values()
            assert {d["type"] for d in written if d.get("field") == "zip"} == {"nominal"}
            assert {d["type"] for d in written if d.get("field") == "stars"} <= {"ordinal"}
            assert "type='nominal'" in chart.code()
            assert chart.to_altair().to_dict()["data"]

    def test_years_become_dates(self, frame: pd.DataFrame) -> None:
        found = erp.recommend(frame, columns="opened", types={"opened": "temporal"}, k=5)
        for chart in found:
            spec = chart.to_vegalite("none")
            assert "timeParse" in spec["transform"][0]["calculate"]
            types = {d["type"] for d in spec["encoding"].values() if d.get("field") == "opened"}
            assert types == {"temporal"}
            assert "transform_calculate" in chart.code()

    def test_retyped_and_back(self, gallery: Gallery) -> None:
        assert {c.name: c.type for c in gallery.columns}["stars"] == "quantitative"
        told = gallery.retyped({"stars": "nominal"})
        stars = next(c for c in told.columns if c.name == "stars")
        assert (stars.type, stars.told) == ("nominal", True)
        assert stars.evidence.startswith("you said nominal; guessed as measure")
        assert "quantitative" not in {
            e.field_type for c in told for e in c.design.encodings if e.field == "stars"
        }
        back = told.retyped({"stars": None})
        assert [c.title for c in back] == [c.title for c in gallery]
        assert told.dataset_id == gallery.dataset_id

    def test_a_table_is_the_same_whatever_its_types(self, frame: pd.DataFrame) -> None:
        from erp_widget.sources import open_table

        table = open_table(frame)
        assert table.with_types({"zip": "nominal"}).fingerprint == table.fingerprint

    @pytest.mark.parametrize("told", ["nominal", "ordinal", "quantitative", "temporal"])
    def test_any_type_that_fits_draws(self, frame: pd.DataFrame, told: str) -> None:
        table = frame.assign(
            day=pd.date_range("2024-01-01", periods=len(frame)), on=frame.area > 99
        )
        for name in ("zip", "stars", "day", "on", "kind", "opened"):
            try:
                found = erp.recommend(table, k=4, columns=name, types={name: told})
            except InputError as error:
                assert name in str(error)
                continue
            # Days that are names of the rows have bars of the largest, for each of three numbers.
            assert len(found) == 4 or (name == "day" and len(found) == 3)
            for chart in found:
                assert chart.to_svg().startswith("<svg")


class TestCoverage:
    def test_columns_and_relations_are_counted(self, frame: pd.DataFrame) -> None:
        first = erp.recommend(frame, k=2, store=":memory:")
        seen = first.coverage()
        assert {c.name for c in seen.columns} == set(frame.columns) - {"shop_id"}
        assert seen.columns_shown == len({n for c in first for n in c.fields})
        assert set(seen.unseen_columns) == {c.name for c in seen.columns if not c.charts}
        more = first.next(15).coverage()
        assert more.columns_shown > seen.columns_shown
        assert more.pairs_shown >= seen.pairs_shown
        assert ("area", "rent") in {(p.first, p.second) for p in more.pairs}
        assert str(more).endswith("relations shown")
        assert to_builtins(more)["columns"][0]["evidence"]

    def test_each_column_says_what_it_was_taken_for_and_why(self, gallery: Gallery) -> None:
        told = {c.name: (c.type, c.semantic, c.evidence) for c in gallery.columns}
        assert told["shop_id"] == (
            "nominal",
            "identifier",
            "all 160 values differ and its name is “shop_id”",
        )
        assert told["zip"][:2] == ("nominal", "category")
        assert told["opened"][0] == "temporal"

    def test_what_gathers_columns_shows_them(self) -> None:
        rng = np.random.default_rng(1)
        years = {str(year): rng.uniform(1, 9, 9) for year in range(2018, 2024)}
        found = erp.recommend({"country": [f"c{n}" for n in range(9)], **years})
        fold = found.asked().profile.fold
        assert fold is not None
        assert {c.name for c in found.columns} == {"country", *years}
        if any(fold.value in chart.fields for chart in found):
            assert all(c.charts for c in found.columns)

    def test_gathered_columns_can_be_asked_for_and_ruled_out(self) -> None:
        rng = np.random.default_rng(1)
        years = {str(year): rng.uniform(1, 9, 9) for year in range(2018, 2024)}
        wide = {"country": [f"c{n}" for n in range(9)], **years}
        found = erp.recommend(wide, k=3, columns="year")
        assert all("year" in chart.fields for chart in found)
        with pytest.raises(InputError, match="'year' is asked for and ruled out"):
            found.without(column="year")
        assert not any("year" in c.fields for c in erp.recommend(wide, k=5, without="year"))


class TestArriving:
    def test_designs_are_known_before_charts_are_drawn(self, gallery: Gallery) -> None:
        page = gallery.next(6)
        assert len(page.designs) == 6
        arriving = page.arriving()
        first = next(arriving)
        assert first.design == page.designs[0].design
        assert [first, *arriving] == list(page) == list(page.arriving())

    def test_a_query_that_is_cancelled_costs_no_chart(
        self, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, calls = SharedRows.rows, []

        def cancelled(*arguments: Any) -> Any:
            calls.append(arguments)
            if len(calls) == 2:
                raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")
            return real(*arguments)

        monkeypatch.setattr(SharedRows, "rows", cancelled)
        page = gallery.next(6)
        first = page[0]
        assert (page.drawn, len(calls)) == ((first,), 1)  # a chart is drawn when it is asked for
        with pytest.raises(duckdb.InterruptException):
            len(page)
        assert [chart.design for chart in page] == [one.design for one in page.designs]
        assert page[0] is first
        assert not any("could not be drawn" in note for note in page.notes)

    def test_two_threads_get_the_same_charts(self, gallery: Gallery) -> None:
        page = gallery.next(6)
        found: list[list[Chart]] = []
        threads = [Thread(target=lambda: found.append(list(page.arriving()))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert [[c.id for c in charts] for charts in found] == [[c.id for c in page]] * 3

    def test_a_chart_that_fails_becomes_a_note(
        self, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, calls = SharedRows.rows, []

        def failing(*arguments: Any) -> Any:
            calls.append(arguments)
            if len(calls) == 2:
                raise RuntimeError("the disk is gone")
            return real(*arguments)

        monkeypatch.setattr(SharedRows, "rows", failing)
        page = gallery.next(4)
        assert len(page) == 3
        assert any("could not be drawn (the disk is gone)" in note for note in page.notes)


def test_a_design_of_ones_own_is_drawn_if_it_is_legal(gallery: Gallery) -> None:
    design = next(c.design for c in gallery if c.mark == "point")
    plain = gallery.chart_of(design.with_style(Style()))
    assert plain.dataset_id == gallery.dataset_id
    assert plain.fields == design.fields
    from msgspec.structs import replace

    with pytest.raises(InputError, match="this chart cannot be drawn: "):
        gallery.chart_of(replace(design, mark="arc"))


class TestFromTheHistory:
    def test_a_table_that_the_store_keeps_is_opened_again(
        self, frame: pd.DataFrame, tmp_path: Path
    ) -> None:
        frame.to_csv(tmp_path / "shops.csv", index=False)
        dataset = erp.upload(tmp_path / "shops.csv")
        erp.recommend(dataset, k=3)
        past = erp.history()
        again = past.open(next(i for i, event in enumerate(past) if event.kind == "gallery"))
        assert isinstance(again, Gallery)
        assert again.question is None
        assert len(again.next(4)) == 4
        assert not any(_same(a, b) for a in again.next(4) for b in again)

    def test_one_that_it_does_not_keep_names_the_fix(self, frame: pd.DataFrame) -> None:
        erp.recommend(frame, k=2)
        past = erp.history()
        again = past.open(next(i for i, event in enumerate(past) if event.kind == "gallery"))
        assert isinstance(again, Gallery)
        with pytest.raises(InputError, match="call recommend on it again, or upload it"):
            again.next()
