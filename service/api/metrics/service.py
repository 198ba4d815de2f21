"""Figures of the service itself: its indexes, its store, what waits to be written."""

from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.answers.vitals import Vitals


class ServiceFigures(Collector):
    """Reads the vital signs whenever figures are asked for; over all tenants, naming none."""

    def __init__(self, read: Callable[[], Vitals], *, version: str) -> None:
        self._read = read
        self._version = version

    def describe(self) -> list[Metric]:
        """Return nothing: when it is registered, there may be no service yet."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every figure."""
        vitals = self._read()
        build = GaugeMetricFamily("onramp_build_info", "What serves.", labels=["version"])
        build.add_metric([self._version], 1)
        yield build
        indexed = GaugeMetricFamily(
            "onramp_index_records", "Records in the indexes in memory.", labels=["kind"]
        )
        for kind, number in vitals.indexed.items():
            indexed.add_metric([kind], number)
        yield indexed
        yield GaugeMetricFamily(
            "onramp_index_sequence",
            "The newest change that the indexes have.",
            value=vitals.index_sequence,
        )
        yield GaugeMetricFamily(
            "onramp_tenants_open",
            "Tenants whose indexes are in memory.",
            value=vitals.tenants_open,
        )
        yield GaugeMetricFamily(
            "onramp_tenants_in_trouble",
            "Tenants whose indexes could not be loaded or kept up.",
            value=vitals.tenants_in_trouble,
        )
        yield from _store(vitals)
        yield GaugeMetricFamily(
            "onramp_decisions_waiting",
            "Answers that wait to be written to the decision log.",
            value=vitals.decisions_waiting,
        )


def _store(vitals: Vitals) -> Iterator[Metric]:
    if vitals.store_sequence is not None:
        yield GaugeMetricFamily(
            "onramp_store_sequence",
            "The newest change that the store has.",
            value=vitals.store_sequence,
        )
    yield GaugeMetricFamily(
        "onramp_store_readable",
        "Whether the store could be read just now.",
        value=vitals.store_sequence is not None,
    )
    yield GaugeMetricFamily(
        "onramp_store_read_only",
        "Whether an fsync failed, so that nothing is written until a restart.",
        value=vitals.is_read_only,
    )
