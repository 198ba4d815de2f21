"""The client and the API's description: every operation, every type, and nothing of ours."""

import ast
import inspect
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onramp_client
from onramp_client import AsyncClient, Client
from onramp_client import operations as op
from onramp_client import privacy_operations as private
from onramp_client.access import Keys, Tenants
from onramp_client.async_access import AsyncKeys, AsyncTenants
from onramp_client.async_later import AsyncOperations
from onramp_client.async_privacy import AsyncContacts, AsyncPrivacy
from onramp_client.async_records import AsyncRecords, AsyncRules
from onramp_client.calls import Call
from onramp_client.later import Operations
from onramp_client.privacy import Contacts, Privacy
from onramp_client.records import Records, Rules
from scripts.client_types import client_types

ROOT = Path(__file__).parents[3]
HOME = ROOT / "clients" / "python"
SOURCES = sorted((HOME / "src" / "onramp_client").glob("*.py"))
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))


def calls() -> Iterator[Call[Any]]:
    """Yield a call of each operation that the client knows."""
    some: Any = {}
    for records in (op.CREDENTIALS, op.LEARNERS, op.JOBS, op.SKILLS):
        any_records: Any = records
        yield any_records.get("id")
        yield any_records.put({"id": "id"})
        yield any_records.delete("id")
        yield any_records.page(after="", limit=1)
        yield any_records.bulk([])
        if records is not op.SKILLS:
            yield any_records.skills("id")
            yield any_records.judge("id", "skill", some)
            yield any_records.forget("id", "skill")
    for rules in (op.POLICIES, op.AGREEMENTS):
        any_rules: Any = rules
        yield any_rules.get("id")
        yield any_rules.put({"id": "id"})
        yield any_rules.delete("id")
    yield from (op.SOFT_COVERAGE, op.LIVE, op.READY, op.META, op.METRICS, op.learner_record("id"))
    yield from (op.create_key(some), op.get_key("id"), op.revoke_key("id"))
    yield from (op.rotate_key("id", some), op.list_keys(after="", limit=1))
    yield from (op.create_tenant(some), op.list_tenants(after="", limit=1))
    yield from (op.get_operation("id"), op.get_operation_result("id"))
    yield from (op.cancel_operation("id"), op.delete_operation("id"))
    yield op.suggest("q", kind="skill", limit=1)
    yield from (private.consents("id"), private.put_consents("id", some))
    yield from (private.disclosures("id"), private.export("id"), private.wishes("id"))
    yield from (private.answer("id", "contact", some), private.ask(some), private.CONTACTS)
    questions = (
        *(op.recommend_credentials, op.match_candidates, op.match_jobs, op.explain),
        *(op.find_pathway, op.extract_skills, op.normalize_skills, op.skill_gap),
        *(op.similar_items, op.evaluate_credit),
    )
    yield from (ask(some) for ask in questions)
    yield from (ask([]) for ask in (op.batch_recommend, op.batch_candidates, op.batch_jobs))
    yield from (op.add_event(some), op.bulk_events([]), op.list_events(cursor=None, limit=1))


def test_every_operation_of_the_description_has_a_call_with_its_method_and_path() -> None:
    described = {
        operation["operationId"]: (method.upper(), path)
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
    }

    known = {call.operation: (call.method, call.path) for call in calls()}

    assert known == described


def test_the_types_are_those_of_the_description() -> None:
    ruff = Path(sys.executable).with_name("ruff")
    words: list[str | Path] = [
        ruff,
        "format",
        "--stdin-filename",
        ROOT / "clients" / "python" / "types.py",
        "-",
    ]
    made = subprocess.run(
        words, input=client_types(DOCUMENT), capture_output=True, text=True, check=True, cwd=ROOT
    )

    kept = (HOME / "src" / "onramp_client" / "types.py").read_text(encoding="utf-8")

    assert kept == made.stdout, "run: make openapi"


def test_both_clients_have_the_same_methods_with_the_same_parameters() -> None:
    pairs: tuple[tuple[type, type], ...] = (
        *((Client, AsyncClient), (Records, AsyncRecords), (Rules, AsyncRules)),
        *((Keys, AsyncKeys), (Tenants, AsyncTenants)),
        *((Privacy, AsyncPrivacy), (Contacts, AsyncContacts)),
        (Operations, AsyncOperations),
    )
    for waits, awaits in pairs:
        theirs = {name: list(inspect.signature(each).parameters) for name, each in methods(awaits)}

        ours = {name: list(inspect.signature(each).parameters) for name, each in methods(waits)}

        assert ours == theirs
        assert ours


def methods(kind: type) -> Iterator[tuple[str, Any]]:
    for name, each in inspect.getmembers(kind, inspect.isfunction):
        if not name.startswith("_") or name == "__init__":
            yield name, each


def test_the_client_imports_the_standard_library_httpx2_and_itself() -> None:
    allowed = {*sys.stdlib_module_names, "httpx2", "onramp_client"}

    imported = {
        (name.partition(".")[0], path.name) for path in SOURCES for name in imports_of(path)
    }

    assert {each for each in imported if each[0] not in allowed} == set()
    assert len(SOURCES) >= 9


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_the_distribution_is_typed_and_needs_one_library() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["name"] == "onramp-client"
    assert [each.partition(">")[0] for each in project["dependencies"]] == ["httpx2"]
    assert (HOME / "src" / "onramp_client" / "py.typed").is_file()
    assert set(onramp_client.__all__) <= vars(onramp_client).keys()
