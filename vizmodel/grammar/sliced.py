"""Owns which rows a chart keeps to: those that belong together once other columns are held."""

from __future__ import annotations

from vizmodel.design import Design, Slice
from vizmodel.grammar.gathering import shown_fold, tell_rows_apart
from vizmodel.profile import Profile
from vizmodel.profile.layouts.slices import mixes


def row_keys(design: Design) -> set[str]:
    """Return the names of the columns that tell the drawn rows apart."""
    names = set(design.grouped_by)
    x, y = design.encoding("x"), design.encoding("y")
    if x is not None and y is not None and x.transform == "value" and x.field:
        names.add(x.field)
    return names


def shown_slice(design: Design, profile: Profile) -> Slice | None:
    """Return the rows that a chart keeps to; None where it shows all rows."""
    if design.mark not in ("bar", "line", "area") or design.summarised or not profile.slices:
        return None
    keys = row_keys(design)
    if tell_rows_apart(keys, design, profile) or shown_fold(design, profile) is not None:
        return None
    found = next((s for s in profile.slices if s.shown == keys), None)
    return found if found is not None and _can_be_held(found, design, profile) else None


def _can_be_held(found: Slice, design: Design, profile: Profile) -> bool:
    """Whether what is held is not drawn as well, is not better added up, and leaves values."""
    if not found.blank.isdisjoint(design.fields):
        return False
    held = {one.column for one in found.held}
    counted = any(profile.column(name).adds_up for name in design.fields)
    return not held & set(design.fields) and not (counted and held - profile.mixed_columns)


def n_picked(found: Slice, profile: Profile) -> int:
    """Return how many columns a slice holds at a level that stands for nothing but itself.

    The total and the latest year stand for a table; men, or the first of many towns, do not.
    """
    return sum(not mixes(one) and not profile.column(one.column).is_time for one in found.held)
