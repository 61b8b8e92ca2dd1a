"""Owns what is shown of a GPU: how many tables a second, and everything else line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.gpu import NAME, rate, rows, told_of, where
from benchmarks.machine import kept
from benchmarks.markdown import machine_line, table

HEAD = ("runtime", "way", "tables together", "a CPU-second", "a second", "network", "search")


def on_gpu() -> str | None:
    """Return what a GPU gains; None where none was measured."""
    found = kept(NAME)
    if found is None:
        return None
    others = [
        [row.what, row.measured] for row in rows(found) if "tables a CPU-second" not in row.measured
    ]
    parts = [table(HEAD, _rates(found)), table(("what", "measured"), others)]
    parts += [found["note"]] if "note" in found else []
    # Its whole name stands below the tables once.
    text = "\n\n".join(parts).replace(found["device"], "the GPU")
    device = f"*{found['device']}; each rate over {found['seconds']:g} s*"
    return f"{text}\n\n{machine_line(found['machine'])} {device}"


def _rates(found: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield each rate with the shares of network and search, where these were taken apart."""
    for part in found["parts"]:
        for told, way in told_of(found, part):
            a_cpu_s, a_second = rate(told)
            network, search = "", ""
            if "network_s" in told:
                shares = [told[name] / told["wall_s"] for name in ("network_s", "profile_s")]
                network, search = f"{shares[0]:.0%}", f"{1 - sum(shares):.0%}"
            together = str(told.get("together", 16))
            yield [
                where(found, part),
                way,
                together,
                f"{a_cpu_s:.1f}",
                f"{a_second:.1f}",
                network,
                search,
            ]
