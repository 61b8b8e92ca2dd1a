"""Numbers of events have no course."""

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import profile_table
from vizmodel.recommend import recommend
from vizmodel.wire.profile import profile_form, profile_of

N = 300
_RNG = np.random.default_rng(5)
_START = np.datetime64("2024-01-01T00:00:00", "us")
TIMES = _START + np.sort(_RNG.integers(0, 10**13, N)).astype("timedelta64[us]")
TICKETS = {
    "opened": TIMES,
    "team": _RNG.choice(["net", "app", "db"], N),
    "priority": _RNG.choice(["P1", "P2", "P3"], N),
    "channel": _RNG.choice(["mail", "phone"], N),
    "minutes": _RNG.exponential(90, N).round(1),
    "stars": _RNG.integers(1, 6, N),
}


def test_no_line_joins_what_events_are_rated_by() -> None:
    profile = profile_table(pa.table(TICKETS))
    assert [c.name for c in profile.columns if c.restless] == ["minutes", "stars"]
    lines = [one.design for one in recommend(profile, 8) if one.design.mark == "line"]
    assert not any("stars" in line.fields and not line.summarised for line in lines)
    assert profile_of(profile_form(profile)).column("stars").restless


@pytest.mark.parametrize(
    "numbers",
    [
        # What goes on, what rises, what follows the week, and what is no rating of anything.
        np.clip(np.cumsum(_RNG.integers(-1, 2, N)) % 9, 0, 8),
        np.arange(N) // 30 + _RNG.integers(0, 3, N),
        np.where(np.arange(N) % 7 < 5, 8, 2) + _RNG.integers(0, 3, N),
        _RNG.normal(0, 1, N),
    ],
    ids=["level", "growth", "week", "measure"],
)
def test_other_numbers_have_a_course(numbers: np.ndarray) -> None:
    days = (_START + np.arange(N) * np.timedelta64(86_400_000_000, "us")).astype("datetime64[us]")
    profile = profile_table(pa.table({"day": days, "number": numbers, "other": TICKETS["minutes"]}))
    assert not profile.column("number").restless
