"""Consents given anew: what is left out is withdrawn, and never comes back under its id."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.consent import (
    ANY_EMPLOYER,
    NO_CONSENTS,
    Asking,
    Consent,
    Consents,
    Part,
    Purpose,
    covered_parts,
    replaced,
)
from service.domain.ids import EmployerId
from service.errors import InvalidRecord
from tests.builders.consents import ACME, SIGNED, a_consent
from tests.builders.worlds import NOW

LATER = NOW + timedelta(days=1)


def test_a_consent_that_is_left_out_is_withdrawn_and_stays_on_record() -> None:
    first, second = a_consent("a"), a_consent("b")

    once = replaced(NO_CONSENTS, Consents(signed=(second, first)), now=NOW)
    then = replaced(once, Consents(signed=(second,)), now=NOW)
    again = replaced(then, Consents(signed=(second,)), now=LATER)

    assert once.signed == (first, second)
    assert then.signed == (replace(first, withdrawn_at=NOW), second)
    assert again == then


def test_a_consent_that_was_withdrawn_does_not_come_back() -> None:
    before = Consents(signed=(a_consent("a", withdrawn_at=NOW),))

    with pytest.raises(InvalidRecord, match="'a' was withdrawn") as raised:
        replaced(before, Consents(signed=(a_consent("a"),)), now=LATER)
    assert raised.value.field == "consents.0.id"
    later = a_consent("a", withdrawn_at=LATER)
    assert replaced(before, Consents(signed=(later,)), now=LATER) == before


def test_an_id_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="stands there twice"):
        replaced(NO_CONSENTS, Consents(signed=(a_consent(), a_consent())), now=NOW)


def test_who_opted_out_first_did_so_then() -> None:
    before = Consents(opted_out_at=NOW)

    assert replaced(before, Consents(opted_out_at=LATER), now=LATER).opted_out_at == NOW
    assert replaced(before, NO_CONSENTS, now=LATER).opted_out_at is None
    assert replaced(NO_CONSENTS, Consents(opted_out_at=LATER), now=NOW).opted_out_at == LATER


def test_several_consents_cover_what_each_covers() -> None:
    both = Consents(
        signed=(
            a_consent("a", covers=(Part.SKILLS,)),
            a_consent("b", covers=(Part.COURSES,), party=ACME),
            a_consent("c", covers=(Part.TEXT,), purpose=Purpose.CONTACT),
        )
    )

    def seen(party: str) -> frozenset[Part]:
        return covered_parts(both, Asking(EmployerId(party), Purpose.MATCHING, NOW))

    assert seen("acme") == {Part.SKILLS, Part.COURSES}
    assert seen("globex") == seen(ANY_EMPLOYER) == {Part.SKILLS}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"consent": "no id"}, "id"),
        ({"party": "no id"}, "party"),
        ({"covers": ()}, "covers"),
        ({"expires_at": SIGNED}, "expires_at"),
    ],
)
def test_a_consent_that_cannot_be_is_refused(facts: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidRecord) as raised:
        a_consent(**facts)  # type: ignore[arg-type]  # what is wrong is what is tested

    assert raised.value.field == field


def test_the_order_in_which_parts_are_named_means_nothing() -> None:
    one: Consent = a_consent(covers=(Part.SKILLS, Part.TEXT, Part.SKILLS))

    assert one == a_consent(covers=(Part.TEXT, Part.SKILLS))
