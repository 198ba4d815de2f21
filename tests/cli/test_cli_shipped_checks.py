"""What of a store is older than what ships, or of another model, is said and never guessed."""

import json
import logging
from pathlib import Path

import pytest

from service.cli.checks import Check, State
from service.cli.shipped_checks import checks_of_shipped, warn_of_shipped
from service.domain.ids import DEFAULT_TENANT
from service.matching.ports import MetaKey
from service.matching.topics import TOPICS, load_topics
from service.standards.shipped import DEFAULT, MANIFEST, load_manifest
from tests.builders.memory_records import MemoryRecords


def a_store(*, model: str | None = None) -> MemoryRecords:
    records = MemoryRecords()
    versions = json.dumps(load_manifest().versions)
    records.set_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS, versions)
    records.set_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH, model or load_topics(TOPICS).model_hash)
    return records


def checks(records: MemoryRecords, **given: Path) -> dict[str, Check]:
    return {check.name: check for check in checks_of_shipped(records, **given)}


def test_a_store_made_with_what_ships_is_fine(caplog: pytest.LogCaptureFixture) -> None:
    found = checks(a_store())
    warn_of_shipped(a_store())

    assert [check.state for check in found.values()] == [State.OK, State.OK]
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("kept", "ships", "is_said"),
    [
        ("1.2.0", "1.2.1", True),
        ("1.9", "1.10", True),
        ("1.2.0", "1.2.0", False),
        ("2.0", "1.2.1", False),
        ("", "1.2.1", True),
    ],
)
def test_a_newer_taxonomy_that_ships_is_said_with_what_to_do(
    kept: str, ships: str, is_said: bool, tmp_path: Path
) -> None:
    manifest = json.loads((DEFAULT / MANIFEST).read_text())
    manifest["versions"]["esco"] = ships
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    records = a_store()
    versions = {**manifest["versions"], "esco": kept}
    records.set_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS, json.dumps(versions))

    found = checks(records, taxonomy=tmp_path)["taxonomies"]

    assert (found.state is State.WARN) == is_said
    if is_said:
        assert f"esco {ships} ships, and the store has {kept or 'none'}" in found.found
        assert "onramp --data NEW init" in found.remedy


def test_topics_of_another_model_are_said_at_a_start(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        warn_of_shipped(a_store(model="another"))

    assert "learned from another model" in caplog.text
    assert "Learn them anew" in caplog.text
