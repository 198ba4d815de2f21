"""Percentiles of the benchmark: by nearest rank, whatever the order of the values."""

import pytest

from benchmarks.server import percentile


@pytest.mark.parametrize(("share", "value"), [(0.5, 50.0), (0.99, 99.0), (1.0, 100.0), (0.0, 1.0)])
def test_a_percentile_is_the_value_that_so_many_do_not_exceed(share: float, value: float) -> None:
    values = [float(number) for number in range(100, 0, -1)]

    assert percentile(values, share) == value


def test_the_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.0], 0.5) == 7.0
