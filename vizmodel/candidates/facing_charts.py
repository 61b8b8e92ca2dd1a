"""Owns the cells of columns that face each other: how many, or how much, of each two things."""

from __future__ import annotations

from collections.abc import Iterator

from vizmodel.candidates.kind import EVERY, ChartKind, Told
from vizmodel.design import Transform
from vizmodel.profile import Profile
from vizmodel.tokens import Part, make_design

#: What the cells of each further number are worth of those of the first.
LESS = 0.6


def facing_charts(profile: Profile) -> Iterator[Told]:
    """Yield the cells of each two columns that face each other, of numbers or of rows.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, worth)
        In canonical orientation: what is stands on y, what meets it on x.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"from": [*"aabb"], "to": [*"abab"], "trips": [9, 2, 1, 7]}
    >>> [design.mark for design, _ in facing_charts(profile_table(pa.table(table)))]
    ['rect']
    """
    sizes = [column for column in profile.own_columns if column.usable and column.is_size]
    for column in profile.own_columns:
        if column.faces is None:
            continue
        cells: tuple[Part, Part] = (("x", column.name, "category"), ("y", column.faces, "category"))
        both = {column.name, column.faces}
        if not any(both <= {profile.columns[at].name for at in key} for key in profile.keys):
            yield make_design("rect", profile, *cells, ("color", None, "count")), 1.0
            continue
        single = profile.identifies_rows(both)
        for at, size in enumerate(sizes):
            how: Transform = "value" if single else "sum" if size.additive else "mean"
            yield make_design("rect", profile, *cells, ("color", size.name, how)), LESS**at


FACING = ChartKind("facing columns", facing_charts, unknown_to=EVERY, narrow=True)
