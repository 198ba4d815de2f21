"""HTTP/1.1 as uvicorn speaks it, with deadlines: nobody holds a connection without a request."""

import asyncio
import json
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

# A request's line and headers have so long to come in, from when the connection is free for them.
HEAD_S = 10.0
# Who does not read an answer loses the connection, so that it does not hold a place for ever.
UNREAD_S = 15.0
_TOO_SLOW = {
    "type": "about:blank",
    "title": HTTPStatus.REQUEST_TIMEOUT.phrase,
    "status": HTTPStatus.REQUEST_TIMEOUT.value,
    "detail": f"The request did not come in within {HEAD_S:g} seconds; send it again.",
    "errors": [],
}


class DeadlineProtocol(H11Protocol):
    """Closes connections whose request does not come in, or whose answer is not read, in time.

    While the application works on a request, or reads its body, the deadlines are the
    application's own. uvicorn has none of these, and lets anybody hold a connection for ever.
    """

    head_s = HEAD_S
    unread_s = UNREAD_S
    _slow: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        self._stop_watching_reader()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and see whether a request is still awaited."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request, and not for ever for the rest of this one."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Begin to wait until the other side reads."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self.unread_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Wait no longer: it reads."""
        super().resume_writing()
        self._stop_watching_reader()

    def _watch(self) -> None:
        if self.transport.is_closing() or not self._is_awaited():
            self._stop_waiting()
        elif self._slow is None:
            self._slow = self.loop.call_later(self.head_s, self._give_up)

    def _is_awaited(self) -> bool:
        """Whether the other side is to send, and the application is not reading."""
        if self.conn.their_state is h11.IDLE:
            return True
        # There is none before the first request.
        answered = getattr(self.cycle, "response_complete", False)
        return answered and self.conn.their_state is h11.SEND_BODY

    def _stop_waiting(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _stop_watching_reader(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _give_up(self) -> None:
        self._slow = None
        if self.transport.is_closing():
            return
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._say(_TOO_SLOW)
        self.transport.close()

    def _say(self, problem: dict[str, Any]) -> None:
        body = json.dumps(problem).encode()
        headers = [
            ("content-type", "application/problem+json"),
            ("content-length", str(len(body))),
            ("connection", "close"),
        ]
        status = HTTPStatus(problem["status"])
        head = h11.Response(status_code=status, headers=headers, reason=status.phrase.encode())
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
