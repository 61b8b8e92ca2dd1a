"""Owns what a person has seen of a table so far: its columns, and the pairs worth seeing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from msgspec import Struct

from vizmodel.design import Design, FieldType
from vizmodel.grammar.gathering import shown_fold
from vizmodel.profile import ColumnProfile, Profile

#: Tie between two columns from which they are worth seeing together, and most pairs that are.
MIN_TIE, MAX_PAIRS = 0.3, 30


class ColumnGuess(Struct, frozen=True):
    """What a column was taken for, why, and how many charts have shown it.

    Parameters
    ----------
    name
        Of the column.
    type
        nominal, ordinal, quantitative or temporal.
    semantic
        What it means, such as identifier, year or currency.
    evidence
        Where that comes from, in words.
    told
        Whether the user gave the type.
    usable
        Whether a chart can be about it.
    charts
        How many of the charts so far show it.
    """

    name: str
    type: FieldType
    semantic: str
    evidence: str
    told: bool
    usable: bool
    charts: int


class Pair(Struct, frozen=True):
    """Two columns with a tie, and whether a chart has shown them together.

    `tie` is 0..1: rank correlation, or how much groups explain.
    """

    first: str
    second: str
    tie: float
    shown: bool


class Coverage(Struct, frozen=True):
    """What has been shown of a table, and what not yet.

    Parameters
    ----------
    columns
        Those that charts can be about.
    pairs
        Pairs of them with a tie, strongest first.

    Examples
    --------
    >>> Coverage((), (Pair("a", "b", 0.9, False),)).pairs_shown
    0
    """

    columns: tuple[ColumnGuess, ...]
    pairs: tuple[Pair, ...]

    @property
    def columns_shown(self) -> int:
        """Number of columns that some chart has shown."""
        return sum(column.charts > 0 for column in self.columns)

    @property
    def pairs_shown(self) -> int:
        """Number of pairs that some chart has shown together."""
        return sum(pair.shown for pair in self.pairs)

    @property
    def unseen_columns(self) -> tuple[str, ...]:
        """Names of the columns that no chart has shown."""
        return tuple(column.name for column in self.columns if not column.charts)

    @property
    def unseen_pairs(self) -> tuple[tuple[str, str], ...]:
        """Pairs that no chart has shown together, strongest tie first."""
        return tuple((pair.first, pair.second) for pair in self.pairs if not pair.shown)

    def __str__(self) -> str:
        """Say in one line how much has been shown."""
        return (
            f"{self.columns_shown} of {len(self.columns)} columns and "
            f"{self.pairs_shown} of {len(self.pairs)} relations shown"
        )


def guesses(profile: Profile, designs: Iterable[Design]) -> tuple[ColumnGuess, ...]:
    """Return what each of a table's own columns was taken for, in the table's order."""
    shown = [_columns_of(design, profile) for design in designs]
    return tuple(_guess(column, shown) for column in profile.own_columns)


def _guess(column: ColumnProfile, shown: Sequence[set[str]]) -> ColumnGuess:
    return ColumnGuess(
        name=column.name,
        type=column.field_type,
        semantic=column.semantic,
        evidence=column.evidence,
        told=column.told is not None,
        usable=column.usable,
        charts=sum(column.name in names for names in shown),
    )


def _columns_of(design: Design, profile: Profile) -> set[str]:
    """Return the columns of a chart; what gathers columns shows them all."""
    names, fold = set(design.fields), shown_fold(design, profile)
    return names if fold is None else names.union(fold.columns)


def coverage(profile: Profile, designs: Sequence[Design]) -> Coverage:
    """Return what charts have shown of a table.

    Parameters
    ----------
    profile
        Of the table.
    designs
        Of all charts shown so far.
    """
    columns = tuple(guess for guess in guesses(profile, designs) if guess.usable)
    seen = {
        frozenset(pair)
        for design in designs
        for pair in combinations(sorted(_columns_of(design, profile)), 2)
    }
    pairs = [
        Pair(first, second, tie, frozenset((first, second)) in seen)
        for first, second, tie in _ties(profile, [column.name for column in columns])
    ]
    return Coverage(columns, tuple(pairs))


def _ties(profile: Profile, names: Sequence[str]) -> list[tuple[str, str, float]]:
    found = []
    for first, second in combinations(names, 2):
        # Columns that are alike are seen together wherever they are gathered; copies never.
        gathered = any({first, second} <= set(fold.columns) for fold in profile.folds)
        if gathered or _copies(profile, first, second):
            continue
        tie = max(
            profile.pair(first, second, "abs_spearman"),
            profile.pair(first, second, "eta_squared") ** 0.5,
            profile.pair(second, first, "eta_squared") ** 0.5,
            profile.pair(first, second, "cramers_v"),
        )
        if tie >= MIN_TIE:
            found.append((first, second, round(tie, 3)))
    return sorted(found, key=lambda pair: -pair[2])[:MAX_PAIRS]


def _copies(profile: Profile, first: str, second: str) -> bool:
    both = profile.pair(first, second, "determines") and profile.pair(second, first, "determines")
    return bool(both) or profile.pair(first, second, "abs_spearman") >= 0.9995
