"""Owns that figures of the same groups, for several charts, are asked for in one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from erp_widget.sources.query import Answer, Measure, Query
from erp_widget.sources.relation import Relation


def of_same_groups(queries: Iterable[Query]) -> list[list[Query]]:
    """Return queries, those together that ask for the same groups in the same order.

    Examples
    --------
    >>> from erp_widget.sources.query import Key, Measure
    >>> rows = Query({"x": Key("c0")}, {"n": Measure("rows")})
    >>> sums = Query({"y": Key("c0")}, {"y": Measure("sum", "c1")})
    >>> of_same_groups([rows, sums]) == [[rows, sums]]
    True
    """
    found: dict[object, list[Query]] = {}
    for query in dict.fromkeys(queries):
        keys = tuple(key for _, key in query.keys)
        groups = keys, query.present, query.among, query.outside, query.limit
        # What decides which groups come, or that rows come by themselves, is not for others.
        alone = query.largest is not None or query.is_listed
        found.setdefault(query if alone else groups, []).append(query)
    return list(found.values())


def asked_at_once(relation: Relation, queries: Sequence[Query]) -> dict[Query, Answer]:
    """Return what each of some queries of the same groups asks for; one scan.

    Parameters
    ----------
    relation
        Where the rows are.
    queries
        As `of_same_groups` puts them together.
    """
    first = queries[0]
    if len(queries) == 1:
        return {first: relation.ask(first)}
    keys = {f"key_{at}": key for at, (_, key) in enumerate(first.keys)}
    measures = dict.fromkeys(one for query in queries for _, one in query.measures)
    places = {one: f"figure_{at}" for at, one in enumerate(measures)}
    together = Query(
        keys,
        {name: one for one, name in places.items()},
        present=first.present,
        among=first.among,
        outside=first.outside,
        limit=first.limit,
    )
    found = relation.ask(together)
    return {query: _part(found, query, [*keys], places) for query in queries}


def _part(found: Answer, query: Query, keys: Sequence[str], places: dict[Measure, str]) -> Answer:
    """Return one query's part of an answer, under its own names."""
    names = {name: key for (name, _), key in zip(query.keys, keys, strict=True)}
    names |= {name: places[one] for name, one in query.measures}
    return [{name: row[place] for name, place in names.items()} for row in found]
