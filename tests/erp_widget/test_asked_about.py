"""What a person asks about, from the call to the history: it leads, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from gallery_wire import WAIT_S, Page

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.errors import InputError, UnknownColumnError
from erp_widget.gallery.gallery import Gallery
from erp_widget.library.history import history
from erp_widget.sources import open_table
from erp_widget.specs import recommended_specs

N = 300


def stays() -> pd.DataFrame:
    """Stays in a hotel, with a column that only numbers them."""
    rng = np.random.default_rng(4)
    room = rng.choice(["single", "double", "suite"], N, p=[0.5, 0.35, 0.15])
    lead = rng.gamma(2, 20, N).round()
    return pd.DataFrame(
        {
            "booking": [f"B-{n:04d}" for n in range(N)],
            "arrival": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 360, N), "D"),
            "room": room,
            "rate": 60.0 + 40.0 * (room == "double") + rng.normal(0, 12, N).round(2),
            "lead_days": lead,
            "cancelled": np.where(rng.random(N) < 0.1 + 0.004 * lead, "yes", "no"),
            "hotel": "Astoria",
            "parts": [["bed"], ["bath", "bed"]] * (N // 2),
        }
    )


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Return the stays."""
    return stays()


def leads(gallery: Gallery, name: str) -> bool:
    """Return whether the first three charts show a column."""
    return all(name in chart.fields for chart in gallery[:3])


@pytest.mark.parametrize("name", ["rate", "cancelled", "room", "arrival"])
def test_charts_of_it_lead_and_others_follow(table: pd.DataFrame, name: str) -> None:
    gallery = erp.recommend(table, about=name)
    assert leads(gallery, name)
    assert {chart.about for chart in gallery} == {(name,)}
    assert any(name not in chart.fields for chart in gallery)
    assert dict(gallery[0].terms)["about"] > 0


def test_several_columns_and_none_in_particular(table: pd.DataFrame) -> None:
    several = erp.recommend(table, about=["rate", "cancelled"], k=8)
    assert "rate" in several[0].fields
    assert any("cancelled" in chart.fields for chart in several)
    nothing = erp.recommend(table, about=[], k=8)
    assert len(nothing) == 8
    assert {chart.about for chart in nothing} == {()}


def test_it_goes_with_what_every_chart_must_show(table: pd.DataFrame) -> None:
    found = erp.recommend(table, about="rate", columns="room", without="boxplot", k=6)
    assert all("room" in chart.fields and chart.mark != "boxplot" for chart in found)
    assert "rate" in found[0].fields


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("rte", "did you mean 'rate'"),
        (["rate", "ratte"], "did you mean 'rate'"),
        ("hotel", "no chart can be about column 'hotel', which was read as constant"),
        ("parts", "no chart can show column 'parts'"),
        ("booking", "no chart can be about column 'booking', which was read as identifier"),
        (7, "about is a list of names"),
    ],
)
def test_what_cannot_be_asked_names_the_fix(table: pd.DataFrame, about: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        erp.recommend(table, about=about)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_gallery_is_asked_about_something_else(table: pd.DataFrame) -> None:
    gallery = erp.recommend(table, k=8)
    told = gallery.about("cancelled")
    assert leads(told, "cancelled")
    assert leads(gallery.about(["rate"]), "rate")
    assert [c.title for c in told.about(None)] == [c.title for c in gallery]
    # Later pages and what is ruled out go on with it.
    assert told.next(3).question.about == ("cancelled",)  # type: ignore[union-attr]
    assert leads(told.without(mark="boxplot"), "cancelled")
    assert told.more_like(0, k=2)[0].about == ("cancelled",)
    with pytest.raises(UnknownColumnError):
        gallery.about("canceled")


def test_other_types_leave_what_is_asked(table: pd.DataFrame) -> None:
    told = erp.recommend(table, about="rate", k=5).retyped({"lead_days": "ordinal"})
    assert "rate" in told[0].fields
    assert told[0].about == ("rate",)


def test_many_tables_and_specs(table: pd.DataFrame) -> None:
    found = erp.recommend_many([table, table], k=3, about="cancelled")
    assert all(isinstance(one, Gallery) and leads(one, "cancelled") for one in found)
    specs = recommended_specs(open_table(table), 3, about="cancelled")
    assert all("cancelled" in json.dumps(spec["encoding"]) for spec in specs)


def test_the_history_and_saved_charts_remember_it(table: pd.DataFrame, tmp_path: Path) -> None:
    table.to_csv(tmp_path / "stays.csv", index=False)
    gallery = erp.recommend(erp.upload(tmp_path / "stays.csv"), about="cancelled", k=4)
    again = history().open(0)
    assert isinstance(again, Gallery)
    assert [chart.about for chart in again] == [("cancelled",)] * 4
    assert again.asked().about == ("cancelled",)
    saved = gallery[0].save()
    assert Chart.from_record(saved.record).about == ("cancelled",)
    without = erp.recommend(table, k=1)[0].to_record()
    assert "about" not in without  # as older versions read it


def test_the_history_and_saved_charts_remember_that_it_is_none(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    table.to_csv(tmp_path / "stays.csv", index=False)
    dataset = erp.upload(tmp_path / "stays.csv")
    guessed, none = erp.recommend(dataset, k=4), erp.recommend(dataset, about=[], k=4)
    assert [chart.about for chart in guessed] == [None] * 4
    again, before = history().open(0), history().open(1)
    assert isinstance(again, Gallery)
    assert isinstance(before, Gallery)
    assert before.asked().about is None
    assert [chart.about for chart in again] == [()] * 4
    assert again.asked().about == ()
    assert [chart.title for chart in again.next(4)] == [chart.title for chart in none.next(4)]
    assert Chart.from_record(none[0].save().record).about == ()


# --- in the browser

pytestmark = pytest.mark.usefixtures("wires")


@pytest.fixture
def page(table: pd.DataFrame) -> Iterator[Page]:
    """Open a gallery whose subject is guessed."""
    shown = Page(erp.recommend(table, k=6, name="stays", store=":memory:"))
    yield shown
    assert shown.widget.workshop.wait(WAIT_S)


def asked(page: Page) -> tuple[list[str], bool]:
    """Return what the header says of it: the columns, and whether they are told."""
    return page.widget.about["columns"], page.widget.about["told"]


def test_the_guess_is_shown_as_one(page: Page) -> None:
    about = page.widget.about
    assert about["columns"] == ([about["guess"]] if about["guess"] else [])
    assert not about["told"]
    assert set(about["choices"]) == {"arrival", "room", "rate", "lead_days", "cancelled"}


def test_it_is_corrected_in_place_and_taken_back(page: Page) -> None:
    before, guess = page.widget.order, asked(page)
    assert page.ask("save", before[0])["ok"]
    reply = page.ask("about", columns=["cancelled"])
    assert reply["said"] == "About cancelled: 15 new charts."
    assert asked(page) == (["cancelled"], True)
    by_id = {chart["id"]: chart for chart in page.widget.charts}
    assert all("cancelled" in by_id[id]["fields"] for id in page.widget.order[:3])
    assert by_id[page.widget.order[0]]["about"] == ["cancelled"]
    assert not set(page.widget.order) & set(before)
    assert page.widget.undo["act"] == "About cancelled"
    # What comes next is about it, too; what was saved is saved still.
    assert page.ask("next")["ok"]
    assert page.widget.saved == [before[0]]
    page.ask("undo")
    assert page.ask("about", columns=[])["ok"]
    assert asked(page) == ([], True)
    assert page.ask("about", columns=None)["ok"]
    assert asked(page) == guess
    for _ in range(3):
        page.ask("undo")
    assert (page.widget.order, asked(page)) == (before, guess)


@pytest.mark.parametrize("columns", ["rate", [7], ["nobody"], ["booking"]])
def test_what_cannot_be_asked_changes_nothing(page: Page, columns: Any) -> None:
    before = page.widget.order
    reply = page.ask("about", columns=columns)
    assert not reply["ok"]
    assert reply["error"]
    assert page.widget.order == before


def test_a_gallery_of_the_history_says_what_was_asked(table: pd.DataFrame) -> None:
    erp.recommend(table, about="rate", k=2, name="stays")
    again = Page(history().open(0))  # type: ignore[arg-type]
    assert asked(again) == (["rate"], True)
    assert again.widget.about["choices"] == []
    erp.recommend(table, about=[], k=2, name="stays")
    assert asked(Page(history().open(0))) == ([], True)  # type: ignore[arg-type]
    erp.recommend(table, k=2, name="stays")
    assert Page(history().open(0)).widget.about is None  # type: ignore[arg-type]
