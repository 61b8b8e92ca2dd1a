"""The order of labels: steps, ages, months and weekdays, numbers within names."""

from __future__ import annotations

import random
import time

import pytest

from vizmodel.profile.orders import in_order, natural, order_of

IN_ORDER = [
    ("weekday", ["Mon", "Tues", "Weds", "Thurs", "Sun"]),
    ("month", ["Jan", "March", "Sept", "Dec."]),
    ("steps", ["Nov 2019", "Jan 2020", "Mar 2020"]),
    ("scale", ["elementary", "secondary", "high"]),
    ("scale", ["None", "Some", "Marked"]),
    ("scale", ["hs drop out", "hs", "some college", "college", "master"]),
    ("scale", ["< HS Grad", "HS Grad", "Some College", "Advanced Degree"]),
    ("scale", ["small_airport", "medium_airport", "large_airport"]),
    ("scale", ["Very low risk", "Low risk", "High risk"]),
    ("month", ["Jan", "Feb", "Dec", "Annual"]),
    ("scale", ["Strongly disagree", "Disagree", "Agree"]),
    ("scale", ["SI2", "VS1", "VVS1", "IF"]),
    ("steps", ["Q0", "Q1", "Q2", "Q10", "Q16"]),
    ("steps", ["pre", "2m", "4m", "6m", "8m"]),
    ("steps", ["Under 1", "1 to 4", "5 to 9", "10 to 14", "18 and over", "Not Known"]),
    ("steps", ["4 and under", "5 to 9", "10 to 14", "75 or over"]),
    ("steps", ["<10000", "10000 to 14999", "100000 to 149999", "200000+"]),
    ("steps", ["<1", "1-2", ">2"]),
    ("steps", ["15-24", "25-39", "40-"]),
    ("steps", ["Less than £50", "£50 - £99", "£100 - £149", "£500 or more"]),
    ("steps", ["less than 100,000", "between 100,000 and 200,000", "more than 1,000,000"]),
    ("steps", ["Less than 15 minutes", "15 to 29 minutes", "More than 60 minutes"]),
    ("steps", ["1 year", "2 years", "10 years"]),
    ("steps", ["Quintile 1 (least deprived)", "Quintile 2", "Quintile 5 (most deprived)"]),
    ("steps", ["2009/10", "2010/11", "2011/12"]),
    ("steps", ["2015", "2015/16", "2016"]),
    ("steps", ["2016", "2016 Q1", "2016 Q4", "2017 Q1"]),
    ("steps", ["Athens 1896", "Paris 1900", "London 1908"]),
    ("steps", ["12am", "9am", "12pm", "3pm"]),
    ("steps", ["1 never", "2 sometimes", "3 always"]),
    ("steps", ["week 2", "week 3", "week 11"]),
    ("numbered", ["E12000002", "E12000006", "E12000011"]),
    ("numbered", ["r1", "r2", "r10"]),
    ("scale", ["Well", "Mild", "Moderate", "Impaired"]),
    ("scale", ["Too Little", "About Right", "Too Much"]),
    ("scale", ["Early", "Mid-day", "Late"]),
    ("scale", ["poor", "average", "excellent"]),
    ("steps", ["Stage I", "Stage IIA", "Stage IIB", "Stage IV"]),
    ("named", ["I", "II", "III", "IV", "V", "IX"]),
    ("named", ["G", "I", "II", "III", "IV", "V", "VI", "IX"]),
    ("named", ["No", "Yes"]),
    ("named", ["N", "Y", "unknown"]),
    ("named", ["decrease", "no change", "increase"]),
    ("named", ["MM", "MN", "NN"]),
    ("named", ["SS", "Ss", "ss"]),
]


@pytest.mark.parametrize(("kind", "labels"), IN_ORDER, ids=[str(case[1][:2]) for case in IN_ORDER])
def test_labels_that_are_steps_have_their_order(kind: str, labels: list[str]) -> None:
    mixed = random.Random(3).sample(labels, len(labels))
    found = order_of(tuple(mixed))
    assert found is not None
    assert found == (kind, tuple(labels))
    assert in_order(mixed) == labels


@pytest.mark.parametrize(
    "labels",
    [
        ["Rome", "Oslo"],
        ["store 3", "store 10", "store 1"],
        ["2211 Medical practitioners", "2212 Psychologists", "2215 Dentists"],
        ["7-Zip", "Firefox", "GIMP"],
        ["4wd", "fwd", "rwd"],
        ["Marketing", "Mayor", "Junior"],
        ["1-2 Family Dwelling", "3+ Family Apartment Building", "Commercial"],
        ["unknown", "other"],
        ["heinz28", "heinz32", "hunts32"],
        ["Type 1", "History of type 3", "Type 2"],
        ["I", "V", "X"],
        ["M", "F"],
        ["AB", "BC", "CA"],
    ],
    ids=str,
)
def test_names_have_no_order_of_their_own(labels: list[str]) -> None:
    found = order_of(tuple(labels))
    assert found is None or found[0] in ("numbered", "named")


def test_many_labels_are_put_in_order_in_a_moment() -> None:
    labels = [f"week {week}" for week in random.Random(3).sample(range(20_000), 20_000)]
    begun = time.process_time()
    assert in_order(labels) == sorted(labels, key=natural)
    assert time.process_time() - begun < 5


def test_what_is_no_text_has_no_order_in_words() -> None:
    assert in_order([1, "a"]) is None
    assert in_order([]) is None
    assert sorted(["x 10", "x 9", "<3", "3 to 5"], key=natural) == ["<3", "3 to 5", "x 9", "x 10"]
