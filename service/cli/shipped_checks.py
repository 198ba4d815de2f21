"""Checks of a store against what ships with this version: taxonomies and topics."""

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from service.cli.checks import Check, State
from service.domain.ids import DEFAULT_TENANT
from service.matching.ports import MetaKey, Records
from service.matching.topics import TOPICS, load_topics
from service.standards.shipped import DEFAULT, load_manifest

logger = logging.getLogger(__name__)


def checks_of_shipped(
    records: Records, *, taxonomy: Path = DEFAULT, topics: Path = TOPICS
) -> Iterator[Check]:
    """Yield the checks of what a store was made with against what ships.

    Args:
        records: the store.
        taxonomy: the folder of the taxonomies that ship.
        topics: the file of the topics that ship.
    """
    kept = json.loads(records.get_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS) or "{}")
    yield _check_taxonomies(kept, load_manifest(taxonomy).versions)
    yield _check_topics(records, topics)


def warn_of_shipped(records: Records) -> None:
    """Say in the log what of a store is older than what ships, or not of one model with it."""
    for check in checks_of_shipped(records):
        if check.state is not State.OK:
            logger.warning("%s. %s", check.found, check.remedy)


def _check_taxonomies(kept: Mapping[str, str], shipped: Mapping[str, str]) -> Check:
    newer = [
        f"{name} {version} ships, and the store has {kept.get(name) or 'none'}"
        for name, version in sorted(shipped.items())
        if _parts(version) > _parts(kept.get(name, ""))
    ]
    if not newer:
        return Check(name="taxonomies", state=State.OK, found="none newer than the store's ship")
    return Check(
        name="taxonomies",
        state=State.WARN,
        found=f"Newer taxonomies ship: {'; '.join(newer)}",
        remedy="Answers are by the store's. For the newer ones make a store in a new folder "
        "(onramp --data NEW init) and import your records into it.",
    )


def _check_topics(records: Records, topics: Path) -> Check:
    learned_from = load_topics(topics).model_hash
    if learned_from == records.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH):
        return Check(name="topics", state=State.OK, found="are of the model of the store")
    return Check(
        name="topics",
        state=State.WARN,
        found="The topics that ship were learned from another model than the store's vectors are "
        "of, so they are not used: what a title is about counts for nothing in an order",
        remedy="Learn them anew with the model (docs/model.md), or use the model that ships.",
    )


def _parts(version: str) -> list[tuple[int, str]]:
    """Return a version for comparison: 1.10 after 1.9, and none before any."""
    return [(int(part) if part.isdigit() else -1, part) for part in version.split(".") if part]
