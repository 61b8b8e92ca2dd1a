"""Owns how a widget answers the browser: one reply to each request, whatever happens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard, TypeVar

from erp_widget.errors import ErpError, InputError, StoreBusyError
from erp_widget.store.patience import briefly

#: What the browser gets for a request.
Reply = dict[str, Any]
Command = TypeVar("Command")

_log = logging.getLogger("erp_widget")


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


def explained(error: Exception) -> str:
    """Return an error as one line for a person; what went wrong inside goes to the log."""
    text = " ".join(str(error).split())
    if isinstance(error, ErpError):
        return text[:1].upper() + text[1:]
    _log.error("a request of a widget failed", exc_info=error)
    return f"Something failed inside ({type(error).__name__}: {text}); the kernel's log has more."


def sendable(text: str) -> str:
    """Return text without halves of characters, which no message can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
