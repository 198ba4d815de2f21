"""Another model: the old one answers until all is derived anew, and is not needed afterwards."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Kind
from service.errors import InvalidRecord, StoreFromAnotherModel
from service.failpoints import Failpoint
from service.intake import OutcomeStatus
from service.matching.ports import MetaKey
from service.models import MODELS, ModelFolders
from service.renewal import is_due, must_come_first, renew
from service.settings import Settings, environment_of
from service.storage import SqliteStore
from service.storage.codec import content_hash
from service.wiring import open_services
from tests.builders.command_line import PROGRAM, ROOT, made_key, onramp
from tests.builders.running import address_of, interrupted
from tests.builders.two_models import RECORDS, a_light_store
from tests.builders.worlds import credential, learner

PATIENCE_S = 120.0
OLD, NEW = "small-32-1", "small-48-2"
NORTH = TenantId("north")
NORTHERN = (*RECORDS[:6], learner("l-9", text="I audit."))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    a_light_store(tmp_path / "data", tmp_path, *RECORDS)
    return tmp_path / "data"


def settings(data: Path, model: str) -> Settings:
    return Settings(data=data, model=data.parent / model, threads=1)


def served_once(data: Path, model: str) -> tuple[str, int]:
    """Open what a start opens; return what it answers by, and how many records its index holds."""
    with open_services(settings(data, model)) as services:
        meta = services.answers.meta(DEFAULT_TENANT)
        held = services.answers.indexed(DEFAULT_TENANT)
    return meta.versions.model_version, sum(held.values())


def test_the_old_model_answers_though_its_folder_is_gone(data: Path) -> None:
    before = served_once(data, "old")
    for path in (data.parent / "old").iterdir():
        path.unlink()

    after = served_once(data, "new")

    assert before == after == (OLD, len(RECORDS))
    assert not must_come_first(settings(data, "new"))


def test_without_the_old_model_nothing_is_served_before_all_is_derived_anew(data: Path) -> None:
    with pytest.raises(StoreFromAnotherModel, match=r"is not to be had.* init --rederive") as said:
        served_once(data, "new")
    assert str(data / MODELS) in str(said.value)
    assert must_come_first(settings(data, "new"))

    waits: list[float] = []
    renewed = renew(settings(data, "new"), wait=waits.append)

    assert renewed is not None
    assert renewed.records == renewed.cleared == len(RECORDS)
    assert len(waits) == 2
    assert served_once(data, "new") == (NEW, len(RECORDS))
    assert not must_come_first(settings(data, "new"))
    assert renew(settings(data, "new")) is None


@pytest.fixture
def with_north(data: Path) -> Path:
    """Give the store another tenant, with some of the records of the first."""
    with open_services(settings(data, "old")) as services:
        services.records.set_meta(NORTH, MetaKey.MODEL_HASH, services.model_hash)
        services.records.set_meta(NORTH, MetaKey.TAXONOMY_VERSIONS, "{}")
        outcomes = list(services.intake.put_many(NORTH, NORTHERN))
        assert [each.status for each in outcomes] == [OutcomeStatus.CREATED] * len(NORTHERN)
    return data


def models_of(data: Path, configured: str = "new") -> dict[TenantId, str]:
    with open_services(settings(data, configured)) as services:
        return {
            each: services.tenants.get(each).model.encoder.model_version
            for each in (DEFAULT_TENANT, NORTH)
        }


def test_every_tenant_is_derived_anew(with_north: Path) -> None:
    before = models_of(with_north)
    renewed = renew(settings(with_north, "new"), wait=lambda _: None)

    assert before == {DEFAULT_TENANT: OLD, NORTH: OLD}
    assert renewed is not None
    assert renewed.records == renewed.cleared == len(RECORDS) + len(NORTHERN)
    assert models_of(with_north) == {DEFAULT_TENANT: NEW, NORTH: NEW}
    with open_services(settings(with_north, "new")) as services:
        held = services.answers.indexed(NORTH)
        assert sum(held.values()) == len(NORTHERN)
        assert services.snapshots.generations(NORTH)
    # Neither the old model nor anything to do is left.
    assert len(list((with_north / MODELS).iterdir())) == 1
    assert renew(settings(with_north, "new")) is None


def test_tenants_come_to_serve_one_by_one_and_a_killed_run_goes_on_at_the_next_one(
    with_north: Path,
) -> None:
    chosen = settings(with_north, "new")
    killed = subprocess.run(
        [*PROGRAM, "--data", with_north, "init", "--rederive", "--if-due"],
        cwd=ROOT,
        env=environment_of(chosen.model_copy(update={"failpoint": Failpoint.SWAPPED})),
        capture_output=True,
        check=False,
    )
    between = models_of(with_north)
    renewed = renew(chosen, wait=lambda _: None)

    assert killed.returncode != 0
    assert between == {DEFAULT_TENANT: NEW, NORTH: OLD}
    assert renewed is not None
    assert (renewed.records, renewed.cleared) == (len(NORTHERN), len(RECORDS) + len(NORTHERN))
    assert models_of(with_north) == {DEFAULT_TENANT: NEW, NORTH: NEW}


def test_a_record_that_cannot_be_derived_keeps_no_other_tenant_from_it(with_north: Path) -> None:
    with SqliteStore.open(with_north, create=False) as store:
        (good,) = store.find(DEFAULT_TENANT, Kind.CREDENTIAL, ["c-sql"]).values()
        blank = credential("c-blank", "\u200b\u2060")
        unreadable = replace(good, record=blank, content_hash=content_hash(blank), links=())
        store.commit(DEFAULT_TENANT, [unreadable])

    with pytest.raises(InvalidRecord, match="'c-blank' cannot be derived anew"):
        renew(settings(with_north, "new"), wait=lambda _: None)

    assert models_of(with_north) == {DEFAULT_TENANT: OLD, NORTH: NEW}


def test_a_tenant_whose_model_is_gone_is_told_to_ask_again_and_the_others_are_served(
    with_north: Path,
) -> None:
    with SqliteStore.open(with_north, create=False) as store:
        store.set_meta(NORTH, MetaKey.MODEL_HASH, "gone")

    assert not must_come_first(settings(with_north, "old"))
    with open_services(settings(with_north, "old")) as services:
        assert is_due(services.records, services.model_hash)
        waits = services.tenants.opening(NORTH)
        assert waits is not None
        with pytest.raises(StoreFromAnotherModel):
            waits.result(PATIENCE_S)
        assert services.answers.meta(DEFAULT_TENANT).versions.model_version == OLD

    renewed = renew(settings(with_north, "old"), wait=lambda _: None)

    assert renewed is not None
    assert renewed.records == len(NORTHERN)
    assert models_of(with_north, "old") == {DEFAULT_TENANT: OLD, NORTH: OLD}


def test_a_kept_model_that_is_damaged_is_no_model(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    served_once(data, "old")
    (kept,) = (data / MODELS).iterdir()
    (kept / "model.onnx").unlink()
    (kept / "model.onnx").write_bytes(b"torn")

    with pytest.raises(StoreFromAnotherModel):
        served_once(data, "new")

    assert "A kept model cannot be used" in caplog.text


def test_the_shipped_model_is_found_though_it_is_not_kept(data: Path) -> None:
    folders = ModelFolders(data.parent / "new", data, threads=1)
    shipped = ModelFolders(None, data, threads=1).configured.encoder

    found = folders.of(shipped.model_hash)

    assert found.encoder.model_hash == shipped.model_hash
    assert found.topics is not None
    assert folders.of(None) is folders.configured


def test_the_new_view_is_ready_before_it_serves_and_a_snapshot_of_it_too(data: Path) -> None:
    with open_services(settings(data, "old")) as services:
        old = services.tenants.get(DEFAULT_TENANT)
        loaded: list[str] = []

        def load(_: float) -> None:
            if not loaded:
                services.tenants.catch_up()
                loaded.append(services.tenants.get(DEFAULT_TENANT).model.encoder.model_version)

        renew(settings(data, "new"), wait=load)
        (generation,) = services.snapshots.generations(DEFAULT_TENANT)
        new = services.tenants.current(DEFAULT_TENANT)

        assert loaded == [OLD]
        assert new is not old
        assert new.model.encoder.model_version == NEW
        assert new.view.counts() == services.records.counts(DEFAULT_TENANT)
        assert [
            each.folder for each in services.snapshots.usable(services.records, DEFAULT_TENANT)
        ] == [generation]


def test_a_write_meanwhile_is_in_the_view_that_was_ready_before_it(data: Path) -> None:
    with open_services(settings(data, "old")) as services:

        def write(_: float) -> None:
            services.tenants.catch_up()
            if services.records.counts(DEFAULT_TENANT)[Kind.LEARNER] == 2:
                services.intake.delete(DEFAULT_TENANT, Kind.LEARNER, "l-1")

        renew(settings(data, "new"), wait=write)
        new = services.tenants.current(DEFAULT_TENANT)

        assert new.model.encoder.model_version == NEW
        assert new.view.counts()[Kind.LEARNER] == 1
        assert new.view.counts() == services.records.counts(DEFAULT_TENANT)


def test_init_rederive_does_it_at_once_and_the_doctor_tells_before_and_after(data: Path) -> None:
    env = {"ONRAMP_MODEL": str(data.parent / "new")}
    served_once(data, "old")

    before = onramp("--data", data, "--json", "doctor", env=env)
    done = onramp("--data", data, "--json", "init", "--rederive", env=env)
    after = onramp("--data", data, "--json", "doctor", env=env)

    assert "another model than the one that is configured" in derivation_check(before.json)["found"]
    assert derivation_check(before.json)["state"] == "warn"
    assert done.json["rederived"] == len(RECORDS)
    assert done.json["model_version"] == NEW
    assert derivation_check(after.json)["state"] == "ok"


def derivation_check(doctor: Any) -> Any:
    return next(check for check in doctor["checks"] if check["name"] == "derivation")


def test_nothing_is_due_where_nothing_is_of_another_model(data: Path) -> None:
    with SqliteStore.open(data, create=False) as store:
        stored = store.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH)
        assert stored is not None
        assert not is_due(store, stored)
        assert is_due(store, "another")


@contextmanager
def serving(data: Path, *, failpoint: str | None = None) -> Iterator[subprocess.Popen[str]]:
    chosen = settings(data, "new").model_copy(update={"failpoint": failpoint})
    program = subprocess.Popen(
        [*PROGRAM, "--data", data, "serve", "--port", "0", "--workers", "2"],
        cwd=ROOT,
        env=environment_of(chosen),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        try:
            yield program
        finally:
            program.kill()


def meta_of(address: str, key: str) -> Any:
    asked = Request(f"{address}/v1/meta", headers={"Authorization": f"Bearer {key}"})  # noqa: S310 - it is our own address
    with urlopen(asked) as answer:  # noqa: S310 - it is our own address
        return json.load(answer)


@pytest.mark.slow
def test_serving_goes_on_by_the_old_model_and_a_killed_derivation_is_finished_by_the_next(
    data: Path,
) -> None:
    served_once(data, "old")
    key = made_key(data)
    with serving(data, failpoint=Failpoint.BEFORE_SWAP) as program:
        address = address_of(program)
        deadline = time.monotonic() + PATIENCE_S
        while (meta_of(address, key)["derivation"] or {}).get("state") != "ready":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        then = meta_of(address, key)
        code, _, said = interrupted(program, signal.SIGTERM)
    with serving(data) as program:
        address = address_of(program)
        deadline = time.monotonic() + PATIENCE_S
        while meta_of(address, key)["derivation"] is not None:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        now = {meta_of(address, key)["model_version"] for _ in range(20)}
        ended = interrupted(program, signal.SIGTERM)

    assert (then["model_version"], then["dim"], code) == (OLD, 32, 0)
    assert then["derivation"]["model_version"] == NEW
    assert "made anew beside" in said
    assert now == {NEW}
    assert ended[0] == 0
    assert re.search(r"derived anew by small-48-2, which answers from now on", ended[2])
