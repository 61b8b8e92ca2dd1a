"""Owns the service's settings: what they may be, and where they come from."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping

from msgspec import Struct

from erp_widget.errors import InputError
from vizmodel.runtime import PLAIN, Computing, Precision

#: Where the service is told by a hub.
HUB_VARIABLES = ("JUPYTERHUB_API_URL", "JUPYTERHUB_API_TOKEN")
#: Tables that Keras decodes together. LiteRT and numpy compute one after the other, so that a batch
#: would only let the first wait for the last.
BATCH = 16


class Hub(Struct, frozen=True):
    """The JupyterHub that knows the users.

    Parameters
    ----------
    api_url, api_token
        Of the hub's API, and this service's own token for it.
    service
        Under what name the hub knows this service.
    """

    api_url: str
    api_token: str
    service: str

    @property
    def scope(self) -> str:
        """What a user's token must allow."""
        return f"access:services!service={self.service}"


class ServiceSettings(Struct, frozen=True):
    """The settings of one service.

    Parameters
    ----------
    host, port, prefix
        Where it listens; all its paths begin with the prefix.
    replicas
        Processes that decode.
    runtime
        Who runs the network: litert, keras or numpy; auto takes Keras where replicas reserve a part
        of a GPU, else the fastest on a CPU.
    gpus
        Share of a GPU that each replica reserves.
    precision, xla
        How Keras computes, see `vizmodel.runtime.Computing`; others than the first may change
        charts where two score alike.
    batch, batch_wait_ms
        Tables that are decoded together at most, 0 for what suits the runtime; how long the first
        of them waits for others.
    queue
        Requests that wait for a replica at most.
    rate
        Requests a second of each user; 0 for no limit.
    body_bytes
        Largest request.
    token
        A secret that lets in, where there is no hub.
    hub
        The hub that says who is let in.
    """

    host: str = "127.0.0.1"
    port: int = 10101
    prefix: str = "/"
    replicas: int = 1
    runtime: str = "auto"
    gpus: float = 0.0
    precision: Precision = "float32"
    xla: bool = False
    batch: int = 0
    batch_wait_ms: float = 5.0
    queue: int = 16
    rate: float = 10.0
    body_bytes: int = 4 * 2**20
    token: str | None = None
    hub: Hub | None = None

    def __post_init__(self) -> None:
        """Refuse to let anybody in from another machine, and what cannot work."""
        if self.hub is None and not self.token and not is_loopback(self.host):
            raise InputError(
                f"host {self.host!r} is reached from other machines: set ERP_SERVICE_TOKEN, run "
                "the service for a JupyterHub, or keep host 127.0.0.1"
            )
        if self.token and (" " in self.token or not self.token.isprintable()):
            raise InputError(
                "ERP_SERVICE_TOKEN must be one word without spaces, so that it travels"
            )
        if not self.prefix.startswith("/"):
            raise InputError(f"prefix must begin with a slash, not {self.prefix!r}")
        if self.computing != PLAIN and self.runs_on != "keras":
            raise InputError(
                "precision and xla are settings of Keras: set the runtime to keras, or gpus "
                "above 0, or leave them out"
            )

    @property
    def runs_on(self) -> str | None:
        """The runtime; None for the fastest on a CPU."""
        if self.runtime != "auto":
            return self.runtime
        return "keras" if self.gpus > 0 else None

    @property
    def computing(self) -> Computing:
        """How Keras computes."""
        return Computing(self.precision, self.xla)

    @property
    def most_together(self) -> int:
        """Tables that are decoded together at most."""
        return self.batch or (BATCH if self.runs_on == "keras" else 1)

    @property
    def root(self) -> str:
        """The prefix without its last slash."""
        return self.prefix.rstrip("/")

    @property
    def access(self) -> str:
        """Who is let in, in words."""
        if self.hub is not None:
            return f"users of the hub with the scope {self.hub.scope}"
        return "who has the secret" if self.token else "everybody on this machine"


def hub_of(environment: Mapping[str, str]) -> Hub | None:
    """Return the hub that the environment tells of; None where it tells of none.

    Raises
    ------
    InputError
        It tells of half of one.
    """
    told = [environment.get(name) or "" for name in HUB_VARIABLES]
    if not any(told):
        return None
    for name, value in zip(HUB_VARIABLES, told, strict=True):
        if not value:
            raise InputError(f"{name} is missing: a service of a hub has both or neither")
    return Hub(told[0], told[1], environment.get("JUPYTERHUB_SERVICE_NAME") or "erp")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0"), is_loopback("localhost")
    (True, False, True)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
