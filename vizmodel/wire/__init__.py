"""The form in which a kernel asks a service to decode: a profile goes, candidates come back.

MessagePack, read into closed types: statistics of pairs travel as the float32 that they are, and
what has an unknown key, a wrong type or a size beyond the limits is not read at all. Of a table's
texts only the names of its columns travel. Columns are told by their place everywhere else, and a
chart by its tokens, so a reply holds no text but the versions.
"""

from vizmodel.wire.messages import (
    MAX_ASKS,
    read_reply,
    read_request,
    write_reply,
    write_request,
)
from vizmodel.wire.versions import Versions, VersionsDifferError, WireError, versions

__all__ = [
    "MAX_ASKS",
    "Versions",
    "VersionsDifferError",
    "WireError",
    "read_reply",
    "read_request",
    "versions",
    "write_reply",
    "write_request",
]
