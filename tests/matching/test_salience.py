"""Salience: what a text is about counts more than what it mentions."""

from dataclasses import replace

import numpy as np
import pytest

from service.domain.ids import SkillId
from service.domain.skill import LinkMethod, LinkSource, SkillLink
from service.matching.ports import Vectors
from service.matching.salience import LEAST, by_salience
from tests.builders.skills import a_link


def inferred(method: LinkMethod = LinkMethod.LABEL) -> SkillLink:
    return replace(a_link(SkillId("s"), 0.8), source=LinkSource.INFERRED, method=method)


def at(similarity: float) -> tuple[Vectors, Vectors]:
    """Return a skill's vector and a record's, with this cosine between them."""
    skill = np.array([[similarity, np.sqrt(1 - similarity**2)]], dtype=np.float32)
    return skill, np.array([1.0, 0.0], dtype=np.float32)


@pytest.mark.parametrize(
    ("similarity", "weight"),
    [(0.9, 0.8), (0.35, 0.8), (0.225, 0.8 * (1 + LEAST) / 2), (0.1, 0.8 * LEAST), (-0.2, 0.2)],
)
def test_a_skill_that_the_record_is_not_about_weighs_less(similarity: float, weight: float) -> None:
    skills, record = at(similarity)

    (link,) = by_salience([inferred()], skills, record)

    assert link.weight == pytest.approx(weight, abs=1e-4)
    assert link.confidence == inferred().confidence


def test_what_a_record_states_keeps_its_weight() -> None:
    skills, record = at(0.0)
    stated = a_link(SkillId("s"), 0.8)

    assert by_salience([stated], skills, record) == (stated,)


def test_what_the_occupation_in_a_title_brings_keeps_its_weight() -> None:
    skills, record = at(0.0)
    brought = inferred(LinkMethod.OCCUPATION)

    assert by_salience([brought], skills, record) == (brought,)
