"""Owns decoding: from a profile and an intent to candidates, by searches under the grammar."""

from __future__ import annotations

from collections.abc import Callable, Container, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import combinations, islice, permutations, product
from typing import Protocol, cast

from msgspec import Struct
from msgspec.structs import replace

from vizmodel.candidates.about import ABOUT
from vizmodel.candidates.kinds import charts_by_name
from vizmodel.candidates.plain_charts import plain_charts
from vizmodel.design import TURNED, Channel, Design, Intent, Mark
from vizmodel.grammar import Grammar, IntentError
from vizmodel.grammar.comparable import keeps_totals_apart
from vizmodel.profile import Profile
from vizmodel.profile.layouts.slices import tells_time
from vizmodel.runtime import Runtime, open_runtime
from vizmodel.search.beam_search import Search, beam_searches
from vizmodel.search.paths import Paths
from vizmodel.worth.interest import strongest_pairs

#: Columns that no candidate shows get a search of their own, up to this many; and so do pairs among
#: the most related ones.
MAX_EXTRA_SEARCHES, MAX_RELATED = 5, 12
#: Columns that say more together than each two of them get a search, up to this many triples.
MAX_TRIPLE_SEARCHES = 4
#: Ranges, such as from a lowest to a highest value, that get a search.
MAX_RANGE_SEARCHES = 4
#: Slices of a table of totals and parts get a search each, of so many measures, up to so many.
MAX_SLICE_MEASURES, MAX_SLICE_SEARCHES = 2, 24
#: Unfinished charts of such a search, and of one for the gathered columns of a wide table.
UNSEEN_WIDTH, GATHERED_WIDTH = 8, 48
#: Unfinished charts of a search for each place that a column asked for may have.
PLACED_WIDTH = 24
#: Candidates of a table; a narrow one allows so few charts that the ranking can see most of them.
WIDTH, NARROW_WIDTH = 64, 192
#: Most unfinished charts of a search, however much is ruled out.
MAX_WIDTH = 256
#: Finished charts that are ranked, mostly all: people may like what the network does not expect.
MAX_RANKED = 400
ANYTHING = Intent()


class Ask(Struct, frozen=True):
    """What is to be decoded.

    Parameters
    ----------
    profile
        Of the table.
    intent
        What every chart must show, and what none may.
    width
        Unfinished charts that a search keeps; fitted to the table where None.
    """

    profile: Profile
    intent: Intent = ANYTHING
    width: int | None = None


class Candidate(Struct, frozen=True):
    """What a search says of a design.

    Parameters
    ----------
    log_probability
        In nats, by the network.
    turned
        Whether x and y change places; None: as the labels want.
    """

    log_probability: float
    turned: bool | None = None


#: Candidates of a table.
Decoded = Mapping[Design, Candidate]
#: What each of some searches found.
Found = list[list[tuple[Design, float]]]
#: Columns that must be shown anywhere, and those that have a channel.
Placement = tuple[tuple[str, ...], tuple[tuple[Channel, str], ...]]
#: Asks for searches, takes what they found, and ends with candidates.
Decoding = Generator[list[Search], Found, Decoded]


class Decoder(Protocol):
    """Finds the candidates of tables: in this process, or in a service that it asks.

    Whichever decodes, the candidates are the same, and so are the charts.
    """

    def decode(self, asks: Sequence[Ask]) -> list[Decoded | IntentError]:
        """Return for each ask its candidates, or the error that tells why there are none."""
        ...


class LocalDecoder:
    """Decodes in this process.

    Parameters
    ----------
    runtime
        Who runs the network; where None, the shipped weights on the fastest runtime here, which is
        opened when it is first needed.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = profile_table(pa.table({"city": ["Rome", "Oslo"] * 10, "sales": range(20)}))
    >>> (found,) = LocalDecoder().decode([Ask(table)])
    >>> len(found) > 3
    True
    """

    def __init__(self, runtime: Runtime | None = None) -> None:
        self._runtime = runtime

    def decode(self, asks: Sequence[Ask]) -> list[Decoded | IntentError]:
        """Return for each ask its candidates, or the error; all searches run side by side."""
        decodings = [_decoding(ask.profile, ask.intent, ask.width) for ask in asks]
        return _together(lambda: self._runtime or open_runtime(), decodings)


def _decoding(profile: Profile, intent: Intent, width: int | None) -> Decoding:
    """Decode a table in each orientation that the intent leaves open.

    Once it runs, it raises `IntentError` where the intent leaves no shape of a chart.
    """
    if not any(channel in TURNED for channel, _ in intent.encoding):
        found = yield from _searching(profile, intent, width)
        return {design: Candidate(p) for design, p in found.items()}
    turned: list[tuple[bool, Grammar]] = []
    failure: IntentError | None = None
    for turn, oriented in ((False, intent), (True, _swapped(intent))):
        try:
            turned.append((turn, Grammar(profile, oriented)))
        except IntentError as error:
            # The first orientation speaks the user's own words.
            failure = failure or error
    if not turned and failure is not None:
        raise failure
    width = width or _width(profile, intent)
    results = yield [Search(grammar, width) for _, grammar in turned]
    best: dict[Design, Candidate] = {}
    for (turn, _), result in zip(turned, results, strict=True):
        for design, log_probability in result:
            if design not in best and not (turn and _reads_both_ways(design)):
                best[design] = Candidate(log_probability, turn)
    return best


def _together(
    runtime: Callable[[], Runtime], decodings: Sequence[Decoding]
) -> list[Decoded | IntentError]:
    """Run decodings side by side: the searches that they wait for at one time run together."""
    ended: dict[int, Decoded | IntentError] = {}
    answers: dict[int, Found | None] = dict.fromkeys(range(len(decodings)))
    while answers:
        waiting: dict[int, list[Search]] = {}
        for place, answer in answers.items():
            try:
                # A generator that has not begun takes None and nothing else.
                waiting[place] = decodings[place].send(cast("Found", answer))
            except StopIteration as stop:
                ended[place] = stop.value
            except IntentError as error:
                ended[place] = error
        wanted = [search for searches in waiting.values() for search in searches]
        # A runtime is opened for searches only: an error of the intent needs none.
        results = iter(beam_searches(runtime(), wanted) if wanted else [])
        answers = {place: [next(results) for _ in part] for place, part in waiting.items()}
    return [ended[place] for place in range(len(decodings))]


def _reads_both_ways(design: Design) -> bool:
    """Whether x and y play the same part, so that the first orientation had this chart too."""
    x, y = design.encoding("x"), design.encoding("y")
    return (
        design.mark in ("point", "rect")
        and x is not None
        and y is not None
        and (x.transform == y.transform)
    )


def _swapped(intent: Intent) -> Intent:
    return replace(intent, encoding=tuple((TURNED.get(c, c), name) for c, name in intent.encoding))


def _width(profile: Profile, intent: Intent) -> int:
    width = NARROW_WIDTH if profile.shaped else WIDTH
    # Beams that can only end in charts that are ruled out must not leave the others no room.
    return min(width + len(intent.without.charts) + len(intent.without.stories), MAX_WIDTH)


def _searching(
    profile: Profile, intent: Intent, width: int | None
) -> Generator[list[Search], Found, dict[Design, float]]:
    grammar = Grammar(profile, intent)
    if grammar.empty:
        return {}
    wide = width or _width(profile, intent)
    (first,) = yield [Search(grammar, wide, n_best=max(wide, MAX_RANKED))]
    found = dict(first)
    narrow = [
        *_plain_search(grammar, found),
        *_narrow_searches(profile, intent, list(found), wide),
    ]
    for result in (yield narrow) if narrow else []:
        for design, log_probability in result:
            found.setdefault(design, log_probability)
    return found


def _narrow_searches(
    profile: Profile, intent: Intent, found: Sequence[Design], width: int
) -> Iterator[Search]:
    """Yield the searches for what the wide one could not look at.

    A beam that must come to one of many columns mostly ends before it does; one that starts from
    the column's place does not.
    """
    if intent.encoding or (intent.columns and len(found) >= width):
        return
    if intent.columns:
        placed = [(one, PLACED_WIDTH) for one in _placed(intent.columns, ("x", "y", "color"))]
    else:
        placed = [
            (one, GATHERED_WIDTH if _gathers(names, profile) else UNSEEN_WIDTH)
            for names in _unseen(profile, intent, found)
            for one in _sides(names, profile)
        ]
    for (columns, encoding), narrow in placed:
        wanted = replace(intent, columns=columns, encoding=encoding)
        yield from _possible(profile, wanted, narrow, narrow // 2)
    if not intent.columns:
        yield from _triple_searches(profile, intent, found)
        yield from _range_searches(profile, intent)
        yield from _slice_searches(profile, intent, found)


def _plain_search(grammar: Grammar, designs: Container[Design]) -> Iterator[Search]:
    """Yield the search for charts given by name that were not found; none where all were."""
    profile, intent = grammar.profile, grammar.intent
    # Of few charts, and of those that show what must be shown, the search finds the plain ones.
    few = profile.shaped or intent.columns or intent.encoding
    named = charts_by_name(profile, narrow=True) if profile.shaped else []
    charts = [*ABOUT.charts(profile), *named] if few else plain_charts(profile)
    paths = Paths(grammar, (chart for chart in charts if chart not in designs))
    if paths.n:
        yield Search(grammar, width=paths.n, per_mark=0, paths=paths)


def _triple_searches(
    profile: Profile, intent: Intent, designs: Sequence[Design]
) -> Iterator[Search]:
    """Yield searches for related triples of columns that no candidate shows by themselves."""
    shown = {frozenset(design.fields) for design in designs}
    for triple in profile.triples[:MAX_TRIPLE_SEARCHES]:
        if triple.columns in shown or triple.columns.intersection(intent.without.columns):
            continue
        mark: Mark | None = None if profile.column(triple.x).is_time else "point"
        if mark is None and profile.identifies_rows({triple.x, triple.group}):
            mark = "line"
        wanted = replace(
            intent,
            columns=(triple.group,),
            mark=intent.mark or mark,
            encoding=(("x", triple.x), ("y", triple.y)),
        )
        yield from _possible(profile, wanted, UNSEEN_WIDTH, UNSEEN_WIDTH // 2)


def _range_searches(profile: Profile, intent: Intent) -> Iterator[Search]:
    """Yield searches for charts that run from one column to another: few of all there are."""
    for one in profile.ranges[:MAX_RANGE_SEARCHES]:
        wanted = replace(intent, encoding=(("y", one.low), ("y2", one.high)))
        yield from _possible(profile, wanted, UNSEEN_WIDTH, UNSEEN_WIDTH // 2)


def _slice_searches(
    profile: Profile, intent: Intent, designs: Sequence[Design]
) -> Iterator[Search]:
    """Yield searches for the slices of a table of totals and parts, which has few other charts."""
    if not keeps_totals_apart(profile):
        return
    shown = {frozenset(design.fields) for design in designs}
    sliced = {name for one in profile.slices for name in one.shown | profile.held_columns}
    measures = [c.name for c in profile.columns if c.kind == "number" and c.name not in sliced]
    measures = measures[:MAX_SLICE_MEASURES]
    times = {column.name for column in profile.columns if tells_time(column)}
    # The course of all together, courses of groups, and then the groups of one year.
    slices = sorted(profile.slices, key=lambda one: (not one.shown & times, len(one.shown)))
    for one, measure in islice(product(slices, measures), MAX_SLICE_SEARCHES):
        first, *others = sorted(one.shown, key=lambda name: name not in times)
        if one.shown | {measure} in shown:
            continue
        mark: Mark = "line" if first in times else "bar"
        wanted = replace(
            intent,
            columns=tuple(others),
            mark=intent.mark or mark,
            encoding=(("x", first), ("y", measure)),
        )
        yield from _possible(profile, wanted, GATHERED_WIDTH, UNSEEN_WIDTH)


def _possible(profile: Profile, intent: Intent, width: int, n_best: int) -> Iterator[Search]:
    """Yield the search for what an intent wants; none where no legal chart can have it."""
    with suppress(IntentError):
        yield Search(Grammar(profile, intent), width=width, n_best=n_best)


def _placed(names: tuple[str, ...], channels: tuple[Channel, ...]) -> Iterator[Placement]:
    """Yield the ways to give the first of some columns a channel each: the rest, the given."""
    size = min(len(names), len(channels))
    for chosen in permutations(channels, size):
        yield names[size:], tuple(zip(chosen, names, strict=False))


def _sides(names: tuple[str, ...], profile: Profile) -> list[Placement]:
    """Return the ways to set one or two columns on the axes.

    Two of one type have one: turned, their charts are the same to whoever looks.
    """
    found = list(_placed(names, ("x", "y")))
    types = {profile.column(name).field_type for name in names}
    alike = len(names) > 1 and len(types) == 1
    return found[:1] if alike and not _gathers(names, profile) else found


def _gathers(names: tuple[str, ...], profile: Profile) -> bool:
    """Whether two names are those of the first headers and values that are gathered."""
    return profile.fold is not None and names == profile.fold.pair


def _unseen(profile: Profile, intent: Intent, designs: Sequence[Design]) -> list[tuple[str, ...]]:
    """Return the columns that need a search of their own: gathered, related, or in no chart.

    Beside the many columns of a wide table charts of what they gather are few in a search, and the
    network cannot look at each of the pairs that the profile knows to be related.
    """
    ruled_out = set(intent.without.columns)
    shown = {name for design in designs for name in design.fields} | ruled_out
    fold = profile.fold  # of further questions the plain charts are given by name
    gathered = [fold.pair] if fold and ruled_out.isdisjoint(fold.everything) else []
    made = set(profile.gathered)
    unseen = [c.name for c in profile.columns if c.usable and c.name not in shown]
    alone = [(name,) for name in unseen if name not in made][:MAX_EXTRA_SEARCHES]
    together = {frozenset(p) for design in designs for p in combinations(design.fields, 2)}
    left_out = made | ruled_out
    related = [
        names
        for names in strongest_pairs(profile, MAX_RELATED)
        if frozenset(names) not in together and not left_out.intersection(names)
    ]
    return [*gathered, *alone, *related[:MAX_EXTRA_SEARCHES]]
