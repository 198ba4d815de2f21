"""A tenant whose indexes are not in memory: only who asks for it waits until they are."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.domain.access import OPERATOR, Scope
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.tenant import Tenant
from service.matching.ports import MetaKey
from service.settings import Settings
from service.storage import SqliteStore
from service.wiring import Services, open_services
from tests.builders.access import bearer, secret_key
from tests.builders.worlds import credential

LAKE, HILL = TenantId("lakefield"), TenantId("hill")
PATIENCE_S = 60.0
TEXT = {"text": "I weld pipes.", "goal": {"text": "welding"}}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Open a store of three tenants without the taxonomies; one thread answers."""
    with SqliteStore.open(tmp_path, create=True) as store:
        store.set_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS, "{}")
    with open_services(Settings(data=tmp_path, threads=1)) as services:
        for tenant in (DEFAULT_TENANT, LAKE, HILL):
            services.records.set_meta(tenant, MetaKey.TAXONOMY_VERSIONS, "{}")
            services.records.set_meta(tenant, MetaKey.MODEL_HASH, services.model_hash)
            if tenant != DEFAULT_TENANT:
                services.access.tenancy.add(OPERATOR, Tenant(id=tenant, name=tenant))
            services.intake.put(tenant, credential("c-1", "Welding"))
        yield services


def counted(client: TestClient, secret: str) -> int:
    answer = client.get("/v1/meta", headers=bearer(secret))
    assert answer.status_code == 200
    return int(answer.json()["counts"]["credential"])


def test_one_tenant_is_answered_while_many_wait_for_another(services: Services) -> None:
    here = secret_key(services, Scope.CATALOG_READ)
    there = secret_key(services, Scope.CATALOG_READ, tenant=LAKE)
    services.tenants.close(LAKE)
    # As if it took long: whoever loads it waits for this lock, and the test holds it.
    loading = services.tenants._locks[LAKE]
    held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with loading:
            held.set()
            assert may_go.wait(PATIENCE_S)

    with TestClient(create_app(services)) as client, ThreadPoolExecutor(9) as callers:
        holder = callers.submit(hold)
        assert held.wait(PATIENCE_S)
        waiting = [callers.submit(counted, client, there) for _ in range(8)]
        # The one thread that answers is free for others, and health is well.
        assert [counted(client, here) for _ in range(5)] == [1] * 5
        assert client.get("/health/ready").status_code == 200
        assert not any(each.done() for each in waiting)
        may_go.set()
        holder.result(PATIENCE_S)
        assert [each.result(PATIENCE_S) for each in waiting] == [1] * 8


def test_keys_are_administered_before_the_indexes_are_there(services: Services) -> None:
    secret = secret_key(services, Scope.ADMIN, tenant=LAKE)
    services.tenants.close(LAKE)

    with TestClient(create_app(services)) as client:
        listed = client.get("/v1/keys", headers=bearer(secret))

    assert listed.status_code == 200
    assert LAKE not in services.tenants.opened()


def test_a_tenant_that_cannot_be_loaded_is_told_to_ask_again_and_others_are_answered(
    services: Services,
) -> None:
    here = secret_key(services, Scope.CATALOG_READ)
    there = secret_key(services, Scope.CATALOG_READ, tenant=LAKE)
    services.tenants.close(LAKE)
    services.records.set_meta(LAKE, MetaKey.MODEL_HASH, "gone")

    with TestClient(create_app(services)) as client:
        refused = client.get("/v1/meta", headers=bearer(there))

        assert refused.status_code == 503
        assert refused.headers["Retry-After"]
        assert counted(client, here) == 1


def test_health_and_figures_say_how_many_tenants_are_in_trouble_and_name_none(
    services: Services,
) -> None:
    for tenant in (LAKE, HILL):
        services.tenants.get(tenant)
    services.records.set_meta(LAKE, MetaKey.MODEL_HASH, "gone")
    services.records.set_meta(LAKE, MetaKey.DERIVATION, "1")

    with TestClient(create_app(services)) as client:
        services.tenants.catch_up()
        ready = client.get("/health/ready")
        figures = client.get("/metrics").text

    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "ready", "tenants_in_trouble": 1},
    )
    assert "\nonramp_tenants_in_trouble" in figures
    line = next(each for each in figures.splitlines() if each.startswith("onramp_tenants_in_"))
    assert line.endswith(" 1.0")
    assert "lakefield" not in figures + ready.text
