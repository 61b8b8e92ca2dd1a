"""Owns the decoder's mask: which token may follow a prefix of a chart on a given table."""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

import numpy as np
import numpy.typing as npt

from vizmodel import tokens
from vizmodel.design import CHANNELS, Channel, Design, Intent, Mark, Transform
from vizmodel.grammar.chart_rules import CHART_RULES
from vizmodel.grammar.column_places import bits, legal_places, positions, roles_given
from vizmodel.grammar.intent import IntentError, Places, check_intent, contradiction
from vizmodel.grammar.readable_rules import MAX_ROW_MARKS
from vizmodel.grammar.roles import Role, role_of
from vizmodel.grammar.shapes import Shape, all_shapes
from vizmodel.profile import Profile

Mask = npt.NDArray[np.bool_]

#: What a token stands for, and where a channel stands in canonical order.
MARK_OF = {token: mark for mark, token in tokens.MARK_TOKENS.items()}
CHANNEL_OF = {token: channel for channel, token in tokens.CHANNEL_TOKENS.items()}
TRANSFORM_OF = {token: transform for transform, token in tokens.TRANSFORM_TOKENS.items()}
PLACE_OF = {channel: place for place, channel in enumerate(CHANNELS)}


@dataclass(frozen=True, slots=True)
class State:
    """A prefix of a chart.

    `alive` is a bit set of the shapes that the prefix still fits, `used` one of the columns shown;
    `channel` and `column` are what the next token completes.
    """

    mark: Mark | None = None
    alive: int = -1
    channel: Channel | None = None
    column: int | None = None
    used: int = 0
    encodings: tuple[tuple[Channel, int | None, Transform], ...] = ()
    done: bool = False

    @property
    def last(self) -> int:
        """Index in canonical order of the last finished channel, -1 before the first."""
        return PLACE_OF[self.encodings[-1][0]] if self.encodings else -1


#: Identity of a profile -> mark and encodings -> whether such a chart breaks no rule.
_VERDICTS: dict[int, dict[tuple[object, ...], bool]] = {}


def verdicts(profile: Profile) -> dict[tuple[object, ...], bool]:
    """Return what is known of finished charts, whatever is asked; forgotten with the profile."""
    known = _VERDICTS.get(id(profile))
    if known is None:
        known = _VERDICTS[id(profile)] = {}
        weakref.finalize(profile, _VERDICTS.pop, id(profile), None)
    return known


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
        fold = profile.fold
        self._gathered = 0 if fold is None else bits(map(profile.index, fold.columns))
        self._pair = 0 if fold is None else bits(map(profile.index, (fold.key, fold.value)))
        self._fixed = {channel: profile.index(name) for channel, name in self.intent.encoding}
        #: mark, channel, transform (or role) -> bit set of the columns that may stand there
        self._fits: dict[tuple[Mark, Channel, Role], int] = defaultdict(int)
        #: transform -> the roles it gives, each with the bit set of the columns that get it
        self._roles = roles_given(profile)
        self._fill = self._fillings()
        self._shapes = [shape for shape in all_shapes() if self._possible(shape)]
        if not self._shapes and self.intent != Intent():
            raise self.contradiction()
        self._index_shapes()
        self._looked_at = (1 << len(profile.columns)) - 1
        self._masks: dict[tuple[object, ...], Mask] = {}
        self._rules_out = bool(self.intent.without.stories or self.intent.without.charts)
        self._verdicts = verdicts(profile)

    @property
    def empty(self) -> bool:
        """Whether the table has no legal chart at all."""
        return not self._shapes

    @property
    def n_tokens(self) -> int:
        """Length of a mask: static tokens and columns."""
        return tokens.N_STATIC + len(self.profile.columns)

    def look_at(self, columns: Iterable[int]) -> None:
        """Leave other columns than these out of the masks: nobody asks for them.

        A network gives no probability to columns that it does not see; to find out what is legal
        there would take most of the time of a very wide table.
        """
        self._looked_at = bits(columns)
        self._masks.clear()

    def start(self) -> State:
        """Return the empty prefix."""
        return State(alive=(1 << len(self._shapes)) - 1)

    def allowed(self, state: State) -> Mask:
        """Return which tokens may follow, bool [n_tokens]; the array is shared: do not write."""
        key = (state.mark, state.alive, state.channel, state.column, state.used, state.encodings)
        mask = self._masks.get(key)
        if mask is None:
            mask = np.zeros(self.n_tokens, dtype=np.bool_)
            if not state.done:
                mask[self._next_tokens(state)] = True
            mask.setflags(write=False)
            self._masks[key] = mask
        return mask

    def advance(self, state: State, token: int) -> State:
        """Return the prefix after one allowed token."""
        if token == tokens.END:
            return replace(state, done=True)
        if state.mark is None:
            mark = MARK_OF[token]
            return State(mark, state.alive & self._of_mark[mark])
        if state.channel is None:
            channel = CHANNEL_OF[token]
            alive = state.alive & self._next[state.last, channel]
            return State(state.mark, alive, channel, None, state.used, state.encodings)
        if token == tokens.RECORDS:
            return self._finished(state, None, "count")
        if state.column is None:
            return replace(state, column=token - tokens.N_STATIC)
        return self._finished(state, state.column, TRANSFORM_OF[token])

    def design(self, state: State) -> Design:
        """Return the chart that a prefix describes."""
        if state.mark is None:
            msg = "an empty prefix describes no chart; advance it by a mark first"
            raise ValueError(msg)
        columns = self.profile.columns
        encodings = (
            tokens.make_encoding(
                channel, None if column is None else columns[column].name, transform, self.profile
            )
            for channel, column, transform in state.encodings
        )
        return Design(state.mark, tuple(encodings))

    def contradiction(self) -> IntentError:
        """Return the error that tells why no legal chart has what the intent asks for."""
        free = Grammar(self.profile)
        return IntentError(
            contradiction(self.intent, self.profile, self._places(), free._places(), self.empty)
        )

    def _places(self) -> Places:
        """Return the names of the columns that may stand on each channel of each mark."""
        names = [column.name for column in self.profile.columns]
        return {
            place: frozenset(name for i, name in enumerate(names) if bits >> i & 1)
            for place, bits in self._fits.items()
        }

    # The tokens that may follow, by what the prefix waits for.

    def _next_tokens(self, state: State) -> list[int]:
        if state.mark is None:
            return [tokens.MARK_TOKENS[mark] for mark, bits in self._of_mark.items() if bits]
        if state.channel is None:
            return self._channels(state)
        if state.column is None:
            return self._columns(state, state.mark, state.channel)
        return [
            tokens.TRANSFORM_TOKENS[transform]
            for transform, role in self._transforms(state.mark, state.channel, state.column)
            if state.alive & self._with[state.channel, role]
            and self._viable(self._finished(state, state.column, transform))
        ]

    def _channels(self, state: State) -> list[int]:
        found = [
            tokens.CHANNEL_TOKENS[channel]
            for channel in CHANNELS[state.last + 1 :]
            if state.alive & self._next[state.last, channel]
        ]
        if state.encodings and self._complete(state):
            found.append(tokens.END)
        return found

    def _columns(self, state: State, mark: Mark, channel: Channel) -> list[int]:
        viable, taken = 0, state.used
        # What is gathered and what it is gathered in never stand together.
        if state.used & self._gathered:
            taken |= self._pair
        elif state.used & self._pair:
            taken |= self._gathered
        for transform in tokens.COLUMN_TRANSFORMS:
            fitting = self._fill[mark, channel, transform] & self._looked_at & ~taken & ~viable
            for role, columns in self._roles[transform]:
                alive = state.alive & self._with[channel, role]
                if alive and fitting & columns:
                    viable |= self._viable_columns(state, transform, alive, fitting & columns)
        found = [tokens.N_STATIC + column for column in positions(viable)]
        counts = state.alive & self._with[channel, "count"]
        if counts and self._viable(self._finished(state, None, "count")):
            found.append(tokens.RECORDS)
        return found

    def _needed(self, used: int) -> int:
        """Return the columns that a chart must have: of a gathered pair both or neither."""
        return self._required | (self._pair if used & self._pair else 0)

    def _viable_columns(self, state: State, transform: Transform, alive: int, columns: int) -> int:
        """Return those of some columns, as a bit set, after which a legal chart is possible.

        What `_viable` asks is the same for all of them, but for whether one was asked for and,
        where nothing can follow, for the finished chart.
        """
        assert state.channel is not None
        last = PLACE_OF[state.channel]
        viable = 0
        alike = (self._required & self._pair, self._required & ~self._pair)
        others = (self._pair & ~self._required, ~(self._required | self._pair))
        for part in (columns & some for some in (*alike, *others)):
            needed = self._needed(state.used | part)
            missing = (needed & ~state.used).bit_count() - bool(part & needed)
            if not part or (missing and not self._have_room(alive, last, missing)):
                continue
            if missing or self._goes_on(alive, last):
                viable |= part
            else:
                viable |= bits(
                    column
                    for column in positions(part)
                    if self._complete(self._finished(state, column, transform))
                )
        return viable

    def _transforms(
        self, mark: Mark, channel: Channel, column: int
    ) -> list[tuple[Transform, Role]]:
        profile = self.profile.columns[column]
        return [
            (transform, role_of(transform, profile))
            for transform in tokens.COLUMN_TRANSFORMS
            if self._fill[mark, channel, transform] >> column & 1
        ]

    def _finished(self, state: State, column: int | None, transform: Transform) -> State:
        channel = state.channel
        if channel is None:
            msg = "no channel is open"
            raise ValueError(msg)
        role = role_of(transform, None if column is None else self.profile.columns[column])
        return State(
            mark=state.mark,
            alive=state.alive & self._with[channel, role],
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
        roomy = self._roomy.get((last, missing))
        if roomy is None:
            shapes = enumerate(self._shapes)
            roomy = bits(i for i, shape in shapes if self._columns_after(shape, last) >= missing)
            self._roomy[last, missing] = roomy
        return bool(alive & roomy)

    def _goes_on(self, alive: int, last: int) -> bool:
        """Whether one of some shapes has another channel after one."""
        return bool(alive & self._going[last])

    @staticmethod
    def _columns_after(shape: Shape, last: int) -> int:
        return sum(PLACE_OF[ch] > last and role != "count" for ch, role in shape.roles)

    def _complete(self, state: State) -> bool:
        if not state.alive & self._ends[state.last] or self._needed(state.used) & ~state.used:
            return False
        key = (state.mark, state.encodings)
        verdict = self._verdicts.get(key)
        if verdict is None:
            design = self.design(state)
            verdict = all(rule.check(design, self.profile) for rule in CHART_RULES)
            self._verdicts[key] = verdict
        return verdict and (not self._rules_out or self._permitted(self.design(state)))

    def _permitted(self, design: Design) -> bool:
        """Whether the intent rules out neither what the chart tells nor the chart itself."""
        without = self.intent.without
        if without.stories and design.story() in without.stories:
            return False
        return not without.charts or design.identity() not in without.charts

    # What is known before the first token.

    def _fillings(self) -> dict[tuple[Mark, Channel, Transform], int]:
        everywhere = (1 << len(self.profile.columns)) - 1
        taken = bits([*self._fixed.values(), *map(self.profile.index, self._hidden())])
        fill: dict[tuple[Mark, Channel, Transform], int] = defaultdict(int)
        for (mark, channel, transform), legal in legal_places(self.profile).items():
            fixed = self._fixed.get(channel)
            open_to = everywhere & ~taken if fixed is None else 1 << fixed
            fill[mark, channel, transform] = legal & open_to
            for role, columns in self._roles[transform]:
                if fitting := legal & open_to & columns:
                    self._fits[mark, channel, role] |= fitting
        return fill

    def _hidden(self) -> tuple[str, ...]:
        """Return the columns that no chart may show: a gathered pair shows all it gathers."""
        names, fold = self.intent.without.columns, self.profile.fold
        if fold is None or not set(names) & {*fold.columns, fold.key, fold.value}:
            return names
        return (*names, fold.key, fold.value)

    def _possible(self, shape: Shape) -> bool:
        """Whether a shape agrees with the intent and each role finds a column."""
        if self.intent.mark not in (None, shape.mark) or shape.mark in self.intent.without.marks:
            return False
        roles = dict(shape.roles)
        if any(roles.get(channel, "count") == "count" for channel in self._fixed):
            return False
        if self._required.bit_count() > shape.n_columns:
            return False
        rows = shape.draws_rows
        if rows and shape.mark in ("point", "tick", "line") and self.profile.n_rows > MAX_ROW_MARKS:
            return False
        if rows and shape.mark in ("bar", "rect", "arc") and not self.profile.keys:
            return False
        fits = [self._fits[shape.mark, ch, role] for ch, role in shape.roles if role != "count"]
        return all(fits) and not self._required & ~reduce(or_, fits, 0)

    def _index_shapes(self) -> None:
        self._of_mark: dict[Mark, int] = dict.fromkeys(tokens.MARK_TOKENS, 0)
        self._with: dict[tuple[Channel, Role], int] = defaultdict(int)
        self._next: dict[tuple[int, Channel], int] = defaultdict(int)
        self._going: dict[int, int] = defaultdict(int)
        self._ends: dict[int, int] = defaultdict(int)
        #: last channel, number of columns -> the shapes that have room for so many after it
        self._roomy: dict[tuple[int, int], int] = {}
        for i, shape in enumerate(self._shapes):
            bit = 1 << i
            self._of_mark[shape.mark] |= bit
            last = -1
            for channel, role in shape.roles:
                self._with[channel, role] |= bit
                self._next[last, channel] |= bit
                self._going[last] |= bit
                last = PLACE_OF[channel]
            self._ends[last] |= bit
