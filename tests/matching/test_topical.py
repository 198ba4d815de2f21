"""Topics: a catalog of titles is listed by what such titles teach; one that states is believed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from service.domain.credential import Level
from service.indexing.credentials import Credentials
from service.indexing.topic_column import TopicColumn
from service.indexing.vocabulary import Vocabulary
from service.matching.modes import Objective
from service.matching.rules import RankingRules
from service.matching.shortlist import Shortlist
from service.matching.topical import TopicalNeed, topical_need, valued
from service.matching.topics import Topics
from service.models import GuardedEncoder
from tests.builders.ranking import DIM, made
from tests.builders.skills import BRIDGE

RULES = RankingRules(topic_share=0.8)
# A topic for each dimension: a vector is about what it points to.
TOPICS = Topics(
    weights=np.eye(DIM, dtype=np.float32),
    offsets=np.zeros(DIM, dtype=np.float32),
    providers=np.zeros((384, DIM), dtype=np.float32),
    provider_offsets=np.zeros(DIM, dtype=np.float32),
    levels=np.zeros((len(Level), DIM), dtype=np.float32),
    model_hash="made-up",
)

NEED = np.array([1.0, 0.0, 0.0, 0.0, 0.0], dtype=np.float32)


Catalog = Callable[..., tuple[Credentials, Shortlist]]


@pytest.fixture
def catalog(encoder: GuardedEncoder) -> Catalog:
    """Return what makes credentials whose vectors are about one topic each, and their shortlist."""

    def make(*teaches: dict[int, float]) -> tuple[Credentials, Shortlist]:
        rows = [made(number, each) for number, each in enumerate(teaches)]
        index = Credentials(DIM, Vocabulary(DIM, BRIDGE), TopicColumn(TOPICS, encoder))
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

    return make


def objective(*, direct: bool = False) -> Objective:
    return Objective(mode=None, says="", need=NEED, direct=direct, taught_from=0.3)


def about(*topics: float) -> TopicalNeed:
    needed = np.array([*topics, *[0.0] * (DIM - len(topics))], np.float32)
    return TopicalNeed(np.arange(DIM), needed)


def test_where_no_credential_states_a_skill_topics_have_their_share_of_the_need(
    catalog: Catalog,
) -> None:
    index, found = catalog({}, {})

    by = valued(found, objective(), about(0.0, 1.0), credentials=index, rules=RULES)

    assert by.need.tolist() == pytest.approx([0.2, 0, 0, 0, 0, 0, 0.8, 0, 0, 0])
    assert (by.exponent, by.repeat) == (1.0, RULES.topic_repeat)
    assert (by.taught @ by.need).tolist() == pytest.approx([0, 0.8])


def test_a_catalog_that_states_its_skills_is_taken_at_its_word(catalog: Catalog) -> None:
    index, found = catalog({0: 1.0}, {0: 0.6})

    by = valued(found, objective(), about(0.0, 1.0), credentials=index, rules=RULES)

    assert by.taught is found.taught
    assert by.need is NEED
    assert (by.exponent, by.repeat) == (RULES.gap_exponent, 0.0)


def test_the_more_credentials_state_skills_the_less_topics_count(catalog: Catalog) -> None:
    index, found = catalog({0: 1.0}, {}, {}, {})
    half, of_half = catalog({0: 1.0}, {})

    by = valued(found, objective(), about(0.0, 1.0), credentials=index, rules=RULES)
    none = valued(of_half, objective(), about(0.0, 1.0), credentials=half, rules=RULES)

    assert by.need.tolist() == pytest.approx([0.6, 0, 0, 0, 0, 0, 0.4, 0, 0, 0])
    assert none.need is NEED


def test_topics_do_not_count_where_only_the_named_skills_do(catalog: Catalog) -> None:
    index, found = catalog({}, {})

    by = valued(found, objective(direct=True), about(1.0), credentials=index, rules=RULES)

    assert by.taught is found.taught


def test_what_a_credential_held_is_about_is_needed_no_more(catalog: Catalog) -> None:
    index, found = catalog({}, {})
    aim = np.array([0.6, 0.8, 0, 0, 0], dtype=np.float32)

    found_need = topical_need(TOPICS, aim, [found.outlines[0].id], index)

    assert found_need.topics.tolist() == [0, 1]
    assert found_need.need.tolist() == pytest.approx([0.0, 0.8**1.15])


def test_a_goal_of_which_no_skill_is_known_is_told_by_topics_alone(catalog: Catalog) -> None:
    index, found = catalog({}, {})
    nothing = Objective(
        mode=None, says="", need=np.empty(0, np.float32), direct=False, taught_from=0.3
    )
    unskilled = replace(found, taught=np.empty((2, 0)))

    by = valued(unskilled, nothing, about(0.0, 1.0), credentials=index, rules=RULES)

    assert (by.taught @ by.need / by.need.sum()).tolist() == pytest.approx([0.0, 1.0])


def test_a_goal_whose_skills_are_all_there_needs_no_topic_either(catalog: Catalog) -> None:
    index, found = catalog({}, {})
    covered = Objective(
        mode=None, says="", need=np.zeros(DIM, np.float32), direct=False, taught_from=0.3
    )

    by = valued(found, covered, about(0.0, 1.0), credentials=index, rules=RULES)

    assert not by.need.any()
