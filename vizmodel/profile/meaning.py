"""Owns the guess of what a column means, from its name and its values, with the evidence."""

from __future__ import annotations

import re

from vizmodel.patterns import late_pattern
from vizmodel.profile import words
from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile, Semantic
from vizmodel.profile.orders.labels import order_of
from vizmodel.profile.reading.values import ColumnValues

#: Part of the rows that the rarer of two numbers has at least where they tell two groups.
MIN_CODE_SHARE = 0.05
#: From which number on whole ones in a row name things in any order.
LOWEST_NUMBER = 1_000
#: Rows that are counted with gaps, where some were left out: fewest, and largest number over them.
MIN_COUNTED, MAX_GAPS = 30, 1.2
#: Two digits that are a year of this or the last century, lowest and highest.
SHORT_YEARS = (40, 99)
#: Fewest rows from which "every value differs" says identifier rather than small table.
MIN_IDENTIFIER_ROWS = 10
#: Part of long numbers that differ where they are names; digits from which they may be, and from
#: which they are; and spread over span of numbers that are all as common, of which it is 0.29.
NEARLY_ALL, LONG_NAMES, LONGEST_AMOUNT, EVEN_SPREAD = 0.9, 9, 12, 0.24
#: Different running numbers of things, each of which comes again, such as flights.
MANY_NUMBERED = 100
#: Fewest rows that a running week or period counts.
MIN_STEPS = 6
#: Names of papers that are numbered as they are written, and of goods that are counted.
_PAPER_NAME = late_pattern(
    r"((sales|purchase) )?(bill|invoice|receipt|ticket|check|cheque|order|booking|voucher|bon|beleg"
    r"|rechnung|bestellung|auftrag|facture|commande|factura|pedido|fattura|scontrino|ordine|fatura"
    r"|bestelling|factuur|faktura|paragon|rachunek)"
)
_GOODS_NAME = late_pattern(
    r"(qty|quantity|pcs|pieces|units|menge|anzahl|stück|stueck|stückzahl|quantité|qté|nombre"
    r"|cantidad|unidades|quantità|qtà|pezzi|quantidade|qtde?|aantal|antal|antall|ilość|szt"
    r"|sztuk|mennyiség|db|množství|adet|miktar|количество|кол во)"
    r"( (sold|ordered|shipped|picked|delivered|received|returned))?"
)
#: Fewest numbers of papers, the lowest of them, and which part of those up to the last there are.
MIN_PAPERS, LOWEST_PAPER, MOSTLY_THERE = 30, 100, 0.5
#: What is said of columns that hold no values of their own.
REMARKS = "its name says that it holds remarks on figures"


def guess_semantic(profile: ColumnProfile, values: ColumnValues) -> tuple[Semantic, str]:
    """Guess what a column means, with the evidence in words."""
    if profile.kind == "time":
        return "time", "dates or times"
    if profile.kind == "boolean":
        return "category", "true or false"
    if profile.kind == "text":
        return _text_semantic(profile, values)
    return _number_semantic(profile)


def _all_differ(profile: ColumnProfile) -> bool:
    return profile.n_distinct == profile.n_present >= MIN_IDENTIFIER_ROWS


def _differing(profile: ColumnProfile) -> str:
    """Say that all values differ, and that the name agrees where it does."""
    named = _is_called_a_key(profile)
    name = f" and its name is “{profile.name}”" if named else ""
    return f"all {profile.n_present:,} values differ{name}"


def _is_called_a_key(profile: ColumnProfile) -> bool:
    """Whether a column is called what tells rows apart; texts of an index are their names."""
    labels = profile.kind == "text" and words.ROW_LABEL_NAME.match(profile.name)
    return not labels and words.IDENTIFIER_NAME.match(profile.name) is not None


def _says(found: re.Match[str]) -> str:
    return f"its name says “{found.group().strip(' _.-')}”"


def _text_semantic(profile: ColumnProfile, values: ColumnValues) -> tuple[Semantic, str]:
    name = words.split_name(profile.name)
    nothing = words.HASH_NAME.search(name) or words.PERSON_NAME.match(name)
    if nothing and profile.n_present >= MIN_COUNTED:
        return "identifier", f"{_says(nothing)}, which describes nothing"
    ordered = _ordered_semantic(profile, values)
    if ordered is not None:
        return ordered
    if _all_differ(profile) and (_is_called_a_key(profile) or profile.n_distinct > MAX_CATEGORIES):
        return "identifier", _differing(profile)
    country = words.COUNTRY_NAME.search(name)
    if country:
        return "country", _says(country)
    if words.REMARK_NAME.fullmatch(name):
        return "text", REMARKS
    if profile.n_distinct > 0.5 * profile.n_present and (
        profile.label_mean_length > 40 or profile.n_distinct > MAX_CATEGORIES
    ):
        differ = f"{profile.n_distinct:,} of {profile.n_present:,}"
        return "text", f"nearly every text differs ({differ})"
    return "category", f"text with {profile.n_distinct} distinct values"


def _ordered_semantic(profile: ColumnProfile, values: ColumnValues) -> tuple[Semantic, str] | None:
    """Guess of few texts whether they are steps of something."""
    found = order_of(values.labels) if 2 <= profile.n_distinct <= MAX_CATEGORIES else None
    if found is None or found[0] in ("numbered", "named"):
        return None
    kind, labels = found
    if kind == "weekday" or kind == "month":
        return kind, f"names of {kind}s"
    if kind == "scale":
        return "ordinal", f"words of an ordered scale ({labels[0]} to {labels[-1]})"
    return "ordinal", f"labels that count up ({labels[0]} to {labels[-1]})"


def _in_years(profile: ColumnProfile, name: str) -> bool:
    low, high = profile.minimum, profile.maximum
    if words.SHORT_YEAR_NAME.search(name) and SHORT_YEARS[0] <= low and high <= SHORT_YEARS[1]:
        return True
    if words.YEAR_NAME.search(name):
        return bool(low >= 1500 and high <= 2200)
    plausible = low >= 1700 and high <= 2100 and profile.n_distinct <= 300
    sizes = (words.CURRENCY_NAME, words.AMOUNT_NAME, words.NO_YEAR_NAME)
    # A run of years without a gap is none of sizes, whatever it is called.
    run = high - low + 1 == profile.n_distinct
    return bool(plausible and (run or not any(size.search(name) for size in sizes)))


def _number_semantic(profile: ColumnProfile) -> tuple[Semantic, str]:
    name = words.split_name(profile.name)
    low, high = profile.minimum, profile.maximum
    code = words.CODE_NAME.search(name) or words.ROW_NAME.match(profile.name)
    if name == "index" and _is_figure(profile):
        code = None
    repeat = words.REPEAT_NAME.search(name)
    hashed = words.HASH_NAME.search(name)
    if profile.integer and hashed:
        return "identifier", f"{_says(hashed)}, which describes nothing"
    if profile.integer and repeat:
        return "identifier", f"{_says(repeat)}, which tells repeats apart"
    # The index of a frame by years counts years.
    indexed = words.ROW_LABEL_NAME.match(profile.name) and profile.monotonic == 1.0
    if profile.integer and code and not (indexed and _in_years(profile, name)):
        few = profile.n_distinct <= MAX_CATEGORIES and not _all_differ(profile)
        return ("category" if few else "identifier"), f"{_says(code)}, which is a code"
    digits = _long_names(profile, name) if profile.integer else 0
    if digits:
        return "identifier", f"numbers of {digits} digits, of which nearly all differ"
    if profile.integer and _in_years(profile, name):
        return "year", f"whole numbers from {low:.0f} to {high:.0f}, as years are"
    # No fraction is a name: an x or an index of such is a place or a measure, as x in no order is.
    named = words.IDENTIFIER_NAME.match(profile.name)
    if profile.name == "x" and 0.0 < profile.monotonic < 1.0:
        named = None
    if profile.n_present >= MIN_COUNTED:
        named = named or words.NUMBERED_ROW_NAME.match(profile.name)
    if profile.integer and _all_differ(profile) and named:
        return "identifier", _differing(profile)
    counted = profile.integer and _counts_rows(profile, name)
    step = counted and (words.STEP_NAME.search(name) or words.AXIS_NAME.search(name))
    if counted and low < 0:
        return "sequence", f"counts on from before nought, {low:.0f} to {high:.0f}"
    if counted and step and profile.n_present >= MIN_STEPS:
        return "sequence", f"{_says(step)} and counts the rows{counted}, {low:.0f} to {high:.0f}"
    if counted:
        return "identifier", f"counts the rows{counted}, {low:.0f} to {high:.0f}"
    return _size_semantic(profile, name)


def _numbers_papers(profile: ColumnProfile) -> bool:
    """Whether whole numbers go on from one paper to the next, each on one line of it or several."""
    low, high = profile.minimum, profile.maximum
    if not profile.integer or low < LOWEST_PAPER or profile.n_distinct < MIN_PAPERS:
        return False
    in_order = profile.monotonic == 1.0
    return in_order or profile.n_distinct >= MOSTLY_THERE * (high - low + 1)


def _is_figure(profile: ColumnProfile) -> bool:
    """Whether numbers called an index are figures: those of rows begin at nought, or all differ."""
    return profile.minimum not in (0, 1) and profile.n_distinct < profile.n_present


def _long_names(profile: ColumnProfile, name: str) -> int:
    """Return how many digits all whole numbers have that only name things; 0 where they do not.

    Such are numbers of articles and phones: nobody measures so exactly, and their digits are all
    as common.
    """
    low, high = profile.minimum, profile.maximum
    digits = len(f"{max(high, 0):.0f}")
    few = profile.n_distinct < NEARLY_ALL * profile.n_present or profile.n_present < MIN_COUNTED
    amount = words.AMOUNT_NAME.search(name) or words.CURRENCY_NAME.search(name)
    if few or amount or digits < LONG_NAMES or low < 10 ** (digits - 1):
        return 0
    even = profile.std > EVEN_SPREAD * (high - low) and 0.3 < profile.monotonic < 0.7
    return digits if even or digits >= LONGEST_AMOUNT else 0


def _counts_rows(profile: ColumnProfile, name: str) -> str:
    """Say how whole numbers count the rows; nothing where they do not."""
    low, high, rows = profile.minimum, profile.maximum, profile.n_present
    if not _all_differ(profile):
        return ""
    # As many whole numbers in a row, in no order and from any on, may be hours or degrees; those
    # of many digits are names.
    named = low >= LOWEST_NUMBER and rows >= MIN_COUNTED
    if high - low == rows - 1 and (low in (0, 1) or profile.monotonic in (0.0, 1.0) or named):
        return " one by one"
    kept = rows >= MIN_COUNTED and low in (0, 1) and high <= MAX_GAPS * rows
    steps = words.SEQUENCE_NAME.search(name) or words.AMOUNT_NAME.search(name)
    return " with gaps" if kept and profile.monotonic == 1.0 and not steps else ""


def _size_semantic(profile: ColumnProfile, name: str) -> tuple[Semantic, str]:
    """Guess what numbers mean that are neither names nor years."""
    low, high = profile.minimum, profile.maximum
    span = f"numbers from {_number(low)} to {_number(high)}"
    paper = _PAPER_NAME.fullmatch(name)
    if paper and _numbers_papers(profile):
        return "identifier", f"{_says(paper)}, which numbers tell apart"
    latitude, longitude = words.LATITUDE_NAME.match(name), words.LONGITUDE_NAME.match(name)
    if latitude and low >= -90 and high <= 90:
        return "latitude", f"{_says(latitude)}, {span}"
    if longitude and low >= -180 and high <= 360:
        return "longitude", f"{_says(longitude)}, {span}"
    told = profile.integer and _group_semantic(profile, name)
    if told:
        return told
    share = None if words.NO_PERCENT_NAME.search(name) else words.PERCENT_NAME.search(profile.name)
    most = words.MAX_PERCENT if words.PERCENT_SIGN.search(profile.name) else 100
    if share and low >= -most and high <= most:
        return "percent", f"{_says(share)}, {span}"
    money = words.CURRENCY_NAME.search(name)
    if money and not words.NO_MONEY_NAME.search(name):
        return "currency", _says(money)
    step = words.SEQUENCE_NAME.search(name)
    if profile.integer and step and _names_steps(name, step):
        return "sequence", f"{_says(step)}, whole {span}"
    return "measure", span


def _number(value: float) -> str:
    """Return a number in four digits, or all of a large one.

    Examples
    --------
    >>> _number(0.123456), _number(9999.6), _number(154_000.0)
    ('0.1235', '10,000', '154,000')
    """
    return f"{value:,.0f}" if 9_999.5 <= abs(value) < 1e15 else f"{value:,.4g}"


def _names_steps(name: str, step: re.Match[str]) -> bool:
    """Whether the word of a sequence is what a name is about: days to ship, not last-day sales."""
    after = words.SEQUENCE_END.fullmatch(name[step.start(2) :])
    return after is not None and not words.SPAN.search(name)


def _group_semantic(profile: ColumnProfile, name: str) -> tuple[Semantic, str] | None:
    """Guess whether whole numbers tell groups or things apart rather than how large they are."""
    low, high = profile.minimum, profile.maximum
    amount = words.AMOUNT_NAME.search(name) or words.CURRENCY_NAME.search(name)
    even = profile.n_present >= MIN_IDENTIFIER_ROWS and profile.top_share <= 1 - MIN_CODE_SHARE
    one_or_two = (low, high) == (1, 2) and not _GOODS_NAME.fullmatch(name)
    if profile.n_distinct == 2 and ((low, high) == (0, 1) or one_or_two or (even and not amount)):
        return "category", f"two codes, {low:.0f} and {high:.0f}"
    few = profile.n_distinct <= MAX_CATEGORIES and profile.n_present >= 2 * profile.n_distinct
    group, thing = words.GROUP_NAME.search(name), not amount and words.THING_NAME.search(name)
    told = group or thing
    if told and few and low >= -1:  # what is of no cluster is of -1
        return "category", f"{_says(told)}, whole numbers from {_number(low)} to {_number(high)}"
    if thing and low >= 0:
        return "identifier", f"{_says(thing)}, which whole numbers tell apart"
    joined = words.JOINED_NUMBER_NAME.search(name)
    if joined and profile.n_distinct > MAX_CATEGORIES and low >= 0:
        return "identifier", f"{_says(joined)}, which tells things apart"
    counter = words.COUNTER_NAME.search(name)
    unbroken = low in (0, 1) and high - low + 1 == profile.n_distinct
    numbered = words.NUMBERED_NAME.search(name)
    if numbered and profile.n_distinct > MANY_NUMBERED and low >= 0:
        return "identifier", f"{_says(numbered)}, which tells things apart"
    if counter and (unbroken or _all_differ(profile)):
        return "identifier", f"{_says(counter)}, which is a running number"
    return None
