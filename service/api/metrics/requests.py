"""Figures of requests: how many, how long, and how many at this moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# Denser around what is promised: 15, 40, 60 and 80 ms for a recommendation.
BUCKETS_S: Final = (
    *(0.002, 0.005, 0.01, 0.015, 0.025, 0.04, 0.06, 0.08, 0.1),
    *(0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)


class _Children(NamedTuple):
    number: Counter
    duration: Histogram


class RequestFigures:
    """Counts requests by route template, method and status: values that code names, not callers."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._number = Counter(
            "onramp_http_requests",
            "Requests that were answered; 499 is a client that went away before.",
            ["route", "method", "status"],
            registry=registry,
        )
        self._duration = Histogram(
            "onramp_http_request_duration_seconds",
            "Seconds from the first byte of a request's head to the last of its answer.",
            ["route", "method", "status_class"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._in_flight = Gauge(
            "onramp_http_requests_in_flight",
            "Requests that are being answered.",
            registry=registry,
        )
        self._children: dict[tuple[str, str, int], _Children] = {}

    @contextmanager
    def in_flight(self) -> Iterator[None]:
        """Count one request among those that are being answered."""
        self._in_flight.inc()
        try:
            yield
        finally:
            self._in_flight.dec()

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request that was answered."""
        key = (route, method, status)
        found = self._children.get(key)
        if found is None:
            found = _Children(
                self._number.labels(route, method, str(status)),
                self._duration.labels(route, method, f"{status // 100}xx"),
            )
            self._children[key] = found
        found.number.inc()
        found.duration.observe(seconds)
