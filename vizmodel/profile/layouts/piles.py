"""Owns which gathered columns are the parts of a whole, which may be put on top of each other."""

from __future__ import annotations

from collections.abc import Sequence

from vizmodel.design import Fold
from vizmodel.patterns import late_pattern
from vizmodel.profile.amounts import is_named_amount, is_spread_as_counts
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.headers import CALENDAR
from vizmodel.profile.layouts.states import are_foreseen
from vizmodel.profile.words import DURATION_NAME, VALUE_NAME, WORTH_NAME, split_name
from vizmodel.seen_rows import plain_name

#: What is left of a whole when its other parts are named.
REMAINDER = late_pattern(
    r"\b(all others?|(the )?rest|remain(der|ing)|residual|other (items|components|categories"
    r"|sectors|products|goods|services|sources|causes|countries)|übrige[ns]?|restliche|alle anderen"
    r"|sonstige (güter|waren|posten)|autres postes|le reste|el resto|demás|resto|övriga|overige)\b"
)
#: What energy comes from; and of it what nobody trades by itself, so that numbers are no prices.
SOURCE = late_pattern(
    r"\b(coal|lignite|peat|oil|petroleum|gas|lng|diesel|waste|fossil(e|es)?( fuels?)?|thermal|ccgt"
    r"|others?|stein ?kohle|braun ?kohle|kohle|(erd)?gas|(mineral|erd)?öl|abfall|sonstige"
    r"|charbon|gaz|fioul|pétrole|autres|carbón|petróleo|otros|carbone|petrolio|carvão|kol|olja)\b"
)
GENERATED = late_pattern(
    r"\b(nuclear|hydro\w*|wind\w*|solar\w*|photovoltaic\w*|pv|geothermal|renewables?|bio(mass\w*"
    r"|energy|gas|fuels?)|tidal|kern(energie|kraft)|atom(kraft|energie)?|wasser(kraft)?|photovoltaik"
    r"|erneuerbare|biomasse|nucléaire|hydraulique|éolien(ne)?|solaire|bioénergies|renouvelables"
    r"|hidr(áulica|oeléctrica)|e[óo]lica|biomasa|renovables|nucleare?|idroelettric[oa]|eolico|solare"
    r"|kärnkraft|vattenkraft|vindkraft)\b"
)
#: Units behind all headers that are of amounts: tonnes, energy, sums of money.
AMOUNT_UNIT = late_pattern(
    r"[\W_]*([kmg]t|[kmgt]wh|tonnes|(usd|eur|gbp|chf|[$€£])? ?(bn|billions?|mn|millions?|mio|mrd)"
    r"[ .]*(usd|eur|gbp|chf|[$€£])?)[\W_]*"
)
#: Of which so many say that all are sources of energy.
MIN_GENERATED = 2


def are_parts(
    fold: Fold,
    members: Sequence[ColumnProfile],
    value: ColumnProfile,
    wholes: Sequence[frozenset[str]],
) -> bool:
    """Whether gathered columns are the parts of a whole.

    They add up to it, what is left of it is one of them, or their names say amounts. What has a
    column for each month or year is no whole of these.

    Parameters
    ----------
    fold, members, value
        What is gathered, its columns, and their numbers in one column.
    wholes
        Columns that add up, as `find_parts` finds them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> years, rates = {"year": [*range(2010, 2018)]}, [5.5, 4.1, 6.2, 5.9, 4.4, 5.0, 6.1, 5.2]
    >>> mix = profile_table(pa.table({**years, "Coal": rates, "Wind": rates, "Solar": rates}))
    >>> jobless = profile_table(pa.table({**years, "Rome": rates, "Oslo": rates, "Bern": rates}))
    >>> mix.column("value").parts, jobless.column("value").parts
    (True, False)
    """
    if fold.kind != "text" or plain_name(fold.key) in CALENDAR or value.kind != "number":
        return False
    if are_foreseen(fold.columns):  # what was planned and what came are one thing
        return False
    if any(whole.issuperset(fold.columns) for whole in wholes):
        return True
    if any(c.intensive or WORTH_NAME.search(split_name(c.name)) for c in members):
        return False
    # What is only called values may be anything.
    if any(VALUE_NAME.fullmatch(split_name(c.name)) for c in members):
        return False
    labels = [split_name(label) for label in fold.labels]
    if any(map(REMAINDER.search, labels)):
        return True
    if value.share_negative:
        return False
    named = all(map(is_named_amount, members)) or AMOUNT_UNIT.fullmatch(fold.suffix.lower())
    return bool(named) or _are_sources(labels) or _are_counts(value, labels)


def runs(column: ColumnProfile) -> bool:
    """Whether rows follow each other as a column says: times, months by name, years of account."""
    return column.is_time or (column.kind == "text" and column.ordered and column.names_a_time)


def _are_sources(labels: Sequence[str]) -> bool:
    """Whether headers say what energy comes from."""
    generated = [label for label in labels if GENERATED.search(label)]
    known = all(label in generated or SOURCE.search(label) for label in labels)
    return known and len(generated) >= MIN_GENERATED


def _are_counts(value: ColumnProfile, labels: Sequence[str]) -> bool:
    """Whether numbers are spread as counts are, and no header says how long something took."""
    return is_spread_as_counts(value) and not any(map(DURATION_NAME.search, labels))
