"""Owns which charts are maps: points at the longitude and the latitude of one place."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import Profile
from vizmodel.profile.places import LATITUDE, LONGITUDE, of_one_place

#: Fewest different places that make a map.
MIN_MAPPED = 10


def is_map(design: Design, profile: Profile) -> bool:
    """Whether points stand at a longitude and a latitude, north upwards."""
    x, y = design.encoding("x"), design.encoding("y")
    if design.mark != "point" or x is None or y is None or not x.field or not y.field:
        return False
    if any(e.channel in ("row", "column") for e in design.encodings):
        return False
    semantics = (profile.column(x.field).semantic, profile.column(y.field).semantic)
    if semantics != (LONGITUDE, LATITUDE) or not x.transform == y.transform == "value":
        return False
    # The longitude of one end of a way and the latitude of the other are no place.
    return of_one_place(x.field, y.field, _coordinates(profile))


@once_per_profile
def _coordinates(profile: Profile) -> list[str]:
    return [c.name for c in profile.columns if c.semantic in (LONGITUDE, LATITUDE)]


@once_per_profile
def places(profile: Profile) -> tuple[tuple[str, str], ...]:
    """Return the longitudes and latitudes of the places of a table; none of a few places."""
    several = [c for c in profile.own_columns if c.usable and c.n_distinct >= MIN_MAPPED]
    return tuple(
        (one.name, other.name)
        for one in several
        for other in several
        if (one.semantic, other.semantic) == (LONGITUDE, LATITUDE)
        and of_one_place(one.name, other.name, _coordinates(profile))
    )
