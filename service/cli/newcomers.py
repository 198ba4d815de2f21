"""Turning newcomers away from a listener that is about to be closed."""

import ctypes
import logging
import socket
import struct
import sys
from typing import Final

logger = logging.getLogger(__name__)

# The four instructions of a classic BPF program, as linux/filter.h has them (code, jump if true,
# jump if false, value); a listener's filter sees a segment from its TCP header on (RFC 9293, 3.1).
_LOAD_FLAGS: Final = (0x30, 0, 0, 13)
_IF_SYN: Final = (0x45, 0, 1, 0x02)
_DROP: Final = (0x06, 0, 0, 0)
_PASS: Final = (0x06, 0, 0, 0xFFFFFFFF)
_PROGRAM: Final = (_LOAD_FLAGS, _IF_SYN, _DROP, _PASS)
# Python has no name for it; it is this on every Linux that we build for (x86-64, arm64).
_SO_ATTACH_FILTER: Final = 26
_NOT_POSSIBLE: Final = (
    "Newcomers cannot be turned away here: who connects as the door is shut is reset."
)


def turn_away_newcomers(listener: socket.socket) -> bool:
    """Let nobody else begin a connection; return whether that could be done.

    Who has begun one gets to the line as before. A connection that the system takes between the
    last `accept` and `close` is reset, though its client was let in. With this there is none: a
    newcomer hears nothing, tries again after a second, and is refused or finds the next server.
    Where the system has no such filter or does not allow it (some containers), that moment stays,
    and it is said in the log.
    """
    if sys.platform != "linux":
        logger.info(_NOT_POSSIBLE)
        return False
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in _PROGRAM))
    program = struct.pack("HP", len(_PROGRAM), ctypes.addressof(code))
    try:
        listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)
    except OSError as error:
        logger.info("%s (%s)", _NOT_POSSIBLE, error.strerror)
        return False
    return True
