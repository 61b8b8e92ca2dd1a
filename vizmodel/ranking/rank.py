"""Owns the order of the charts: a score for each, then a list that does not repeat itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from vizmodel.candidates.about import answers, tells_about
from vizmodel.candidates.experiments import POOLED, tells_given
from vizmodel.candidates.gathered import is_gathered_course, sets_beside, tells_items
from vizmodel.candidates.layout_charts import tells_layout
from vizmodel.candidates.plain_forms import shows_stripes
from vizmodel.candidates.record_charts import tells_asked, tells_records
from vizmodel.design import Design, Mark
from vizmodel.grammar.even import REGULAR
from vizmodel.grammar.gathering import shows_time
from vizmodel.grammar.sliced import n_picked, shown_slice
from vizmodel.profile import Profile
from vizmodel.profile.layouts.slices import tells_time
from vizmodel.ranking.forms import charge_of
from vizmodel.ranking.lengths import Filling, least_charts, next_place
from vizmodel.ranking.opinions import said_of
from vizmodel.ranking.ranked import RankedDesign
from vizmodel.ranking.told_shares import same_shares
from vizmodel.ranking.variety import BESIDE, Floats, Variety
from vizmodel.ranking.weights import KEPT, WEIGHTS, RankWeights, fitted
from vizmodel.tokens import Part
from vizmodel.worth.alike import parts_of_ranges, splits_settled
from vizmodel.worth.answering import tells_of_answering
from vizmodel.worth.asides import shows_an_aside
from vizmodel.worth.interest import COPY, interest, strength_told, tells_a_triple
from vizmodel.worth.outcomes import alike_by_chance, explained, is_outcome, outcome_told
from vizmodel.worth.pooled import pools_readings
from vizmodel.worth.room import rawness, tidiness
from vizmodel.worth.taste import Taste, no_opinions
from vizmodel.worth.weighed import weighed, weighed_rows

#: A column as it is, and marks to which on x its numbers and its labels are one.
PLAIN = ("value", "category")
ALONG_X: tuple[Mark, ...] = ("line", "area", "bar")
#: Correlation, or root of the variance explained, below which two columns tell little together;
#: the same of an outcome, which each column explains a little.
FAINT, FAINT_SHARES, FAINT_END = 0.15, 0.5, 0.06
#: The same, below which they tell nothing.
NOTHING = 0.12
#: What numbers of groups that differ by chance are charged of what shares are.
ALIKE_NUMBERS = 0.6
#: Share of the rows from which one group leaves nothing to compare it with.
ALL_BUT_ONE = 0.9
#: Share of a number's variance that the name of a measure explains where its units differ.
OF_OTHER_SIZE = 0.5
#: Charts that are put first as people would; those after them rather by what is kept of lists.
FIRST_CHARTS = 5


def rank(
    candidates: Sequence[tuple[Design, float]],
    profile: Profile,
    k: int,
    weights: RankWeights = WEIGHTS,
    taste: Taste | None = None,
    shown: Sequence[Design] = (),
    nearness: Callable[[Design], float] | None = None,
    patient: bool = True,
) -> list[RankedDesign]:
    """Put candidates into the order in which a person should see them.

    Parameters
    ----------
    candidates
        Designs in canonical orientation with the network's log-probability (nats).
    profile
        Of their table.
    k
        Length of the list.
    weights
        Of the terms.
    taste
        What people tend to draw; the network's opinion counts whole where None.
    shown
        Designs that the person has seen already: what is new beside them counts as variety.
    nearness
        What a design gains by being like the one asked for, in nats; a term of its own.
    patient
        Whether the list is filled with other forms of what it has shown; otherwise it ends.

    Returns
    -------
    list of RankedDesign
        At most k; each with its named terms, those of `score_terms` and variety (what it adds to
        the charts before it), whose sum is its score when it was chosen. Greedy maximal marginal
        relevance (Carbonell and Goldstein 1998).
    """
    weights = fitted(weights, profile)
    once = arranged_once(candidates)
    scored, kept = scored_designs(once, profile, taste, weights)
    if nearness is not None:
        scored = [(d, terms | {"nearness": nearness(d)}) for d, terms in scored]
    totals = np.array([sum(terms.values()) for _, terms in scored], dtype=np.float64)
    variety = Variety([design for design, _ in scored], profile, weights, shown, patient)
    idle, asked = (
        np.array([not patient and holds(design, profile) for design, _ in scored], dtype=bool)
        for holds in (says_nothing, _is_asked)
    )
    filling = Filling(idle, asked, least_charts(profile, k), patient)
    shares = same_shares([design for design, _ in scored], profile)
    chosen: list[RankedDesign] = []
    for _ in range(min(k, len(scored))):
        added, logits = variety.values(), None
        if taste is not None and len(chosen) >= FIRST_CHARTS:
            logits = kept_logits(kept, variety)
            added = added + weights.lasting * logits
        left_out = filling.left_out(variety.worn(), added, logits, len(chosen))
        best = next_place(totals + added, left_out)
        if best is None:
            break
        design, terms = scored[best]
        score, new = float(totals[best] + added[best]), float(added[best])
        chosen.append(RankedDesign(design, score, (*terms.items(), ("variety", new))))
        variety.add(best)
        totals[shares == shares[best]] = -np.inf
    return chosen


def scored_designs(
    candidates: Sequence[tuple[Design, float]],
    profile: Profile,
    taste: Taste | None,
    weights: RankWeights,
) -> tuple[list[tuple[Design, dict[str, float]]], Floats]:
    """Return each chart with the terms of its own score, and the logits of being kept."""
    designs, nats = [design for design, _ in candidates], np.array([n for _, n in candidates])
    raw, said, share = rawness(profile), no_opinions(len(designs)), 1.0
    if taste is not None:
        said = taste.opinions(designs, profile)
        share = weights.network + weights.raw_network * raw
    heard = said_of(designs, share * nats, said, profile)
    worth = weights.worth + weights.raw_worth * (1.0 - tidiness(profile))
    terms = [
        score_terms(design, float(heard.network[at]), float(heard.chosen[at]), profile, weights)
        | {"worth": worth * float(heard.kept[at])}
        | {"wanted": weights.wanted * raw * float(heard.wanted[at])}
        | {"about": weights.about * tells_about(design, profile)}
        | {"aside": -weights.aside * shows_an_aside(design, profile)}
        | {"alike": -weights.alike * raw * tells_nothing_apart(design, profile)}
        for at, design in enumerate(designs)
    ]
    if terms and raw and taste is not None and taste.weighed is not None:
        rows = weighed_rows(terms, nats, said.seen, profile)
        terms = weighed(terms, rows, taste.weighed, raw * weights.weighed)
    return list(zip(designs, terms, strict=True)), heard.kept


def kept_logits(kept: Floats, variety: Variety) -> Floats:
    """Return the logits of how probably each chart is kept beside what a list shows: float64 [n].

    Parameters
    ----------
    kept
        Logits of being kept, whatever was shown [n].
    variety
        Of the list.
    """
    beside = variety.beside()
    # What was shown is hardly worth more for being good.
    worth = KEPT.worth + KEPT.worth_again * beside[:, BESIDE.index("again")]
    counts = beside @ np.array([getattr(KEPT, name) for name in BESIDE])
    return np.asarray(KEPT.base + worth * kept + counts)


def arranged_once(candidates: Sequence[tuple[Design, float]]) -> list[tuple[Design, float]]:
    """Keep the likelier of two designs that differ in what a person would not call a difference."""
    best: dict[tuple[Mark, frozenset[Part]], tuple[Design, float]] = {}
    for design, log_probability in candidates:
        key = design.mark, frozenset(_arrangement(design))
        if key not in best or log_probability > best[key][1]:
            best[key] = design, log_probability
    return list(best.values())


def _arrangement(design: Design) -> Iterator[Part]:
    """Return what is shown with one channel for each pair that could change places.

    Such are panels below or beside each other, and the axes of points or cells.
    """
    panels = sum(e.channel in ("row", "column") for e in design.encodings)
    x, y = design.encoding("x"), design.encoding("y")
    turns = design.mark in ("point", "rect") and x and y and x.transform == y.transform
    for e in design.encodings:
        channel, transform = e.channel, e.transform
        if channel == "row" and panels == 1:
            channel = "column"
        elif channel == "x" and design.mark in ALONG_X and transform in PLAIN:
            # A line runs along numbers and along their labels alike, and so do bars along years.
            transform = "value"
        elif channel == "y" and turns:
            channel = "x"
        yield channel, e.field, transform


def score_terms(
    design: Design,
    network: float,
    taste: float,
    profile: Profile,
    weights: RankWeights = WEIGHTS,
) -> dict[str, float]:
    """Return the named terms of one chart's own score, in nats; the opinions as they are given."""
    raw, given = rawness(profile), tells_given(design, profile)
    told = tells_a_triple(design, profile) and not given
    # The third column of what only groups show is no ornament.
    extra = 0 if told or given else max(0, len(design.encodings) - 2)
    panels = sum(e.channel in ("row", "column") for e in design.encodings)
    strength = strength_told(design, profile)
    striped = shows_stripes(design, profile)
    return {
        "network": network,
        "taste": taste,
        "interest": strength * (weights.interest + weights.raw_interest * raw),
        "simplicity": -extra * (weights.simplicity + weights.raw_simplicity * raw)
        - weights.raw_panels * raw * panels,
        "told": weights.told * raw * (told and not striped),
        "outcome": weights.outcome * raw * outcome_told(design, profile, strength),
        "form": -weights.form * (not given) * charge_of(design, len(profile.own_columns), raw),
        "faint": -weights.faint * shows_little(design, profile, strength),
        "lopsided": -weights.lopsided * raw * counts_one_group(design, profile),
        "copied": -weights.copied * shows_a_copy(design, profile),
        "striped": -weights.striped * striped,
        "summarised": -weights.summarised * tidiness(profile) * design.summarised,
        "mixed": -weights.mixed * mixes_levels(design, profile),
        "partial": -weights.partial * shows_a_part(design, profile),
        "headline": weights.headline * is_headline(design, profile),
        "records": weights.records * tells_records(design, profile),
        "given": weights.given * given,
        "layout": weights.layout * tells_layout(design, profile),
        "answering": -weights.answering * tells_of_answering(design, profile),
        "gathered": weights.gathered * sets_beside(design, profile)
        + weights.gathered_course * is_gathered_course(design, profile)
        + weights.items * tells_items(design, profile),
    }


def mixes_levels(design: Design, profile: Profile) -> bool:
    """Whether a chart puts totals and their parts, or several measures, into one figure.

    Or readings of many things, or of other times.
    """
    if pools_readings(design, profile):
        return True
    together = design.summarised or design.mark == "boxplot"
    if together and not profile.mixed_columns.issubset(design.fields):
        return True
    kinds = profile.mixed_columns - profile.total_columns
    return bool(kinds) and _pools(design, profile, kinds)


def _pools(design: Design, profile: Profile, kinds: frozenset[str]) -> bool:
    """Whether a chart shows measures of other sizes, named in some columns, on one axis."""
    kept = shown_slice(design, profile)
    apart = {e.field for e in design.encodings if e.channel in ("row", "column")}
    apart |= set() if kept is None else {one.column for one in kept.held}
    sizes = [e.field for e in design.encodings if e.field and e.transform != "category"]
    measured = [name for name in sizes if profile.column(name).kind == "number"]
    return any(
        profile.pair(kind, name, "eta_squared") >= OF_OTHER_SIZE
        for kind in kinds - apart
        for name in measured
    )


def shows_a_part(design: Design, profile: Profile) -> int:
    """Return how many columns a chart holds at a level that stands for nothing but itself."""
    kept = shown_slice(design, profile)
    return 0 if kept is None else n_picked(kept, profile)


def is_headline(design: Design, profile: Profile) -> bool:
    """Whether a line is the course in time of all groups of a published table together."""
    kept = shown_slice(design, profile) if design.mark == "line" else None
    if kept is None or len(kept.shown) > 1 or n_picked(kept, profile):
        return False
    return bool(profile.total_columns) and all(tells_time(profile.column(n)) for n in kept.shown)


def shows_little(design: Design, profile: Profile, strength: float) -> bool:
    """Whether a raw table's columns that a chart relates have nothing to do with each other.

    Shares of a total mostly say how many rows each group has, unless it differs by more than that.
    That as many records of each kind ended well is an answer, and so are the course of a total,
    courses side by side, and how much of what was sold each kind has.
    """
    if profile.shaped or len(design.fields) < 2 or tidiness(profile):
        return False
    asked = _is_asked(design, profile) or tells_items(design, profile)
    if asked or _is_course_of_totals(design, profile):
        return False
    if explained(design, profile) is not None:
        return strength < FAINT_END
    return strength < (FAINT_SHARES if design.mark == "arc" else FAINT)


def tells_nothing_apart(design: Design, profile: Profile) -> float:
    """Return 1 for shares that are alike but for chance, where that is no answer to a question.

    Numbers of such groups show at least how they are spread.
    """
    # What a chart pools that others tell by visit is no answer of a trial.
    asked = tells_given(design, profile) > POOLED or answers(design, profile)
    if asked or not alike_by_chance(design, profile):
        return 0.0
    return 1.0 if any(e.transform == "count" for e in design.encodings) else ALIKE_NUMBERS


def counts_one_group(design: Design, profile: Profile) -> bool:
    """Whether a chart counts the rows of one column, nearly all of which are of one group."""
    if len(design.fields) != 1 or not any(e.transform == "category" for e in design.encodings):
        return False
    column = profile.column(design.fields[0])
    return column.top_share >= ALL_BUT_ONE and not is_outcome(column.name, profile)


def says_nothing(design: Design, profile: Profile) -> bool:
    """Whether a raw table's columns that a chart relates have nothing at all to do with each other.

    Or one of them is beside the point, or one of many like times, times that pass evenly stand by
    themselves, or groups are compared that are alike, or pooled. What rises and falls in time by
    turns has no rank correlation with it, and still a course.
    """
    if shows_an_aside(design, profile) or _marks_time(design, profile):
        return True
    if tells_of_answering(design, profile) or splits_settled(design, profile):
        return True
    if tells_layout(design, profile) < 0 and not answers(design, profile):
        return True
    if tidiness(profile) or len(design.fields) < 2:
        return False
    if tells_nothing_apart(design, profile) or pools_readings(design, profile):
        return True
    if _is_asked(design, profile):
        return False
    least = NOTHING if explained(design, profile) is None else FAINT_END
    return not shows_time(design, profile) and interest(design, profile) < least


def _marks_time(design: Design, profile: Profile) -> bool:
    """Whether a chart shows times alone of which each comes once, as long after the one before."""
    alone = profile.column(design.fields[0]) if len(design.fields) == 1 else None
    if alone is None or alone.kind != "time" or design.summarised or len(profile.own_columns) < 2:
        return False
    return alone.even >= REGULAR and profile.identifies_rows({alone.name})


def _is_asked(design: Design, profile: Profile) -> bool:
    """Whether a chart is asked for, whatever comes of it."""
    told = tells_given(design, profile) or tells_layout(design, profile)
    return bool(told) or answers(design, profile) or tells_asked(design, profile)


def _is_course_of_totals(design: Design, profile: Profile) -> bool:
    return any(e.transform == "sum" for e in design.encodings) and shows_time(design, profile)


def shows_a_copy(design: Design, profile: Profile) -> bool:
    """Whether a chart shows a column and what follows from it: a copy, an end of its range, a kind.

    How often groups meet is known where one decides the other.
    """
    if splits_settled(design, profile):
        return True
    x, y = design.encoding("x"), design.encoding("y")
    if design.mark != "point" or x is None or y is None or not x.field or not y.field:
        return False
    if frozenset((x.field, y.field)) in parts_of_ranges(profile):
        return True
    if sum(not column.identifier for column in profile.own_columns) == 2:
        return False  # brought together to be compared
    plain = x.transform == y.transform == "value"
    numbers = profile.column(x.field).kind == profile.column(y.field).kind == "number"
    return plain and numbers and profile.pair(x.field, y.field, "abs_spearman") >= COPY
