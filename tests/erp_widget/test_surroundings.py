"""What stands around the rows of a sheet is left out, told, and nothing else is."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import erp_widget as erp
from erp_widget.sources import open_table
from erp_widget.sources.frames import Frame
from erp_widget.sources.surroundings import rows_above, rows_below
from erp_widget.sources.total_rows import rows_after
from erp_widget.sources.workbook import _table as sheet

CITIES = ["Rome", "Oslo", "Bern", "Kyiv", "Lima", "Cairo", "Quito", "Doha"]
BODY = [[city, str(n), f"{n}.5"] for n, city in enumerate(CITIES)]
HEADER = ["city", "sales", "share"]


def as_csv(rows: list[list[str]], separator: str = ",") -> str:
    return "".join(separator.join(row) + "\n" for row in rows)


AROUND: dict[str, tuple[list[list[str]], list[list[str]], list[list[str]], list[str]]] = {
    "titles": ([["Sales of 2023"], [], ["by the office"]], [], [], ["2 rows above the header"]),
    "padded titles": ([["Sales", "", ""], ["", "", ""]], [], [], ["1 row above the header"]),
    "comments": ([["# made by a tool"], ["# 2023"]], [], [], ["2 rows above the header"]),
    "units": ([], [["", "1000 EUR each", "in %"]], [], ["1 row below the header"]),
    "units of all": ([], [["name", "€", "%"]], [], ["1 row below the header"]),
    "names and codes": (
        [],
        [["Where", "How much?", "Part"], ["{Q1}", "{Q2}", "{Q3}"]],
        [],
        ["2 rows below the header"],
    ),
    "total": ([], [], [["Total", "28", "32"]], ["1 row of totals at the end"]),
    "total and mean": (
        [],
        [],
        [["Summe", "28", "32"], ["Mittelwert", "3.5", "4"]],
        ["2 rows of totals at the end"],
    ),
    "notes": ([], [], [[], ["Source: the office"], ["* estimated"]], ["2 rows of notes"]),
    "nothing": ([], [], [["", "", ""], ["", "", ""]], ["2 rows of notes or of nothing"]),
    "all": (
        [["Sales"]],
        [["", "EUR", "%"]],
        [["Total", "28", ""], ["Source"]],
        ["1 row above", "1 row below", "1 row of totals", "1 row of notes"],
    ),
}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("around", AROUND)
def test_csv_without_what_stands_around(tmp_path: Path, around: str, separator: str) -> None:
    above, below, after, said = AROUND[around]
    path = tmp_path / "t.csv"
    path.write_text(as_csv([*above, HEADER, *below, *BODY, *after], separator))
    table = open_table(path)
    assert table.sample().to_pydict() == {
        "city": CITIES,
        "sales": list(range(8)),
        "share": [n + 0.5 for n in range(8)],
    }
    for part, note in zip(said, table.notes, strict=False):
        assert f"left out {part}" in note


@pytest.mark.parametrize("around", AROUND)
def test_a_workbook_without_what_stands_around(around: str) -> None:
    above, below, after, _ = AROUND[around]
    rows: list[list[Any]] = [[n, float(a), float(b)] for n, a, b in BODY]
    padded = [[*row, *[""] * (3 - len(row))] for row in (*above, HEADER, *below)]
    ends = [[*row, *[""] * (3 - len(row))] for row in after]
    frame = sheet([*padded, *rows, *ends])
    assert frame is not None
    assert frame.rows.n_rows == len(CITIES)
    assert frame.rows.schema.names == HEADER


@pytest.mark.parametrize(
    "rows",
    [
        [HEADER, *BODY],
        [["a", "b"], ["1", "2"], ["3", ""], ["4", ""]],  # short rows at the end
        [["", "Content"], ["V1", "happy"], ["V2", "sad"]],  # an index without a name
        [HEADER, ["Total", "28", "32"], *BODY],  # a total that comes first stays
        [HEADER, *BODY, ["Total", "3", "4"]],  # a place of that name
        [HEADER, *BODY, ["Total", "28", "32"], ["Total", "1", "2"]],
        [HEADER, ["Nowhere", "TBD", "1.5"], *BODY],  # one odd value
        [HEADER, ["Nowhere", "?", "n/a"], *BODY],  # missing ones
        [HEADER, ["Nowhere", "TBD", "TBD"], *BODY, ["Elsewhere", "TBD", "TBD"]],
        [["x"], ["1"], ["2"]],
    ],
    ids=str,
)
def test_rows_of_data_stay(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(as_csv(rows))
    assert open_table(path).n_rows == len(rows) - 1
    assert not any("left out" in note for note in open_table(path).notes)


NARROW = [[city, str(n * 3 % 17)] for n, city in enumerate(CITIES)]


@pytest.mark.parametrize(
    "notes",
    [
        ["", "Source: Eurostat, 2020"],
        ["", "Source: Eurostat, 2020, online, without islands"],
        ["Source: Eurostat"],
        ["", "the office"],
        ["", "* estimated, as in May"],
        ["", "Quelle : Statistisches Bundesamt, Wiesbaden", "", "Hinweis: ohne Inseln"],
    ],
    ids=str,
)
@pytest.mark.parametrize("rows", [NARROW, BODY], ids=["two columns", "three columns"])
def test_a_note_may_hold_separators(
    tmp_path: Path, rows: list[list[str]], notes: list[str]
) -> None:
    path = tmp_path / "t.csv"
    header = HEADER[: len(rows[0])]
    path.write_text(as_csv([header, *rows]) + "\n".join(notes) + "\n")
    table = open_table(path)
    assert table.sample().column("city").to_pylist() == CITIES
    assert table.notes == (
        f"left out {said(sum(map(bool, notes)))} of notes or of nothing at the end",
    )


def said(n: int) -> str:
    return f"{n} row{'s' * (n > 1)}"


@pytest.mark.parametrize(
    "text",
    [
        "note,n\n" + "".join(f"Note: call {n},{n}\n" for n in range(8)),  # said by all
        "note,n\nplain,1\nother,2\nNote: call back,3\n",  # as the others are
        "city,n\nRome,1\nOslo,2\n\nBern,3\nLima,4\n\nCairo\n",  # rows in groups
        "city,n\nRome,1\nOslo,2\n\nLima,4\n",
    ],
    ids=str,
)
def test_rows_like_the_others_are_no_notes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    assert open_table(path).n_rows == len([line for line in text.splitlines() if line]) - 1


def test_notes_below_two_columns_of_a_sheet() -> None:
    rows: list[list[Any]] = [["city", "n"], *[[city, 1.0 * n] for n, city in enumerate(CITIES)]]
    frame = sheet([*rows, ["", ""], ["the office", ""]])
    assert frame is not None
    assert column(frame, "city") == CITIES
    assert frame.notes == ("left out 1 row of notes or of nothing at the end",)


@pytest.mark.parametrize(
    ("above", "names"),
    [
        (["# Source: Eurostat, downloaded in May"], ("city", "sales")),
        (["# a, b", "# one, two, three", ""], ("city", "sales")),
        (["Sales of the year", "", "# a comment", "# another, one"], ("city", "sales")),
        (["#city,visits"], ("#city", "visits")),
    ],
)
def test_lines_with_a_sharp_are_comments_where_names_follow(
    tmp_path: Path, above: list[str], names: tuple[str, ...]
) -> None:
    path = tmp_path / "t.csv"
    header = [HEADER[:2]] if names[0] == "city" else []
    path.write_text("\n".join(above) + "\n" + as_csv([*header, *NARROW]))
    table = open_table(path)
    assert table.columns == names
    assert table.n_rows == len(CITIES)


@pytest.mark.parametrize("named", [[], ["country"]], ids=str)
def test_years_over_numbers_are_names(tmp_path: Path, named: list[str]) -> None:
    path = tmp_path / "t.csv"
    header = [*named, "1990", "2000", "2010"]
    body = [[*CITIES[i : i + len(named)], str(i), str(i + 2), str(3 * i)] for i in range(3)]
    path.write_text(as_csv([header, *body]))
    table = open_table(path)
    assert table.columns == tuple(header)
    assert table.n_rows == 3


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        # Numbers that are missing made texts of all columns, and names one of their values.
        (['"","reason","letter"', '"5",0,NA', '"6",NA,1', '"7",1,1'], ["reason", "letter"]),
        (['"","0","1","2"', '"0",27,29,10', '"1",59,53,14', '"2",28,32,14'], ["0", "1", "2"]),
        (['"","name","code"', '"1","Alabama","AL"', '"2","Alaska","AK"'], ["name", "code"]),
    ],
)
def test_a_blank_first_cell_stands_over_an_index(
    tmp_path: Path, lines: list[str], names: list[str]
) -> None:
    path = tmp_path / "indexed.csv"
    path.write_text("\n".join(lines) + "\n")
    table = open_table(path)
    assert table.sample().column_names[-len(names) :] == names
    assert table.n_rows == len(lines) - 1


def test_names_under_joined_cells(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    groups, names = ["", "2023", "", "2024", ""], ["shop", "sales", "costs", "sales", "costs"]
    body = [[city, "1", "2", "3", "4"] for city in CITIES]
    path.write_text(as_csv([groups, names, *body]))
    wanted = ("shop", "2023 sales", "2023 costs", "2024 sales", "2024 costs")
    assert open_table(path).columns == wanted


def test_what_follows_joined_cells_is_under_none(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    groups = ["", "2023", "", "2024", "", ""]
    names = ["shop", "sales", "costs", "sales", "costs", "remark"]
    path.write_text(as_csv([groups, names, *[[city, "1", "2", "3", "4", "-"] for city in CITIES]]))
    assert open_table(path).columns[-2:] == ("2024 costs", "remark")


PIVOT = [["Rome", "a", 1.0], ["", "b", 2.0], ["Oslo", "a", 3.0], ["", "b", 4.0], ["", "c", 5.0]]


def test_a_label_of_a_workbook_stands_for_the_blank_cells_below() -> None:
    frame = sheet([["city", "kind", "sales"], *PIVOT])
    assert frame is not None
    assert column(frame, "city") == ["Rome", "Rome", "Oslo", "Oslo", "Oslo"]
    assert frame.notes == ("read city as standing for the blank cells below it",)


def test_labels_of_several_levels_stand_for_those_below() -> None:
    rows = [["X", *PIVOT[0]], *[["", *row] for row in PIVOT[1:]], ["Y", *PIVOT[0]], ["", *PIVOT[1]]]
    frame = sheet([["land", "city", "kind", "sales"], *rows])
    assert frame is not None
    assert column(frame, "land") == ["X"] * 5 + ["Y"] * 2
    assert column(frame, "city")[5:] == ["Rome", "Rome"]


@pytest.mark.parametrize(
    "rows",
    [
        [["", "a", 1.0], *PIVOT],  # begins with a gap
        [*PIVOT, ["Rome", "a", 6.0], ["", "b", 7.0]],  # a label comes again
        [[*row[:1], f"n{at}", row[2]] for at, row in enumerate(PIVOT)],  # named by the second
        [["1", "a", 1.0], *PIVOT[1:2] * 2],  # rows that would be there twice
        [[row[1], row[0], row[2]] for row in PIVOT],  # not the first column
    ],
    ids=str,
)
def test_other_gaps_stay(rows: list[list[Any]]) -> None:
    frame = sheet([["city", "kind", "sales"], *rows])
    assert frame is not None
    assert None in (*column(frame, "city"), *column(frame, "kind"))
    assert frame.notes == ()


def column(frame: Frame, name: str) -> list[Any]:
    return frame.rows.sample(100).column(name).to_pylist()


def test_a_long_file_is_trimmed_at_both_ends(tmp_path: Path) -> None:
    path, packed = tmp_path / "t.csv", tmp_path / "t.csv.gz"
    body = [[f"place {n % 50}", str(n), f"{n}.25", "x" if n % 2 else "y"] for n in range(9_000)]
    rows = [["Title"], ["name", "n", "share", "kind"], *body, ["Total", "40495500", "", ""]]
    text = as_csv([*rows, ["Source: an office"]])
    path.write_text(text, newline="\r\n")
    packed.write_bytes(gzip.compress(as_csv(rows[:-1]).encode()))
    for file in (path, packed):
        table = open_table(file)
        assert table.n_rows == 9_000
        assert table.sample().column("n").to_pylist() == list(range(9_000))


def test_a_frame_keeps_its_rows_but_for_units_and_totals() -> None:
    units = pd.DataFrame([["", "EUR", "%"], *BODY], columns=HEADER)
    table = open_table(units)
    assert table.n_rows == len(BODY)
    assert table.sample().column("sales").to_pylist() == list(range(8))
    assert table.notes == ("left out 1 row below the header",)
    whole = pd.DataFrame([*BODY, ["Total", "28", "32"]], columns=HEADER)
    table = open_table(whole)
    assert table.n_rows == len(whole) - 1
    assert table.notes == ("left out 1 row of totals at the end",)


def test_rules_take_anything() -> None:
    for rows in ([], [[]], [["", ""]], [["a"]], [["1", "2"]], [[""], ["a", "b", "c"], ["1"]]):
        assert rows_above(rows) in (None, 0, 1)
        assert rows_below(rows) == 0
        padded = [[*row, *[""] * (3 - len(row))] for row in rows]
        assert rows_after(padded, whole=True) == (0, 0)


def pivot() -> list[list[Any]]:
    """Return an export of a pivot table: labels once, and a sum of each."""
    rows: list[list[Any]] = []
    for at, region in enumerate(("Nord", "Süd", "West")):
        sizes = [1204 + 300 * at, 84531 - 4000 * at, 9250 + at]
        for n, (product, size) in enumerate(zip("ABC", sizes, strict=True)):
            rows.append(["" if n else region, product, size, 2 * size])
        rows.append([f"{region} Summe", "", sum(sizes), 2 * sum(sizes)])
    return [*rows, ["Gesamtergebnis", "", 280000, 560000]]


PIVOTED = (
    "left out 4 rows of sums",
    "read Region as standing for the blank cells below it",
)


def test_a_pivot_table_in_a_file_has_its_labels_in_each_row_and_no_sums(tmp_path: Path) -> None:
    path = tmp_path / "pivot.csv"
    rows = [
        [f"{cell:,}".replace(",", ".") if isinstance(cell, int) else cell for cell in row]
        for row in pivot()
    ]
    lines = [";".join(row) for row in (["Region", "Produkt", "2024", "2025"], *rows)]
    path.write_text("\n".join(lines), encoding="cp1252")
    table = open_table(path)
    sample = table.sample()
    assert sample.column("Region").to_pylist() == ["Nord"] * 3 + ["Süd"] * 3 + ["West"] * 3
    assert sample.column("2024").to_pylist()[:4] == [1204, 84531, 9250, 1504]
    assert set(PIVOTED) < set(table.notes)
    assert "read thousands apart in 2024, 2025" in table.notes


def test_a_pivot_table_on_a_sheet_too() -> None:
    frame = sheet([["Region", "Produkt", "2024", "2025"], *pivot()])
    assert frame is not None
    assert frame.rows.n_rows == 9
    assert set(PIVOTED) <= set(frame.notes)


def test_sums_of_a_label_may_stand_in_the_column_of_names() -> None:
    rows: list[list[Any]] = []
    for team in ("Design", "Support"):
        rows += [[f"{team[0]}. Miller {n}", team, 50_000.0 + n] for n in range(4)]
        rows.append([f"{team} total", "", 200_006.0])
    frame = sheet([["name", "team", "salary"], *rows])
    assert frame is not None
    assert frame.rows.n_rows == 8
    assert "left out 2 rows of sums" in frame.notes


def test_a_total_of_numbers_with_decimal_commas(tmp_path: Path) -> None:
    path = tmp_path / "umsatz.csv"
    lines = [f"{city};01.0{n + 1}.2023;{n + 1}3.806,69;ja" for n, city in enumerate(CITIES)]
    path.write_text("\n".join(["Ort;Monat;Umsatz;Aktion", *lines, "Summe;;470.453,52;"]))
    table = open_table(path)
    assert table.n_rows == len(CITIES)
    assert "left out 1 row of totals at the end" in table.notes


def test_sums_without_a_name_are_totals_too(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    rows = [[city, "web", str(1000 * n + 9), f"{n}.5%"] for n, city in enumerate(CITIES)]
    for last, n_left in ((["", "", "28,072", "3.9%"], 0), (["", "", "512", "3.9%"], 1)):
        path.write_text(as_csv([["city", "by", "visits", "rate"], *rows, last], ";"))
        assert open_table(path).n_rows == len(CITIES) + n_left


def test_a_total_of_hours_some_of_which_are_remarks() -> None:
    hours = ["tbd" if n == 7 else n + 0.5 for n in range(20)]
    rows: list[list[Any]] = [[f"task {n}", hour, 3.0] for n, hour in enumerate(hours)]
    frame = sheet([["task", "hours", "cost"], *rows, ["Summe", 182.5, 60.0]])
    assert frame is not None
    assert frame.rows.n_rows == len(rows)


def test_labels_that_name_a_sum_of_nothing_else_stay(tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    body = "".join(f"{team},{n % 3},{n}\n" for n, team in enumerate(["Total FC", "Sum 41"] * 10))
    path.write_text(f"team,place,points\n{body}")
    assert open_table(path).n_rows == 20
    assert open_table(path).notes == ()


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["84.531", "9.250", "1.204.500", "12"], 84531),
        (["84.531", "9.25", "1.204", "12"], 84.531),
        (["84.531", "0.125", "1.204", "12"], 84.531),
    ],
)
def test_points_part_thousands_where_no_number_has_another_fraction(
    tmp_path: Path, cells: list[str], wanted: float
) -> None:
    path = tmp_path / "sizes.csv"
    path.write_text("name;size\n" + "".join(f"n{n};{cell}\n" for n, cell in enumerate(cells)))
    assert open_table(path).sample().column("size").to_pylist()[0] == wanted


def test_margins_and_reports_of_classifiers_end_before_their_totals() -> None:
    rows = pd.DataFrame({"plan": list("aabbc") * 9, "land": list("xyz") * 15, "paid": range(45)})
    for crossed in (
        pd.crosstab(rows["plan"], rows["land"], margins=True),
        rows.pivot_table("paid", "plan", "land", margins=True),
    ):
        assert open_table(crossed).n_rows == 3
    scores = {"precision": [0.9, 0.85, 0.88, 0.88, 0.88], "support": [50, 48, 0.88, 98, 98]}
    names = ["cat", "dog", "accuracy", "macro avg", "weighted avg"]
    assert open_table(pd.DataFrame(scores, index=names)).n_rows == 2
    kept = pd.DataFrame({"team": ["Ajax", "All", "Total"], "wins": [4, 2, 7]})
    assert open_table(kept).n_rows == 3
    small = pd.DataFrame({"team": ["Ajax", "Bern", "Total"], "wins": [4, 2, 6]})
    assert open_table(small).n_rows == 3 and len(erp.recommend(small))


def test_code_leaves_totals_out_as_well() -> None:
    frame = pd.DataFrame({"city": ["Rome", "Oslo", "Bern", "Total"], "sales": [3, 4, 5, 12]})
    made = {"df": frame}
    exec(erp.recommend(frame)[0].code(), made)
    assert len(made["data"]) == 3
