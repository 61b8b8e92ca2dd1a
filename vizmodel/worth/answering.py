"""Owns which columns tell how people were asked: when, how long, and how many each stands for."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.gathering import answered_items
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.words import split_name

#: What the programs that questionnaires are answered in add to the answers, and days that these
#: span from which their number has a course.
_ANSWERING_NAME = late_pattern(
    r"(survey |interview |response |completion |completed |answer )?(duration|time taken|minutes"
    r"|length of interview|loi|time spent|time to complete|finish time|response time"
    r"|response days)( in)?( s| sec| secs| seconds| min| mins| minutes)?"
    r"|finished|progress|completed|complete|completion( status| code)?|last ?page|pages? seen"
    r"|(submitted|answered|responded|filled (in|out))( (at|on))?"
    r"|(start|end|recorded|submit|submitted|submission|completed|completion|response|interview"
    r"|answered|created|survey)( ?(date|time|day|at|on|timestamp))+|timestamp|zeitstempel"
    r"|(distribution|collector|response) (channel|type|source|id)|user language|browser|ip address"
    r"|bearbeitungszeit|dauer|startzeit|endzeit|abgeschlossen"
)
MIN_COURSE_DAYS = 60.0
#: How many people each one who was asked stands for, as surveys call it; and what is called so only
#: where it is 1 on average, since things have weights, too.
_STANDS_FOR_NAME = late_pattern(
    r"(survey|sampling|household|post ?strat\w*) (weight|wt|wgt|weighting)|[pf]weight"
    r"|factor( de)? (expansi[oó]n|elevaci[oó]n|ponderaci[oó]n)|ponderador|gewichtungsfaktor"
)
_WEIGHT_NAME = late_pattern(
    r"(sample |design |final |person )?(weights?|wt|wgt)"
    r"|gewicht(ung)?|pesos?|poids|pond(eraci[oó]n)?"
)
#: How far its mean may be from 1.
NEAR_ONE = 0.02
#: Fewest different ones.
MIN_WEIGHTS = 10


def tells_of_answering(design: Design, profile: Profile) -> bool:
    """Whether a chart shows when, how long and on what people answered, or whom each stands for."""
    if not sampling_weights(profile).isdisjoint(design.fields):
        return True
    answered = not about_answering(profile).isdisjoint(design.fields)
    return answered and bool(answered_items(profile))


@once_per_profile
def sampling_weights(profile: Profile) -> frozenset[str]:
    """Return the columns that say how many people each one who was asked stands for."""
    return frozenset(column.name for column in profile.own_columns if _is_sampling_weight(column))


def _is_sampling_weight(column: ColumnProfile) -> bool:
    if column.kind != "number" or not column.minimum > 0 or column.n_distinct < MIN_WEIGHTS:
        return False
    name = split_name(column.name)
    if _STANDS_FOR_NAME.fullmatch(name):
        return True
    return bool(_WEIGHT_NAME.fullmatch(name)) and abs(column.mean - 1.0) <= NEAR_ONE


@once_per_profile
def about_answering(profile: Profile) -> frozenset[str]:
    """Return the columns of how a questionnaire was answered, not of what was asked."""
    named = [c for c in profile.own_columns if _ANSWERING_NAME.fullmatch(split_name(c.name))]
    # What is asked month after month has a course.
    return frozenset(c.name for c in named if c.kind != "time" or c.span_days < MIN_COURSE_DAYS)
