"""Applications on a port of the system's choice, served as the product serves them."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from service.cli import serving as product


@contextmanager
def serving(app: ASGIApp, *, http: type[asyncio.Protocol] | None = None) -> Iterator[int]:
    """Serve in a thread until the block is left; yield the port."""
    config = product.served(app)
    config.host, config.port = "127.0.0.1", 0
    config.timeout_graceful_shutdown = 1
    if http is not None:
        config.http = http
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve in a thread until the block is left; yield the address."""
    with serving(app) as port:
        yield f"http://127.0.0.1:{port}"
