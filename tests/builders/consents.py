"""Consents for tests: matching for any employer, unless a test says otherwise."""

from datetime import UTC, datetime
from typing import Any

from service.domain.consent import ANY_EMPLOYER, Consent, ConsentId, Consents, Purpose
from service.domain.ids import DEFAULT_TENANT, EmployerId, LearnerId
from tests.builders.worlds import World

ACME = EmployerId("acme")
GLOBEX = EmployerId("globex")
SIGNED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def a_consent(consent: str = "consent-1", **facts: Any) -> Consent:
    """Return a consent to be found for the jobs of any employer."""
    given: dict[str, Any] = {
        "id": ConsentId(consent),
        "purpose": Purpose.MATCHING,
        "party": ANY_EMPLOYER,
        "signed_at": SIGNED,
        "policy_version": "2026-09",
    }
    return Consent(**(given | facts))


def agreed(world: World, learner: str, *signed: Consent, **facts: Any) -> Consents:
    """Let a learner say this, and nothing else, about who may see them."""
    given = Consents(signed=signed, **facts)
    return world.consenting.put(DEFAULT_TENANT, LearnerId(learner), given)
