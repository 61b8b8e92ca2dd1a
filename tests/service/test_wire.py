"""What travels to the service and back: nothing is lost, nothing more goes, nothing bad comes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from raw_tables import profile_of, realistic
from wire_messages import request_strategy

from vizmodel.design import (
    CHANNELS,
    FIELD_TYPES,
    MARKS,
    TRANSFORMS,
    Design,
    Encoding,
    Intent,
    Without,
)
from vizmodel.grammar import IntentError
from vizmodel.network.features import make_features
from vizmodel.profile import Profile
from vizmodel.profile.columns import Kind, Resolution, Semantic
from vizmodel.search.decoder import Ask, Candidate, LocalDecoder
from vizmodel.wire import (
    MAX_ASKS,
    VersionsDifferError,
    WireError,
    read_reply,
    read_request,
    versions,
    write_reply,
    write_request,
)
from vizmodel.wire.profile import MAX_COLUMNS, MAX_NAME

SALES = profile_of(realistic()["sales"])
#: Words that a message may hold beside names of columns: keys, versions and closed vocabularies.
VOCABULARY = {
    *(*MARKS, *CHANNELS, *TRANSFORMS, *FIELD_TYPES, "position", "panel", ""),
    *(*get_args(Kind), *get_args(Semantic), *get_args(Resolution)),
}


def _intents(profile: Profile) -> Iterator[Intent]:
    yield Intent()
    shown = list(LocalDecoder().decode([Ask(profile)])[0])[:40:7]
    names = [name for design in shown for name in design.fields]
    if not names:
        return
    without = Without(
        columns=tuple(names[-1:]),
        marks=("arc",),
        stories=(shown[0].story(),),
        charts=tuple(design.identity() for design in shown),
    )
    yield Intent(without=without)
    yield Intent(columns=(names[0],), mark="bar")
    yield Intent(encoding=(("y", names[0]),))
    yield Intent(columns=(names[0],), without=Without(columns=(names[0],)))  # contradicts itself


def _answered(asks: list[Ask]) -> list[Any]:
    """Return what a kernel reads of what a service decodes."""
    received = read_request(write_request(asks))
    return read_reply(write_reply(received, LocalDecoder().decode(received)), asks)


@pytest.mark.parametrize("seed", range(6))
def test_what_comes_back_is_what_the_kernel_would_find(
    random_profile: Callable[..., Profile], seed: int
) -> None:
    _same(random_profile(seed))


@pytest.mark.parametrize("name", ["sales", "wide", "tidy"])
def test_what_comes_back_for_tables_that_people_bring(name: str) -> None:
    _same(profile_of(realistic()[name]))


def _same(profile: Profile) -> None:
    asks = [*(Ask(profile, intent) for intent in _intents(profile)), Ask(profile, width=16)]
    own = LocalDecoder().decode(asks)
    for mine, theirs in zip(own, _answered(asks), strict=True):
        if isinstance(mine, IntentError):
            assert theirs is None
        else:
            assert list(theirs.items()) == list(mine.items())


@pytest.mark.parametrize("asked", [None, (), ("revenue",), ("units", "city")])
def test_what_a_person_asks_about_travels(asked: tuple[str, ...] | None) -> None:
    """The charts of it are given to the search by name, whoever searches."""
    told = SALES.asking(asked)
    (there,) = read_request(write_request([Ask(told)]))
    assert there.profile.asked == told.asked
    assert LocalDecoder().decode([there]) == LocalDecoder().decode([Ask(told)])


def test_the_network_sees_the_same_numbers() -> None:
    for table in realistic().values():
        profile = profile_of(table)
        received = read_request(write_request([Ask(profile)]))[0].profile
        mine, theirs = make_features(profile), make_features(received)
        for part in ("columns", "pairs", "table"):
            assert np.array_equal(getattr(mine, part), getattr(theirs, part))


def test_of_a_tables_texts_only_names_of_columns_travel() -> None:
    for name in ("sales", "wide"):
        profile = profile_of(realistic()[name])
        asks = [Ask(profile, intent, 8) for intent in _intents(profile)]
        known = {column.name for column in profile.columns} | VOCABULARY
        told = {versions().package, versions().weights}
        sent = msgspec.msgpack.decode(write_request(asks))
        assert set(_texts(sent)) <= known | told
        # A reply holds no text at all but for the versions.
        reply = msgspec.msgpack.decode(write_reply(asks, LocalDecoder().decode(asks)))
        assert set(_texts(reply)) <= told


def test_the_levels_of_slices_stay_at_home() -> None:
    levels = set()
    for table in realistic().values():
        profile = profile_of(table)
        received = read_request(write_request([Ask(profile)]))[0].profile
        assert received.mixed_columns == profile.mixed_columns
        assert received.held_columns == profile.held_columns
        levels |= {held.level for one in received.slices for held in one.held}
    assert levels <= {None, ""}


def _texts(value: Any) -> Iterator[str]:
    """Yield every text below a value, but for keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _changed(**changes: Any) -> bytes:
    """Return a request with something changed in its profile."""
    plain = msgspec.msgpack.decode(write_request([Ask(SALES)]))
    return msgspec.msgpack.encode(plain | {"profile": plain["profile"] | changes})


def _columns(**changes: Any) -> list[Any]:
    first, *others = msgspec.msgpack.decode(write_request([Ask(SALES)]))["profile"]["columns"]
    return [first | changes, *others]


BAD = {
    "an unknown key": lambda: _changed(cells=["Rome"]),
    "an unknown key of a column": lambda: _changed(columns=_columns(levels=["Rome"])),
    "no number": lambda: _changed(columns=_columns(mean=math.nan)),
    "an endless number": lambda: _changed(columns=_columns(quantiles=[0, 0, 0, 0, math.inf])),
    "quantiles out of order": lambda: _changed(columns=_columns(quantiles=[5, 4, 3, 2, 1])),
    "a negative count": lambda: _changed(columns=_columns(n_distinct=-1)),
    "counts that do not fit": lambda: _changed(columns=_columns(n_present=10**9)),
    "an unknown kind": lambda: _changed(columns=_columns(kind="picture")),
    "a long name": lambda: _changed(columns=_columns(name="x" * (MAX_NAME + 1))),
    "one name twice": lambda: _changed(columns=_columns(name=SALES.columns[1].name)),
    "a million columns": lambda: _changed(columns=[{}] * 1_000_000),
    "a million keys": lambda: _changed(keys=[[0]] * 1_000_000),
    "pairs of another size": lambda: _changed(pairs=b"0000"),
    "pairs that are no numbers": lambda: _changed(pairs=b"\xff" * SALES.pairs.nbytes),
    "a place beyond the columns": lambda: _changed(keys=[[200]]),
    "all columns gathered": lambda: _changed(gathered=[[len(SALES.columns) - 1]]),
    "nothing asked": lambda: _with(asks=[]),
    "too much asked": lambda: _with(asks=[{"intent": {}}] * (MAX_ASKS + 1)),
    "an endless search": lambda: _with(asks=[{"intent": {}, "width": 10**9}]),
    "an intent beyond the columns": lambda: _with(asks=[{"intent": {"columns": [200]}}]),
    "an intent of names": lambda: _with(asks=[{"intent": {"columns": ["city"]}}]),
    "nothing": lambda: b"",
    "text": lambda: b"<html>",
    "an array that claims 2^32 values": lambda: b"\xdd\xff\xff\xff\xff",
    "arrays in arrays": lambda: b"\x91" * 100_000,
    "half of a message": lambda: write_request([Ask(SALES)])[:1000],
}


def _with(**changes: Any) -> bytes:
    return msgspec.msgpack.encode(msgspec.msgpack.decode(write_request([Ask(SALES)])) | changes)


@pytest.mark.parametrize("what", BAD)
def test_a_bad_request_is_refused_in_one_line(what: str) -> None:
    with pytest.raises(WireError) as raised:
        read_request(BAD[what]())
    assert 0 < len(str(raised.value)) <= 200
    assert "\n" not in str(raised.value)


def test_another_version_is_told_from_a_bad_message() -> None:
    for change in ({"wire": 99}, {"package": "9.9"}, {"weights": "other"}):
        with pytest.raises(VersionsDifferError, match=r"here .* there "):
            read_request(_with(**change, more="keys"))


def test_what_does_not_travel_is_not_sent() -> None:
    wide = replace(SALES, columns=SALES.columns * (MAX_COLUMNS // len(SALES.columns) + 1))
    surrogate = replace(SALES.columns[0], name="\ud800")
    endless = replace(SALES.columns[0], maximum=math.inf)
    for columns in (wide.columns, (surrogate, *SALES.columns[1:]), (endless, *SALES.columns[1:])):
        with pytest.raises(WireError):
            write_request([Ask(replace(SALES, columns=columns))])


class TestWhatAServiceSays:
    """A kernel believes no chart that the grammar or the intent forbids."""

    ask = Ask(SALES, Intent(columns=("revenue",), without=Without(marks=("arc",))))

    def _read(self, designs: dict[Design, Candidate], of: Intent | None = None) -> Any:
        return read_reply(write_reply([Ask(SALES, of or Intent())], [designs]), [self.ask])

    def test_what_was_asked_for_is_believed(self) -> None:
        (own,) = LocalDecoder().decode([self.ask])
        assert not isinstance(own, IntentError)
        assert self._read(dict(own)) == [own]

    @pytest.mark.parametrize(
        "design",
        [
            Design("bar", (Encoding("x", "city", "category", "nominal"),)),
            Design("point", (Encoding("x", "revenue", "sum", "quantitative"),)),
            Design("tick", (Encoding("x", "units", "value", "quantitative"),)),
            Design(
                "arc",
                (
                    Encoding("theta", "revenue", "sum", "quantitative"),
                    Encoding("color", "product", "category", "nominal"),
                ),
            ),
        ],
        ids=["no chart", "against the rules", "without the column", "of a mark ruled out"],
    )
    def test_a_chart_that_is_not_allowed(self, design: Design) -> None:
        with pytest.raises(WireError, match="not allowed"):
            self._read({design: Candidate(-1.0)})

    def test_tokens_that_are_no_chart(self) -> None:
        for tokens in ([], [500], [5, 5, 5], [4, 12, 60_000, 30]):
            found = [[[tokens, -1.0, None]]]
            with pytest.raises(WireError):
                read_reply(self._reply(found=found), [self.ask])

    def test_scores_that_are_none(self) -> None:
        (own,) = LocalDecoder().decode([self.ask])
        design = next(iter(own))  # type: ignore[arg-type]
        for score in (math.nan, -math.inf, 5.0):
            with pytest.raises(WireError):
                self._read({design: Candidate(score)})

    def test_more_or_fewer_answers_than_questions(self) -> None:
        for found in ([], [[], []]):
            with pytest.raises(WireError, match="answers"):
                read_reply(self._reply(found=found), [self.ask])

    def test_other_weights(self) -> None:
        with pytest.raises(VersionsDifferError):
            read_reply(self._reply(found=[[]], weights="0" * 64), [self.ask])

    def _reply(self, **parts: Any) -> bytes:
        return msgspec.msgpack.encode(msgspec.structs.asdict(versions()) | parts)


@settings(max_examples=60, deadline=None)
@given(request_strategy(), st.data())
def test_any_message_of_the_form_is_answered_or_refused(message: Any, data: Any) -> None:
    from erp_widget.service.predictor import Job, Predictor
    from vizmodel.runtime import open_runtime

    body = msgspec.msgpack.encode(message | msgspec.structs.asdict(versions()))
    if data.draw(st.integers(0, 3)) == 0:
        at = data.draw(st.integers(0, len(body) - 1))
        body = body[:at] + data.draw(st.binary(max_size=8)) + body[at + 1 :]
    (outcome,) = Predictor(open_runtime()).answer([Job(body, math.inf)])
    assert outcome.kind in ("reply", "refused")
    assert outcome.body
    if outcome.kind == "reply":
        read_reply(outcome.body, read_request(body))
