"""Two origins for browsers: Onramp itself, and a page of somebody else's that embeds it."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import uvicorn

from service.app import create_app
from service.wiring import Services

HOST = "127.0.0.1"
_PATIENCE_S = 60


class Page(NamedTuple):
    """A page or a file of the other site, and the policy that it is served under."""

    body: str
    policy: str
    media_type: str = "text/html"


@contextmanager
def onramp_site(
    services: Services, *, page_key: str | None = None, is_demo: bool = False
) -> Iterator[str]:
    """Serve Onramp on a port of its own; yield its origin."""
    listener = socket.socket()
    listener.bind((HOST, 0))
    config = uvicorn.Config(
        create_app(services, page_key=page_key, is_demo=is_demo), log_level="error", lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + _PATIENCE_S
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_S)


@contextmanager
def other_site(pages: Mapping[str, Page]) -> Iterator[str]:
    """Serve pages on another port, which is another origin; yield it. Pages may be added later."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            content = page.body.encode() if page else b""
            self.send_response(200 if page else 404)
            if page:
                self.send_header("Content-Type", f"{page.media_type}; charset=utf-8")
                self.send_header("Content-Security-Policy", page.policy)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(_PATIENCE_S)


def strict_policy(api: str) -> str:
    """Return the policy of a page that lets Onramp's script run and ask, and nothing else."""
    return (
        f"default-src 'none'; script-src {api}; connect-src {api}; style-src 'self'; "
        f"frame-src {api}; base-uri 'none'; form-action 'none'"
    )


def embedding(api: str, attributes: str, *, head: str = "", script: str = "v1.js") -> Page:
    """Return a page that embeds the widget in two lines, as the documentation says."""
    body = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Career center</title>
<script type="module" src="{api}/widget/{script}" crossorigin></script>{head}</head>
<body><main><h1>Career center</h1>
<onramp-recommendations {attributes}><p>Ask us at the desk.</p></onramp-recommendations>
<p>Room 12, weekdays.</p></main></body></html>"""
    return Page(body, strict_policy(api))
