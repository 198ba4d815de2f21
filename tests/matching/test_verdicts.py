"""Verdicts applied to links: the laws, whatever was derived and whatever was said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.ids import SkillId
from service.domain.skill import LinkMethod, Skill, SkillLink
from service.domain.verdict import SkillVerdict, Verdict
from service.indexing.vocabulary import Vocabulary
from service.matching.verdicts import judged_links, meant_by
from tests.builders.records import a_full_link, a_link, a_vector
from tests.builders.skills import BRIDGE

pytestmark = pytest.mark.slow
LAW = settings(max_examples=2000)

# s:6 is another name of s:1; s:7 and s:8 are in no vocabulary.
KNOWN = [
    Skill(
        id=SkillId(f"s:{number}"),
        preferred_label=f"skill {number}",
        same_as=SkillId("s:1") if number == 6 else None,
    )
    for number in range(1, 7)
]
VOCABULARY = Vocabulary(8, BRIDGE)
VOCABULARY.upsert(KNOWN, a_vector()[None, :].repeat(len(KNOWN), axis=0))

ids = st.integers(1, 5).map(lambda number: f"s:{number}")
links = st.lists(
    st.one_of(ids.map(a_link), ids.map(a_full_link)), unique_by=lambda link: link.skill
)
verdicts = st.lists(
    st.builds(
        lambda number, verdict: SkillVerdict(skill=SkillId(f"s:{number}"), verdict=verdict),
        st.integers(1, 8),
        st.sampled_from(Verdict),
    ),
    unique_by=lambda each: each.skill,
)


@LAW
@given(links, verdicts)
def test_the_rejected_are_gone_the_confirmed_are_there_and_the_rest_is_as_it_was(
    derived: list[SkillLink], said: list[SkillVerdict]
) -> None:
    rejected = {meant_by(v.skill, VOCABULARY) for v in said if v.verdict is Verdict.REJECTED}
    confirmed = {meant_by(v.skill, VOCABULARY) for v in said if v.verdict is Verdict.CONFIRMED}

    judged = judged_links(derived, said, VOCABULARY)

    found = {link.skill: link for link in judged}
    known = {skill.id for skill in KNOWN}
    assert len(found) == len(judged)
    assert not rejected & found.keys()
    assert (confirmed - rejected) & known <= found.keys()
    assert found.keys() <= {link.skill for link in derived} | confirmed & known
    untouched = [link for link in derived if link.skill not in rejected | confirmed]
    assert [link for link in judged if link.skill not in confirmed] == untouched
    for skill in confirmed & found.keys():
        assert (found[skill].method, found[skill].confidence) == (LinkMethod.PERSON, 1.0)


@LAW
@given(links, verdicts)
def test_judging_what_was_judged_changes_nothing(
    derived: list[SkillLink], said: list[SkillVerdict]
) -> None:
    once = judged_links(derived, said, VOCABULARY)

    assert judged_links(once, said, VOCABULARY) == once
