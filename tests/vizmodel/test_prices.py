"""The prices of days are known by their names and by what they hold, and drawn as such."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.vizmodel.raw_tables import profile_of
from vizmodel.form.style import styled
from vizmodel.grammar.ranges import MAX_CANDLES
from vizmodel.profile import Profile
from vizmodel.profile.relations.prices import Prices
from vizmodel.recommend import recommend
from vizmodel.wire.profile import profile_form
from vizmodel.wire.profile import profile_of as profile_from
from vizmodel.worth.asides import asides

N = 90
_RNG = np.random.default_rng(6)
ROLES = ("open", "high", "low", "close", "volume")


def traded(names: tuple[str, ...] = ROLES, n: int = N, **more: Any) -> pd.DataFrame:
    """Return the prices of some days under names in the order of `ROLES`."""
    close = 100 * np.exp(np.cumsum(_RNG.normal(0, 0.015, n)))
    opened = np.r_[100, close[:-1]] * np.exp(_RNG.normal(0, 0.004, n))
    reach = np.exp(np.abs(_RNG.normal(0, 0.006, (2, n))))
    high, low = np.maximum(opened, close) * reach[0], np.minimum(opened, close) / reach[1]
    volume = _RNG.lognormal(15, 0.4, n).astype(int)
    columns = dict(zip(names, (opened, high, low, close, volume), strict=False))
    days = pd.bdate_range("2024-01-02", periods=n)
    return pd.DataFrame({"day": days} | columns | more)


def listed(profile: Profile) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.design.mark, one.design.fields) for one in recommend(profile)]


@pytest.mark.parametrize(
    "names",
    [
        ("Open", "High", "Low", "Close", "Volume"),
        ("1. open", "2. high", "3. low", "4. close", "5. volume"),
        ("1a. open (USD)", "2a. high (USD)", "3a. low (USD)", "4a. close (USD)", "5. volume"),
        ("Otwarcie", "Najwyzszy", "Najnizszy", "Zamkniecie", "Wolumen"),
        ("Eröffnung", "Hoch", "Tief", "Schluss", "Volumen"),
        ("Ouverture", "Plus haut", "Plus bas", "Clôture", "Volume"),
        ("Apertura", "Máximo", "Mínimo", "Cierre", "Volumen"),
        ("<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>", "<VOL>"),
        ("开盘", "最高", "最低", "收盘", "成交量"),
        ("o", "h", "l", "c", "v"),
        ("Open", "High", "Low", "Price", "Vol."),
        ("open_price", "high_price", "low_price", "close_price", "volume"),
        ("AAPL.Open", "AAPL.High", "AAPL.Low", "AAPL.Close", "AAPL.Volume"),
    ],
    ids=str,
)
def test_prices_are_known_in_the_words_of_many_sources(names: tuple[str, ...]) -> None:
    opened, high, low, close, volume = names
    profile = profile_of(traded(names))
    assert profile.prices == (Prices(high, low, close, opened, volume=volume),)
    assert profile.is_range(low, high)
    assert asides(profile) == {opened, high, low}


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.assign(close=table["close"].to_numpy()[::-1] * 1.3),
        lambda table: table.drop(columns="high"),
        # The last of some readings closes nothing.
        lambda table: table.drop(columns="open").rename(
            columns={"low": "min", "high": "max", "close": "last"}
        ),
    ],
    ids=["outside", "no high", "readings"],
)
def test_what_is_called_so_and_holds_other_numbers_is_none(change: Any) -> None:
    assert profile_of(change(traded())).prices == ()


def test_each_of_several_things_has_prices_of_its_own() -> None:
    first, second = traded(), traded().drop(columns="day")
    table = first.add_suffix("_AAPL").join(second.add_suffix("_MSFT"))
    found = profile_of(table.rename(columns={"day_AAPL": "day"})).prices
    assert [one.close for one in found] == ["close_AAPL", "close_MSFT"]
    assert [one.volume for one in found] == ["volume_AAPL", "volume_MSFT"]


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (("Close_AAPL", "Close_MSFT"), "symbol"),
        (("AAPL.Close", "MSFT.Close"), "symbol"),
        (("close_bid", "close_ask"), "quote"),
    ],
    ids=str,
)
def test_prices_of_several_things_are_gathered_by_their_names(
    names: tuple[str, str], key: str
) -> None:
    role = "Close" if "Close" in names[0] else "close"
    parts = [
        traded(tuple(name.replace(role, one.capitalize()) for one in ROLES)).iloc[:, 1:]
        for name in names
    ]
    profile = profile_of(traded()[["day"]].join(parts[0]).join(parts[1]))
    close = {fold.value: fold for fold in profile.folds}["Close"]
    assert close.key == key
    assert set(listed(profile)[0][1]) == {"day", "Close", key}


def test_the_adjusted_price_stands_for_all_where_shares_were_split() -> None:
    table = traded()
    adjusted = table.assign(**{"Adj Close": table["close"] * np.linspace(0.9, 1, N)})
    profile = profile_of(adjusted)
    assert profile.prices[0].course == "close"
    assert {("line", ("day", "close")), ("line", ("day", "Adj Close"))} <= set(listed(profile))
    split = table.assign(**{"Adj Close": table["close"] / np.repeat([4, 1], N // 2)})
    assert listed(profile_of(split))[0] == ("line", ("day", "Adj Close"))
    same = profile_of(table.assign(**{"Adj Close": table["close"]}))
    assert same.prices[0].course == "close"


def test_prices_travel() -> None:
    profile = profile_of(traded())
    assert Profile.from_dict(profile.to_dict()).prices == profile.prices
    assert profile_from(profile_form(profile)).prices == profile.prices


def test_the_list_is_the_course_candlesticks_and_what_was_traded() -> None:
    found = listed(profile_of(traded()))
    assert found[0] == ("line", ("day", "close"))
    assert set(found[1:3]) == {("bar", ("day", "low", "high")), ("bar", ("day", "volume"))}
    # None of the near copies of the course, nor what prices are on average.
    others = {"open", "high", "low"}
    assert all(others.isdisjoint(fields) for mark, fields in found if fields != found[1][1])
    assert ("bar", ("close",)) not in found[:5]


def test_of_more_days_than_are_seen_there_are_no_candlesticks() -> None:
    found = listed(profile_of(traded(n=MAX_CANDLES + 1)))
    assert ("bar", ("day", "low", "high")) not in found
    assert found[0] == ("line", ("day", "close"))
    assert {("line", ("day", "volume")), ("area", ("day", "low", "high"))} <= set(found[1:4])


def test_several_things_in_one_column_have_a_line_each() -> None:
    parts = [traded(n=200).assign(symbol=name) for name in ("AAPL", "MSFT", "NVDA")]
    profile = profile_of(pd.concat(parts))
    found = listed(profile)
    assert found[0] == ("line", ("day", "close", "symbol"))
    assert ("line", ("day", "volume", "symbol")) in found[:3]
    assert all({"open", "high", "low"}.isdisjoint(fields) for _, fields in found[:5])


def test_prices_that_a_person_asks_about_are_drawn() -> None:
    profile = profile_of(traded()).asking(["open"])
    assert ("line", ("day", "open")) in listed(profile)[:2]


def test_bars_of_a_range_are_thick_from_the_first_to_the_last_price() -> None:
    profile = profile_of(traded())
    candles = next(one.design for one in recommend(profile) if one.design.ends is not None)
    assert candles.style.body == ("open", "close")
    assert candles.implied == ("open", "close")
    # On its side the range has no body.
    assert styled(candles.upright(), profile, turn=True).style.body is None
