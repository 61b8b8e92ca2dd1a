"""One service that decodes for many kernels, and how a kernel asks it.

A kernel sends the profile of a table, never the table, and ranks what comes back. Where the service
is away, slow, busy or of another version, the kernel decodes by itself and says so in a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from erp_widget.service.client import ServiceDecoder, Status

__all__ = ["decoder", "status"]


def decoder() -> ServiceDecoder | None:
    """Return who decodes by the settings in force: the service, or None for this process."""
    from erp_widget.config import service_address

    address = service_address()
    if address is None:
        return None
    from erp_widget.service.client import ServiceDecoder

    return ServiceDecoder(address)


def status() -> Status | None:
    """Return how this process gets on with the service; None where there is none.

    Examples
    --------
    >>> import erp_widget as erp
    >>> _ = erp.configure(service="http://127.0.0.1:1/")
    >>> from erp_widget import service
    >>> service.status().answered
    0
    >>> _ = erp.configure(service=None)
    """
    found = decoder()
    return None if found is None else found.status()
