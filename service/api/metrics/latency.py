"""How long requests took, by route: read back from the histogram that Prometheus scrapes."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from prometheus_client.registry import Collector

from service.domain.reports import RouteLatency

_BUCKET: Final = "onramp_http_request_duration_seconds_bucket"
_HALF: Final = 0.5
_MOST: Final = 0.95
_Buckets = dict[float, float]


def latencies(figures: Collector) -> list[RouteLatency]:
    """Return every route that was asked for, the most frequent first, over all workers."""
    found: dict[tuple[str, str], _Buckets] = defaultdict(lambda: defaultdict(float))
    for family in figures.collect():
        for name, labels, value, *_ in family.samples:
            if name == _BUCKET:
                found[labels["route"], labels["method"]][float(labels["le"])] += value
    told = [_told(route, method, counts) for (route, method), counts in found.items()]
    return sorted(told, key=lambda each: (-each.count, each.route, each.method))


def quantile(share: float, counts: Mapping[float, float]) -> float:
    """Return the value that a share of observations does not exceed, as Prometheus estimates it.

    Args:
        share: in (0, 1].
        counts: how many observations were at most so much, by the upper end of the bucket.
    """
    ends = sorted(counts)
    wanted = share * counts[ends[-1]]
    for before, end in pairwise([0.0, *ends]):
        lower = counts.get(before, 0.0) if before else 0.0
        if counts[end] >= wanted:
            within = (wanted - lower) / (counts[end] - lower) if counts[end] > lower else 1.0
            # What is beyond the last bound is told as that bound: it is not known better.
            return before if end == float("inf") else before + within * (end - before)
    return ends[-1]


def _told(route: str, method: str, counts: Mapping[float, float]) -> RouteLatency:
    return RouteLatency(
        route=route,
        method=method,
        count=round(counts[float("inf")]),
        half=quantile(_HALF, counts),
        most=quantile(_MOST, counts),
    )
