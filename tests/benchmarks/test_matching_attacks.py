"""Attacks paste what the ad says; look-alikes and invisible characters hide that they do."""

import pytest

from benchmarks.matching.applicants import stuffed
from benchmarks.matching.attacks import WORDS, Ad, Attack, stuffing
from service.domain.ids import LearnerId
from service.domain.learner import Experience, Learner

AD = Ad("Access analyst", " ".join(f"review{row} access rights" for row in range(60)))
COOK = Learner(
    id=LearnerId("cook"), text="I cook.", experience=(Experience(title="Cook", text="Soups."),)
)


@pytest.mark.parametrize("attack", [Attack.TITLE, Attack.TITLES, Attack.KEYWORDS])
def test_some_attacks_name_the_title_of_the_ad(attack: Attack) -> None:
    assert AD.title in stuffing(attack, AD)


def test_a_title_is_repeated_twenty_times() -> None:
    assert stuffing(Attack.TITLES, AD).count(AD.title) == 20


def test_a_pasted_part_is_sixty_words_of_the_ad() -> None:
    pasted = stuffing(Attack.PASTED, AD)

    assert pasted in AD.text
    assert len(pasted.split()) == WORDS


def test_hidden_parts_look_like_the_pasted_one_and_are_not_the_same() -> None:
    pasted = stuffing(Attack.PASTED, AD)

    assert stuffing(Attack.INVISIBLE, AD).replace("\u200b", "") == pasted
    assert stuffing(Attack.LOOK_ALIKES, AD) != pasted
    assert len(stuffing(Attack.LOOK_ALIKES, AD)) == len(pasted)


def test_an_attacker_pastes_into_their_own_words_or_into_their_work() -> None:
    own = stuffed(COOK, "Access analyst", as_experience=False)
    work = stuffed(COOK, "Access analyst", as_experience=True)

    assert own.text == "I cook. Access analyst"
    assert own.experience == COOK.experience
    assert work.text == COOK.text
    assert work.experience[0].text == "Soups. Access analyst"
