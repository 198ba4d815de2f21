"""Topics: a catalog of titles is listed by what such titles teach; one that states is believed."""

import numpy as np
import pytest

from service.indexing.credentials import Credentials
from service.indexing.vocabulary import Vocabulary
from service.matching.modes import Objective
from service.matching.rules import RankingRules
from service.matching.shortlist import Shortlist
from service.matching.topical import TopicalNeed, topical_need, valued
from service.matching.topics import Topics
from tests.builders.ranking import DIM, made
from tests.builders.skills import BRIDGE

RULES = RankingRules(topic_share=0.8)
# A topic for each dimension: a vector is about what it points to.
TOPICS = Topics(
    weights=np.eye(DIM, dtype=np.float32),
    offsets=np.zeros(DIM, dtype=np.float32),
    model_hash="made-up",
)
NEED = np.array([1.0, 0.0, 0.0, 0.0, 0.0], dtype=np.float32)


def catalog(*teaches: dict[int, float]) -> tuple[Credentials, Shortlist]:
    """Return credentials whose vectors are about one topic each, and their shortlist."""
    rows = [made(number, each) for number, each in enumerate(teaches)]
    index = Credentials(DIM, Vocabulary(DIM, BRIDGE))
    vectors = np.eye(DIM, dtype=np.float32)[: len(rows)]
    index.upsert([row.credential for row in rows], vectors, [row.links for row in rows])
    taught = np.array([[each.get(place, 0.0) for place in range(DIM)] for each in teaches])
    found = Shortlist(
        outlines=tuple(row.credential for row in rows),
        taught=taught,
        similarity=np.zeros(len(rows)),
        unknown=np.zeros(len(rows), dtype=np.bool_),
    )
    return index, found


def objective(*, direct: bool = False) -> Objective:
    return Objective(mode=None, says="", need=NEED, direct=direct, taught_from=0.3)


def about(*topics: float) -> TopicalNeed:
    return TopicalNeed(TOPICS, np.array([*topics, *[0.0] * (DIM - len(topics))], np.float32))


def test_where_no_credential_states_a_skill_topics_have_their_share_of_the_need() -> None:
    index, found = catalog({}, {})

    by = valued(found, objective(), about(0.0, 1.0), credentials=index, rules=RULES)

    assert by.need.tolist() == pytest.approx([0.2, 0, 0, 0, 0, 0, 0.8, 0, 0, 0])
    assert (by.taught @ by.need).tolist() == pytest.approx([0, 0.8])


def test_a_catalog_that_states_its_skills_is_taken_at_its_word() -> None:
    index, found = catalog({0: 1.0}, {0: 0.6})

    by = valued(found, objective(), about(0.0, 1.0), credentials=index, rules=RULES)

    assert by.taught is found.taught
    assert by.need is NEED


def test_the_more_credentials_state_skills_the_less_topics_count() -> None:
    index, found = catalog({0: 1.0}, {}, {}, {})
    half, of_half = catalog({0: 1.0}, {})

    by = valued(found, objective(), about(0.0, 1.0), credentials=index, rules=RULES)
    none = valued(of_half, objective(), about(0.0, 1.0), credentials=half, rules=RULES)

    assert by.need.tolist() == pytest.approx([0.6, 0, 0, 0, 0, 0, 0.4, 0, 0, 0])
    assert none.need is NEED


def test_topics_do_not_count_where_only_the_named_skills_do() -> None:
    index, found = catalog({}, {})

    by = valued(found, objective(direct=True), about(1.0), credentials=index, rules=RULES)

    assert by.taught is found.taught


def test_what_a_credential_held_is_about_is_needed_no_more() -> None:
    index, found = catalog({}, {})
    aim = np.array([0.6, 0.8, 0, 0, 0], dtype=np.float32)

    need = topical_need(TOPICS, aim, [found.outlines[0].id], index).need

    assert need[0] == 0
    assert need[1] == pytest.approx(0.8**1.15)
