"""Owns the quotes about column names that are as long as questions, where sentences hold them.

"The commonest I am satisfied with my work is Agree" can hardly be read. Axes and legends have a
name by itself, without quotes.
"""

from __future__ import annotations

import re

from erp_widget.words import clean_name, is_long
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import Profile


def with_quotes(text: str, profile: Profile | None) -> str:
    """Return a title or a sentence with quotes about the long column names in it.

    Parameters
    ----------
    text
        Made of names as `clean_name` has them.
    profile
        Of the table whose names they are; without it, the text is returned as it is.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> answers = profile_table(pa.table({"I like my work": ["yes", "no"], "sex": ["f", "m"]}))
    >>> with_quotes("Number of records by I like my work and sex", answers)
    'Number of records by “I like my work” and sex'
    """
    names = None if profile is None else _long_names(profile)
    return text if names is None else names.sub(r"“\g<0>”", text)


@once_per_profile
def _long_names(profile: Profile) -> re.Pattern[str] | None:
    """Return a pattern of the names that want quotes, the longest first; None where none does."""
    # What we compute is called by what a sentence takes in.
    given = (column.name for column in profile.columns if column.between is None)
    names = set(map(clean_name, given))
    found = set(filter(is_long, names))
    for fold in profile.folds:
        members = set(map(clean_name, fold.columns))
        if any(map(is_long, members)):
            # Of names in a row all have quotes, or none.
            found |= {name for name in members if " " in name}
    wanted = sorted(found, key=lambda name: (-len(name), name))
    if not wanted:
        return None
    # A name that begins a sentence may have a capital there.
    spelt = (f"(?i:{re.escape(name[0])}){re.escape(name[1:])}" for name in wanted)
    return re.compile(rf"(?<![\w“])(?:{'|'.join(spelt)})(?![\w”])")
