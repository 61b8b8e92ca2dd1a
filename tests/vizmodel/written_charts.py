"""Charts written as text, "mark channel=column:transform ...", so that a case fits on one line."""

from __future__ import annotations

from typing import Any, cast

from vizmodel.design import Design, canonical
from vizmodel.profile import Profile
from vizmodel.tokens import make_encoding


def design_of(text: str, profile: Profile) -> Design:
    """Read a chart; `*:count` counts the records."""
    mark, *parts = text.split()
    encodings = []
    for part in parts:
        channel, _, shown = part.partition("=")
        name, _, transform = shown.partition(":")
        field = None if name == "*" else name
        encodings.append(make_encoding(cast(Any, channel), field, cast(Any, transform), profile))
    return Design(cast(Any, mark), canonical(encodings))
