"""Profiles: each skill once, by the strongest thing that shows it."""

import pytest

from service.domain.ids import CredentialId
from service.domain.learner import HeldCredential
from service.domain.skill import EvidenceClass
from service.matching.profiles import CLASS_STRENGTH, profile
from tests.builders.skills import SQL, WELDING, a_link


def test_the_strongest_evidence_of_a_skill_counts() -> None:
    own = [a_link(SQL, evidence=EvidenceClass.SELF_STATED), a_link(WELDING)]
    held = [(HeldCredential(id=CredentialId("c-1")), (a_link(SQL),))]

    found = profile(own, held)

    assert [(each.skill, each.evidence, each.strength) for each in found] == [
        (SQL, EvidenceClass.ISSUED, 0.95),
        (WELDING, EvidenceClass.SELF_STATED, 0.7),
    ]
    assert found[0].field == "credentials.c-1"


def test_what_people_say_of_themselves_is_below_all_other_evidence() -> None:
    others = [CLASS_STRENGTH[each] for each in EvidenceClass if each != "self_stated"]

    assert CLASS_STRENGTH[EvidenceClass.SELF_STATED] < min(others)
    assert set(CLASS_STRENGTH) == set(EvidenceClass)


def test_a_credentials_own_class_of_evidence_goes_before_the_usual_one() -> None:
    held = HeldCredential(id=CredentialId("c-1"), evidence=EvidenceClass.VERIFIED)

    found = profile([], [(held, (a_link(SQL, 0.5),))])

    assert found[0].strength == pytest.approx(0.5)
