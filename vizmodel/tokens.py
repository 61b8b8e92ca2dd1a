"""Owns the closed token vocabulary of the network and the way between designs and tokens.

A design is written as START, its mark, then per encoding (in canonical channel order) a channel
token, a column pointer and a transform token, then END. A count of records is written as a channel
token and RECORDS: it points to no column and needs no transform. Static tokens have the numbers
0 to N_STATIC - 1; the pointer to the profile's column j is the token N_STATIC + j, so a column that
the table does not have cannot be written.
"""

from __future__ import annotations

from collections.abc import Sequence

from vizmodel.design import (
    AGGREGATES,
    CHANNELS,
    CYCLES,
    MARKS,
    TIME_UNITS,
    TRANSFORMS,
    Channel,
    Design,
    Encoding,
    FieldType,
    Mark,
    Transform,
    canonical,
)
from vizmodel.profile import ColumnProfile, Profile

PAD, START, END, RECORDS = range(4)

#: Transforms that a column can take; a count is written as RECORDS.
COLUMN_TRANSFORMS: tuple[Transform, ...] = tuple(t for t in TRANSFORMS if t != "count")

FIRST_MARK = 4
FIRST_CHANNEL = FIRST_MARK + len(MARKS)
FIRST_TRANSFORM = FIRST_CHANNEL + len(CHANNELS)
#: Number of static tokens, and the token of column 0.
N_STATIC = FIRST_TRANSFORM + len(COLUMN_TRANSFORMS)

MAX_ENCODINGS = 5
#: START, mark, up to five encodings of three tokens, END.
MAX_TOKENS = 2 + 3 * MAX_ENCODINGS + 1

MARK_TOKENS: dict[Mark, int] = {mark: FIRST_MARK + i for i, mark in enumerate(MARKS)}
CHANNEL_TOKENS: dict[Channel, int] = {c: FIRST_CHANNEL + i for i, c in enumerate(CHANNELS)}
TRANSFORM_TOKENS: dict[Transform, int] = {
    transform: FIRST_TRANSFORM + i for i, transform in enumerate(COLUMN_TRANSFORMS)
}

#: Name of each static token; part of the weights' description, so that a vocabulary that has
#: changed since training is noticed.
STATIC_TOKENS: tuple[str, ...] = (
    "PAD",
    "START",
    "END",
    "RECORDS",
    *(f"mark:{mark}" for mark in MARKS),
    *(f"channel:{channel}" for channel in CHANNELS),
    *(f"transform:{transform}" for transform in COLUMN_TRANSFORMS),
)

_MARK_OF = {token: mark for mark, token in MARK_TOKENS.items()}
_CHANNEL_OF = {token: channel for channel, token in CHANNEL_TOKENS.items()}
_TRANSFORM_OF = {token: transform for transform, token in TRANSFORM_TOKENS.items()}
#: A channel, the column on it, if any, and what happens to it.
Part = tuple[Channel, str | None, Transform]
_ORDERED_SEMANTICS = frozenset({"ordinal", "year", "weekday", "month"})


def field_type_of(transform: Transform, column: ColumnProfile | None) -> FieldType:
    """Return Vega-Lite's type of a column's values after a transform.

    Parameters
    ----------
    transform
        What happens to the column before it is shown.
    column
        The column's profile; None for a count of records.

    Returns
    -------
    FieldType
        Aggregates and bins are quantitative; points in time are temporal, parts of a cycle (month,
        weekday, hour) ordinal; a category is ordinal where its values have an order.
    """
    if transform in AGGREGATES or transform == "bin":
        return "quantitative"
    if transform in CYCLES:
        return "ordinal"
    if transform in TIME_UNITS:
        return "temporal"
    if column is None:
        msg = f"transform {transform!r} needs a column; only a count shows none"
        raise ValueError(msg)
    if transform == "value":
        return "temporal" if column.kind == "time" else "quantitative"
    if column.semantic in _ORDERED_SEMANTICS or column.kind == "time":
        return "ordinal"
    # Numbers that are mere codes (0 and 1) have the semantic of a category and no order.
    return "ordinal" if column.kind == "number" and column.semantic != "category" else "nominal"


def make_encoding(
    channel: Channel, field: str | None, transform: Transform, profile: Profile
) -> Encoding:
    """Make an encoding whose field type follows from the profile.

    Parameters
    ----------
    channel, field, transform
        As in `Encoding`; `field` is None for a count of records.
    profile
        The table's profile.
    """
    column = None if field is None else profile.column(field)
    return Encoding(channel, field, transform, field_type_of(transform, column))


def make_design(mark: Mark, profile: Profile, *parts: Part) -> Design:
    """Make a design of its parts, in the default style.

    Parameters
    ----------
    mark
        How values are drawn.
    profile
        The table's profile.
    parts
        What is shown on each channel.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> profile = profile_table(pa.table({"city": ["Rome", "Oslo", "Rome"]}))
    >>> make_design("bar", profile, ("x", "city", "category"), ("y", None, "count")).fields
    ('city',)
    """
    return Design(mark, tuple(make_encoding(*part, profile) for part in parts))


def encode(design: Design, profile: Profile) -> list[int]:
    """Write a design as tokens.

    Parameters
    ----------
    design
        A chart in canonical orientation; its style is not written.
    profile
        The profile whose columns the design shows.

    Returns
    -------
    list of int
        START, mark, encodings, END; at most MAX_TOKENS long.

    Raises
    ------
    ValueError
        Where the design shows a column the profile does not have, or too many encodings.
    """
    if len(design.encodings) > MAX_ENCODINGS:
        msg = f"a design has at most {MAX_ENCODINGS} encodings, this one {len(design.encodings)}"
        raise ValueError(msg)
    tokens = [START, MARK_TOKENS[design.mark]]
    for encoding in canonical(design.encodings):
        tokens.append(CHANNEL_TOKENS[encoding.channel])
        if encoding.transform == "count":
            tokens.append(RECORDS)
        else:
            tokens += [_pointer(encoding, profile), TRANSFORM_TOKENS[encoding.transform]]
    return [*tokens, END]


def _pointer(encoding: Encoding, profile: Profile) -> int:
    if encoding.field is None:
        msg = f"channel {encoding.channel!r}: transform {encoding.transform!r} needs a column"
        raise ValueError(msg)
    try:
        return N_STATIC + profile.index(encoding.field)
    except KeyError:
        msg = f"channel {encoding.channel!r}: the table has no column {encoding.field!r}"
        raise ValueError(msg) from None


def decode(tokens: Sequence[int], profile: Profile) -> Design:
    """Read a design from tokens.

    Parameters
    ----------
    tokens
        START, mark, encodings, END; padding after END is ignored, and so is a missing END.
    profile
        The profile whose columns the pointers mean.

    Returns
    -------
    Design
        In the tokens' order, in the default style.

    Raises
    ------
    ValueError
        Where the tokens do not follow the form.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> profile = profile_table(pa.table({"city": ["Rome", "Oslo", "Rome"]}))
    >>> tokens = [START, MARK_TOKENS["bar"], CHANNEL_TOKENS["x"], N_STATIC,
    ...           TRANSFORM_TOKENS["category"], CHANNEL_TOKENS["y"], RECORDS, END]
    >>> decode(tokens, profile).fields
    ('city',)
    """
    body = list(tokens[: list(tokens).index(END)]) if END in tokens else list(tokens)
    if len(body) < 2 or body[0] != START or body[1] not in _MARK_OF:
        msg = f"a design starts with START and a mark, got {body[:2]}"
        raise ValueError(msg)
    encodings, rest = [], body[2:]
    while rest:
        encoding, used = _read_encoding(rest, profile)
        encodings.append(encoding)
        rest = rest[used:]
    return Design(_MARK_OF[body[1]], tuple(encodings))


def _read_encoding(rest: Sequence[int], profile: Profile) -> tuple[Encoding, int]:
    """Read one encoding from the front; return it with the number of tokens read."""
    channel = _CHANNEL_OF.get(rest[0])
    if channel is None or len(rest) < 2:
        msg = f"expected a channel and what it shows, got {list(rest[:2])}"
        raise ValueError(msg)
    if rest[1] == RECORDS:
        return make_encoding(channel, None, "count", profile), 2
    position = rest[1] - N_STATIC
    transform = _TRANSFORM_OF.get(rest[2]) if len(rest) > 2 else None
    if not 0 <= position < len(profile.columns) or transform is None:
        msg = f"expected a column pointer and a transform, got {list(rest[1:3])}"
        raise ValueError(msg)
    return make_encoding(channel, profile.columns[position].name, transform, profile), 3
