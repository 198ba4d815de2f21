"""Ten thousand cases of consent: the real search, store and index against the plain reading.

Some of them in each run, and all with ``--hypothesis-profile=full``.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.answers import CandidatesQuestion, Matching
from service.domain.consent import ANY_EMPLOYER, Consent, Consents, Purpose
from service.domain.ids import DEFAULT_TENANT, EmployerId, LearnerId
from service.domain.skill import Importance, StatedSkill
from service.models import GuardedEncoder
from service.storage import SqliteStore
from tests.builders.consents import SIGNED, a_consent
from tests.builders.worlds import NOW, World, a_world, job, learner, skill

HERE = DEFAULT_TENANT
PEOPLE = [f"l-{number:02}" for number in range(32)]
PARTIES = [EmployerId(each) for each in ("acme", "globex", "initech")]
MOMENTS = [NOW + timedelta(days=days, microseconds=more) for days in (-1, 0, 1) for more in (0, 1)]
FULL, SHORT = 24, 6
EXAMPLES = FULL if settings.get_current_profile_name() == "full" else SHORT
ASKED = 14
OPENING = job("inline", "SQL", StatedSkill(name="SQL", importance=Importance.REQUIRED))


class At:
    """A clock that shows one time."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory, encoder: GuardedEncoder) -> Iterator[World]:
    with SqliteStore.open(tmp_path_factory.mktemp("crowd"), create=True) as records:
        world = a_world(records, encoder)
        world.put(skill("s:sql", "SQL"), *(learner(each, "SQL") for each in PEOPLE))
        yield world


LASTS = [None, *(timedelta(days=days) for days in (1, 2, 100))]


def lasting(lasts: timedelta | None, signed_at: datetime, **facts: Any) -> Consent:
    expires_at = None if lasts is None else signed_at + lasts
    return a_consent(signed_at=signed_at, expires_at=expires_at, **facts)


consents = st.builds(
    lasting,
    purpose=st.sampled_from(Purpose),
    party=st.sampled_from([*PARTIES, ANY_EMPLOYER]),
    signed_at=st.sampled_from([SIGNED, *MOMENTS]),
    lasts=st.sampled_from(LASTS),
    withdrawn_at=st.sampled_from([None, None, None, NOW]),
)
# Some have signed nothing, some opted out.
said = st.builds(
    lambda signed, out: Consents(
        signed=tuple(replace(each, id=f"c-{place}") for place, each in enumerate(signed)),
        opted_out_at=out,
    ),
    st.lists(consents, max_size=3),
    st.sampled_from([None, None, None, None, NOW]),
)
questions = st.tuples(st.sampled_from(PARTIES), st.sampled_from(MOMENTS))


def instead(words: Consents, _before: Consents) -> Consents:
    return words


def may_see(said: Consents, party: EmployerId, at: datetime) -> bool:
    """Say it once more, as plainly as the law does."""
    return said.opted_out_at is None and any(_holds(each, party, at) for each in said.signed)


def _holds(each: Consent, party: EmployerId, at: datetime) -> bool:
    if each.withdrawn_at is not None or each.purpose is not Purpose.MATCHING:
        return False
    ended = each.expires_at is not None and each.expires_at <= at
    return each.party in {party, ANY_EMPLOYER} and each.signed_at <= at and not ended


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    everybody=st.lists(said, min_size=len(PEOPLE), max_size=len(PEOPLE)),
    asked=st.lists(questions, min_size=ASKED, max_size=ASKED),
)
def test_a_learner_appears_if_and_only_if_a_consent_covers_party_purpose_and_time(
    crowd: World,
    everybody: list[Consents],
    asked: list[tuple[EmployerId, datetime]],
) -> None:
    for each, words in zip(PEOPLE, everybody, strict=True):
        # Not `put`, which would keep what was withdrawn in the example before.
        crowd.records.privacy.consents.change(HERE, LearnerId(each), partial(instead, words))

    for party, at in asked:
        matching = Matching(replace(crowd.desk, clock=At(at)))
        question = CandidatesQuestion(job=OPENING, stored=False, limit=100, party=party)
        found = {each.id for each in matching.candidates(HERE, question).items}

        assert found == {
            each for each, words in zip(PEOPLE, everybody, strict=True) if may_see(words, party, at)
        }


def test_there_are_ten_thousand_cases_in_full() -> None:
    assert FULL * ASKED * len(PEOPLE) >= 10_000
