"""What is kept about a learner goes out whole, comes in elsewhere, and goes out the same."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from service.answers import CandidatesQuestion, JobsQuestion, RecommendQuestion
from service.domain.access import DEMO_PRINCIPAL, PrincipalId
from service.domain.consent import Consents, Part, Purpose
from service.domain.disclosure import ContactStatus
from service.domain.event import Event, EventFate, EventType
from service.domain.ids import DEFAULT_TENANT, JobId, LearnerId, SkillId
from service.domain.learner import Learner
from service.domain.record import Kind
from service.domain.verdict import SkillVerdict, Verdict
from service.errors import InvalidRecord, NotFound
from service.matching.ports import RecordKey
from service.models import GuardedEncoder
from service.standards.native import parse_body
from service.storage import SqliteStore
from service.storage.person_file import person_text, read_person
from tests.builders.consents import ACME, SIGNED, a_consent
from tests.builders.native_data import LEARNERS
from tests.builders.worlds import NOW, World, a_world, credential, job, learner, skill, stated

HERE = DEFAULT_TENANT
ADA = LearnerId("ada")
VOCABULARY = (skill("s:sql", "SQL"), skill("s:weld", "weld metal"))
OPENING = job("j-1", "Analyst", *stated("SQL", "weld metal"))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, encoder: GuardedEncoder) -> Iterator[list[World]]:
    """Two stores with the same vocabulary."""
    folders = [tmp_path_factory.mktemp(name) for name in ("here", "there")]
    with (
        SqliteStore.open(folders[0], create=True) as here,
        SqliteStore.open(folders[1], create=True) as there,
    ):
        worlds = [a_world(each, encoder) for each in (here, there)]
        for world in worlds:
            world.put(*VOCABULARY)
        yield worlds


def a_full_life(world: World) -> None:
    """Let Ada be put, judged, found, shown, written to, advised, and seen beside Bob."""
    who = learner("ada", "SQL", text="I write SQL and weld metal.")
    world.put(OPENING, credential("c-1", "Welding", "weld metal"), who, learner("bob", "SQL"))
    said = SkillVerdict(skill=SkillId("s:weld"), verdict=Verdict.REJECTED, note="Not really.")
    world.intake.judge(HERE, RecordKey(Kind.LEARNER, "ada"), said)
    signed = (
        a_consent("c-1", covers=(Part.SKILLS,), expires_at=NOW.replace(year=2030)),
        a_consent("c-2", purpose=Purpose.CONTACT, party=ACME, withdrawn_at=NOW),
    )
    for each in ("ada", "bob"):
        world.consenting.put(HERE, LearnerId(each), Consents(signed=signed))
    question = CandidatesQuestion(job=OPENING, stored=True, party=ACME, near_misses=True)
    shown = world.answers.candidates(HERE, question)
    for match in shown.items:
        world.contacting.ask(HERE, ACME, match.id, JobId("j-1"))
    [wish] = world.personal.contacts(HERE, ADA)
    world.contacting.answer(HERE, ADA, wish.id, ContactStatus.ACCEPTED)
    advised = world.answers.recommend(HERE, RecommendQuestion(learner=who, stored=True))
    world.answers.jobs(HERE, JobsQuestion(learner=who, stored=True))
    told = Event(id="e-1", recommendation=advised.recommendation_id, type=EventType.VIEW, at=NOW)
    told_of_bob: dict[str, Any] = {
        "type": EventType.NOT_QUALIFIED,
        "reason": "Bob knows more.",
        "note": "Bob",
    }
    seen = replace(
        told, id="e-2", recommendation=shown.match_id, items=("ada", "bob"), **told_of_bob
    )
    other = replace(seen, id="e-3", items=("bob",), subject=LearnerId("bob"))
    whole = replace(seen, id="e-4", items=(), note=None, type=EventType.VIEW, reason=None)
    assert isinstance(world.records, SqliteStore)
    sender = replace(DEMO_PRINCIPAL, id=PrincipalId("sk_1"), tenant=HERE)
    fates = world.records.events.add(sender, [told, seen, other, whole], at=NOW)
    assert set(fates) == {EventFate.STORED}


def test_a_whole_life_goes_out_and_in_and_out_the_same_and_nobody_else_with_it(
    two: list[World],
) -> None:
    here, there = two
    a_full_life(here)

    out = here.personal.export(HERE, ADA)
    taken = there.persons.take(HERE, json.loads(out))

    assert taken == "ada"
    assert there.personal.export(HERE, ADA) == out
    found = json.loads(out)
    assert [each["kind"] for each in found["decisions"]] == [
        "candidates", "recommendation", "jobs",
    ]  # fmt: skip
    assert "bob" not in out.lower()
    first = found["decisions"][0]["answer"]
    [item] = first["items"]
    assert (item["id"], "qualifying" in first) == ("ada", False)
    assert item["evidence"][0]["text"] == "SQL"
    assert len(found["consents"]["signed"]) == 2
    assert [each["party"] for each in found["disclosures"]] == ["acme"]
    assert [each["status"] for each in found["contacts"]] == ["accepted"]
    assert found["verdicts"][0]["note"] == "Not really."
    assert found["texts"]["text"] == "I write SQL and weld metal."
    # What was said of an answer with others in it, naming nobody, is not about Ada alone.
    assert [(each["event"]["id"], each["event"].get("items")) for each in found["events"]] == [
        ("e-1", None),
        ("e-2", ["ada"]),
    ]


def test_no_export_has_a_vector(two: list[World]) -> None:
    here = two[0]
    here.put(learner("eve", "SQL", text="I write SQL."))

    def lists(value: Any) -> Iterator[list[Any]]:
        if isinstance(value, list):
            yield value
        children = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict | list):
            for child in children:
                yield from lists(child)

    found = json.loads(here.personal.export(HERE, LearnerId("eve")))

    assert [each for each in lists(found) if any(isinstance(part, float) for part in each)] == []


def test_what_is_no_export_or_there_already_is_refused_and_nothing_is_kept(
    two: list[World],
) -> None:
    here = two[0]
    here.put(learner("dan", "SQL"))
    found = json.loads(here.personal.export(HERE, LearnerId("dan")))

    for bad, field in (
        ([], ""),
        ({**found, "format": "other"}, ""),
        ({**found, "consents": {"signed": [{}]}}, "consents.signed.0.id"),
        (found, "learner.id"),
    ):
        with pytest.raises(InvalidRecord) as raised:
            here.persons.take(HERE, bad)
        assert raised.value.field.startswith(field)
    with pytest.raises(NotFound):
        here.personal.export(HERE, LearnerId("nobody"))


consents = st.builds(
    Consents,
    signed=st.lists(
        st.builds(
            a_consent,
            purpose=st.sampled_from(Purpose),
            covers=st.sets(st.sampled_from(Part), min_size=1).map(tuple),
            expires_at=st.none()
            | st.datetimes(min_value=SIGNED.replace(tzinfo=None)).map(
                lambda at: at.replace(tzinfo=SIGNED.tzinfo, year=max(at.year, 2027))
            ),
        ),
        max_size=1,
    ).map(tuple),
    opted_out_at=st.sampled_from([None, NOW]),
)


@pytest.mark.slow
@settings(max_examples=30)
@given(data=LEARNERS, said=consents)
def test_any_learner_goes_out_and_in_and_out_the_same(
    two: list[World], data: Any, said: Consents
) -> None:
    record = parse_body(Kind.LEARNER, data).record
    assert isinstance(record, Learner)
    here, there = two
    try:
        here.intake.put(HERE, record)
    except InvalidRecord:
        # There is a text without a visible character in it.
        reject()
    here.consenting.put(HERE, record.id, said)

    out = here.personal.export(HERE, record.id)
    there.persons.take(HERE, json.loads(out))
    again = there.personal.export(HERE, record.id)
    for world in two:
        world.intake.delete(HERE, Kind.LEARNER, record.id)

    assert again == out
    assert person_text(read_person(json.loads(out))) == out


def test_the_same_person_has_the_same_bytes(tmp_path: Path, encoder: GuardedEncoder) -> None:
    with SqliteStore.open(tmp_path, create=True) as records:
        world = a_world(records, encoder)
        world.put(*VOCABULARY, learner("ada", "SQL"))

        out = world.personal.export(HERE, ADA)

        assert world.personal.export(HERE, ADA) == out
        assert out == json.dumps(
            json.loads(out), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
