"""Owns the form in which a profile travels: numbers, and names of columns; no cell, no evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta, Struct

from vizmodel.design import FieldType, Fold, Held, Slice, TimeUnit
from vizmodel.profile import PAIR_STATISTICS, ColumnProfile, Profile
from vizmodel.profile.columns import Kind, Resolution, Semantic
from vizmodel.profile.layouts.fold import MAX_FOLDS
from vizmodel.profile.layouts.slices import is_total
from vizmodel.profile.relations.cycles import MAX_CYCLES, Cycle
from vizmodel.profile.relations.prices import MAX_PRICES, Prices
from vizmodel.profile.relations.ranges import MAX_RANGES, Range
from vizmodel.profile.relations.triples import MAX_TRIPLES, Triple
from vizmodel.wire.versions import WireError

#: Columns of a table that travels: the statistics of pairs grow with the square of their number.
MAX_COLUMNS = 256
#: Characters of a column's name.
MAX_NAME = 1_000
MAX_KEYS, MAX_SLICES, MAX_HELD = 1_000, 1_000, 32
_PAIR_BYTES = 4 * len(PAIR_STATISTICS)

Name = Annotated[str, Meta(max_length=MAX_NAME)]
Place = Annotated[int, Meta(ge=0, lt=MAX_COLUMNS)]
Places = Annotated[list[Place], Meta(max_length=MAX_COLUMNS)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
#: A number that may be missing; a NaN of the profile.
Maybe = float | None
Size = Annotated[float, Meta(ge=0)]
Quantiles = tuple[float, float, float, float, float]


class ColumnForm(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A `ColumnProfile` without its position, which is its place, and without words about it."""

    name: Name
    kind: Kind
    semantic: Semantic
    n_rows: Count
    n_present: Count
    n_distinct: Count
    minimum: Maybe = None
    maximum: Maybe = None
    mean: Maybe = None
    std: Annotated[float, Meta(ge=0)] | None = None
    skew: Maybe = None
    quantiles: Quantiles | None = None
    integer: bool = False
    share_negative: float = 0.0
    share_zero: float = 0.0
    entropy: float = 0.0
    top_share: float = 0.0
    label_mean_length: Size = 0.0
    label_max_length: Count = 0
    monotonic: float = 0.0
    resolution: Resolution | None = None
    span_days: float = 0.0
    even: float = 0.0
    still: Annotated[list[TimeUnit], Meta(max_length=7)] = []
    told: FieldType | None = None
    rate: bool = False
    within: Name | None = None
    given: bool = False
    cumulative: bool = False
    axis: bool = False
    parts: bool = False
    sorts: bool = False
    restless: bool = False
    faces: Name | None = None
    between: tuple[Name, Name] | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that are none, and statistics that contradict each other."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, float) and not math.isfinite(part):
                    raise ValueError(f"{name} is not finite")
        if not self.n_distinct <= self.n_present <= self.n_rows:
            raise ValueError("n_distinct, n_present and n_rows do not fit together")
        if self.quantiles is not None and list(self.quantiles) != sorted(self.quantiles):
            raise ValueError("quantiles are not in order")


_KEPT = [name for name in ColumnProfile.__struct_fields__ if name in ColumnForm.__struct_fields__]


class SliceForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """A `Slice` without its levels: which columns are held, and whether each at its total."""

    shown: Places
    held: Annotated[list[tuple[Place, bool]], Meta(max_length=MAX_HELD)]
    n_rows: Count
    blank: Places


class TripleForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """A `Triple`."""

    x: Place
    y: Place
    group: Place
    strength: Annotated[float, Meta(ge=0, le=1)]


class RangeForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """A `Range`."""

    low: Place
    high: Place
    middle: Place | None = None


class PricesForm(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A `Prices`."""

    high: Place
    low: Place
    close: Place
    open: Place | None = None
    adjusted: Place | None = None
    volume: Place | None = None
    split: bool = False


class CycleForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """A `Cycle`."""

    time: Place
    unit: TimeUnit
    measure: Place
    share: Annotated[float, Meta(ge=0, le=1)]


class ProfileForm(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A `Profile`; `pairs` are float32 in little-endian order, `gathered` the columns of folds."""

    columns: Annotated[list[ColumnForm], Meta(max_length=MAX_COLUMNS)]
    n_rows: Count
    pairs: Annotated[bytes, Meta(max_length=MAX_COLUMNS**2 * _PAIR_BYTES)]
    keys: Annotated[
        list[Annotated[list[Place], Meta(min_length=1, max_length=3)]], Meta(max_length=MAX_KEYS)
    ] = []
    approximate: bool = False
    gathered: Annotated[list[Places], Meta(max_length=MAX_FOLDS)] = []
    slices: Annotated[list[SliceForm], Meta(max_length=MAX_SLICES)] = []
    triples: Annotated[list[TripleForm], Meta(max_length=MAX_TRIPLES)] = []
    ranges: Annotated[list[RangeForm], Meta(max_length=MAX_RANGES)] = []
    copies: Annotated[list[tuple[Place, Place]], Meta(max_length=MAX_COLUMNS**2 // 2)] = []
    counted: Places = []
    cycles: Annotated[list[CycleForm], Meta(max_length=MAX_CYCLES)] = []
    named: Place | None = None
    asked: Places | None = None
    prices: Annotated[list[PricesForm], Meta(max_length=MAX_PRICES)] = []

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        size = len(self.columns)
        if len({column.name for column in self.columns}) < size:
            raise ValueError("two columns have one name")
        if len(self.pairs) != size**2 * _PAIR_BYTES:
            raise ValueError(f"pairs are {len(self.pairs)} bytes, not {size**2 * _PAIR_BYTES}")
        held = [place for one in self.slices for place, _ in one.held]
        shown = [place for one in self.slices for place in one.shown]
        triples = [place for one in self.triples for place in (one.x, one.y, one.group)]
        ranges = [place for one in self.ranges for place in (one.low, one.high, one.middle or 0)]
        cycles = [place for one in self.cycles for place in (one.time, one.measure)]
        prices = [place for one in self.prices for place in _places(one).values()]
        keyed = [place for key in self.keys for place in key]
        copies = [place for pair in self.copies for place in pair]
        members = [place for places in self.gathered for place in places]
        names = [] if self.named is None else [self.named]
        named = (*members, *self.counted, *names, *(self.asked or ()))
        told = (*named, *copies, *held, *shown, *triples, *ranges, *cycles, *keyed, *prices)
        if any(place >= size for place in told):
            raise ValueError(f"a place is beyond the {size} columns")
        own = size - 2 * len(self.gathered)
        if own < len(self.gathered) or not all(self.gathered) or max(members, default=-1) >= own:
            raise ValueError("the last columns stand, two by two, for those that are gathered")


def profile_form(profile: Profile) -> ProfileForm:
    """Return a profile as it travels.

    Raises
    ------
    WireError
        It has too many columns, or a name or number that does not travel.
    """
    if len(profile.columns) > MAX_COLUMNS:
        raise WireError(f"the table has {len(profile.columns)} columns, more than {MAX_COLUMNS}")
    return ProfileForm(
        columns=[_column_form(column) for column in profile.columns],
        n_rows=profile.n_rows,
        pairs=_finite(profile.pairs).tobytes(),
        keys=sorted(list(key) for key in profile.keys),
        approximate=profile.approximate,
        gathered=[[profile.index(name) for name in fold.columns] for fold in profile.folds],
        slices=[_slice_form(one, profile.index) for one in profile.slices],
        triples=[_triple_form(one, profile.index) for one in profile.triples],
        ranges=[
            RangeForm(
                low=profile.index(one.low),
                high=profile.index(one.high),
                middle=None if one.middle is None else profile.index(one.middle),
            )
            for one in profile.ranges
        ],
        copies=sorted(_pair(profile, pair) for pair in profile.copies),
        counted=sorted(map(profile.index, profile.counted)),
        cycles=[_cycle_form(one, profile.index) for one in profile.cycles],
        named=None if profile.named is None else profile.index(profile.named),
        asked=None if profile.asked is None else list(map(profile.index, profile.asked)),
        prices=[_prices_form(one, profile.index) for one in profile.prices],
    )


def _prices_form(one: Prices, place: Callable[[str], int]) -> PricesForm:
    told = msgspec.structs.asdict(one)
    split = told.pop("split")
    return PricesForm(**{role: place(name) for role, name in told.items() if name}, split=split)


def _places(one: PricesForm) -> dict[str, int]:
    told = msgspec.structs.asdict(one)
    return {role: at for role, at in told.items() if at is not None and role != "split"}


def _prices_of(one: PricesForm, names: Sequence[str]) -> Prices:
    told = {role: names[place] for role, place in _places(one).items()}
    return Prices(**told, split=one.split)


def _slice_form(one: Slice, place: Callable[[str], int]) -> SliceForm:
    return SliceForm(
        shown=sorted(map(place, one.shown)),
        held=[(place(held.column), is_total(held)) for held in one.held],
        n_rows=one.n_rows,
        blank=sorted(map(place, one.blank)),
    )


def _triple_form(one: Triple, place: Callable[[str], int]) -> TripleForm:
    return TripleForm(x=place(one.x), y=place(one.y), group=place(one.group), strength=one.strength)


def _cycle_form(one: Cycle, place: Callable[[str], int]) -> CycleForm:
    return CycleForm(
        time=place(one.time), unit=one.unit, measure=place(one.measure), share=one.share
    )


def _pair(profile: Profile, names: frozenset[str]) -> tuple[int, int]:
    first, second = sorted(profile.index(name) for name in names)
    return first, second


def _column_form(column: ColumnProfile) -> ColumnForm:
    kept = {name: _without_nan(getattr(column, name)) for name in _KEPT if name != "still"}
    return ColumnForm(**kept, still=list(column.still))


def _without_nan(value: Any) -> Any:
    if isinstance(value, tuple):
        return None if any(math.isnan(part) for part in value) else value
    return None if isinstance(value, float) and math.isnan(value) else value


def _finite(pairs: Any) -> Any:
    found = np.ascontiguousarray(pairs, dtype="<f4")
    if not np.isfinite(found).all():
        raise WireError("a statistic of two columns is no number")
    return found


def profile_of(form: ProfileForm) -> Profile:
    """Return the profile that a form holds.

    Raises
    ------
    WireError
        A statistic is no number.
    """
    columns = tuple(_column_of(place, column) for place, column in enumerate(form.columns))
    size, names = len(columns), [column.name for column in columns]
    shape = (size, size, len(PAIR_STATISTICS))
    ends = range(size - 2 * len(form.gathered), size, 2)
    folds = tuple(
        Fold(tuple(names[place] for place in places), names[at], names[at + 1])
        for at, places in zip(ends, form.gathered, strict=True)
    )
    return Profile(
        columns,
        form.n_rows,
        _finite(np.frombuffer(form.pairs, dtype="<f4").reshape(shape)),
        frozenset(tuple(sorted(set(key))) for key in form.keys),
        form.approximate,
        folds,
        tuple(_slice_of(one, names) for one in form.slices),
        tuple(Triple(names[t.x], names[t.y], names[t.group], t.strength) for t in form.triples),
        tuple(_range_of(one, names) for one in form.ranges),
        frozenset(frozenset((names[first], names[second])) for first, second in form.copies),
        frozenset(names[place] for place in form.counted),
        cycles=tuple(Cycle(names[c.time], c.unit, names[c.measure], c.share) for c in form.cycles),
        named=None if form.named is None else names[form.named],
        asked=None if form.asked is None else tuple(names[place] for place in form.asked),
        prices=tuple(_prices_of(one, names) for one in form.prices),
    )


def _range_of(form: RangeForm, names: Sequence[str]) -> Range:
    middle = None if form.middle is None else names[form.middle]
    return Range(names[form.low], names[form.high], middle)


def _column_of(place: int, form: ColumnForm) -> ColumnProfile:
    given = msgspec.structs.asdict(form)
    for name in ("minimum", "maximum", "mean", "std", "skew"):
        given[name] = math.nan if given[name] is None else given[name]
    given["still"] = tuple(given["still"])
    given["quantiles"] = given["quantiles"] or (math.nan,) * 5
    return ColumnProfile(position=place, evidence="", **given)


def _slice_of(form: SliceForm, names: Sequence[str]) -> Slice:
    # A missing level is a total, an empty one is not: so `is_total` says.
    held = tuple(Held(names[place], None if total else "") for place, total in form.held)
    shown, blank = (frozenset(names[at] for at in places) for places in (form.shown, form.blank))
    return Slice(shown, held, form.n_rows, blank=blank)
