"""Every keeper of consents, disclosures and contacts must pass these."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.domain.consent import Consents, Purpose
from service.domain.disclosure import Contact, ContactId, ContactStatus, Disclosure, Pseudonym
from service.domain.ids import DEFAULT_TENANT, LearnerId, TenantId
from service.domain.record import Kind
from service.errors import NotFound
from service.storage import SqliteStore
from tests.builders.consents import ACME, GLOBEX, a_consent
from tests.builders.memory_records import MemoryRecords
from tests.builders.record_stores import STORES, opened
from tests.builders.records import a_learner, derived
from tests.builders.worlds import NOW

HERE = DEFAULT_TENANT
THERE = TenantId("another")
ADA, BOB = LearnerId("ada"), LearnerId("bob")
AGREED = Consents(signed=(a_consent(), a_consent("consent-2", withdrawn_at=NOW)))
Store = MemoryRecords | SqliteStore


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as opened_store:
        opened_store.commit(HERE, [derived(a_learner(each)) for each in (ADA, BOB)])
        yield opened_store


def shown(learner: LearnerId, name: str) -> Disclosure:
    return Disclosure(
        recommendation_id="answer-1",
        learner=learner,
        party=ACME,
        purpose=Purpose.MATCHING,
        at=NOW,
        shown_as=name,
        fields=("skills", "text"),
    )


def a_wish(name: str, learner: LearnerId) -> Contact:
    return Contact(
        id=ContactId(name),
        party=ACME,
        learner=learner,
        pseudonym=Pseudonym(f"person:{learner}"),
        asked_at=NOW,
    )


def test_what_a_learner_says_is_found_as_it_was_said_and_by_its_tenant_alone(store: Store) -> None:
    kept = store.privacy.consents.change(HERE, ADA, lambda _: AGREED)

    assert kept == AGREED
    assert store.privacy.consents.find(HERE, [ADA, BOB]) == {ADA: AGREED}
    assert store.privacy.consents.find(THERE, [ADA]) == {}


def test_a_change_of_consents_is_a_change_of_the_learner_in_the_log(store: Store) -> None:
    before = store.last_seq(HERE)

    store.privacy.consents.change(HERE, ADA, lambda _: AGREED)
    store.privacy.consents.change(HERE, ADA, lambda said: said)

    [change] = store.changes(HERE, after=before)
    assert (change.kind, change.id, change.revision) == (Kind.LEARNER, ADA, 2)
    assert store.find(HERE, Kind.LEARNER, [ADA])[ADA].revision == 2


def test_nobody_agrees_who_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound):
        store.privacy.consents.change(THERE, ADA, lambda _: AGREED)

    assert store.privacy.consents.find(THERE, [ADA]) == {}


def test_who_was_shown_to_whom_is_told_and_a_name_leads_back_for_that_employer_alone(
    store: Store,
) -> None:
    log = store.privacy.disclosures

    kept = log.note(HERE, [shown(ADA, "person:a"), shown(BOB, "person:b")])

    assert kept == {ADA, BOB}
    assert log.of_learner(HERE, ADA) == [shown(ADA, "person:a")]
    assert log.behind(HERE, ACME, "person:a") == ADA
    assert log.behind(HERE, GLOBEX, "person:a") is None
    assert log.behind(THERE, ACME, "person:a") is None
    assert log.of_learner(THERE, ADA) == []


def test_each_tenant_has_a_secret_of_its_own_that_stays(store: Store) -> None:
    secret = store.privacy.disclosures.secret

    assert secret(HERE) == secret(HERE) != secret(THERE)


def test_an_employer_has_one_wish_for_each_learner_and_the_last_answer_counts(
    store: Store,
) -> None:
    book, wish = store.privacy.contacts, a_wish("w-1", ADA)
    later = NOW + timedelta(hours=1)

    first = book.ask(HERE, wish)
    again = book.ask(HERE, replace(wish, id=ContactId("w-2"), asked_at=later))
    other = book.ask(HERE, replace(a_wish("w-3", BOB), asked_at=later))
    said = book.answer(HERE, wish.id, ContactStatus.ACCEPTED, at=later)

    assert first == again == wish
    assert said == replace(wish, status=ContactStatus.ACCEPTED, answered_at=later)
    assert book.of_learner(HERE, ADA) == [said]
    assert book.of_party(HERE, ACME) == [said, other]
    assert book.accepted(HERE, ACME, [ADA, BOB]) == {ADA}
    assert book.accepted(HERE, GLOBEX, [ADA]) == frozenset()
    assert book.of_party(THERE, ACME) == []
    with pytest.raises(NotFound):
        book.answer(THERE, wish.id, ContactStatus.DECLINED, at=later)
