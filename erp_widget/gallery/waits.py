"""Owns saves that wait until another program lets go of the store's file."""

from __future__ import annotations

import time
from collections.abc import Callable

from erp_widget.gallery.work import Job
from erp_widget.store.patience import briefly
from erp_widget.widgets.requests import Reply

#: Pause between two attempts.
TRIED_EVERY_S = 0.5
#: How long each attempt waits, so that a person can cancel.
ATTEMPT_S = 0.3
#: How the line begins that is shown meanwhile.
WAITING = "Waiting to save. "


class WaitingSave:
    """A save that was asked for while the file was held; it is done once that is over.

    Parameters
    ----------
    attempt
        Tries it and returns the reply, which says where the file is still held.
    send
        Sends the reply to the browser.
    first
        Reply of the first attempt.
    """

    def __init__(
        self, attempt: Callable[[], Reply], send: Callable[[Reply], None], first: Reply
    ) -> None:
        self._attempt = attempt
        self._send = send
        self._reply = first

    @property
    def why(self) -> str:
        """What holds it up, and what helps."""
        return str(self._reply["error"])

    def run(self, job: Job) -> None:
        """Try until it is saved, fails otherwise, or a person cancels; then answer."""
        while self._reply.get("busy") and not job.stopped:
            time.sleep(TRIED_EVERY_S)
            with briefly(ATTEMPT_S):
                self._reply = self._attempt()
        self.drop()

    def drop(self) -> None:
        """Answer with what the last attempt came to."""
        said = {"error": f"Not saved. {self.why}"} if self._reply.get("busy") else {}
        self._send(self._reply | said)
