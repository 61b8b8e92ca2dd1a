"""Owns where things are: which numbers are latitudes and longitudes, which two are one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile, Semantic
from vizmodel.profile.words import LATITUDE_NAME, LONGITUDE_NAME, spaced_name, split_name

_WHAT = (
    "c|coords?|coordinates?|coordenadas?|koord(?:inaten?)?|geo|gps|point|pos|position|centroid|centre"
    "|center|(?:epsg )?4326|wgs ?84(?: grad)?"
)
#: Names of positions: what they are of is the same in the names of both.
_POSITION = late_pattern(rf"^(?:({_WHAT})? ?(x1|x2|x|y)|(x|y) ?({_WHAT}))$")
_ENDS = {"x": "y", "x1": "x2"}
LONGITUDE: Semantic = "longitude"
LATITUDE: Semantic = "latitude"
#: Where nearly all people live: no other numbers keep so far from the equator by chance.
_INHABITED = ((10.0, 75.0), (-60.0, -10.0))
#: Most that numbers called x and y vary, over their mean, to be places without another word.
MAX_TOWN = 0.02
#: Fewest places that tell numbers from degrees.
MIN_PLACES = 5


def stem(name: str) -> str:
    """Return what a coordinate's name says beside that it is one: whose place it is.

    Examples
    --------
    >>> stem("start_lat"), stem("Start Longitude"), stem("lon"), stem("x_coord")
    ('start', 'start', '', 'coord')
    """
    whose = place_name(name)
    called = split_name(name)
    return (_position(called) or (called, ""))[0] if whose is None else whose.lower()


def place_name(name: str) -> str | None:
    """Return whose place the name of a latitude or longitude says it is; None for other names.

    Examples
    --------
    >>> place_name("startLat"), place_name("NYC_lon"), place_name("lat"), place_name("y_coord")
    ('start', 'NYC', '', None)
    """
    for pattern in (LATITUDE_NAME, LONGITUDE_NAME):
        found = pattern.match(spaced_name(name))
        if found is not None:
            return " ".join(part.strip() for part in (found["of"], found["number"]) if part).strip()
    return None


def of_one_place(one: str, other: str, names: Iterable[str]) -> bool:
    """Whether a longitude and a latitude are of one place, as far as the names of all tell.

    Parameters
    ----------
    one, other
        Names of the two.
    names
        Of all coordinates of the table.

    Examples
    --------
    >>> names = ["start_lon", "start_lat", "end_lon", "end_lat"]
    >>> of_one_place("end_lon", "end_lat", names), of_one_place("end_lon", "start_lat", names)
    (True, False)
    >>> of_one_place("lon", "home_lat", ["lon", "home_lat"])
    True
    """
    stems = [stem(name) for name in names]
    first, second = stem(one), stem(other)
    # What has no other half of its own takes what is there.
    return first == second or stems.count(first) == stems.count(second) == 1


def _position(called: str) -> tuple[str, str] | None:
    """Return what a name in words says that it is a position of, and along which axis."""
    found = _POSITION.match(called)
    return None if found is None else (found[1] or found[4] or "", found[2] or found[3])


def with_places(columns: Sequence[ColumnProfile]) -> tuple[ColumnProfile, ...]:
    """Take positions under other names for longitude and latitude, where they must be such.

    Parameters
    ----------
    columns
        As guessed column by column.

    Returns
    -------
    tuple of ColumnProfile
        "cx" and "cy", or "coords.x1" and "coords.x2", are degrees where they are no whole numbers
        and all lie where people live; "x" and "y" alone where they also lie within one town.
    """
    found = list(columns)
    positions = {
        position: at
        for at, column in enumerate(columns)
        if (position := _position(split_name(column.name))) is not None
    }
    for (what, axis), at in positions.items():
        other = positions.get((what, _ENDS.get(axis, "")))
        both = None if other is None else (columns[at], columns[other])
        if other is not None and both and _are_degrees(*both) and (what or _is_one_town(*both)):
            for one, beside, meant in ((at, other, LONGITUDE), (other, at, LATITUDE)):
                evidence = f"a place with “{columns[beside].name}”, in degrees"
                found[one] = replace(columns[one], semantic=meant, evidence=evidence)
    return tuple(found)


def _are_degrees(x: ColumnProfile, y: ColumnProfile) -> bool:
    if any(c.kind != "number" or c.semantic != "measure" or c.integer or c.told for c in (x, y)):
        return False
    inhabited = any(low <= y.minimum and y.maximum <= high for low, high in _INHABITED)
    return (
        min(x.n_distinct, y.n_distinct) >= MIN_PLACES
        and inhabited
        and x.minimum >= -180
        and x.maximum <= 180
    )


def _is_one_town(*columns: ColumnProfile) -> bool:
    """Whether numbers vary as little as those of places within one town do."""
    return all(c.maximum - c.minimum <= MAX_TOWN * abs(c.mean) for c in columns)
