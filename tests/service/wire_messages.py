"""Owns messages that nobody would think of: any value that the form of a request allows."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st
from msgspec import inspect

from vizmodel.profile import PAIR_STATISTICS
from vizmodel.wire.messages import RequestForm

#: Parts of a list; the form allows more, a test needs not.
MAX_PARTS = 5


def request_strategy() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy of requests, drawn from the form itself; pairs fit the columns."""
    return _of(inspect.type_info(RequestForm)).map(_fitting)


def _fitting(message: dict[str, Any]) -> dict[str, Any]:
    """Mostly make places and counts fit, so that what is refused for them is not all there is."""
    profile = message["profile"]
    columns = profile["columns"]
    for place, column in enumerate(columns):
        column["name"] = f"{place} {column['name']}"
        counts = sorted(column[name] for name in ("n_distinct", "n_present", "n_rows"))
        column |= dict(zip(("n_distinct", "n_present", "n_rows"), counts, strict=True))
        if column.get("quantiles"):
            column["quantiles"] = sorted(column["quantiles"])
    size = len(columns)
    rng = np.random.default_rng(size)
    pairs = rng.uniform(-1, 1, (size, size, len(PAIR_STATISTICS)))
    return message | {"profile": profile | {"pairs": pairs.astype("<f4").tobytes()}}


def _of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType():
            needed = {f.encode_name: _of(f.type) for f in kind.fields if f.required}
            other = {f.encode_name: _of(f.type) for f in kind.fields if not f.required}
            return st.fixed_dictionaries(needed, optional=other)
        case inspect.ListType():
            most = min(MAX_PARTS, kind.max_length or MAX_PARTS)
            return st.lists(_of(kind.item_type), min_size=kind.min_length or 0, max_size=most)
        case inspect.TupleType():
            return st.tuples(*map(_of, kind.item_types)).map(list)
        case inspect.UnionType():
            return st.one_of(*map(_of, kind.types))
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.IntType():
            most = kind.le if kind.le is not None else (kind.lt or 2**40) - 1
            # Mostly small: a place is beyond the few columns soon enough.
            near = st.integers(kind.ge or 0, min(most, MAX_PARTS - 1))
            return st.one_of(near, near, near, st.integers(kind.ge or 0, most))
        case inspect.FloatType():
            return st.floats(min_value=kind.ge, allow_nan=False, allow_infinity=False)
        case inspect.StrType():
            return st.text(max_size=min(20, kind.max_length or 20))
        case inspect.BytesType():
            return st.binary(max_size=64)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
    raise TypeError(f"no strategy for {msgspec.to_builtins(type(kind).__name__)}")
