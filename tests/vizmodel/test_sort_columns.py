"""Numbers that are only there to sort by."""

import pyarrow as pa
import pytest

from vizmodel.profile import profile_table
from vizmodel.recommend import recommend

STAGES = ("Lead", "Qualified", "Proposal", "Won")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@pytest.mark.parametrize(
    ("labels", "numbers", "name", "sort"),
    [
        (STAGES, (1, 2, 3, 4), "stage", "stage_order"),
        (STAGES, (10, 20, 30, 40), "stage", "sort"),
        (("Preschool", "HS-grad", "Bachelors"), (1, 9, 13), "education", "education_num"),
        (("niedrig", "sonst", "hoch"), (1, 2, 3), "Risiko", "Reihenfolge"),
        (("Sun", "Mon", "Tue", "Wed"), (0, 1, 2, 3), "weekday", "dow"),
    ],
)
def test_the_order_is_told_by_the_column_beside(labels, numbers, name, sort):
    table = pa.table({name: labels * 8, sort: numbers * 8, "amount": range(8 * len(labels))})
    profile = profile_table(table)
    assert profile.column(name).listed == labels
    assert profile.column(sort).evidence == f"tells the order of “{name}”"
    fields = {field for found in recommend(profile, 15) for field in found.design.fields}
    assert fields == {name, "amount"}


@pytest.mark.parametrize(
    "columns",
    [
        # An order of goods; two labels of one number; the alphabet; and a rank, which is a result.
        {"good": STAGES, "order_id": (1, 2, 3, 4)},
        {"stage": STAGES, "sort": (1, 2, 2, 3)},
        {"city": ("Bern", "Oslo", "Rome"), "city_num": (1, 2, 3)},
        {"team": ("Reds", "Blues", "Greens"), "rank": (1, 2, 3)},
        {"weekday": DAYS, "rank": (3, 1, 2, 6, 4, 7, 5)},
    ],
)
def test_other_numbers_sort_nothing(columns):
    n_rows = len(next(iter(columns.values())))
    profile = profile_table(pa.table(columns | {"amount": range(n_rows)}))
    assert not any(column.sorts for column in profile.columns)


def test_a_type_that_is_told_is_kept():
    from vizmodel.profile.reading.casts import Cast

    table = pa.table({"stage": STAGES * 4, "sort": (1, 2, 3, 4) * 4, "n": range(16)})
    told = profile_table(table, casts=[Cast("sort", "number", told="quantitative")])
    assert told.column("sort").usable
