"""Owns which unfinished charts of a search go on: the best of each mark and column, then of all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]

#: Share of the width in which each column keeps its best chart, so that most columns are shown.
COLUMN_SHARE = 0.25


def kept(of: Places, marks: Places, columns: Places, widths: Places, quotas: Places) -> Places:
    """Return which candidates to keep: int [n_kept], ascending.

    Of each search the best of each mark stay, as many as its quota, and the best that begins with
    each column, then the best of all, up to its width in all.

    Parameters
    ----------
    of, marks, columns
        Search, mark and first column (-1 for none) of each candidate; those of one search stand
        together, best first.
    widths, quotas
        Of each search.
    """
    widths, quotas, starts = widths[of], quotas[of], np.searchsorted(of, of)
    leads = (columns >= 0) & (quotas > 0) & (_rank(of, columns) == 0)
    leads &= _count(leads, starts) <= (widths * COLUMN_SHARE).astype(np.int64)
    first = leads | (_rank(of, marks) < quotas)
    first &= _count(first, starts) <= widths
    spare = widths - np.bincount(of, first)[of]
    return np.flatnonzero(first | (_count(~first, starts) <= spare))


def _rank(of: Places, labels: Places) -> Places:
    """Return the place of each candidate among those of its search and label."""
    groups = of * (labels.max(initial=0) + 2) + labels
    order = np.argsort(groups, kind="stable")
    sorted_groups, places = groups[order], np.arange(len(order))
    # The place of each group's first; `np.diff` with an end beside takes far longer.
    firsts = np.zeros(len(order), dtype=np.int64)
    firsts[1:] = np.where(sorted_groups[1:] != sorted_groups[:-1], places[1:], 0)
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = places - np.maximum.accumulate(firsts)
    return ranks


def _count(flags: npt.NDArray[np.bool_], starts: Places) -> Places:
    """Return how many candidates from the first of its search up to each are flagged."""
    so_far = np.cumsum(flags)
    return np.asarray(so_far - so_far[starts] + flags[starts])
