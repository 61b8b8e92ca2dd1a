"""Owns the charts that are drawn of any records: how much over time, how much by kind, what share.

A search that learned from studies seldom comes to them, so they are given to it by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product

from vizmodel.candidates.clock_charts import counts_hours, rounds_of_events
from vizmodel.candidates.kind import OF_TABLES, ChartKind, Told
from vizmodel.design import Design, Identity, Mark, TimeUnit
from vizmodel.grammar.counted import groups_tell_rows_apart
from vizmodel.grammar.encoding_rules import MAX_LINE_DAYS
from vizmodel.grammar.fitting import fits_unit
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.room import MAX_MANY
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.amounts import has_no_total, is_amount, is_flow, is_held, is_named_amount
from vizmodel.profile.layouts.records import of_months
from vizmodel.profile.words import WORTH_NAME, split_name
from vizmodel.tokens import Part, make_design
from vizmodel.worth.asides import running_balances
from vizmodel.worth.asked import asked_chances
from vizmodel.worth.outcomes import asked_about, is_outcome, stays_by_chance

#: Dates that are looked at, amounts and rates, ends of what happened, and kinds of it.
MAX_DATES, MAX_AMOUNTS, MAX_RATES, MAX_ENDS, MAX_KINDS = 2, 3, 3, 3, 8
#: Amounts of which totals are asked before numbers of records.
MAX_MAIN = 2
#: Days that the dates span from which on each unit of time makes enough places for a course.
SPANS: tuple[tuple[TimeUnit, float], ...] = (
    ("year", 2_200.0),
    ("yearmonth", 120.0),
    ("yearmonthdate", 4.0),
)
#: Days of the units of time of which shares are told, and fewest records of each.
RATE_UNITS, MIN_RATED = {"year": 365.25, "yearmonth": 30.4}, 10
#: Most levels of an end, and of what lines are drawn for.
MAX_LEVELS, MAX_LINES = 6, 8
#: Characters of a yes or a no in any language.
MAX_YES = 5
#: What numbers of events by the hour of the day count: no other chart of records tells of it.
BY_HOUR = 1.4
#: What shares count in time where they stay as they are: how many deliveries are late is asked
#: month after month, who was ill is not.
STAYS = 0.4
#: What totals count of what was sold, where rows are no records.
SOLD = 1.0
#: The same of what events in time brought, and of readings at steps of which so many are even; of
#: how many such things a table tells.
LOGGED, LOGGED_EVENLY, REGULAR, MAX_FLOWS = 0.4, 0.1, 0.95, 2
#: Most columns of a table that is a log of events.
MAX_LOG_COLUMNS = 12
_SOLD_NAME = late_pattern(
    r"\b(sales|sold|revenues?|turnover|units|quantity|qty|exports?|imports?|production|output"
    r"|emissions|downloads|installs|streams|gross|box ?office|goals|medals|votes"
    r"|umsatz|absatz|menge|ventes|ventas)\b"
)
#: Share of a number's variance that groups explain whose lines lie far apart.
FAR_APART = 0.3
_END_NAME = late_pattern(
    r"\b(status|state|stage|result|outcome|conclusion|resolution|disposition|zustand|statut|estado)$"
)
#: Names of what may go well or badly: such a yes or no is asked for before any other.
_WELL_NAME = late_pattern(
    r"\b(late|on ?time|in time|delayed|overdue|sla|met|breach(ed)?|cancell?ed|abandoned|returned"
    r"|refunded|bounced|completed|closed|resolved|paid|missed|no ?show|escalated|reopened|lost"
    r"|damaged|defect(ive)?|scrapped|alarm|match(ed)?|valid|compliant|readmit\w*|fraud\w*|won"
    r"|pünktlich|verspätet|storniert|bezahlt|en retard|annulée?|payée?|conforme|a tiempo|anulad[oa]"
    r"|pagad[oa]|entregad[oa])\b"
)
_SORT_NAME = late_pattern(
    r"\b(sex|gender|geschlecht|sexe|sexo|type|kind|class"
    r"|(marital|family|civil|employment|fee|tax|insurance|smok(ing|er)|residen(ce|cy)|visa) status"
    r")$"
)


def charts_of_records(profile: Profile) -> Iterator[Design]:
    """Yield charts of records, which need not be legal.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    Design
        In canonical orientation: numbers of records, totals of amounts and means of rates over
        time and for a few groups; totals by each kind; how they ended, and how they are spread, by
        each kind.
    """
    asked = asked_about(profile)
    numbers = [c for c in profile.own_columns if c.is_size and c.usable]
    numbers.sort(key=lambda c: c not in asked)
    amounts = [c.name for c in numbers if _has_total(c, profile)][:MAX_AMOUNTS]
    running = running_balances(profile)
    rates = [c.name for c in numbers if not adds_up(c) and c.name not in running][:MAX_RATES]
    kinds = [c for c in profile.own_columns if _is_kind(c)]
    few = [c.name for c in sorted(kinds, key=lambda c: c.n_distinct) if c.n_distinct <= MAX_LINES]
    dates = list(_dates(profile))
    for date in dates:
        yield from _over_time(profile, date, amounts, rates, few[:MAX_ENDS])
    yield from rounds_of_events(profile, _main_amounts(profile))
    names = [c.name for c in kinds][:MAX_KINDS]
    for kind, amount in product(names, amounts):
        yield make_design("bar", profile, ("x", kind, "category"), ("y", amount, "sum"))
    for kind, number in product(names, [c.name for c in numbers][:MAX_RATES]):
        yield make_design("boxplot", profile, ("x", kind, "category"), ("y", number, "value"))
    ends = sorted((c for c in kinds if is_end(c, profile)), key=lambda c: c not in asked)
    well = [c.name for c in ends if _went_well(c, profile)]
    for end, date in product(well[:1], filter(partial(_has_rates, profile), dates[:1])):
        yield make_design("bar", profile, date, ("y", None, "count"), ("color", end, "category"))
    for end, kind in product((well or [c.name for c in ends])[:MAX_ENDS], names):
        if end != kind:
            shares: Part = ("color", end, "category")
            yield make_design("bar", profile, ("x", kind, "category"), ("y", None, "count"), shares)


def totals_of_sales(profile: Profile) -> Iterator[Design]:
    """Yield how much was sold, made or won, if that is asked: over the years, and by each kind.

    Which need not be legal. What single rows cost, or got, is rather compared.
    """
    sold = [c.name for c in asked_about(profile) if c.additive and is_sold(c) and not c.cumulative]
    years = [c.name for c in profile.own_columns if c.usable and c.semantic == "year"]
    kinds = [c.name for c in profile.own_columns if _is_kind(c) and c.kind == "text"]
    for amount in sold[:1]:
        total: Part = ("y", amount, "sum")
        for year in years[:MAX_DATES]:
            yield make_design("line", profile, ("x", year, "value"), total)
        for kind in kinds[:MAX_KINDS]:
            yield make_design("bar", profile, ("x", kind, "category"), total)


def totals_of_log(profile: Profile) -> Iterator[Design]:
    """Yield what events in time, such as runs or calls, brought in each month and by each kind.

    Which need not be legal.
    """
    if not profile.logged:
        return
    flows = [c.name for c in profile.own_columns if c.usable and is_flow(c) and not c.cumulative]
    kinds = [c.name for c in profile.own_columns if _is_kind(c)]
    for date, flow in product(_dates(profile), flows[:MAX_FLOWS]):
        yield make_design("bar", profile, date, ("y", flow, "sum"))
    for kind, flow in product(kinds[:MAX_KINDS], flows[:1]):
        yield make_design("bar", profile, ("x", kind, "category"), ("y", flow, "sum"))


def is_sold(column: ColumnProfile) -> bool:
    """Whether a number says how much was sold, made or won, which other rows add to."""
    name = split_name(column.name)
    return _SOLD_NAME.search(name) is not None and not WORTH_NAME.search(name)


@once_per_profile
def _logged_totals(profile: Profile) -> frozenset[Identity]:
    """Return the totals in time of what events brought: of each month, how far somebody ran.

    A table of many columns is about more than that.
    """
    if profile.recorded or len(profile.own_columns) > MAX_LOG_COLUMNS:
        return frozenset()
    return frozenset(one.identity() for one in totals_of_log(profile) if is_in_time(one))


def tells_asked(design: Design, profile: Profile) -> bool:
    """Whether a chart is asked for whatever comes of it: how records ended, how much was sold."""
    sold = not profile.recorded and tells_records(design, profile) > 0
    return sold or design.identity() in main_totals(profile) or tells_ends(design, profile)


@once_per_profile
def main_totals(profile: Profile) -> dict[Identity, Identity]:
    """Return the totals that are asked of records, each with the number of records in its place.

    Of what there is most to ask about: by each kind, and over time. That its mean is the same for
    each kind is no objection: how much there is of each is asked.
    """
    if not profile.recorded:
        return {}
    amounts = _main_amounts(profile)
    kinds: list[tuple[Mark, Part]] = [
        ("bar", ("x", c.name, "category")) for c in profile.own_columns if _is_kind(c)
    ]
    courses: list[tuple[Mark, Part]] = [("line", date) for date in _dates(profile)]
    count: Part = ("y", None, "count")
    found: dict[Identity, Identity] = {}
    places = product((*kinds[:MAX_KINDS], *courses), amounts)
    for (mark, along), amount in places:
        if mark == "line" and is_held(profile.column(amount)):
            continue
        total = make_design(mark, profile, along, ("y", amount, "sum"))
        found[total.identity()] = make_design(mark, profile, along, count).identity()
    for (mark, along), rounds in product(courses[:1], rounds_of_events(profile, amounts)):
        found[rounds.identity()] = make_design(mark, profile, along, count).identity()
    return found


def _main_amounts(profile: Profile) -> list[str]:
    """Return what records are of, what is asked about first."""
    chances = asked_chances(profile)
    amounts = [c for c in profile.own_columns if c.is_size and c.usable and _is_main(c)]
    amounts = [column for column in amounts if _has_total(column, profile)]
    if _lists_worths(profile):
        amounts = [c for c in amounts if is_sold(c) or c.semantic == "currency"]
    amounts.sort(key=lambda c: -chances.get(c.name, 0.0))
    return [column.name for column in amounts[:MAX_MAIN]]


@once_per_profile
def _lists_worths(profile: Profile) -> bool:
    """Whether each row is a person or thing with a pay or a price, of which that is asked first.

    Hours that each of them has by the way are compared, and not added up.
    """
    chances = asked_chances(profile)
    sizes = [c for c in profile.own_columns if c.is_size and c.usable]
    first = max(sizes, key=lambda c: chances.get(c.name, 0.0), default=None)
    once = any(c.identifier and c.n_distinct == profile.n_rows for c in profile.own_columns)
    return once and first is not None and WORTH_NAME.search(split_name(first.name)) is not None


def _is_main(column: ColumnProfile) -> bool:
    """Whether a number says what records are of: money, hours, goods; not how often it is read."""
    told = is_sold(column) or is_flow(column) or column.semantic == "currency"
    return told or not column.integer


def _has_total(column: ColumnProfile, profile: Profile) -> bool:
    """Whether records have a total of an amount: of what each holds, if each is another thing."""
    if not adds_up(column) or not is_held(column):
        return adds_up(column)
    once = any(c.identifier and c.n_distinct == profile.n_rows for c in profile.own_columns)
    return once or not any(_dates(profile))


def _asked_charts(profile: Profile) -> Iterator[Told]:
    """Yield charts of records, and totals of other rows, which tell something if they are asked.

    What is told first of a log is mostly what it is about; of readings at even steps their own
    course is asked for before that.
    """
    if profile.recorded:
        yield from ((one, _worth(one, profile)) for one in charts_of_records(profile))
    asked = not (profile.recorded or profile.shaped or groups_tell_rows_apart(profile))
    yield from ((one, SOLD * asked) for one in totals_of_sales(profile))
    even = any(c.kind == "time" and c.even >= REGULAR for c in profile.own_columns)
    worth = asked * (LOGGED_EVENLY if even else LOGGED)
    for at, one in enumerate(totals_of_log(profile)):
        yield one, worth if at == 0 else 0.5 * worth


RECORDS = ChartKind(
    "records",
    _asked_charts,
    unknown_to=OF_TABLES,
    unknown=lambda design, profile: design.identity() in _logged_totals(profile),
)
#: How much a chart tells what is asked of any records, 0 to 1: courses and totals do, and how they
#: ended; with a line for each group less. How a number is spread is asked of samples as well.
tells_records = RECORDS.tells


def _worth(design: Design, profile: Profile) -> float:
    if design.mark == "boxplot":
        return 0.0
    color, y = design.encoding("color"), design.encoding("y")
    if counts_hours(design):
        return BY_HOUR
    if color is not None and stays_by_chance(design, profile):
        return 1.0 if _is_watched(str(color.field)) else STAYS
    if design.mark != "line" or color is None or y is None:
        return 1.0
    # Lines that lie far apart tell the course, and how the groups differ.
    apart = y.field and profile.pair(str(color.field), y.field, "eta_squared") >= FAR_APART
    return 1.0 if apart else 0.5


def tells_ends(design: Design, profile: Profile) -> bool:
    """Whether a chart tells how records ended by kind; that all ended alike is an answer, too."""
    color = design.encoding("color")
    if color is None or color.field is None or not tells_records(design, profile):
        return False
    return is_end(profile.column(color.field), profile)


def is_in_time(design: Design) -> bool:
    """Whether a chart runs along the months, years or days of a date."""
    x = design.encoding("x")
    return x is not None and x.time_unit is not None


def is_end(column: ColumnProfile, profile: Profile) -> bool:
    """Whether a few groups say how each record ended: an outcome, a status, a yes or no."""
    name = split_name(column.name)
    if column.n_distinct > MAX_LEVELS or _SORT_NAME.search(name):
        return False
    short = column.zero_one or (column.kind != "number" and column.label_max_length <= MAX_YES)
    return (column.n_distinct == 2 and short) or _went_well(column, profile)


def _went_well(column: ColumnProfile, profile: Profile) -> bool:
    """Whether the name of an end says that something went well or badly, or the table asks it."""
    return _is_watched(column.name) or is_outcome(column.name, profile)


def _is_watched(name: str) -> bool:
    """Whether a name says how something that goes on day by day ended."""
    said = split_name(name)
    return bool(_END_NAME.search(said) or _WELL_NAME.search(said))


def adds_up(column: ColumnProfile) -> bool:
    """Whether totals mean something: of profits, losses among them, but of no row's own nature."""
    if column.cumulative or has_no_total(column):
        return False
    below = column.share_negative > 0 and is_named_amount(column) and not column.intensive
    return (column.additive and is_amount(column)) or below


def _over_time(
    profile: Profile, date: Part, amounts: list[str], rates: list[str], kinds: list[str]
) -> Iterator[Design]:
    counts: Part = ("y", None, "count")
    totals: list[Part] = [("y", name, "sum") for name in amounts]
    means: list[Part] = [("y", name, "mean") for name in rates]
    for measure in (counts, *totals, *means):
        yield make_design("line", profile, date, measure)
    daily = fits_unit("yearmonthdate", profile.column(str(date[1])), MAX_LINE_DAYS)
    day: Part = ("x", date[1], "yearmonthdate") if daily else date
    for balance in sorted(running_balances(profile)):
        yield make_design("line", profile, day, ("y", balance, "mean"))
    for measure, kind in product((counts, *totals[:1], *means[:1]), kinds):
        yield make_design("line", profile, date, measure, ("color", kind, "category"))


def _dates(profile: Profile) -> Iterator[Part]:
    """Yield the first dates in the unit that gives a course some, but not too many, places."""
    dates = [c for c in profile.own_columns if c.kind == "time" and c.usable]
    for column in dates[:MAX_DATES]:
        unit = next((unit for unit, days in SPANS if column.span_days >= days), None)
        if unit is not None:
            yield "x", column.name, unit
    months = None if dates else of_months(profile.own_columns)
    if months is not None:
        yield "x", months.name, "value"


def _has_rates(profile: Profile, date: Part) -> bool:
    """Whether each month or year has enough records for a share of them."""
    _, name, unit = date
    days = profile.column(str(name)).span_days
    return unit in RATE_UNITS and profile.n_rows * RATE_UNITS[unit] >= MIN_RATED * days


def _is_kind(column: ColumnProfile) -> bool:
    groups = column.kind in ("text", "boolean") or column.semantic in ("category", "ordinal")
    return groups and column.usable and 2 <= column.n_distinct <= MAX_MANY
