"""Who asked, as the store keeps it where it has to be known later."""

import json

from service.domain.access import Principal, PrincipalId, PrincipalKind, Scope
from service.domain.ids import EmployerId, LearnerId, TenantId


def principal_text(principal: Principal) -> str:
    """Return a principal as JSON, without their tenant, which is a column of its own."""
    told = {
        "id": principal.id,
        "kind": principal.kind.value,
        "scopes": sorted(principal.scopes),
        "party": principal.party,
        "learner": principal.learner,
    }
    return json.dumps(told)


def principal_of(tenant: TenantId, text: str) -> Principal:
    """Return the principal that was kept."""
    told = json.loads(text)
    return Principal(
        id=PrincipalId(told["id"]),
        kind=PrincipalKind(told["kind"]),
        tenant=tenant,
        scopes=frozenset(Scope(each) for each in told["scopes"]),
        party=EmployerId(told["party"]) if told["party"] else None,
        learner=LearnerId(told["learner"]) if told["learner"] else None,
    )
