"""Owns which columns tell how a questionnaire was answered: when, how long, on what."""

from __future__ import annotations

import re

from vizmodel.design import Design
from vizmodel.grammar.gathering import gathers_answers
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import Profile
from vizmodel.profile.words import split_name

#: What the programs that questionnaires are answered in add to the answers, and days that these
#: span from which their number has a course.
_ANSWERING_NAME = re.compile(
    r"(survey |interview |response |completion |completed |answer )?(duration|time taken|minutes"
    r"|length of interview|loi|time spent|time to complete|finish time|response time"
    r"|response days)( in)?( s| sec| secs| seconds| min| mins| minutes)?"
    r"|finished|progress|completed|complete|completion( status| code)?|last ?page|pages? seen"
    r"|(start|end|recorded|submit|submitted|submission|completed|completion|response|interview"
    r"|answered|created|survey)( ?(date|time|day|at|on|timestamp))+|timestamp|zeitstempel"
    r"|(distribution|collector|response) (channel|type|source|id)|user language|browser|ip address"
    r"|bearbeitungszeit|dauer|startzeit|endzeit|abgeschlossen"
)
MIN_COURSE_DAYS = 60.0


def tells_of_answering(design: Design, profile: Profile) -> bool:
    """Whether a chart shows when, how long and on what a questionnaire was answered."""
    return gathers_answers(profile) and not about_answering(profile).isdisjoint(design.fields)


@once_per_profile
def about_answering(profile: Profile) -> frozenset[str]:
    """Return the columns of how a questionnaire was answered, not of what was asked."""
    named = [c for c in profile.own_columns if _ANSWERING_NAME.fullmatch(split_name(c.name))]
    # What is asked month after month has a course.
    return frozenset(c.name for c in named if c.kind != "time" or c.span_days < MIN_COURSE_DAYS)
