"""Who is erased leaves nothing in the tables of consent, here and in a backup that is older."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from service.domain.consent import Consents, Part, Purpose
from service.domain.disclosure import Contact, ContactId, ContactStatus, Disclosure, Pseudonym
from service.domain.ids import DEFAULT_TENANT, JobId, LearnerId
from service.domain.record import Kind
from service.matching.ports import RecordKey
from service.storage import SqliteStore
from service.storage.backups import back_up
from service.storage.restoring import restore
from tests.builders.consents import ACME, GLOBEX, SIGNED, a_consent
from tests.builders.records import a_learner, a_vector, derived
from tests.builders.worlds import NOW

HERE = DEFAULT_TENANT
ADA = LearnerId("CANARY-id")
BOB = LearnerId("bob")
# The id stands in the change log, which says that the learner was there and is no more.
WORDS = [b"CANARY-consent", b"CANARY-policy", b"person:CANARY", b"CANARY-text", b"CANARY-contact"]


def shown_to(party: str, learner: LearnerId) -> Disclosure:
    return Disclosure(
        recommendation_id=f"answer-{party}",
        learner=learner,
        party=ACME if party == "acme" else GLOBEX,
        purpose=Purpose.MATCHING,
        at=NOW,
        shown_as=f"person:CANARY-{party}-{learner}",
        fields=("skills",),
    )


def a_contact(learner: LearnerId) -> Contact:
    return Contact(
        id=ContactId(f"CANARY-contact-{learner}"),
        party=ACME,
        learner=learner,
        pseudonym=Pseudonym(f"person:CANARY-acme-{learner}"),
        asked_at=NOW,
        job=JobId("j-1"),
    )


def fill(store: SqliteStore, learner: LearnerId, seed: int) -> None:
    vector = a_vector(seed, dim=384)
    store.commit(HERE, [derived(a_learner(learner, "CANARY-text " * 50), vector=vector)])
    signed = tuple(
        a_consent(f"CANARY-consent-{number}", policy_version="CANARY-policy " * 9)
        for number in range(50)
    )
    given = Consents(signed=signed, opted_out_at=NOW)
    store.privacy.consents.change(HERE, learner, lambda _: given)
    store.privacy.disclosures.secret(HERE)
    store.privacy.disclosures.note(HERE, [shown_to(each, learner) for each in ("acme", "globex")])
    store.privacy.contacts.ask(HERE, a_contact(learner))


def found_in(folder: Path) -> list[bytes]:
    content = b"".join(file.read_bytes() for file in sorted(folder.iterdir()))
    vector = a_vector(1, dim=384)[96:192].tobytes()
    return [each for each in (*WORDS, vector) if each in content]


def test_an_erasure_takes_consents_contacts_and_names_and_keeps_that_somebody_was_shown(
    tmp_path: Path,
) -> None:
    data, kept = tmp_path / "data", tmp_path / "kept"
    with SqliteStore.open(data, create=True) as store:
        fill(store, ADA, 1)
        assert len(found_in(data)) == len(WORDS) + 1
        back_up(data, kept, at=NOW, onramp="0.1.0")

        store.commit(HERE, [], [RecordKey(Kind.LEARNER, ADA)])

        assert found_in(data) == []
        privacy = store.privacy
        assert privacy.consents.find(HERE, [ADA]) == {}
        assert privacy.contacts.of_learner(HERE, ADA) == []
        assert privacy.disclosures.of_learner(HERE, ADA) == []
        assert privacy.disclosures.behind(HERE, ACME, f"person:CANARY-acme-{ADA}") is None
        assert privacy.disclosures.behind(HERE, ACME, "") is None
        assert rows_of_disclosures(store) == [
            ("acme", "matching", "erased:"),
            ("globex", "matching", "erased:"),
        ]

    restore(kept, data, replace=True)

    assert found_in(data) == []
    with SqliteStore.open(data, create=False) as store:
        assert len(rows_of_disclosures(store)) == 2


def test_who_comes_back_with_what_was_exported_can_be_erased_again(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        for _ in range(2):
            fill(store, ADA, 1)
            store.commit(HERE, [], [RecordKey(Kind.LEARNER, ADA)])

        assert found_in(tmp_path) == []
        assert len(rows_of_disclosures(store)) == 2


def test_a_consent_that_was_withdrawn_does_not_hold_again_after_an_older_backup(
    tmp_path: Path,
) -> None:
    data, kept = tmp_path / "data", tmp_path / "kept"
    first, second = a_consent("c-1"), a_consent("c-2")
    with SqliteStore.open(data, create=True) as store:
        store.commit(HERE, [derived(a_learner(each)) for each in (BOB, ADA)])
        for each in (BOB, ADA):
            store.consents.change(HERE, each, lambda _: Consents(signed=(first, second)))
        back_up(data, kept, at=NOW, onramp="0.1.0")
        over = replace(first, withdrawn_at=NOW)
        later = a_consent("c-3", withdrawn_at=NOW)
        store.consents.change(HERE, BOB, lambda _: Consents(signed=(over, second, later)))
        store.consents.change(HERE, ADA, lambda before: replace(before, opted_out_at=NOW))

    restore(kept, data, replace=True)

    with SqliteStore.open(data, create=False) as store:
        assert store.consents.find(HERE, [BOB, ADA]) == {
            BOB: Consents(signed=(over, second)),
            ADA: Consents(signed=(first, second), opted_out_at=NOW),
        }


def test_no_consent_reaches_further_after_an_older_backup_than_before_it(tmp_path: Path) -> None:
    data, kept = tmp_path / "data", tmp_path / "kept"
    first, second = a_consent("c-1"), a_consent("c-2")
    ends = SIGNED + timedelta(days=9)
    less = replace(first, covers=(Part.SKILLS,), expires_at=ends)
    with SqliteStore.open(data, create=True) as store:
        store.commit(HERE, [derived(a_learner(BOB))])
        store.consents.change(HERE, BOB, lambda _: Consents(signed=(first, second)))
        back_up(data, kept, at=NOW, onramp="0.1.0")
        store.consents.change(HERE, BOB, lambda _: Consents(signed=(less, second)))

    restore(kept, data, replace=True)

    with SqliteStore.open(data, create=False) as store:
        assert store.consents.find(HERE, [BOB]) == {BOB: Consents(signed=(less, second))}


def test_who_declined_a_contact_since_the_backup_has_declined_it(tmp_path: Path) -> None:
    data, kept = tmp_path / "data", tmp_path / "kept"
    wish = a_contact(BOB)
    with SqliteStore.open(data, create=True) as store:
        store.commit(HERE, [derived(a_learner(BOB))])
        store.privacy.contacts.ask(HERE, wish)
        store.privacy.contacts.answer(HERE, wish.id, ContactStatus.ACCEPTED, at=NOW)
        back_up(data, kept, at=NOW, onramp="0.1.0")
        store.privacy.contacts.answer(HERE, wish.id, ContactStatus.DECLINED, at=NOW)

    restore(kept, data, replace=True)

    with SqliteStore.open(data, create=False) as store:
        (found,) = store.privacy.contacts.of_learner(HERE, BOB)
        assert (found.status, found.answered_at) == (ContactStatus.DECLINED, NOW)
        assert not store.privacy.contacts.accepted(HERE, ACME, [BOB])


def rows_of_disclosures(store: SqliteStore) -> list[tuple[str, str, str]]:
    with store._connections.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT party, purpose, substr(learner, 1, 7) FROM disclosures ORDER BY answer"
        ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def test_what_one_learner_leaves_stays_when_another_goes(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        for number, each in enumerate((ADA, BOB)):
            fill(store, each, number)

        store.commit(HERE, [], [RecordKey(Kind.LEARNER, ADA)])

        assert len(store.privacy.consents.find(HERE, [ADA, BOB])[BOB].signed) == 50
        assert len(store.privacy.disclosures.of_learner(HERE, BOB)) == 2
        assert [each.learner for each in store.privacy.contacts.of_party(HERE, ACME)] == [BOB]


def test_a_consent_is_a_change_of_the_learner_in_the_log_and_the_same_again_is_none(
    tmp_path: Path,
) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, [derived(a_learner(BOB))])
        given = Consents(signed=(a_consent(expires_at=SIGNED + timedelta(days=1)),))

        for _ in range(2):
            assert store.privacy.consents.change(HERE, BOB, lambda _: given) == given

        assert store.privacy.consents.find(HERE, [BOB, ADA]) == {BOB: given}
        assert [(each.seq, each.id, each.revision) for each in store.changes(HERE, after=0)] == [
            (1, BOB, 1),
            (2, BOB, 2),
        ]
        assert store.revisions(HERE, Kind.LEARNER) == {BOB: 2}


def test_an_employer_has_one_wish_for_a_learner_and_the_last_answer_counts(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, [derived(a_learner(BOB))])
        contacts = store.privacy.contacts
        wish = a_contact(BOB)

        first = contacts.ask(HERE, wish)
        second = contacts.ask(HERE, replace(wish, id=ContactId("another")))
        said = contacts.answer(HERE, wish.id, ContactStatus.ACCEPTED, at=NOW)
        accepted = contacts.accepted(HERE, ACME, [BOB, ADA])
        contacts.answer(HERE, wish.id, ContactStatus.DECLINED, at=NOW)

        assert first == second == wish
        assert (said.status, said.answered_at) == (ContactStatus.ACCEPTED, NOW)
        assert (accepted, contacts.accepted(HERE, GLOBEX, [BOB])) == (
            frozenset([BOB]),
            frozenset[str](),
        )
        assert contacts.accepted(HERE, ACME, [BOB]) == frozenset()


def test_two_processes_make_one_secret(tmp_path: Path) -> None:
    with (
        SqliteStore.open(tmp_path, create=True) as one,
        SqliteStore.open(tmp_path, create=False) as other,
    ):
        secret = one.privacy.disclosures.secret(HERE)

        assert other.privacy.disclosures.secret(HERE) == secret
        assert len(secret) == 32
