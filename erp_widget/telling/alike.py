"""Owns the note on labels of one column that differ in capitals or blanks only."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from erp_widget import words
from vizmodel.patterns import late_pattern

#: Sets of such labels that a note names, and labels of a column that are looked through.
MAX_NAMED, MAX_LABELS = 2, 1_000
#: Blanks that no reader could count, and what stands for each.
_BLANKS, BLANK = late_pattern(r" {2,}"), "␣"
#: Letters of a pair of genes, where capitals are all that tells it.
GENES = 2


def alike_notes(sample: pa.Table, shown: Collection[str]) -> list[str]:
    """Say which labels are drawn apart that a reader would take for one.

    Whether they are one is the table's to say: “S” and “s” are two units. So nothing is merged.

    Parameters
    ----------
    sample
        Rows as they are charted.
    shown
        Names of the columns that the charts show.

    Examples
    --------
    >>> alike_notes(pa.table({"sex": ["male", "Male", "female"]}), {"sex"})
    ['Labels of sex differ in capitals or blanks only and are drawn apart: “Male” and “male”.']
    """
    found = []
    for name in sample.column_names:
        if name not in shown or not pa.types.is_string(sample.schema.field(name).type):
            continue
        sets = _alike(pc.unique(sample.column(name)).drop_null().to_pylist())
        if sets:
            said = [" and ".join(map(_quoted, same)) for same in sets]
            more = len(said) - MAX_NAMED
            told = "; ".join([*said[:MAX_NAMED], *([f"{more} more"] if more > 0 else [])])
            column = words.clean_name(name)
            found.append(
                f"Labels of {column} differ in capitals or blanks only and are drawn apart: {told}."
            )
    return found


def _quoted(label: str) -> str:
    """Return a label in quotes, blanks that follow each other made visible."""
    return f"“{words.clean_name(_BLANKS.sub(lambda found: BLANK * len(found[0]), label))}”"


def _alike(labels: Sequence[str]) -> list[list[str]]:
    if len(labels) > MAX_LABELS or all(len(label) == GENES for label in labels):
        return []
    sets: dict[str, list[str]] = {}
    for label in sorted(labels):
        sets.setdefault(" ".join(label.casefold().split()), []).append(label)
    return [same for same in sets.values() if len(same) > 1]
