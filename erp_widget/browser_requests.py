"""Owns how a widget answers the browser: one reply to each request, whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeGuard, TypeVar

from erp_widget.errors import InputError, StoreBusyError
from erp_widget.gallery_saves import explained
from erp_widget.store.patience import briefly

#: What the browser gets for a request.
Reply = dict[str, Any]
Command = TypeVar("Command")


def is_request(content: object) -> TypeGuard[dict[str, Any]]:
    """Whether a message of the browser wants an answer."""
    return isinstance(content, dict) and content.get("kind") == "request"


def replied(content: dict[str, Any], answer: Callable[[dict[str, Any]], Reply]) -> Reply:
    """Return the reply to a request: what the answer holds, or its error as one line.

    A store file that another program holds is not waited for, since the kernel would hear nothing
    meanwhile; the reply is marked as busy.
    """
    try:
        with briefly():
            reply = answer(content) | {"ok": True}
    except StoreBusyError as error:
        reply = {"ok": False, "error": explained(error), "busy": True}
    except Exception as error:
        reply = {"ok": False, "error": explained(error)}
    return reply_to(content, reply)


def reply_to(content: dict[str, Any], reply: Reply) -> Reply:
    """Return a reply that names the request it belongs to."""
    return {"kind": "reply", "id": content.get("id")} | reply


def commanded(content: dict[str, Any], commands: Mapping[str, Command]) -> Command:
    """Return the command that a request names; InputError where there is none of that name."""
    command = content.get("command")
    if not isinstance(command, str) or command not in commands:
        raise InputError(f"there is no command {command!r}")
    return commands[command]
