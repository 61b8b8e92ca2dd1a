"""Owns the form in which an intent travels: columns by their place, -1 where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from vizmodel.design import Channel, Identity, Intent, Mark, Story, Transform, Without
from vizmodel.profile import Profile
from vizmodel.search.decoder import MAX_WIDTH, Ask
from vizmodel.tokens import MAX_ENCODINGS
from vizmodel.wire.profile import MAX_COLUMNS, Place, Places

#: Charts that may be ruled out: those of many pages of a list.
MAX_RULED_OUT = 2_000
#: What stands in a story or an identity where no column does.
RECORDS = "*"

Shown = Annotated[int, Meta(ge=-1, lt=MAX_COLUMNS)]
#: Transforms as stories tell them, and places as identities do.
Told = Transform | Literal[""]
Where = Channel | Literal["position", "panel"]
StoryForm = Annotated[list[tuple[Shown, Told]], Meta(max_length=MAX_ENCODINGS)]
ChartForm = Annotated[list[tuple[Mark, Where, Shown, Transform]], Meta(max_length=MAX_ENCODINGS)]


class IntentForm(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An `Intent` and what it rules out."""

    columns: Places = []
    mark: Mark | None = None
    encoding: Annotated[list[tuple[Channel, Place]], Meta(max_length=10)] = []
    no_columns: Places = []
    no_marks: Annotated[list[Mark], Meta(max_length=20)] = []
    no_stories: Annotated[list[StoryForm], Meta(max_length=MAX_RULED_OUT)] = []
    no_charts: Annotated[list[ChartForm], Meta(max_length=MAX_RULED_OUT)] = []


class AskForm(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An `Ask` without its profile."""

    intent: IntentForm
    width: Annotated[int, Meta(ge=1, le=MAX_WIDTH)] | None = None


def ask_form(ask: Ask) -> AskForm:
    """Return an ask as it travels.

    Raises
    ------
    KeyError
        The intent names an unknown column.
    """
    places = {column.name: place for place, column in enumerate(ask.profile.columns)}
    intent, without = ask.intent, ask.intent.without
    form = IntentForm(
        columns=[places[name] for name in intent.columns],
        mark=intent.mark,
        encoding=[(channel, places[name]) for channel, name in intent.encoding],
        no_columns=[places[name] for name in without.columns],
        no_marks=list(without.marks),
        no_stories=[told for s in without.stories if (told := _story_form(s, places)) is not None],
        no_charts=[chart for c in without.charts if (chart := _chart_form(c, places)) is not None],
    )
    return AskForm(intent=form, width=ask.width)


def _story_form(story: Story, places: Mapping[str, int]) -> StoryForm | None:
    """Return a story by places; None where it tells of a column that the table does not have."""
    found = [(_place(name, places), transform) for name, transform in sorted(story)]
    return None if any(place is None for place, _ in found) else found  # type: ignore[return-value]


def _chart_form(chart: Identity, places: Mapping[str, int]) -> ChartForm | None:
    found = [(mark, where, _place(name, places), how) for mark, where, name, how in sorted(chart)]
    missing = any(place is None for _, _, place, _ in found)
    return None if missing else found  # type: ignore[return-value]


def _place(name: str, places: Mapping[str, int]) -> int | None:
    return places.get(name, -1 if name == RECORDS else None)


def ask_of(form: AskForm, profile: Profile) -> Ask:
    """Return the ask that a form holds.

    Raises
    ------
    ValueError
        A place is beyond the table's columns.
    """
    names = [column.name for column in profile.columns]
    given = form.intent
    shown = [place for story in given.no_stories for place, _ in story]
    shown += [place for chart in given.no_charts for _, _, place, _ in chart]
    told = (*given.columns, *(place for _, place in given.encoding), *given.no_columns, *shown)
    if any(place >= len(names) for place in told):
        raise ValueError(f"a place is beyond the {len(names)} columns")
    without = Without(
        columns=tuple(names[place] for place in given.no_columns),
        marks=tuple(given.no_marks),
        stories=tuple(
            frozenset((_name(place, names), how) for place, how in story)
            for story in given.no_stories
        ),
        charts=tuple(
            frozenset((mark, where, _name(place, names), how) for mark, where, place, how in chart)
            for chart in given.no_charts
        ),
    )
    intent = Intent(
        tuple(names[place] for place in given.columns),
        given.mark,
        tuple((channel, names[place]) for channel, place in given.encoding),
        without,
    )
    return Ask(profile, intent, form.width)


def _name(place: int, names: Sequence[str]) -> str:
    return RECORDS if place < 0 else names[place]
