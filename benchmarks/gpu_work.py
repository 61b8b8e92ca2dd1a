"""Owns what `benchmarks.gpu` measures in processes of their own: each result is a line of JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gpu import MEET
from benchmarks.lists import SHARED
from benchmarks.tables import orders, small
from vizmodel.network.config import NetworkConfig, read_description
from vizmodel.network.features import make_features
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import Request, recommend_many
from vizmodel.runtime import PLAIN, Computing, Precision, Runtime, newest_weights, open_runtime
from vizmodel.runtime.buckets import Buckets
from vizmodel.runtime.protocol import StepRequest
from vizmodel.search.decoder import Ask, LocalDecoder
from vizmodel.tokens import N_STATIC, START

N_TABLES = 1_000
#: Tables that go through the network together.
SIZES = (1, 4, 16, 64)
#: Shapes of small tables, few: each size of batch but one of everything else, or preparing them
#: would take minutes of a GPU. So a table's first steps are as large as its last.
SMALL = Buckets(SIZES, (16,), (64, 256), (17,))
#: A processor compiles and computes far fewer.
FEW = Buckets((1, 16), (8, 16), (64, 256), (17,))
#: Shapes in which precisions are compared: few, since each precision compiles them anew.
COMPARED = Buckets((16,), (16, 64), (256,), (17,))
#: Shapes of small tables for processes that share a GPU, fewer still: each process prepares them.
SHARED_BY = Buckets((1, 16), (16,), (64, 256), (17,))
PRECISIONS: tuple[Precision, ...] = ("float32", "float16", "bfloat16")
N_COMPARED = 100

Told = dict[str, Any]


class Timed:
    """A runtime whose seconds are counted: of processor and clock, in what a search asks of it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.name = runtime.name
        self.wall_s, self.cpu_s, self.steps = 0.0, 0.0, 0

    def encode_many(self, features: Any) -> Any:
        """As the runtime."""
        return self._timed(self._runtime.encode_many, features)

    def start(self, memory: Any) -> Any:
        """As the runtime."""
        return self._runtime.start(memory)

    def step_many(self, requests: Any) -> Any:
        """As the runtime."""
        self.steps += 1
        return self._timed(self._runtime.step_many, requests)

    def _timed(self, call: Callable[[Any], Any], given: Any) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            return call(given)
        finally:
            self.wall_s += time.perf_counter() - wall
            self.cpu_s += time.process_time() - cpu


def main() -> None:
    """Measure one part: its name, the runtime, and the seconds for each figure."""
    part, runtime, seconds = sys.argv[1:]
    for told in PARTS[part](runtime, float(seconds)):
        print(json.dumps(told), flush=True)


def warm(_: str, seconds: float) -> Iterator[Told]:
    """Tell how long it takes until all shapes of batches of up to 16 are compiled."""
    del seconds
    before = _before()
    began = time.perf_counter()
    runtime = _keras()
    yield {"opened_s": time.perf_counter() - began} | before | _device(runtime)
    began = time.perf_counter()
    runtime.encode(make_features(_profiles([small(0)])[0]))
    yield {"first_table_s": time.perf_counter() - began} | before
    began, cpu = time.perf_counter(), time.process_time()
    runtime.warm_up(16)
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    shapes = {"shapes": len(Buckets().up_to(16).shapes())}
    yield shapes | {"warm_up_s": wall_s, "warm_up_cpu_s": cpu_s} | before


def work(name: str, seconds: float) -> Iterator[Told]:
    """Tell what a runtime takes for one table, in a step, and for many small tables."""
    runtime: Any = open_runtime(prefer=name)
    sizes: tuple[int, ...] = (1,)
    if name == "keras":
        buckets = SMALL if runtime.backend.gpus() else FEW
        runtime, sizes = _keras(buckets=buckets), buckets.tables
        before, began = _before(), time.perf_counter()
        runtime.warm_up(sizes[-1])
        told = {"shapes": len(buckets.shapes()), "warm_up_s": time.perf_counter() - began}
        yield told | before | _device(runtime)
    yield {"latency": _latency(runtime, seconds)}
    for tables in sizes:
        yield {"step": {"tables": tables, "beams": 64, "ms": _step_ms(runtime, tables, 64)}}
    for size in sizes:
        yield {"designs": {"together": size} | _designs(runtime, size, seconds)}
    if name != "keras" or runtime.backend.gpus():
        yield {"drawn": _drawn(seconds)}


def share(name: str, seconds: float) -> Iterator[Told]:
    """Tell what one of several processes chooses charts of that work at the same time."""
    runtime = _keras(buckets=SHARED_BY) if name == "keras" else open_runtime(prefer=name)
    runtime.warm_up(SHARED_BY.tables[-1])
    together = SHARED_BY.tables[-1] if name == "keras" else 1
    _designs(runtime, together, 0.0)
    folder, count = os.environ[MEET].rsplit(":", 1)
    Path(folder, str(os.getpid())).touch()
    while len(list(Path(folder).iterdir())) < int(count):
        time.sleep(0.05)  # until all are ready; who waits in vain is ended by the part's limit
    yield {"share": {"together": together} | _designs(runtime, together, seconds)}


def precision(_: str, seconds: float) -> Iterator[Told]:
    """Tell how many lists differ from numpy's in each precision."""
    del seconds
    profiles, what = _compared()
    own = _lists(open_runtime(prefer="numpy"), profiles)
    for one in PRECISIONS:
        runtime = _keras(Computing(one), COMPARED)
        runtime.warm_up(16)
        found = _lists(runtime, profiles)
        differ = [set(mine) ^ set(theirs) for mine, theirs in zip(found, own, strict=True)]
        yield {
            "precision": one,
            "tables": f"{len(profiles)} {what}",
            "lists": len(profiles),
            "other_lists": sum(a != b for a, b in zip(found, own, strict=True)),
            "other_charts": sum(len(one) for one in differ) // 2,
            "charts": sum(map(len, own)),
        }


def _keras(computing: Computing = PLAIN, buckets: Buckets | None = None) -> Any:
    from vizmodel.runtime.keras import KerasRuntime
    from vizmodel.runtime.weights_file import read_weights

    folder = newest_weights()
    config: NetworkConfig = read_description(json.loads((folder / "config.json").read_text()))
    weights = read_weights(folder / "weights.npz")
    return KerasRuntime(config, weights, computing=computing, buckets=buckets)


def _before() -> Told:
    """Tell whether JAX finds programs on disk that an earlier part compiled."""
    cache = os.environ.get("JAX_COMPILATION_CACHE_DIR")
    return {"cached": cache is not None and any(Path(cache).iterdir())}


def _device(runtime: Any) -> Told:
    backend = runtime.backend
    version = sys.modules[backend.name].__version__
    return {"backend": backend.name, "version": version, "gpus": backend.gpus()}


@lru_cache(maxsize=1)
def _frames() -> list[Any]:
    """Return the small tables; they are made before anything is timed."""
    return [small(place) for place in range(N_TABLES)]


def _profiles(frames: Sequence[Any]) -> list[Profile]:
    from erp_widget.sources import open_table

    tables = [open_table(frame) for frame in frames]
    return [profile_table(table.sample(), table.n_rows) for table in tables]


def _latency(runtime: Runtime, seconds: float) -> Told:
    """Answer one kernel after the other as the service does: a table of ten columns each."""
    from erp_widget.service.predictor import Job, Predictor
    from vizmodel.wire import write_request

    timed: Any = Timed(runtime)
    predictor = Predictor(timed)
    bodies = [write_request([Ask(one)]) for one in _profiles([orders(400, n) for n in range(8)])]
    taken: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < seconds or len(taken) < 2 * len(bodies):
        at = time.perf_counter()
        job = Job(bodies[len(taken) % len(bodies)], until=time.time() + 600)
        assert predictor.answer([job])[0].kind == "reply"
        taken.append(time.perf_counter() - at)
        if len(taken) == len(bodies):  # the first round is not counted
            timed.wall_s, timed.steps = 0.0, 0
    counted = np.array(taken[len(bodies) :]) * 1_000
    p50, p99 = np.percentile(counted, [50, 99])
    network_ms, steps = timed.wall_s * 1_000 / len(counted), timed.steps / len(counted)
    return {
        "n": len(counted),
        "p50_ms": p50,
        "p99_ms": p99,
        "network_ms": network_ms,
        "steps": steps,
    }


def _step_ms(runtime: Runtime, tables: int, beams: int) -> float:
    """Return what the second to last of ten steps takes, with so many beams: the median."""
    features = [make_features(one) for one in _profiles([orders(400, n) for n in range(tables)])]
    tokens, parents = np.full(beams, N_STATIC, np.int32), np.arange(beams, dtype=np.int32)
    one, none = np.array([START], np.int32), np.zeros(beams, np.int32)
    taken = []
    for _ in range(3):
        memories = runtime.encode_many(features)
        caches = [runtime.start(memory) for memory in memories]
        times = [time.perf_counter()]
        for newest, before in [(one, one * 0), (tokens, none), *[(tokens, parents)] * 8]:
            pairs = zip(memories, caches, strict=True)
            runtime.step_many([StepRequest(*pair, newest, before) for pair in pairs])
            times.append(time.perf_counter())
        taken += [after - at for at, after in pairwise(times[2:])]
    return float(np.median(taken[len(taken) // 3 :])) * 1_000


def _designs(runtime: Runtime, together: int, seconds: float) -> Told:
    """Choose charts of small tables, so many together; tables are made before."""
    timed: Any = Timed(runtime)
    decoder = LocalDecoder(timed)

    def chosen(frames: Sequence[Any]) -> float:
        began = time.perf_counter()
        profiles = _profiles(frames)
        profile_s = time.perf_counter() - began
        recommend_many([Request(one) for one in profiles], decoder)
        return profile_s

    for start in (N_TABLES, N_TABLES + together):
        chosen([small(start + place) for place in range(together)])
    frames = _frames()
    timed.wall_s = timed.cpu_s = profile_s = 0.0
    done, wall, cpu = 0, time.perf_counter(), time.process_time()
    while done < N_TABLES and time.perf_counter() - wall < seconds:
        profile_s += chosen(frames[done : done + together])
        done = min(N_TABLES, done + together)
    told = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    network = {"network_s": timed.wall_s, "network_cpu_s": timed.cpu_s}
    return {"tables": done} | told | network | {"profile_s": profile_s}


def _drawn(seconds: float) -> Told:
    """Make galleries of small tables, their charts drawn, as `erp_widget.recommend_many` does."""
    import erp_widget as erp

    part = 64
    erp.recommend_many([small(N_TABLES + place) for place in range(part)], store=":memory:")
    frames = _frames()
    done, wall, cpu = 0, time.perf_counter(), time.process_time()
    while done < N_TABLES and time.perf_counter() - wall < seconds:
        erp.recommend_many(frames[done : done + part], store=":memory:")
        done = min(N_TABLES, done + part)
    return {
        "tables": done,
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
    }


def _compared() -> tuple[list[Profile], str]:
    """Return the profiles of the test tables; of small made ones where these are not here."""
    from vizmodel.training.corpus import read_table

    folder = SHARED / "corpus" / "data2vis_test"
    if not folder.is_dir():
        return _profiles([small(place) for place in range(N_COMPARED)]), "small tables"
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".json"))
    return [profile_table(read_table(Path(path))) for path in paths[:N_COMPARED]], "test tables"


def _lists(runtime: Runtime, profiles: Sequence[Profile]) -> list[list[str]]:
    found = recommend_many([Request(one) for one in profiles], LocalDecoder(runtime))
    return [[] if isinstance(f, Exception) else [str(one.design) for one in f] for f in found]


PARTS: dict[str, Callable[[str, float], Iterator[Told]]] = {
    "warm": warm,
    "work": work,
    "share": share,
    "precision": precision,
}

if __name__ == "__main__":
    main()
    # Nothing is to be saved: a GPU's library may take seconds to say goodbye.
    sys.stdout.flush()
    os._exit(0)
