"""Owns what the tests of exports share: charts of every mark, and text that would be markup."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from made_charts import chart_of

from erp_widget.chart import Chart

#: Would run, break out of its element, be a formula, or be Markdown, were it not text.
HOSTILE = (
    "</script></style><script>window.hit=1</script><img src=x onerror=window.hit=1> "
    "(\"$\") by '$' \\(x\\) *b* _c_ [l](javascript:window.hit=1) `q` &amp; | # 1. {{ x }} "
    "\u202ertl 🎈"
)
#: Column names that break field paths, code and markup.
HOSTILE_NAMES = (
    "a.b[0]",
    'it\'s "quoted"',
    "back\\slash",
    "two\nlines",
    "<script>window.hit=1</script>",
    "日本 🎈",
)


@cache
def sales() -> dict[str, list[Any]]:
    """Return 240 rows of sales, the same every time."""
    draw = random.Random(11)
    days = [f"2024-{n % 12 + 1:02d}-{n % 28 + 1:02d}" for n in range(240)]
    return {
        "day": days,
        "city": [draw.choice(["Rome", "Oslo", "Lima", "Kyiv"]) for _ in days],
        "price": [round(draw.gammavariate(3, 4), 2) for _ in days],
        "units": [draw.randrange(1, 60) for _ in days],
    }


@cache
def charts() -> tuple[Chart, ...]:
    """Return a chart of each mark."""
    designs = (
        ("bar", "x=category city", "y=mean price"),
        ("point", "x=value price", "y=value units"),
        ("line", "x=yearmonth day", "y=sum units"),
        ("area", "x=yearmonth day", "y=sum units", "color=category city"),
        ("tick", "x=value price"),
        ("rect", "x=category city", "y=bin price", "color=count"),
        ("arc", "theta=sum units", "color=category city"),
        ("boxplot", "x=category city", "y=value price"),
    )
    return tuple(chart_of(sales(), *design) for design in designs)
