"""Numbers that say how uncertain or how spread another is."""

import pyarrow as pa
import pytest

from vizmodel.profile import profile_table
from vizmodel.worth.asides import asides
from vizmodel.worth.spreads import margins, spreads

FIGURE, ERROR = [3.1, 2.8, 4.0, 3.3, 2.2], [0.2, 0.3, 0.25, 0.2, 0.15]


def table(**columns: list[float]):
    return profile_table(pa.table({"group": list("ABCDE"), **columns}))


@pytest.mark.parametrize(
    ("figure", "error"),
    [
        ("mean", "se"),
        ("estimate", "std.error"),
        ("accuracy", "std"),
        ("mean_yield", "sd_yield"),
        ("yield", "yield_se"),
        ("len", "ci"),
        ("Mittelwert", "Standardabweichung"),
        ("moyenne", "écart-type"),
        ("support", "margin of error"),
    ],
)
def test_an_error_goes_with_its_figure(figure, error):
    assert margins(table(**{figure: FIGURE, error: ERROR})) == {figure: error}


def test_of_several_the_error_of_the_mean_is_drawn():
    sd = [0.6, 0.9, 0.75, 0.62, 0.45]
    profile = table(n=[9, 10, 9, 11, 8], weight=FIGURE, sd=sd, se=ERROR)
    assert margins(profile) == {"weight": "se"}
    assert {"sd", "se"} <= asides(profile)


@pytest.mark.parametrize(
    "columns",
    [
        # Two that may be meant; how far earnings vary; larger than the figure; another unit.
        {"mean_a": FIGURE, "mean_b": FIGURE[::-1], "std_err": ERROR},
        {"return": FIGURE, "sd": ERROR},
        {"share": ERROR, "sd": [9.0, 8.0, 11.0, 12.0, 7.0]},
        {"mean": FIGURE, "variance": ERROR},
        {"error": ERROR, "loss": FIGURE},
    ],
)
def test_other_numbers_are_no_margins(columns):
    assert margins(table(**columns)) == {}


def test_a_spread_without_a_figure_is_beside_the_point_all_the_same():
    profile = table(mean_a=FIGURE, mean_b=FIGURE[::-1], std_err=ERROR)
    assert spreads(profile) == {"std_err": None}
    assert asides(profile) == {"std_err"}
