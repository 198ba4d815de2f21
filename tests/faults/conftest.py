"""Processes that are ended on purpose, forked from one that is started once."""

from collections.abc import Iterator

import pytest

from benchmarks.torture.troupe import Troupe, troupe


@pytest.fixture(scope="session")
def actors() -> Iterator[Troupe]:
    """What starts processes, and ends them."""
    with troupe() as started:
        yield started
