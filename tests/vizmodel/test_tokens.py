"""Designs survive the way to tokens and back; field types follow from the profile."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from vizmodel import tokens
from vizmodel.design import Channel, Design, FieldType, Transform
from vizmodel.profile import Profile, profile_table
from vizmodel.tokens import decode, encode, field_type_of, make_encoding


@pytest.fixture(scope="module")
def profile() -> Profile:
    """Return one column of each kind that field types tell apart."""
    n = 24
    return profile_table(
        pa.table(
            {
                "city": ["Rome", "Oslo", "Bonn"] * 8,
                "price": [i * 1.5 for i in range(n)],
                "when": [datetime(2020, 1 + i % 12, 1 + i) for i in range(n)],
                "size": ["small", "medium", "large"] * 8,
                "year": [2000 + i % 6 for i in range(n)],
                "cylinders": [4, 6, 8] * 8,
                "flag": [True, False] * 12,
                "code": [0, 1, 1, 0] * 6,
            }
        )
    )


def _design(profile: Profile, *parts: tuple[Channel, str | None, Transform]) -> Design:
    return Design("bar", tuple(make_encoding(*part, profile) for part in parts))


def test_vocabulary_is_closed_and_numbered_without_gaps() -> None:
    numbers = [
        tokens.PAD,
        tokens.START,
        tokens.END,
        tokens.RECORDS,
        *tokens.MARK_TOKENS.values(),
        *tokens.CHANNEL_TOKENS.values(),
        *tokens.TRANSFORM_TOKENS.values(),
    ]
    assert numbers == list(range(tokens.N_STATIC))
    assert len(tokens.STATIC_TOKENS) == tokens.N_STATIC
    assert "count" not in tokens.TRANSFORM_TOKENS


def test_round_trip(profile: Profile) -> None:
    design = _design(
        profile,
        ("x", "when", "yearmonth"),
        ("y", "price", "mean"),
        ("color", "city", "category"),
        ("row", "size", "category"),
        ("y2", "flag", "category"),
    )
    written = encode(design, profile)
    assert len(written) == tokens.MAX_TOKENS
    assert decode(written, profile) == design
    assert decode([*written, tokens.PAD, tokens.PAD], profile) == design


def test_a_count_points_to_no_column(profile: Profile) -> None:
    design = _design(profile, ("x", "city", "category"), ("y", None, "count"))
    written = encode(design, profile)
    assert written[-3:] == [tokens.CHANNEL_TOKENS["y"], tokens.RECORDS, tokens.END]
    assert decode(written, profile) == design


def test_encodings_are_written_in_canonical_order(profile: Profile) -> None:
    parts: list[tuple[Channel, str | None, Transform]] = [
        ("y", "price", "mean"),
        ("x", "city", "category"),
    ]
    assert encode(_design(profile, *parts), profile) == encode(
        _design(profile, *reversed(parts)), profile
    )


@pytest.mark.parametrize(
    ("name", "transform", "expected"),
    [
        ("price", "mean", "quantitative"),
        ("city", "distinct", "quantitative"),
        ("price", "bin", "quantitative"),
        ("price", "value", "quantitative"),
        ("when", "value", "temporal"),
        ("when", "yearmonth", "temporal"),
        ("when", "year", "temporal"),
        ("when", "month", "ordinal"),
        ("when", "day", "ordinal"),
        ("city", "category", "nominal"),
        ("flag", "category", "nominal"),
        ("code", "category", "nominal"),
        ("size", "category", "ordinal"),
        ("year", "category", "ordinal"),
        ("cylinders", "category", "ordinal"),
        ("when", "category", "ordinal"),
    ],
)
def test_field_type(profile: Profile, name: str, transform: Transform, expected: FieldType) -> None:
    assert field_type_of(transform, profile.column(name)) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [tokens.START],
        [tokens.START, tokens.END],
        [tokens.MARK_TOKENS["bar"], tokens.START],
        [tokens.START, tokens.MARK_TOKENS["bar"], tokens.CHANNEL_TOKENS["x"], tokens.END],
        [tokens.START, tokens.MARK_TOKENS["bar"], tokens.RECORDS, tokens.END],
        [tokens.START, tokens.MARK_TOKENS["bar"], tokens.CHANNEL_TOKENS["x"], tokens.N_STATIC],
        [
            tokens.START,
            tokens.MARK_TOKENS["bar"],
            tokens.CHANNEL_TOKENS["x"],
            tokens.N_STATIC + 99,
            tokens.TRANSFORM_TOKENS["category"],
        ],
    ],
)
def test_malformed_tokens_are_refused(profile: Profile, wrong: list[int]) -> None:
    with pytest.raises(ValueError, match=r"starts with START|expected a c"):
        decode(wrong, profile)


def test_unknown_column_is_refused(profile: Profile) -> None:
    design = _design(profile, ("x", "city", "category"))
    other = profile_table(pa.table({"town": ["a", "b"]}))
    with pytest.raises(ValueError, match="no column 'city'"):
        encode(design, other)
