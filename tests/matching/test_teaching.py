"""Teaching: a broad credential teaches each of its skills less."""

import pytest

from service.domain.ids import SkillId
from service.matching.teaching import FOCUS, teaching_strengths
from tests.builders.skills import a_link


def test_a_focused_credential_teaches_by_the_weights_of_its_links() -> None:
    links = [a_link(SkillId("a"), 1.0), a_link(SkillId("b"), 0.6)]

    assert teaching_strengths(links) == [1.0, 0.6]


def test_one_that_names_four_times_as_many_teaches_each_by_half() -> None:
    links = [a_link(SkillId(f"s-{row}")) for row in range(4 * FOCUS)]

    assert teaching_strengths(links) == pytest.approx([0.5] * 4 * FOCUS)
