"""S1: every operation, for every kind of caller of three tenants, about every owner's records.

The operations, their scopes and who may call them come from the OpenAPI document. Here stands only
how each is called; an operation that is new and has no row fails the test.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import Enum
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient

from service.api.edge import Edge
from service.api.examples import example
from service.app import create_app
from service.domain.access import OPERATOR, Scope
from service.domain.consent import Purpose
from service.domain.credit import RuleKind
from service.domain.disclosure import Contact, ContactId, Disclosure, Pseudonym
from service.domain.goal import Goal
from service.domain.ids import EmployerId, LearnerId, SkillId, TenantId
from service.domain.record import Kind
from service.domain.tenant import Tenant
from service.domain.verdict import JUDGED, SkillVerdict, Verdict
from service.errors import NotFound
from service.intake.consents import ConsentsBody
from service.intake.credit import parse_rule
from service.matching.ports import RecordKey
from service.models import GuardedEncoder
from service.storage import SqliteStore
from service.wiring import Services
from tests.builders.access import (
    an_access,
    bearer,
    publishable_key,
    secret_key,
    services_of,
)
from tests.builders.decisions import a_decision, used
from tests.builders.worlds import NOW, a_world, credential, job, learner, skill, stated

TENANTS = ("alpha", "beta", "gamma")
pytestmark = pytest.mark.slow

ORIGIN = "https://www.example.edu"
MISSING = "nobody0"
METHODS = {"get", "put", "post", "delete"}
OK = (200, 201, 204)
GOAL = {"skills": [{"name": "weld metal"}]}
# One key that is replaced, and one that is revoked.
KEY_LETTERS = ("key", "gone")
CONFIRMED = SkillVerdict(skill=SkillId("s-sql"), verdict=Verdict.CONFIRMED)
NUMBERS = itertools.count()
ACME = EmployerId("acme")
AGREED = {
    "consents": [
        {
            "id": "consent-1",
            "purpose": "matching",
            "party": ACME,
            "signed_at": "2026-01-01T00:00:00Z",
            "policy_version": "1",
        }
    ]
}

Body = Callable[[str], Any]


class Owner(Enum):
    """Whose record is named."""

    OWN = "own"
    NEIGHBOR = "another one of the same tenant"
    FOREIGN = "one of another tenant"
    MISSING = "nobody's"


class Row(NamedTuple):
    """How an operation is called.

    Attributes:
        body: what is sent about an owner's record.
        names: whether it names a record that has to be there.
        personal: whether that is a learner.
        letter: what the id in the path begins with.
        by_id: whether it names a learner by an id, by which no employer knows one.
        absent: the status where the record is not there.
        own: whether it is there for one alone, who is none of the callers.
    """

    body: Body | None = None
    names: bool = True
    personal: bool = False
    letter: str = ""
    by_id: bool = False
    absent: int = 404
    own: bool = False


class Caller(NamedTuple):
    """Somebody who calls."""

    name: str
    tenant: str
    scopes: frozenset[Scope]
    headers: dict[str, str]

    def may(self, said: dict[str, Any]) -> bool:
        """Tell whether they may call an operation, by what the document says of it."""
        is_employer = self.name == "employer"
        if said["x-employers-only"] and not is_employer:
            return False
        will_do = [said["x-scope"], *([said["x-employer"]] if is_employer else [])]
        return Scope.ADMIN in self.scopes or any(
            Scope(each) in self.scopes for each in will_do if each
        )


class Operation(NamedTuple):
    """One of the document's."""

    path: str
    method: str
    said: dict[str, Any]
    row: Row

    @property
    def writes(self) -> bool:
        """Whether it changes records."""
        return str(self.said["x-scope"]).endswith(":write")


class World(NamedTuple):
    """Three tenants, and everybody who may call."""

    services: Services
    client: TestClient
    callers: tuple[Caller, ...]
    keys: dict[tuple[str, str], str]


def about_learner(**more: Any) -> Row:
    return Row(lambda owner: {"learner": {"id": f"l-{owner}"}, **more}, personal=True)


def sent(value: Any) -> Row:
    return Row(lambda _owner: value, names=False)


def event(owner: str) -> Any:
    about = {"event_id": f"e-{owner}", "recommendation_id": f"d-{owner}"}
    return {**about, "type": "view", "ts": "2026-03-01T09:30:00Z"}


def policy(owner: str) -> Any:
    return {**example("credit_policy"), "id": f"p-{owner}"}


def agreement(owner: str) -> Any:
    return {**example("transfer_agreement"), "id": f"a-{owner}"}


BODIES: dict[str, Body] = {
    "credential": lambda owner: {"id": f"c-{owner}", "name": "SQL", "provider": {"name": "L"}},
    "learner": lambda owner: {"id": f"l-{owner}", "skills": [{"name": "SQL"}]},
    "job": lambda owner: {"id": f"j-{owner}", "title": "Clerk", "skills": [{"name": "SQL"}]},
    "skill": lambda owner: {"id": f"s-{owner}", "preferred_label": f"weave {owner}"},
}


def rows_of(kind: str) -> dict[str, Row]:
    """Return the rows of one kind of record."""
    of = Row(personal=kind == "learner", letter=kind[0])
    rows = {
        f"put_{kind}": of._replace(body=BODIES[kind], names=False),
        f"bulk_{kind}s": of._replace(body=BODIES[kind], names=False),
        f"get_{kind}": of,
        f"delete_{kind}": of,
        f"list_{kind}s": Row(names=False),
    }
    if kind != "skill":
        rows[f"list_{kind}_skills"] = rows[f"forget_{kind}_skill"] = of
        rows[f"judge_{kind}_skill"] = of._replace(body=lambda _owner: {"verdict": "confirmed"})
    return rows


ROWS: dict[str, Row] = {
    "recommend_credentials": about_learner(goal=GOAL),
    "match_candidates": Row(lambda owner: {"job": {"id": f"j-{owner}"}}),
    "match_jobs": about_learner(),
    "explain": about_learner(credential={"id": "c-shared"}, goal=GOAL)._replace(by_id=True),
    "find_pathway": about_learner(goal=GOAL, seconds=0),
    "extract_skills": sent({"text": "SQL"}),
    "skill_gap": about_learner(goal=GOAL),
    "normalize_skills": sent({"names": ["SQL"]}),
    "similar_items": Row(
        lambda owner: {"positive": [{"kind": "credential", "id": f"c-{owner}"}], "kind": "job"}
    ),
    "soft_coverage": Row(names=False),
    "evaluate_credit": about_learner(program={"policy": "p-shared", "degree": "bachelor"}),
    "learner_record": Row(personal=True, letter="l"),
    "put_consents": Row(lambda _owner: AGREED, personal=True, letter="l"),
    "get_consents": Row(personal=True, letter="l"),
    "list_disclosures": Row(personal=True, letter="l"),
    "export_learner": Row(personal=True, letter="l"),
    "list_learner_contacts": Row(personal=True, letter="l"),
    "answer_contact": Row(lambda _owner: {"status": "declined"}, personal=True, letter="l"),
    "ask_contact": Row(lambda owner: {"candidate": f"person:{owner}"}),
    "list_contacts": Row(names=False),
    "create_key": Row(lambda owner: {"label": "x", "tenant": owner, "scopes": ["learner:read"]}),
    "list_keys": Row(names=False),
    "get_key": Row(letter="key"),
    "revoke_key": Row(letter="gone"),
    "rotate_key": Row(lambda _owner: {}, letter="key"),
    "create_tenant": Row(lambda owner: {"id": f"{owner}.x{next(NUMBERS)}", "name": "x"}),
    "list_tenants": Row(names=False),
    "suggest": Row(names=False),
    "metrics": Row(names=False),
    "add_event": Row(event, absent=422),
    "bulk_events": Row(event, names=False),
    "list_events": Row(names=False),
    # Each is there for its owner alone, and none of these owns one.
    "get_operation": Row(letter="o", own=True),
    "cancel_operation": Row(letter="o", own=True),
    "delete_operation": Row(letter="o", own=True),
    "get_operation_result": Row(letter="o", own=True),
    "live": Row(names=False),
    "ready": Row(names=False),
    "meta": Row(names=False),
    "batch_candidates": Row(lambda owner: {"job": {"id": f"j-{owner}"}}),
    "batch_jobs": about_learner(),
    "batch_recommend": about_learner(goal=GOAL),
    **{name: row for kind in BODIES for name, row in rows_of(kind).items()},
    "put_credit_policy": Row(policy, names=False, letter="p"),
    "get_credit_policy": Row(letter="p"),
    "delete_credit_policy": Row(letter="p"),
    "put_transfer_agreement": Row(agreement, names=False, letter="a"),
    "get_transfer_agreement": Row(letter="a"),
    "delete_transfer_agreement": Row(letter="a"),
}


def records_of(owner: str) -> list[Any]:
    goal = Goal(skills=stated("weld metal"))
    return [
        skill(f"s-{owner}", f"weave {owner}"),
        credential(f"c-{owner}", "Welding Basics", "weld metal"),
        learner(f"l-{owner}", "SQL", goal=goal),
        job(f"j-{owner}", "Welder", *stated("weld metal", "SQL")),
    ]


def fill(services: Services, tenant: str, owner: str) -> None:
    """Give a tenant an owner's records; those that are there stay as they are."""
    list(services.intake.put_many(TenantId(tenant), records_of(owner)))
    for judged in JUDGED:
        key = RecordKey(judged, f"{judged[0]}-{owner}")
        services.intake.judge(TenantId(tenant), key, CONFIRMED)
    for kind, body in ((RuleKind.POLICY, policy), (RuleKind.AGREEMENT, agreement)):
        parsed = parse_rule(kind, body(owner)).rule
        assert parsed is not None
        services.credit_intake.put(TenantId(tenant), parsed)
    show(services, TenantId(tenant), LearnerId(f"l-{owner}"), owner)


def show(services: Services, tenant: TenantId, learner: LearnerId, owner: str) -> None:
    """Let an employer know an owner's learner by a name, and want to write to them."""
    agreed = ConsentsBody.model_validate(AGREED).to_domain()
    services.consenting.put(tenant, learner, agreed)
    privacy = services.records.privacy
    privacy.disclosures.secret(tenant)
    shown = Disclosure(
        recommendation_id=f"d-{owner}",
        learner=learner,
        party=ACME,
        purpose=Purpose.MATCHING,
        at=NOW,
        shown_as=f"person:{owner}",
        fields=(),
    )
    privacy.disclosures.note(tenant, [shown])
    wish = Contact(
        id=ContactId(f"w-{owner}"),
        party=ACME,
        learner=learner,
        pseudonym=Pseudonym(shown.shown_as),
        asked_at=NOW,
    )
    privacy.contacts.ask(tenant, wish)


def empty(services: Services, tenant: str, owner: str) -> None:
    """Take an owner's records from a tenant."""
    for kind in BODIES:
        with suppress(NotFound):
            services.intake.delete(TenantId(tenant), Kind(kind), f"{kind[0]}-{owner}")
    for rule, letter in ((RuleKind.POLICY, "p"), (RuleKind.AGREEMENT, "a")):
        with suppress(NotFound):
            services.credit_intake.delete(TenantId(tenant), rule, f"{letter}-{owner}")


def restore(services: Services, tenant: str, name: str, owner: Owner) -> None:
    """Let a tenant have what it had before a call."""
    if owner in (Owner.OWN, Owner.NEIGHBOR):
        fill(services, tenant, name)
    else:
        empty(services, tenant, name)


def callers_of(services: Services, tenant: str) -> Iterator[Caller]:
    """Yield everybody who may call in a tenant."""
    own = TenantId(tenant)
    facts: dict[str, tuple[frozenset[Scope], dict[str, Any]]] = {
        "admin": (frozenset({Scope.ADMIN}), {}),
        "learner": (
            frozenset({Scope.LEARNER_READ, Scope.LEARNER_WRITE, Scope.CATALOG_READ}),
            {"learner": LearnerId(f"l-{tenant}")},
        ),
        "employer": (frozenset({Scope.EMPLOYER_MATCH}), {"party": ACME}),
        "catalog": (frozenset({Scope.CATALOG_READ, Scope.CATALOG_WRITE}), {}),
    }
    for name, (scopes, more) in facts.items():
        key = secret_key(services, *scopes, tenant=own, **more)
        yield Caller(name, tenant, scopes, bearer(key))
    page = bearer(publishable_key(services, ORIGIN, tenant=own))
    yield Caller("page", tenant, frozenset(), {**page, "Origin": ORIGIN})
    gone = secret_key(services, Scope.ADMIN, tenant=own)
    services.access.keys.revoke(OPERATOR, gone[:13])
    yield Caller("revoked", tenant, frozenset(), bearer(gone))
    yield Caller("nobody", tenant, frozenset(), {})


@pytest.fixture(scope="module")
def world(encoder: GuardedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with SqliteStore.open(tmp_path_factory.mktemp("matrix"), create=True) as store:
        services = services_of(a_world(store, encoder), an_access(store.key_book))
        keys = {(letter, MISSING): "sk_0000000000" for letter in KEY_LETTERS}
        for tenant in TENANTS:
            services.access.tenancy.add(OPERATOR, Tenant(id=TenantId(tenant), name=tenant))
            words = [skill("s-sql", "SQL"), skill("s-weld", "weld metal")]
            list(services.intake.put_many(TenantId(tenant), words))
            store.decisions.append(
                TenantId(tenant), [a_decision(f"d-{tenant}", used(f"l-{tenant}"))]
            )
            for owner in (tenant, f"{tenant}-2", "shared"):
                fill(services, tenant, owner)
            for letter in KEY_LETTERS:
                key = secret_key(services, Scope.LEARNER_READ, tenant=TenantId(tenant))
                keys[letter, tenant] = key[:13]
        callers = tuple(each for tenant in TENANTS for each in callers_of(services, tenant))
        # Nobody here is refused for asking often.
        edge = Edge(key_rate=0, address_rate=0, failure_rate=0)
        with TestClient(create_app(services, edge)) as client:
            yield World(services, client, callers, keys)


def operations(world: World) -> Iterator[Operation]:
    """Yield every operation of the document with its row."""
    document = world.client.get("/openapi.json").json()
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield Operation(path, method, item[method], ROWS[item[method]["operationId"]])


def expected(operation: Operation, caller: Caller, owner: Owner) -> tuple[int, ...]:
    """Return with what a call is answered, by what the document says of the operation."""
    said, row = operation.said, operation.row
    if said["x-scope"] is None:
        return OK
    if caller.name in ("nobody", "revoked"):
        return (401,)
    if caller.name == "page":
        if not said["x-publishable"] or row.personal:
            return (403,)
    elif row.own:
        pass
    elif not caller.may(said) or (caller.name == "learner" and said["x-everyone"]):
        return (403,)
    not_theirs = caller.name == "learner" and row.personal and owner is not Owner.OWN
    if not_theirs or (caller.name == "employer" and row.by_id):
        return (404,)
    others = (Owner.FOREIGN, Owner.MISSING)
    return (row.absent,) if row.own or (row.names and owner in others) else OK


def called(world: World, operation: Operation, caller: Caller, owner: str) -> tuple[int, bytes]:
    """Call an operation about an owner's record; return the status and the bytes of the answer.

    Of a batch those of its first line, since a batch itself is always answered.
    """
    row = operation.row
    own_id = world.keys.get((row.letter, owner), f"{row.letter}-{owner}")
    path = operation.path.replace("{id}", own_id).replace("{skill}", "s-sql")
    path = path.replace("{contact}", f"w-{owner}")
    many = ":bulk" in path or ":batch" in path
    media_type = "application/x-ndjson" if many else "application/json"
    answer = world.client.request(
        operation.method,
        path + ("?q=sql" if path.endswith("suggestions") else ""),
        # An answer that is refused names its request.
        headers={"X-Request-Id": "always-the-same", "Content-Type": media_type, **caller.headers},
        content=json.dumps(row.body(owner)) if row.body else None,
    )
    if ":batch" in path and answer.status_code in OK:
        line = answer.text.splitlines()[0]
        return json.loads(line)["status"], line.encode()
    return answer.status_code, answer.content


def names_of(tenant: str, row: Row) -> dict[Owner, str]:
    """Return who owns what, as somebody of a tenant sees it."""
    owners = {
        Owner.OWN: tenant,
        Owner.FOREIGN: TENANTS[TENANTS.index(tenant) - 1],
        Owner.MISSING: MISSING,
    }
    return {**owners, Owner.NEIGHBOR: f"{tenant}-2"} if row.personal else owners


def test_every_cell_is_as_declared_and_foreign_records_are_told_from_missing_ones_by_nothing(
    world: World,
) -> None:
    cells = 0
    wrong: list[tuple[Any, ...]] = []
    for operation, caller in itertools.product(operations(world), world.callers):
        bodies = {}
        for owner, name in names_of(caller.tenant, operation.row).items():
            status, body = called(world, operation, caller, name)
            cells += 1
            if status not in expected(operation, caller, owner):
                wrong.append(
                    (operation.said["operationId"], caller.name, owner.value, status, body)
                )
            bodies[owner] = body.replace(name.encode(), b"?").replace(
                world.keys.get((operation.row.letter, name), name).encode(), b"?"
            )
            if operation.writes and status in OK:
                restore(world.services, caller.tenant, name, owner)
        if operation.row.names and bodies[Owner.FOREIGN] != bodies[Owner.MISSING]:
            wrong.append((operation.said["operationId"], caller.name, "differs", bodies))

    assert "\n".join(map(str, wrong)) == ""
    assert cells > 3 * 7 * 72 * 3
