"""Checks of a store against what ships with this version: the topics."""

import logging
from pathlib import Path

from service.cli.checks import Check, State
from service.domain.ids import DEFAULT_TENANT
from service.logs import OwnWords
from service.matching.ports import MetaKey, Records
from service.matching.topics import TOPICS, load_topics

logger = logging.getLogger(__name__)


def check_topics(records: Records, topics: Path = TOPICS) -> Check:
    """Return the check of the store's model against that of the topics that ship."""
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


def warn_of_shipped(records: Records) -> None:
    """Say in the log if the topics that ship are of another model than the store."""
    check = check_topics(records)
    if check.state is not State.OK:
        logger.warning("%s. %s", OwnWords(check.found), OwnWords(check.remedy))
