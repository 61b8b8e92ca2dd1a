"""Owns the command that runs the service until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from erp_widget.errors import ErpError, InputError

if TYPE_CHECKING:
    from erp_widget.service.settings import ServiceSettings

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 10101
#: Connections at one time; beyond them 503.
MAX_CONNECTIONS = 1_000


def _option(name: str, text: str, default: Any, kind: Any) -> Any:
    variable = "ERP_SERVICE_" + name.upper().replace("-", "_")
    return click.option(
        f"--{name}",
        type=kind,
        default=default,
        envvar=variable,
        show_default=default is not None,
        help=f"{text} [env: {variable}]",
    )


@click.command(short_help="Run one chart service for many notebooks.")
@_option("host", "Where to listen; 127.0.0.1 if not given.", None, str)
@_option("port", "Where to listen; 10101 if not given.", None, click.IntRange(0, 65535))
@_option("prefix", "What all paths begin with; / if not given.", None, str)
@_option("replicas", "Processes that decode.", 1, click.IntRange(1, 64))
@_option(
    "runtime",
    "Who runs the network; auto: keras where --gpus is above 0.",
    "auto",
    click.Choice(["auto", "litert", "keras", "numpy"]),
)
@_option("gpus", "Share of a GPU that each replica reserves.", 0.0, click.FloatRange(0, 8))
@_option(
    "precision",
    "In which Keras computes; less than float32 may change charts that score alike.",
    "float32",
    click.Choice(["float32", "bfloat16", "float16"]),
)
@_option("xla", "Whether XLA compiles what TensorFlow computes; JAX always does.", False, bool)
@_option("batch", "Tables decoded together at most; 0: what suits.", 0, click.IntRange(0, 256))
@_option("batch-wait-ms", "How long a table waits for others.", 5.0, click.FloatRange(0, 1000))
@_option("queue", "Requests that wait at most.", 16, click.IntRange(1, 10_000))
@_option("rate", "Requests a second of each user; 0: no limit.", 10.0, click.FloatRange(0, 1e6))
@_option("body-mb", "Largest request.", 4.0, click.FloatRange(0.01, 64))
def serve(
    host: str | None, port: int | None, prefix: str | None, body_mb: float, **others: Any
) -> None:
    """Run the chart service, which chooses charts for other kernels.

    The service gets profiles of tables, never tables. In a JupyterHub it takes address, prefix and
    tokens from the variables JUPYTERHUB_*. Elsewhere it answers those who have the secret
    ERP_SERVICE_TOKEN, or everybody on this machine if none is set.
    """
    from erp_widget.service.settings import ServiceSettings, hub_of

    told_host, told_port = _told_by_hub()
    settings = ServiceSettings(
        host=host or told_host or DEFAULT_HOST,
        port=port if port is not None else told_port or DEFAULT_PORT,
        prefix=prefix or os.environ.get("JUPYTERHUB_SERVICE_PREFIX") or "/",
        body_bytes=int(body_mb * 2**20),
        token=os.environ.get("ERP_SERVICE_TOKEN") or None,
        hub=hub_of(os.environ),
        **others,
    )
    _check_packages(settings)
    _run(settings)


def _told_by_hub() -> tuple[str | None, int | None]:
    try:
        told = urlsplit(os.environ.get("JUPYTERHUB_SERVICE_URL", ""))
        return told.hostname, told.port
    except ValueError as error:
        raise InputError(f"JUPYTERHUB_SERVICE_URL is no address ({error})") from error


def _check_packages(settings: ServiceSettings) -> None:
    hub = ("jupyterhub",) if settings.hub is not None else ()
    for package in ("ray", "starlette", "uvicorn", "prometheus_client", *hub):
        if find_spec(package) is None:
            raise InputError(f"the service needs {package}: pip install 'erp-widget[serve]'")


def _run(settings: ServiceSettings) -> None:
    import uvicorn

    from erp_widget.service.access import access_of
    from erp_widget.service.gate import Gate
    from erp_widget.service.records import log_event, log_to_stderr
    from erp_widget.service.replicas import RayReplicas

    door = _listen(settings.host, settings.port)
    log_to_stderr()
    gate = Gate(settings, access_of(settings), RayReplicas(settings))
    config = uvicorn.Config(
        gate.application(),
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    gate.on_failure = lambda: setattr(server, "should_exit", True)
    host, port = door.getsockname()[:2]
    log_event("starting", host=host, port=port, prefix=settings.prefix, lets_in=settings.access)
    for name in (signal.SIGTERM, signal.SIGINT):
        # The server takes these, ends well, and raises them once more: that is no failure.
        signal.signal(name, lambda *_: None)
    server.run(sockets=[door])
    if gate.failure is not None:
        raise ErpError(f"the replicas did not start ({gate.failure})") from gate.failure
    log_event("stopped")


def _listen(host: str, port: int) -> socket.socket:
    try:
        kind = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=kind, backlog=1024)
    except OSError as error:
        raise InputError(
            f"cannot listen on {host}:{port} ({error.strerror}): choose another host or port"
        ) from error
