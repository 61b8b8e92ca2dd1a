"""Where things are: coordinates under several names, and which two of them are one place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.profile.places import stem

RNG = np.random.default_rng(4)
N = 40
NORTH, EAST = RNG.uniform(50, 53, N), RNG.uniform(-2, 1, N)


def profiled(**columns: Any) -> Profile:
    return profile_table(pa.table({"size": RNG.uniform(1, 90, N), **columns}))


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("cx", "cy"),
        ("coords.x1", "coords.x2"),
        ("x_coord", "y_coord"),
        ("centroid_x", "centroid_y"),
        ("Longtitude", "Lattitude"),
        ("lon-1", "lat-1"),
        ("decimalLongitude", "decimalLatitude"),
        ("Längengrad", "Breitengrad"),
        ("geogr_laenge", "geogr_breite"),
        ("GPS-Länge", "GPS-Breite"),
        ("lengtegraad", "breedtegraad"),
        ("Longitudine", "Latitudine"),
        ("długość geograficzna", "szerokość geograficzna"),
        ("dlug_geogr", "szer_geogr"),
        ("X_WGS84", "Y_WGS84"),
        ("gps_x", "gps_y"),
        ("geo_lon", "geo_lat"),
        ("lon_deg", "lat_deg"),
        ("経度", "緯度"),
    ],
)
def test_coordinates_have_many_names(x: str, y: str) -> None:
    profile = profiled(**{x: EAST, y: NORTH})
    assert profile.column(x).semantic == "longitude"
    assert profile.column(y).semantic == "latitude"
    assert stem(x) == stem(y)


@pytest.mark.parametrize(
    ("x", "y", "east", "north"),
    [
        ("x", "y", EAST, NORTH),  # any two numbers
        ("cx", "cy", EAST, NORTH / 100),  # near the equator, or no place at all
        ("cx", "cy", EAST * 1e5, NORTH),  # metres
        ("cx", "size_y", EAST, NORTH),
        ("Länge", "Breite", EAST, NORTH),  # of a thing
        ("cx", "cy", np.round(EAST * 10), np.round(NORTH)),
    ],
)
def test_numbers_that_may_be_no_places(x: str, y: str, east: Any, north: Any) -> None:
    profile = profiled(**{x: east, y: north})
    assert {profile.column(x).semantic, profile.column(y).semantic} == {"measure"}


@pytest.mark.parametrize(
    ("x", "y", "broken"),
    [
        ("start_lon", "start_lat", False),
        ("end_lon", "end_lat", False),
        ("end_lon", "start_lat", True),
        ("start_lon", "end_lat", True),
    ],
)
def test_a_place_has_both_coordinates_of_one_thing(x: str, y: str, broken: bool) -> None:
    profile = profiled(
        start_lon=EAST, start_lat=NORTH, end_lon=EAST + 3, end_lat=NORTH - 2, km=NORTH * 3
    )
    design = Design(
        "point",
        (
            Encoding("x", x, "value", "quantitative"),
            Encoding("y", y, "value", "quantitative"),
        ),
    )
    assert ("coordinates_stand_together" in violations(design, profile)) is broken


def test_x_and_y_of_one_town_are_places() -> None:
    profile = profiled(X=EAST / 90 - 73.9, Y=NORTH / 90 + 40)
    assert (profile.column("X").semantic, profile.column("Y").semantic) == ("longitude", "latitude")


def test_what_has_no_other_half_takes_what_is_there() -> None:
    profile = profiled(lon=EAST, home_lat=NORTH, km=NORTH * 3)
    design = Design(
        "point",
        (
            Encoding("x", "lon", "value", "quantitative"),
            Encoding("y", "home_lat", "value", "quantitative"),
        ),
    )
    assert "coordinates_stand_together" not in violations(design, profile)
