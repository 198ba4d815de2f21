"""Slow connections: ``python -m benchmarks.api.slow PORT COUNT KEY…``, until it is ended.

Half of them never end their headers, half never their body; each sends a byte a second, and who is
put out comes again, as those do who mean it.
"""

import asyncio
import resource
import sys
from collections import Counter
from collections.abc import Sequence

_HEADERS = b"POST /v1/recommendations/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: "
# With a key, since a body is read only of those who may ask at all.
_BODY = (
    "POST /v1/recommendations/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Authorization: Bearer {key}\r\n"
    "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
)
_BYTE_S = 1.0
_READY = "ready"


async def hold(port: int, count: int, keys: Sequence[str]) -> None:
    """Hold so many connections for ever; say when all are there."""
    opened: Counter[str] = Counter()

    async def one(begin: bytes, *, after: float) -> None:
        await asyncio.sleep(after)
        while True:
            try:
                await _linger(port, begin, opened)
            except OSError:
                opened["broken"] += 1
            await asyncio.sleep(0.1)

    # Not all in one moment: the line of those who wait to be let in is no longer than 128.
    bodies = [_BODY.format(key=key).encode() for key in keys]
    begins = [bodies[n // 2 % len(bodies)] if n % 2 else _HEADERS for n in range(count)]
    tasks = [asyncio.create_task(one(each, after=n / 200)) for n, each in enumerate(begins)]
    while opened["made"] < count:
        await asyncio.sleep(0.1)
    print(_READY, flush=True)
    await asyncio.gather(*tasks)


async def _linger(port: int, begin: bytes, opened: Counter[str]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    opened["made"] += 1
    try:
        writer.write(begin)
        while not reader.at_eof():
            writer.write(b"a")
            await writer.drain()
            try:
                await asyncio.wait_for(reader.read(4096), _BYTE_S)
            except TimeoutError:
                continue
            return
    finally:
        writer.close()


def main() -> None:
    """Hold the connections."""
    port, count, *keys = sys.argv[1:]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(hold(int(port), int(count), keys))


if __name__ == "__main__":
    main()
