"""Owns the texts that Vega takes for names of its own, and how they stay texts."""

from __future__ import annotations

from typing import Any

#: What every object of JavaScript has, and a keyword: Vega's parser looks constant texts up among
#: the properties of an object, finds these, reads them as signals and draws nothing.
NAMES = frozenset(
    {
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "if",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
#: A space without width: a text that ends with it looks the same and is no name.
MARK = "\u200b"


def plain_texts(value: Any) -> Any:
    r"""Return a spec, or a part of it, in which no text is a name to Vega.

    Parameters
    ----------
    value
        Of a spec; keys stay as they are.

    Examples
    --------
    >>> plain_texts({"title": "if", "sort": ["toString", "b"]})
    {'title': 'if\u200b', 'sort': ['toString\u200b', 'b']}
    """
    if isinstance(value, str):
        return value + MARK if value in NAMES else value
    if isinstance(value, dict):
        return {key: plain_texts(one) for key, one in value.items()}
    return [plain_texts(one) for one in value] if isinstance(value, list) else value
