"""Owns the guess of what a table asks: which column the others are there to explain.

Analysts draw that column first, against its likely causes, and put it on the vertical axis; how
closely others are related says little of it: two sizes of one thing always are closer. The guess
rests on names, and on what a column is among the others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
from msgspec import Struct, json

from vizmodel.design import Design
from vizmodel.grammar.gathering import answered_items
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import Kind, Semantic
from vizmodel.profile.words import split_name
from vizmodel.runtime.opening import newest_weights
from vizmodel.worth.answering import about_answering
from vizmodel.worth.asides import asides, told_by
from vizmodel.worth.interest import strengths
from vizmodel.worth.traits import NONE
from vizmodel.worth.traits import Floats as Rows
from vizmodel.worth.trees import Trees, read_trees

Floats = npt.NDArray[np.float64]
FILE, TREES_FILE = "asked.json", "asked.npz"
#: What names begin with that are of a known word all the same: lwage, totwrk.
_BEGINNINGS = ("log", "ln", "tot", "avg", "mean", "l", "n", "d")
MIN_WORD = 3
#: Words that say of another how it was worked out.
_BESIDE = frozenset(
    (
        *("total", "tot", "sum", "mean", "avg", "average", "median", "max", "min", "log"),
        *(
            "net",
            "gross",
            "number",
            "num",
            "no",
            "of",
            "per",
            "the",
            "and",
            "in",
            "for",
            "by",
            "to",
        ),
    )
)
#: What the chance counts of one item among those of a questionnaire.
ONE_ITEM = 0.25
#: What the chances come to of columns that a person names. Lists hardly depend on it, from 0.7 on.
SAID = 0.95
#: The least chance of a column that the others are there to explain.
MIN_ASKED = 0.1
#: Ties above this are of copies, and one from which a column counts as related.
_COPY, _TIED = 0.97, 0.2
_MAX_SKEW = 5.0

_KINDS, _MEANINGS = get_args(Kind), get_args(Semantic)
_OWN: dict[str, Callable[[ColumnProfile], float]] = {
    "integer": lambda c: c.integer,
    "distinct": lambda c: math.log1p(c.n_distinct),
    "two": lambda c: c.n_distinct == 2,
    "top_share": lambda c: c.top_share,
    "skew": lambda c: min(abs(c.skew), _MAX_SKEW) if math.isfinite(c.skew) else 0.0,
    "nulls": lambda c: c.null_share,
    "ends": lambda c: c.tells_an_outcome,
    "time": lambda c: c.is_time,
    "negative": lambda c: c.share_negative > 0,
    "additive": lambda c: c.additive,
    "intensive": lambda c: c.intensive,
}
#: What a chart shows of what is asked: how likely what stands on x, on y and beside them is asked
#: about (log), and how many columns are likelier; the likeliest shown, beside that of all.
ASKED_TRAITS: tuple[str, ...] = (
    *(f"{at}:{what}" for at in ("x", "y", "third") for what in ("asked", "asked_before")),
    "asked_shown",
)
#: No chance is less than this, and no column comes after so many.
LEAST_CHANCE, LAST_PLACE = 1e-4, 99.0
#: Names of the numbers that a column is judged by, besides the words of its name.
SIGNS: tuple[str, ...] = (
    *("last", "first", "early", "place"),
    *("strongest", "three_strongest", "tied"),
    *(f"kind:{kind}" for kind in _KINDS),
    *(f"meaning:{meaning}" for meaning in _MEANINGS),
    *_OWN,
)
#: What trees see of a column besides its signs: what the logit says of its name, of its signs and
#: of both, how far that is below the best of the table, how many come before it, by how much the
#: best one leads, and how many there are.
LOGIT_TRAITS: tuple[str, ...] = (
    *("logit:name", "logit:signs", "logit:both", "logit:name_below", "logit:both_below"),
    *("logit:before", "logit:lead", "columns"),
)
COLUMN_TRAITS = (*SIGNS, *LOGIT_TRAITS)


class Asked(Struct, frozen=True, eq=False):
    """A multinomial logit (McFadden 1974) of which column is asked about, or none.

    Names count by themselves in it. What a column is among the others is told by trees, which see
    what the logit says of all: their sum is the utility of a column where any is asked about.

    Parameters
    ----------
    words
        Word of a name -> what it adds, in nats.
    signs
        Name of a sign -> its mean and spread among the columns it was learned from, and what a
        spread more of it adds.
    none
        Utility of asking about no column.
    trees
        Over COLUMN_TRAITS; the logit speaks alone where None.
    """

    words: Mapping[str, float]
    signs: Mapping[str, tuple[float, float, float]]
    none: float
    trees: Trees | None = None

    def chances(self, profile: Profile) -> dict[str, float]:
        """Return the chance of each usable column of a table; that of none makes up one."""
        names = asked_columns(profile)
        if not names:
            return {}
        seen = signs(profile, names)
        named, signed = self.utilities(names, seen)
        utility = named + signed
        any_column = 1.0 / (1.0 + np.exp(self.none - _log_sum(utility)))
        if self.trees is not None:
            utility = self.trees.sum(column_rows(seen, named, signed))
        shares = np.exp(utility - _log_sum(utility))
        return dict(zip(names, (any_column * shares).tolist(), strict=True))

    def utilities(self, names: Sequence[str], seen: Floats) -> tuple[Floats, Floats]:
        """Return what the names and what the signs [n_columns, n_signs] of columns add, in nats."""
        signed = np.zeros(len(names))
        for values, sign in zip(seen.T, SIGNS, strict=True):
            mean, spread, nats = self.signs[sign]
            signed += nats * (values - mean) / spread
        words = (known_words(name, self.words) for name in names)
        named = np.array([sum(map(self.words.__getitem__, known)) for known in words])
        return named, signed


def _log_sum(utility: Floats) -> float:
    top = float(utility.max())
    return top + math.log(float(np.exp(utility - top).sum()))


def column_rows(seen: Floats, named: Floats, signed: Floats) -> Rows:
    """Return what trees see of a table's columns: float32 [n_columns, len(COLUMN_TRAITS)]."""
    both = named + signed
    order = np.argsort(-both, kind="stable")
    lead = float(both[order[0]] - both[order[1]]) if len(both) > 1 else LAST_PLACE
    said = [named, signed, both, named - named.max(), both - both.max(), np.argsort(order)]
    told = [np.full(len(both), lead), np.full(len(both), len(both))]
    return np.column_stack([seen, *said, *told]).astype(np.float32)


@once_per_profile
def asked_chances(profile: Profile) -> Mapping[str, float]:
    """Return the chance of each usable column that the table asks about it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = pa.table({"age": [20 + n % 40 for n in range(60)],
    ...                   "wage": [9.5 + n * 7 % 31 for n in range(60)]})
    >>> chances = asked_chances(profile_table(table))
    >>> chances["wage"] > chances["age"]
    True
    """
    guessed = guessed_chances(profile)
    return guessed if profile.asked is None else _told_chances(guessed, profile.asked)


@once_per_profile
def guessed_chances(profile: Profile) -> Mapping[str, float]:
    """Return the same chances, as they are where nobody has said what the table is asked about."""
    known = read_asked(newest_weights())
    return {} if known is None else _shared_out(known.chances(profile), profile)


def guessed_column(profile: Profile) -> str | None:
    """Return the column that a table is guessed to ask about; None where none is likely enough."""
    chances = guessed_chances(profile)
    likeliest = max(chances, key=lambda name: chances[name], default=None)
    return likeliest if likeliest and chances[likeliest] >= MIN_ASKED else None


def _told_chances(guessed: Mapping[str, float], told: Sequence[str]) -> dict[str, float]:
    """Return chances where a person has said what is asked about; none where nothing is.

    Each column that is named counts half of the one before it; what is left is as it was guessed.
    """
    if not told:
        return {}
    shares = {name: 0.5**place for place, name in enumerate(told)}
    said = {name: SAID * share / sum(shares.values()) for name, share in shares.items()}
    others = {name: (1.0 - SAID) * chance for name, chance in guessed.items() if name not in said}
    return said | others


def _shared_out(chances: dict[str, float], profile: Profile) -> dict[str, float]:
    """Return chances in which nobody asks about what is beside the point.

    No single item of a questionnaire is, nor how it was answered, nor how uncertain a figure is;
    what a mean was taken of, or an estimate lies between, is asked about by that, and settings by
    what came of them.
    """
    items = answered_items(profile)
    shares = dict.fromkeys(items, ONE_ITEM)
    shares |= dict.fromkeys(about_answering(profile) if items else (), 0.0)
    shares |= dict.fromkeys(asides(profile), 0.0)
    told = {**told_by(profile), **_tried_out(profile)}
    shares |= dict.fromkeys(told, 0.0)
    if not shares:
        return chances
    found = {name: chance * shares.get(name, 1.0) for name, chance in chances.items()}
    for name, main in told.items():
        if main in found:
            found[main] += chances.get(name, 0.0)
    whole = sum(chances.values()) / max(sum(found.values()), 1e-9)
    return {name: chance * whole for name, chance in found.items()}


def _tried_out(profile: Profile) -> dict[str, str]:
    """Return the settings of trials, and what numbers these, with the main result."""
    trials = profile.trials
    if trials is None:
        return {}
    return dict.fromkeys(filter(None, (*trials.settings, trials.order)), trials.results[0])


def asked_rows(
    designs: Sequence[Design], profile: Profile, chances: Mapping[str, float] | None = None
) -> Rows:
    """Return what charts show of what their table asks: float32 [n_designs, len(ASKED_TRAITS)].

    Parameters
    ----------
    designs, profile
        Charts in canonical orientation, and their table.
    chances
        Of its columns; as `asked_chances` tells them where None.
    """
    known = asked_chances(profile) if chances is None else chances
    before = {name: at for at, name in enumerate(sorted(known, key=lambda name: -known[name]))}
    most = max(known.values(), default=LEAST_CHANCE)
    rows = []
    for design in designs:
        fields = {e.channel: e.field for e in design.encodings}
        third = next((e.field for e in design.encodings if e.channel not in ("x", "y")), None)
        row: list[float] = []
        for name in (fields.get("x"), fields.get("y"), third):
            chance = max(known.get(name or "", 0.0), LEAST_CHANCE)
            row += [math.log(chance), before.get(name, LAST_PLACE)] if name else [NONE, NONE]
        rows.append([*row, max(known.get(name, 0.0) for name in design.fields) / most])
    return np.array(rows, dtype=np.float32).reshape(len(designs), len(ASKED_TRAITS))


@lru_cache(maxsize=4)
def read_asked(folder: Path) -> Asked | None:
    """Read what was learned; None where a folder of weights has none."""
    path = folder / FILE
    if not path.is_file():
        return None
    found = json.decode(path.read_bytes())
    trees = read_trees(folder / TREES_FILE, COLUMN_TRAITS)
    return Asked(found["words"], found["signs"], found["none"], trees)


def asked_columns(profile: Profile) -> list[str]:
    """Return the columns that a table may ask about: its own that a chart can be about."""
    return [column.name for column in profile.own_columns if column.usable]


def signs(profile: Profile, names: Sequence[str]) -> Floats:
    """Return the signs of some columns: float64 [n_columns, len(SIGNS)]."""
    ties = strengths(profile)
    ties = np.where(ties > _COPY, 0.0, ties)
    last = len(profile.own_columns) - 1
    rows = []
    for name in names:
        at, column = profile.index(name), profile.column(name)
        among = np.sort(ties[at])[::-1]
        places = (at == last, at == 0, at <= 1, at / max(last, 1))
        related = (among[0], among[:3].mean(), float((among > _TIED).mean()))
        meant = (column.kind == kind for kind in _KINDS)
        means = (column.semantic == meaning for meaning in _MEANINGS)
        rows.append([*places, *related, *meant, *means, *(of(column) for of in _OWN.values())])
    return np.array(rows, dtype=np.float64)


def name_words(name: str) -> Iterator[str]:
    """Yield the words of a name without their numbers, and without those that go with any other.

    Examples
    --------
    >>> list(name_words("total_bill2")), list(name_words("Total"))
    (['bill'], ['total'])
    """
    bare = [re.sub(r"\d+", "", word) for word in split_name(name).split()]
    telling = [word for word in bare if word and word not in _BESIDE]
    yield from telling or filter(None, bare)


def known_words(name: str, known: Mapping[str, object]) -> set[str]:
    """Return the known words of a name, those that its words end in, and that of its initials.

    Examples
    --------
    >>> sorted(known_words("lwage_76", {"wage": 1.0}))
    ['wage']
    >>> sorted(known_words("Miles_per_Gallon", {"mpg": 1.0}))
    ['mpg']
    """
    initials = "".join(word[0] for word in split_name(name).split())
    found = {initials} if len(initials) >= MIN_WORD and initials in known else set()
    for word in name_words(name):
        ends = (word.removeprefix(begin) for begin in _BEGINNINGS if word.startswith(begin))
        parts = (word, *(end for end in ends if len(end) >= MIN_WORD))
        first = next((part for part in parts if part in known), None)
        if first is not None:
            found.add(first)
    return found
