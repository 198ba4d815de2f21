"""HTTP/1.1 as uvicorn speaks it, with deadlines: nobody holds a connection without a request."""

import asyncio
import json
import select
import uuid
from functools import partial
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.api.observing import REQUEST_ID_HEADER
from service.api.problems import PROBLEM_JSON, document
from service.api.security_headers import DEFAULTS

# A request's line and headers have so long to come in, from when the connection is free for them.
HEAD_S = 10.0
# Who does not read an answer loses the connection, so that it does not hold a place for ever.
UNREAD_S = 15.0
# What has come when a connection is about to be closed is read before this is over.
_MOMENT_S = 0.05
UNREAD_BYTES = 256_000
_CLOSE = (b"connection", b"close")
_TOO_SLOW = f"The request did not come in within {HEAD_S:g} seconds; send it again."
_NO_REQUEST = "This is no HTTP request (RFC 9112), or one that can be read in several ways."


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
        # To the last byte, so that the deadline is one for so many bytes: 17 kB a second.
        transport.set_write_buffer_limits(high=UNREAD_BYTES, low=0)
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

    def handle_events(self) -> None:
        """Serve what came; end the connection after a body whose length was said in two ways."""
        super().handle_events()
        # There is neither before the first request.
        if getattr(self, "cycle", None) and _says_two_lengths(self.headers):
            # RFC 9112, 6.1: a proxy may have taken the other one, and the rest for a request.
            others = [each for each in self.cycle.default_headers if each != _CLOSE]
            self.cycle.default_headers = [*others, _CLOSE]

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # ours says what to do
        """Say what uvicorn found to be no request, as all problems are said; and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._say(HTTPStatus.BAD_REQUEST, _NO_REQUEST)
        if self.cycle is not None:
            # It gets no more of its body, and its answer has no reader.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()

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

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that is kept and idle, unless a request came in meanwhile."""
        # What has come is read next, and the connection is not idle then.
        if self.transport.is_closing() or not self._has_unread():
            super().timeout_keep_alive_handler()

    def _give_up(self, *, is_second_time: bool = False) -> None:
        self._slow = None
        if self.transport.is_closing():
            return
        if not is_second_time and self._has_unread():
            # It came in while others were served, and would be lost.
            again = partial(self._give_up, is_second_time=True)
            self._slow = self.loop.call_later(_MOMENT_S, again)
            return
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._say(HTTPStatus.REQUEST_TIMEOUT, _TOO_SLOW)
        self.transport.close()

    def _has_unread(self) -> bool:
        """Whether something has come that was not read yet."""
        asked = select.poll()
        asked.register(self.transport.get_extra_info("socket"), select.POLLIN)
        return bool(asked.poll(0))

    def _say(self, status: HTTPStatus, detail: str) -> None:
        """Answer in place of the application, which there is no request for."""
        request_id = uuid.uuid4().hex
        problem = {**document(status, detail), "request_id": request_id}
        body = json.dumps(problem).encode()
        headers = [
            (b"content-type", PROBLEM_JSON.encode()),
            (b"content-length", str(len(body)).encode()),
            _CLOSE,
            (REQUEST_ID_HEADER, request_id.encode()),
            *((name.encode(), value.encode()) for name, value in DEFAULTS.items()),
        ]
        head = h11.Response(status_code=status, headers=headers, reason=status.phrase.encode())
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")


def _says_two_lengths(headers: list[tuple[bytes, bytes]]) -> bool:
    names = {name for name, _ in headers}
    return b"transfer-encoding" in names and b"content-length" in names
