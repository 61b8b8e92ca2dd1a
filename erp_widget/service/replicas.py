"""Owns the replicas that decode: Ray Serve starts, batches, limits and replaces them."""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
import time
from typing import Any, Protocol

from erp_widget.service.access import Refused
from erp_widget.service.predictor import Job, Outcome, Predictor
from erp_widget.service.settings import ServiceSettings, cores
from vizmodel.runtime import Computing, open_runtime

APPLICATION = "erp"
#: Bytes that Ray keeps for large objects: requests and replies are small and pass it by.
OBJECT_BYTES = 80 * 2**20
#: Seconds after which a replica that decodes one batch is taken for stuck.
STUCK_S = 30.0


#: What a Ray of our own reads once, when it is imported: it listens on loopback only (so this
#: variable makes it, on any system), and other accounts of this machine, who reach its ports there,
#: cannot use them.
_OWN_RAY = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    # Ray lets its workers wait for everybody else: here people wait for them.
    "RAY_worker_niceness": "0",
}


class Replicas(Protocol):
    """Those who decode, as the gate sees them."""

    def start(self) -> None:
        """Start and warm up; returns once a replica answers."""
        ...

    def stop(self) -> None:
        """End them."""
        ...

    def running(self) -> int:
        """Return how many replicas answer."""
        ...

    async def answer(self, job: Job) -> Outcome:
        """Decode one job, or raise `Refused` where too many wait."""
        ...


class Replica:
    """One process that decodes; jobs that come together are decoded together."""

    def __init__(
        self, runtime: str | None, computing: Computing, batch: int, wait_s: float
    ) -> None:
        from ray import serve

        self._predictor = Predictor(open_runtime(prefer=runtime, computing=computing))
        self._predictor.warm_up(batch)
        self._busy_since: float | None = None
        together = serve.batch(max_batch_size=batch, batch_wait_timeout_s=wait_s)
        self._batched = together(self._decode)

    async def __call__(self, job: Job) -> Outcome:
        """Decode one job, together with what comes at the same time."""
        outcome: Outcome = await self._batched(job)
        return outcome

    async def _decode(self, jobs: list[Job]) -> list[Outcome]:
        self._busy_since = time.monotonic()
        try:
            # In a thread: the replica says that it is well while it decodes.
            return await asyncio.to_thread(self._predictor.answer, jobs)
        finally:
            self._busy_since = None

    def check_health(self) -> None:
        """Tell Ray Serve that this replica is stuck, so that it is replaced."""
        since = self._busy_since
        if since is not None and time.monotonic() - since > STUCK_S:
            raise RuntimeError(f"a batch takes longer than {STUCK_S:g} s")


class RayReplicas:
    """Replicas on Ray Serve: on this machine, or on the cluster that RAY_ADDRESS names.

    Parameters
    ----------
    settings
        Of the service.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._handle: Any = None
        # Nobody else may reach Ray's sockets, and their paths must be short.
        short = "/tmp" if os.path.isdir("/tmp") else None
        self._folder = tempfile.TemporaryDirectory(
            prefix="erp-", dir=short, ignore_cleanup_errors=True
        )

    def start(self) -> None:
        """Start Ray, or join a cluster, and start the replicas; returns once they are warm."""
        joins = bool(os.environ.get("RAY_ADDRESS"))
        if not joins:
            os.environ |= _OWN_RAY | {"RAY_AUTH_TOKEN": secrets.token_hex(32)}
        os.environ["RAY_DISABLE_FAILURE_SIGNAL_HANDLER"] = "1"  # signals are the server's to take
        import ray
        from ray import serve

        own = {} if joins else self._own_ray()
        ray.init(log_to_driver=False, logging_level="ERROR", **own)
        # The gate is the only door: Ray Serve's own stays shut.
        serve.start(proxy_location="Disabled")
        self._handle = serve.run(self._deployment(serve), name=APPLICATION, route_prefix=None)

    def _own_ray(self) -> dict[str, Any]:
        return {
            "num_cpus": max(cores(), self._settings.replicas + 1),
            "include_dashboard": False,
            "address": "local",  # never one that somebody else has started
            "_temp_dir": self._folder.name,
            "object_store_memory": OBJECT_BYTES,
        }

    def _deployment(self, serve: Any) -> Any:
        given = self._settings
        deployment = serve.deployment(
            Replica,
            num_replicas=given.replicas,
            # What is beyond waits in one queue, which is limited, not in each replica's.
            max_ongoing_requests=2 * given.most_together,
            max_queued_requests=given.queue,
            health_check_period_s=2.0,
            health_check_timeout_s=10.0,
            graceful_shutdown_timeout_s=2.0,
            ray_actor_options={"num_cpus": 1, "num_gpus": given.gpus},
        )
        return deployment.bind(
            given.runs_on, given.computing, given.most_together, given.batch_wait_ms / 1000
        )

    def stop(self) -> None:
        """End the replicas; Ray too, if it was started here."""
        import ray
        from ray import serve

        if not ray.is_initialized():
            return
        if os.environ.get("RAY_ADDRESS"):
            serve.delete(APPLICATION)
        ray.shutdown()
        self._folder.cleanup()

    def running(self) -> int:
        """Return how many replicas answer."""
        from ray import serve

        application = serve.status().applications.get(APPLICATION)
        deployments = () if application is None else application.deployments.values()
        return sum(one.replica_states.get("RUNNING", 0) for one in deployments)

    async def answer(self, job: Job) -> Outcome:
        """Decode one job.

        Raises
        ------
        Refused
            Too many wait, no replica is there, or none answers in time.
        """
        from ray.exceptions import RayError
        from ray.serve.exceptions import BackPressureError, RayServeException

        response = self._handle.remote(job)
        try:
            found: Outcome = await asyncio.wait_for(response, max(0.01, job.until - time.time()))
        except BackPressureError as error:
            raise Refused(503, "busy", "too many requests wait", 2) from error
        except TimeoutError as error:
            response.cancel()
            raise Refused(503, "late", "no replica was free in time", 2) from error
        except (RayError, RayServeException) as error:
            raise Refused(503, "failed", "a replica failed; it is replaced", 2) from error
        return found
