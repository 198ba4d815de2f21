"""Topics of another model than the store's are said and never silently left out."""

import logging

import pytest

from service.cli.checks import State
from service.cli.shipped_checks import check_topics, warn_of_shipped
from service.domain.ids import DEFAULT_TENANT
from service.matching.ports import MetaKey
from service.matching.topics import TOPICS, load_topics
from tests.builders.memory_records import MemoryRecords


def a_store(*, model: str | None = None) -> MemoryRecords:
    records = MemoryRecords()
    records.set_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH, model or load_topics(TOPICS).model_hash)
    return records


def test_a_store_of_the_model_that_the_topics_were_learned_from_is_fine(
    caplog: pytest.LogCaptureFixture,
) -> None:
    warn_of_shipped(a_store())

    assert check_topics(a_store()).state is State.OK
    assert caplog.text == ""


def test_topics_of_another_model_are_said_at_a_start(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        warn_of_shipped(a_store(model="another"))

    assert check_topics(a_store(model="another")).state is State.WARN
    assert "learned from another model" in caplog.text
    assert "Learn them anew" in caplog.text
