"""Owns the two messages, request and reply, and the check of what a service says."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from vizmodel.design import Channel, Design, Intent
from vizmodel.grammar import IntentError, violations
from vizmodel.search.decoder import MAX_RANKED, MAX_WIDTH, Ask, Candidate, Decoded
from vizmodel.tokens import END, MAX_TOKENS, START, decode, encode
from vizmodel.wire.intent import AskForm, ask_form, ask_of
from vizmodel.wire.profile import ProfileForm, profile_form, profile_of
from vizmodel.wire.versions import Versions, WireError, versions

#: Asks of one table in one message: a list, or the searches around a chart.
MAX_ASKS = 16
#: Candidates of one ask; what the narrow searches find comes on top of the ranked ones.
MAX_CANDIDATES = MAX_RANKED + 4 * MAX_WIDTH

Token = Annotated[int, Meta(ge=0, le=2**16)]
#: Tokens without START and END, log probability, whether x and y change places.
CandidateForm = tuple[
    Annotated[list[Token], Meta(max_length=MAX_TOKENS)],
    Annotated[float, Meta(le=1e-3)],
    bool | None,
]
Candidates = Annotated[list[CandidateForm], Meta(max_length=MAX_CANDIDATES)]


class RequestForm(Versions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A profile, and what to decode of it."""

    profile: ProfileForm
    asks: Annotated[list[AskForm], Meta(min_length=1, max_length=MAX_ASKS)]


class ReplyForm(Versions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Candidates for each ask; None where the ask allows no chart, and the kernel says why."""

    found: Annotated[list[Candidates | None], Meta(max_length=MAX_ASKS)]


Form = TypeVar("Form")


def write_request(asks: Sequence[Ask]) -> bytes:
    """Write what to decode of one profile.

    Raises
    ------
    WireError
        The profile or an ask is larger than what travels, or holds what does not.
    """
    if len(asks) > MAX_ASKS:
        raise WireError(f"{len(asks)} searches at once, more than {MAX_ASKS}")
    try:
        return msgspec.msgpack.encode(
            RequestForm(
                **msgspec.structs.asdict(versions()),
                profile=profile_form(asks[0].profile),
                asks=[ask_form(ask) for ask in asks],
            )
        )
    except (ValueError, KeyError) as error:  # a lone surrogate, a number that is none, a name
        raise WireError(_line(error)) from error


def read_request(body: bytes) -> list[Ask]:
    """Read what `write_request` wrote.

    Raises
    ------
    VersionsDifferError
        It comes of another version, or of other weights.
    WireError
        It is no such message; the reason names no value.
    """
    form = _read(body, RequestForm)
    try:
        profile = profile_of(form.profile)
        return [ask_of(ask, profile) for ask in form.asks]
    except ValueError as error:
        raise WireError(_line(error)) from error


def write_reply(asks: Sequence[Ask], found: Sequence[Decoded | IntentError]) -> bytes:
    """Write what was decoded for each ask."""
    written = [
        None if isinstance(one, IntentError) else _candidates(one, ask)
        for ask, one in zip(asks, found, strict=True)
    ]
    return msgspec.msgpack.encode(ReplyForm(**msgspec.structs.asdict(versions()), found=written))


def _candidates(found: Decoded, ask: Ask) -> list[CandidateForm]:
    return [
        (encode(design, ask.profile)[1:-1], one.log_probability, one.turned)
        for design, one in found.items()
    ]


def read_reply(body: bytes, asks: Sequence[Ask]) -> list[Decoded | None]:
    """Read what a service says, and believe no chart that the grammar or the intent forbids.

    Parameters
    ----------
    body
        From `write_reply`.
    asks
        What was asked.

    Returns
    -------
    list
        For each ask its candidates; None where it is said to allow no chart.

    Raises
    ------
    VersionsDifferError
        The service runs another version, or other weights.
    WireError
        The reply is malformed, does not fit the asks, or holds a chart that they forbid.
    """
    form = _read(body, ReplyForm)
    if len(form.found) != len(asks):
        raise WireError(f"{len(form.found)} answers to {len(asks)} searches")
    return [
        None if found is None else _checked(found, ask)
        for found, ask in zip(form.found, asks, strict=True)
    ]


def _checked(found: Sequence[CandidateForm], ask: Ask) -> Decoded:
    read: dict[Design, Candidate] = {}
    for tokens, log_probability, turned in found:
        try:
            design = decode([START, *tokens, END], ask.profile)
        except ValueError:
            raise WireError("a reply with tokens that are no chart") from None
        if not math.isfinite(log_probability):
            raise WireError("a reply with a score that is no number")
        if violations(design, ask.profile) or not _honours(design, ask.intent, bool(turned)):
            raise WireError("a reply with a chart that is not allowed")
        read[design] = Candidate(log_probability, turned)
    return read


def _honours(design: Design, intent: Intent, turned: bool) -> bool:
    """Whether a chart shows what was asked for and nothing that was ruled out."""
    without, fields = intent.without, set(design.fields)
    swapped: dict[Channel, Channel] = {"x": "y", "y": "x"} if turned else {}
    placed = {(e.channel, e.field) for e in design.encodings}
    return (
        fields.issuperset(intent.columns)
        and intent.mark in (None, design.mark)
        and placed.issuperset((swapped.get(c, c), name) for c, name in intent.encoding)
        and fields.isdisjoint(without.columns)
        and design.mark not in without.marks
        and design.story() not in without.stories
        and design.identity() not in without.charts
    )


def _read(body: bytes, form: Callable[..., Form]) -> Form:
    try:
        # Another version may have other keys: what differs is said before what is unknown.
        versions().check(msgspec.msgpack.decode(body, type=Versions))
        return msgspec.msgpack.decode(body, type=form)  # type: ignore[call-overload,no-any-return]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(_line(error)) from error


def _line(error: Exception) -> str:
    """Return an error in one line, cut so that no long name or value is in it."""
    text = str(error).strip()
    return text.splitlines()[0][:200] if text else type(error).__name__
