"""Owns the decoder's mask: which token may follow a prefix of a chart on a given table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vizmodel import tokens
from vizmodel.design import CHANNELS, Channel, Design, Intent, Mark, Transform
from vizmodel.grammar.column_places import bits, free_places, placed, positions
from vizmodel.grammar.finished import Encoded, FinishedCharts
from vizmodel.grammar.intent import IntentError, Places, check_intent, contradiction
from vizmodel.grammar.mapped import places
from vizmodel.grammar.readable_rules import MAX_ROW_MARKS
from vizmodel.grammar.roles import role_of
from vizmodel.grammar.shape_sets import (
    PLACE_OF,
    drawing_rows,
    members,
    shape_sets,
    with_column_on,
    with_columns,
    with_room,
)
from vizmodel.grammar.steps import single_steps
from vizmodel.profile import Profile

Mask = npt.NDArray[np.bool_]

#: What a token stands for.
MARK_OF = {token: mark for mark, token in tokens.MARK_TOKENS.items()}
CHANNEL_OF = {token: channel for channel, token in tokens.CHANNEL_TOKENS.items()}
TRANSFORM_OF = {token: transform for transform, token in tokens.TRANSFORM_TOKENS.items()}


class State(NamedTuple):
    """A prefix of a chart.

    `alive` is a bit set of the shapes that the prefix still fits, `used` one of the columns shown;
    `channel` and `column` are what the next token completes.
    """

    mark: Mark | None = None
    alive: int = -1
    channel: Channel | None = None
    column: int | None = None
    used: int = 0
    encodings: Encoded = ()
    done: bool = False

    @property
    def last(self) -> int:
        """Index in canonical order of the last finished channel, -1 before the first."""
        return PLACE_OF[self.encodings[-1][0]] if self.encodings else -1


class Grammar:
    """The legal charts of one table, token by token.

    A mask allows END only where the chart is complete and breaks no rule. A prefix that nothing can
    complete gets an empty mask, and a search drops it.

    Parameters
    ----------
    profile
        Of the table.
    intent
        What every chart must show, and what none may.

    Raises
    ------
    IntentError
        Where the intent names an unknown column or leaves no legal chart.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> grammar = Grammar(profile_table(pa.table({"a": [1.5, 2.5, 4.0]})))
    >>> bool(grammar.allowed(grammar.start())[tokens.MARK_TOKENS["tick"]])
    True
    """

    def __init__(self, profile: Profile, intent: Intent | None = None) -> None:
        self.profile = profile
        self.intent = intent or Intent()
        check_intent(self.intent, profile)
        self._required = bits(profile.index(name) for name in self.intent.columns)
        #: bit sets of the columns that are gathered, and of what they are gathered in
        self._folds = [
            (bits(map(profile.index, f.columns)), bits(map(profile.index, f.pair)))
            for f in profile.folds
        ]
        asked, pairs = self._required, [pair for _, pair in self._folds]
        self._pairs = sum(pairs)
        #: columns after which the same is missing
        parts = (part for one in (*pairs, ~self._pairs) for part in (asked & one, one & ~asked))
        self._alike = [part for part in parts if part]
        #: the columns that are the lower end of a range
        self._lower = {profile.index(one.low) for one in profile.ranges}
        self._fixed = {channel: profile.index(name) for channel, name in self.intent.encoding}
        taken = bits([*self._fixed.values(), *map(profile.index, self._hidden())])
        free = not self._fixed and not taken
        self._places = free_places(profile) if free else placed(profile, self._fixed, taken)
        self._sets = shape_sets()
        self._possible = self._possible_shapes()
        if not self._possible and self.intent != Intent():
            raise self.contradiction()
        self._looked_at = (1 << len(profile.columns)) - 1
        self._following: dict[State, list[int]] = {}
        #: shapes, place of the last channel -> the channels that may come next
        self._next: dict[tuple[int, int], list[Channel]] = {}
        self._rules_out = bool(self.intent.without.stories or self.intent.without.charts)
        self._charts = FinishedCharts(profile)

    @property
    def empty(self) -> bool:
        """Whether the table has no legal chart at all."""
        return not self._possible

    @property
    def n_tokens(self) -> int:
        """Length of a mask: static tokens and columns."""
        return tokens.N_STATIC + len(self.profile.columns)

    def look_at(self, columns: Iterable[int]) -> None:
        """Leave other columns than these out of what may follow: nobody asks for them.

        A network gives no probability to columns that it does not see; to find out what is legal
        there would take most of the time of a very wide table.
        """
        looked_at = bits(columns)
        if looked_at != self._looked_at:
            self._looked_at = looked_at
            self._following.clear()

    def start(self) -> State:
        """Return the empty prefix."""
        return State(alive=self._possible)

    def following(self, state: State) -> list[int]:
        """Return the tokens that may follow; the list is shared: do not change it."""
        found = self._following.get(state)
        if found is None:
            found = self._following[state] = [] if state.done else self._next_tokens(state)
        return found

    def allowed(self, state: State) -> Mask:
        """Return which tokens may follow, bool [n_tokens]."""
        mask = np.zeros(self.n_tokens, dtype=np.bool_)
        mask[self.following(state)] = True
        return mask

    def advance(self, state: State, token: int) -> State:
        """Return the prefix after one allowed token."""
        if token == tokens.END:
            return state._replace(done=True)
        if state.mark is None:
            mark = MARK_OF[token]
            return State(mark, state.alive & self._sets.of_mark[mark])
        if state.channel is None:
            channel = CHANNEL_OF[token]
            alive = state.alive & self._sets.following[state.last, channel]
            return State(state.mark, alive, channel, None, state.used, state.encodings)
        if token == tokens.RECORDS:
            return self._finished(state, None, "count")
        if state.column is None:
            column = token - tokens.N_STATIC
            return State(
                state.mark, state.alive, state.channel, column, state.used, state.encodings
            )
        return self._finished(state, state.column, TRANSFORM_OF[token])

    def design(self, state: State) -> Design:
        """Return the chart that a prefix describes."""
        if state.mark is None:
            msg = "an empty prefix describes no chart; advance it by a mark first"
            raise ValueError(msg)
        return self._charts.design(state.mark, state.encodings)

    def contradiction(self) -> IntentError:
        """Return the error that tells why no legal chart has what the intent asks for."""
        free = Grammar(self.profile)
        return IntentError(
            contradiction(self.intent, self.profile, self._names(), free._names(), self.empty)
        )

    def _names(self) -> Places:
        """Return the names of the columns that may stand on each channel of each mark."""
        names = [column.name for column in self.profile.columns]
        return {
            place: frozenset(name for i, name in enumerate(names) if bits >> i & 1)
            for place, bits in self._places.fits.items()
        }

    # The tokens that may follow, by what the prefix waits for.

    def _next_tokens(self, state: State) -> list[int]:
        if state.mark is None:
            of_mark = self._sets.of_mark
            return [
                token for mark, token in tokens.MARK_TOKENS.items() if state.alive & of_mark[mark]
            ]
        if state.channel is None:
            return self._channels(state)
        if state.column is None:
            return self._columns(state, state.mark, state.channel)
        return [
            tokens.TRANSFORM_TOKENS[transform]
            for transform, role, columns in self._places.standing(state.mark, state.channel)
            if columns >> state.column & 1
            and (alive := state.alive & self._sets.standing[state.channel, role])
            and self._viable_columns(state, transform, alive, 1 << state.column)
        ]

    def _channels(self, state: State) -> list[int]:
        key = state.alive, state.last
        channels = self._next.get(key)
        if channels is None:
            after, last = self._sets.following, state.last
            channels = [c for c in CHANNELS[last + 1 :] if state.alive & after[last, c]]
            self._next[key] = channels
        found = [
            tokens.CHANNEL_TOKENS[channel]
            for channel in channels
            if channel != "y2" or self._begins_a_range(state)
        ]
        if state.encodings and self._complete(state):
            found.append(tokens.END)
        return found

    def _begins_a_range(self, state: State) -> bool:
        """Whether what stands on y is the lower end of something."""
        return any(
            channel == "y" and column in self._lower for channel, column, _ in state.encodings
        )

    def _columns(self, state: State, mark: Mark, channel: Channel) -> list[int]:
        viable, taken = 0, state.used
        # What is gathered and what it is gathered in never stand together, nor what two are.
        for gathered, pair in self._folds:
            if state.used & gathered:
                taken |= pair
            elif state.used & pair:
                taken |= gathered | (self._pairs & ~pair)
        left = self._looked_at & ~taken
        for transform, role, columns in self._places.standing(mark, channel):
            fitting = columns & left & ~viable
            alive = state.alive & self._sets.standing[channel, role]
            if fitting and alive:
                viable |= self._viable_columns(state, transform, alive, fitting)
        found = [tokens.N_STATIC + column for column in positions(viable)]
        counts = state.alive & self._sets.standing[channel, "count"]
        if counts and self._viable(self._finished(state, None, "count")):
            found.append(tokens.RECORDS)
        return found

    def _needed(self, used: int) -> int:
        """Return the columns that a chart must have: of a gathered pair both or neither."""
        pairs = (pair for _, pair in self._folds if used & pair) if used & self._pairs else ()
        return self._required | sum(pairs)

    def _viable_columns(self, state: State, transform: Transform, alive: int, columns: int) -> int:
        """Return those of some columns, as a bit set, after which a legal chart is possible.

        What `_viable` asks is the same for all of them, but for whether one was asked for and,
        where nothing can follow, for the finished chart.
        """
        assert state.channel is not None
        last = PLACE_OF[state.channel]
        viable = 0
        for alike in self._alike:
            part = columns & alike
            if not part:
                continue
            needed = self._needed(state.used | part)
            missing = (needed & ~state.used).bit_count() - bool(part & needed)
            if missing and not self._have_room(alive, last, missing):
                continue
            if missing or self._goes_on(alive, last):
                viable |= part
            elif alive & self._sets.ending[last]:
                viable |= self._legal_ends(state, transform, part)
        return viable

    def _finished(self, state: State, column: int | None, transform: Transform) -> State:
        channel = state.channel
        if channel is None:
            msg = "no channel is open"
            raise ValueError(msg)
        role = role_of(transform, None if column is None else self.profile.columns[column])
        return State(
            mark=state.mark,
            alive=state.alive & self._sets.standing[channel, role],
            used=state.used | (0 if column is None else 1 << column),
            encodings=(*state.encodings, (channel, column, transform)),
        )

    def _viable(self, state: State) -> bool:
        """Whether the prefix can still become a legal chart, looking one step ahead."""
        missing = (self._needed(state.used) & ~state.used).bit_count()
        if missing:
            return self._have_room(state.alive, state.last, missing)
        return self._goes_on(state.alive, state.last) or self._complete(state)

    def _have_room(self, alive: int, last: int, missing: int) -> bool:
        """Whether one of some shapes has places for so many columns after a channel."""
        return bool(alive & with_room(last, missing))

    def _goes_on(self, alive: int, last: int) -> bool:
        """Whether one of some shapes has another channel after one."""
        return bool(alive & self._sets.going_on[last])

    def _complete(self, state: State) -> bool:
        if (
            not state.alive & self._sets.ending[state.last]
            or self._needed(state.used) & ~state.used
        ):
            return False
        return self._legal(state)

    def _legal(self, state: State) -> bool:
        """Whether the chart of a prefix breaks no rule."""
        assert state.mark is not None
        if not self._charts.legal(state.mark, state.encodings):
            return False
        return not self._rules_out or self._permitted(state.mark, state.encodings)

    def _legal_ends(self, state: State, transform: Transform, columns: int) -> int:
        """Return those of some columns, as a bit set, with which a prefix is a legal chart."""
        mark, before, channel = state.mark, state.encodings, state.channel
        assert mark is not None
        assert channel is not None
        legal = self._charts.legal_ends(mark, before, channel, transform, columns)
        if not self._rules_out:
            return legal
        ends = {column: (*before, (channel, column, transform)) for column in positions(legal)}
        return bits(column for column, chart in ends.items() if self._permitted(mark, chart))

    def _permitted(self, mark: Mark, encodings: Encoded) -> bool:
        """Whether the intent rules out neither what the chart tells nor the chart itself."""
        design, without = self._charts.design(mark, encodings), self.intent.without
        if without.stories and design.story() in without.stories:
            return False
        return not without.charts or design.identity() not in without.charts

    # What is known before the first token.

    def _hidden(self) -> tuple[str, ...]:
        """Return the columns that no chart may show: a gathered pair shows all it gathers."""
        names = self.intent.without.columns
        made = [f.pair for f in self.profile.folds if set(names) & set(f.everything)]
        return (*names, *(name for pair in made for name in pair))

    def _possible_shapes(self) -> int:
        """Return the shapes that agree with the intent and in which each role finds a column."""
        found, profile, fits = self._sets.every, self.profile, self._places.fits
        if self.intent.mark is not None:
            found &= self._sets.of_mark[self.intent.mark]
        found &= ~sum(self._sets.of_mark[mark] for mark in self.intent.without.marks)
        for channel in self._fixed:
            found &= with_column_on(channel)
        found &= with_columns(self._required.bit_count())
        if profile.n_rows > MAX_ROW_MARKS:
            # Of many groups the lines of the largest are few rows.
            found &= ~drawing_rows(("tick",) if places(profile) else ("point", "tick"))
            found &= ~drawing_rows(("line",)) | with_column_on("color")
        if not profile.keys:
            # Few rows may share a name.
            bars = profile.slices or profile.named or single_steps(profile)
            found &= ~drawing_rows(("rect", "arc") if bars else ("bar", "rect", "arc"))
        for place, shapes in self._sets.placed.items():
            if place[-1] != "count" and not fits.get(place):
                found &= ~shapes
        if not self._required:
            return found
        return sum(
            bit
            for bit, shape in members(found)
            if not self._required
            & ~reduce(or_, (fits.get((shape.mark, *place), 0) for place in shape.roles), 0)
        )
