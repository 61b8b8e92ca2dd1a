"""Owns the signs by which trees know charts of records (`profile/layouts/records.py`).

The signs are numbers; what they come to is learned (`training/wanted.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import get_args

import numpy as np
from msgspec import Struct

from vizmodel.design import TIME_UNITS, Design, Encoding
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import Resolution
from vizmodel.profile.words import AMOUNT_NAME, WORTH_NAME, split_name
from vizmodel.worth.traits import NONE, Floats

#: Names of what happens, one a row.
_EVENT_NAME = late_pattern(
    r"\b(orders?|invoices?|tickets?|transactions?|trans|payments?|receipts?|bookings?|reservations?"
    r"|cases?|claims?|incidents?|requests?|sessions?|visits?|events?|shipments?|deliver(y|ies)|trips?"
    r"|calls?|runs?|jobs?|builds?|batch|leads?|deals?|loans?|appointments?|logs?|purchases?"
    r"|bestell\w*|rechnung\w*|auftrag\w*|vorgang|beleg\w*|commandes?|factures?|pedidos?|facturas?)\b"
)
#: Names of people and things that records are about.
_PARTY_NAME = late_pattern(
    r"\b(customers?|clients?|users?|accounts?|employees?|patients?|members?|products?|skus?|items?"
    r"|vendors?|suppliers?|kunden?\w*|artikel\w*|mitarbeiter\w*|clientes?|produits?|productos?)\b"
)
_RESOLUTIONS = get_args(Resolution)
_TABLE = ("identifiers", "events", "parties", "dates", "resolution", "each_date", "amounts")
_COLUMN: dict[str, Callable[[ColumnProfile], float]] = {
    "additive": lambda c: c.additive,
    "intensive": lambda c: c.intensive,
    "amount": lambda c: AMOUNT_NAME.search(split_name(c.name)) is not None,
    "worth": lambda c: WORTH_NAME.search(split_name(c.name)) is not None,
    "outcome": lambda c: c.tells_an_outcome,
    "zeros": lambda c: c.share_zero,
}
#: Names of what trees see of a chart of records, in the order of `record_rows`.
RECORD_TRAITS: tuple[str, ...] = (
    *(f"records:{name}" for name in _TABLE),
    *(f"{at}:{name}" for at in ("x", "y", "third") for name in ("period", *_COLUMN)),
)


class _Signs(Struct, frozen=True, eq=False):
    """The signs of a table, and of each of its columns."""

    table: list[float]
    columns: dict[str, list[float]]


@once_per_profile
def _signs(profile: Profile) -> _Signs:
    own = profile.own_columns
    names = [split_name(column.name) for column in own]
    dates = [column for column in own if column.kind == "time"]
    first = next(iter(dates), None)
    table = [
        sum(column.identifier for column in own),
        sum(_EVENT_NAME.search(name) is not None for name in names),
        sum(_PARTY_NAME.search(name) is not None for name in names),
        len(dates),
        _RESOLUTIONS.index(first.resolution) if first and first.resolution else NONE,
        math.log1p(first.n_present / max(first.n_distinct, 1)) if first else NONE,
        sum(
            c.additive and AMOUNT_NAME.search(n) is not None
            for c, n in zip(own, names, strict=True)
        ),
    ]
    columns = {c.name: [float(of(c)) for of in _COLUMN.values()] for c in profile.columns}
    return _Signs([float(sign) for sign in table], columns)


def record_rows(designs: Sequence[Design], profile: Profile) -> Floats:
    """Return the signs of charts' tables and columns: float32 [n_designs, len(RECORD_TRAITS)].

    Parameters
    ----------
    designs, profile
        Charts in canonical orientation, and their table.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = pa.table({"order id": list(range(30)), "amount": [n * 7 % 11 for n in range(30)]})
    >>> bars = Design("bar", (Encoding("x", "amount", "bin", "quantitative"),))
    >>> row = record_rows([bars], profile_table(table))[0]
    >>> row[RECORD_TRAITS.index("records:events")], row[RECORD_TRAITS.index("x:amount")]
    (np.float32(1.0), np.float32(1.0))
    """
    signs = _signs(profile)
    rows = []
    for design in designs:
        thirds = (e for e in design.encodings if e.channel not in ("x", "y"))
        shown = (design.encoding("x"), design.encoding("y"), next(thirds, None))
        rows.append([*signs.table, *(sign for one in shown for sign in _of(one, signs))])
    return np.array(rows, dtype=np.float32).reshape(len(designs), len(RECORD_TRAITS))


def _of(encoding: Encoding | None, signs: _Signs) -> list[float]:
    if encoding is None or encoding.field is None:
        return [NONE] * (1 + len(_COLUMN))
    unit = encoding.time_unit
    return [NONE if unit is None else TIME_UNITS.index(unit), *signs.columns[encoding.field]]
