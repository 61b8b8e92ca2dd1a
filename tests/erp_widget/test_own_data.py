"""What a person asks of all that is kept, from Python and from the shell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from erp_widget.commands.cli import erp
from erp_widget.config import configure
from erp_widget.errors import InputError, NotInStoreError
from erp_widget.library.history import history, saved
from erp_widget.library.own_data import export_store, forget, import_store, store_info
from erp_widget.library.uploads import upload
from erp_widget.recommendation import recommend
from erp_widget.reports.report import report
from erp_widget.store import ChartDraft, Store, open_store

CSV = "city,price\n" + "".join(f"{city},{n}\n" for n, city in enumerate(["Rome", "Oslo"] * 10))


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Store]:
    """Use a fresh store as the user ada."""
    configure(store=str(tmp_path / "store.sqlite3"), user="ada")
    opened = open_store()
    yield opened
    opened.close()
    configure(store=None, user=None)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    (tmp_path / "sales.csv").write_text(CSV)
    return tmp_path / "sales.csv"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(erp, ["store", *arguments])


def test_info_says_what_there_is_and_where(csv: Path, store: Store) -> None:
    upload(csv)
    store.save_chart("ada", ChartDraft("Price", "bar", ("price",), {}))
    store.save_chart("bob", ChartDraft("Secret", "bar", ("price",), {}))
    info = store_info(check=True)
    counts = {holding.kind: holding.count for holding in info}
    assert (counts["datasets"], counts["charts"], counts["contents"]) == (1, 1, 1)
    assert info.n_bytes > len(CSV)
    shown = repr(info)
    assert store.location in shown
    assert "'ada'" in shown
    assert "nothing is sent anywhere else" in shown
    assert "Everything reads back" in shown
    assert "Secret" not in shown
    assert info._repr_html_().count("<tr>") == 7


def test_a_gallery_reopens_with_the_same_charts(csv: Path) -> None:
    gallery = recommend(csv, k=4)
    csv.unlink()
    opened = history(search="sales").open(0)
    assert [chart.to_vegalite() for chart in opened] == [c.to_vegalite() for c in gallery]
    assert [chart.reason for chart in opened] == [chart.reason for chart in gallery]
    kept = open_store().galleries("ada")[0]
    assert kept.weights
    assert kept.dataset_id == gallery[0].dataset_id


def test_lists_are_searched_by_name_column_mark_and_date(csv: Path) -> None:
    gallery = recommend(csv, k=4)
    chart = gallery[0]
    chart.save()
    column = chart.fields[0]
    assert len(saved(column=column)) == len(saved(mark=chart.mark)) == 1
    assert len(saved(column="nothing")) == 0
    assert len(saved(since="2020-01-01", until="2020-12-31")) == 0
    assert len(history(search="SALES", column=column)) == 2
    assert len(history(1, search="sales").more()) >= 1
    with pytest.raises(InputError, match=r"did you mean 'line'\?"):
        saved(mark="lnie")
    for wrong in ("yesterday", 3):
        with pytest.raises(InputError, match="since must be a date"):
            history(since=wrong)  # type: ignore[arg-type]


def test_a_list_is_narrowed_within_what_it_was_searched_for(csv: Path, tmp_path: Path) -> None:
    upload(csv)
    (tmp_path / "people.csv").write_text(CSV)
    upload(tmp_path / "people.csv")
    found = history(search="sales")
    assert {event.name for event in found.matching("")} == {"sales"}
    assert not found.matching("people")
    assert len(history().matching("a").matching("s").matching("LE")) == 1


@pytest.mark.parametrize("ends", [{"until": "9999-12-31"}, {"since": "0001-01-01"}])
def test_the_ends_of_time_are_days_or_a_clear_error(csv: Path, ends: dict[str, str]) -> None:
    upload(csv)
    try:
        assert len(history(**ends)) == 1  # type: ignore[arg-type]
    except InputError as error:
        assert "date" in str(error)


def test_today_is_until_today(store: Store) -> None:
    store.save_chart("ada", ChartDraft("Price", "bar", (), {}))
    today = store.charts("ada")[0].created_at.astimezone().date()
    for day in (today, today.isoformat()):
        assert len(saved(since=day, until=day)) == 1
    assert len(saved(until=f"{today.isoformat()} 00:00")) == 0


def test_a_forgotten_table_leaves_no_summary_in_any_report(csv: Path) -> None:
    dataset = upload(csv)
    kept = report("Q3").add_summary(dataset).add_section("Prices").add_summary({"other": [1, 2]})
    kept.add(recommend(dataset, k=1)[0]).add_note("Bye.")
    forget(dataset)
    assert [part.kind for part in open_store().get_report("ada", "Q3").entries] == [
        "section",
        "summary",
        "note",
    ]
    assert "Rome" not in "".join(e.text for e in kept.undo()._contents.record().entries)


def test_forgetting_needs_to_be_told_what(csv: Path) -> None:
    dataset = upload(csv)
    recommend(dataset, k=3)[0].save()
    for arguments in ({}, {"dataset": dataset, "everything": True}):
        with pytest.raises(InputError, match="everything=True"):
            forget(**arguments)  # type: ignore[arg-type]
    removed = forget(dataset)
    assert (removed["datasets"], removed["charts"], removed["galleries"]) == (1, 1, 1)
    assert not history()
    with pytest.raises(NotInStoreError):
        forget(dataset.id)


def test_a_store_is_taken_along(csv: Path, tmp_path: Path) -> None:
    recommend(upload(csv), k=3)[0].save()
    before = repr(saved()), repr(history())
    export_store(tmp_path / "mine.zip")
    configure(store=str(tmp_path / "other.sqlite3"))
    assert import_store(tmp_path / "mine.zip").added["charts"] == 1
    assert (repr(saved()), repr(history())) == before
    assert saved().open(0).title == saved()[0].title


def test_the_command_does_the_same(csv: Path, tmp_path: Path) -> None:
    dataset = upload(csv)
    archive = str(tmp_path / "mine.zip")
    assert "contents" in run("info", "--check").stdout
    assert run("export", archive).exit_code == 0
    assert run("forget", dataset.id, "--yes").exit_code == 0
    assert not history()
    moved = run("import", archive)
    assert (moved.exit_code, "new records: 1, there before: 0" in moved.stderr) == (0, True)
    assert [event.name for event in history()] == ["sales"]
    asked = CliRunner().invoke(erp, ["store", "forget", "--everything"], input="n\n")
    assert asked.exit_code != 0
    assert len(history()) == 1
    assert run("forget", "--everything", "--yes").exit_code == 0
    assert not history()
