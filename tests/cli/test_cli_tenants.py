"""Commands about the records of another tenant than `default`."""

from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Kind
from service.domain.tenant import Tenant
from service.matching.ports import MetaKey
from service.models import ModelFolders
from service.storage import SqliteStore
from tests.builders.command_line import Ran, onramp, write_lines

pytestmark = pytest.mark.slow

LAKE = TenantId("lakefield")
SKILL = {"id": "s:weld", "preferred_label": "weld metal"}
LEARNER = {"id": "l-1", "skills": ["weld metal"], "goal": {"text": "welder"}}
CREDENTIAL = {"id": "c-1", "name": "Welding", "provider": {"name": "Lakefield"}}
JOB = {"id": "j-1", "title": "Welder", "skills": ["weld metal"]}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store of two tenants without the taxonomies, and records of one of them."""
    folder = tmp_path_factory.mktemp("tenants")
    model_hash = ModelFolders(None, folder, threads=1).configured.encoder.model_hash
    with SqliteStore.open(folder / "data", create=True) as store:
        store.key_book.add_tenant(Tenant(id=LAKE, name="Lakefield"))
        for tenant in (DEFAULT_TENANT, LAKE):
            store.set_meta(tenant, MetaKey.TAXONOMY_VERSIONS, "{}")
            store.set_meta(tenant, MetaKey.MODEL_HASH, model_hash)
    kinds = {"skills": SKILL, "credentials": CREDENTIAL, "jobs": JOB, "learners": LEARNER}
    for kind, record in kinds.items():
        file = write_lines(folder / f"{kind}.jsonl", [record])
        ran = onramp("--data", folder / "data", "import", kind, file, "--tenant", LAKE)
        assert (ran.code, ran.err) == (0, "")
    return folder / "data"


def at_lakefield(data: Path, *words: str) -> Ran:
    return onramp("--data", data, "--json", *words, "--tenant", "lakefield")


def test_records_go_to_the_tenant_that_is_named_and_to_no_other(data: Path) -> None:
    with SqliteStore.open(data, create=False) as store:
        assert sum(store.counts(DEFAULT_TENANT).values()) == 0
        assert store.counts(LAKE)[Kind.LEARNER] == store.counts(LAKE)[Kind.JOB] == 1


def test_a_learner_of_a_tenant_is_answered_there_and_unknown_elsewhere(data: Path) -> None:
    here = at_lakefield(data, "match", "--job", "j-1")
    elsewhere = onramp("--data", data, "match", "--job", "j-1")
    gap = at_lakefield(data, "gap", "--learner", "l-1")
    record = onramp("--data", data, "record", "--learner", "l-1")

    assert (here.code, [each["id"] for each in here.json["items"]]) == (0, ["l-1"])
    assert (elsewhere.code, "j-1" in elsewhere.err) == (1, True)
    assert gap.code == 0
    assert (record.code, "l-1" in record.err) == (1, True)


def test_a_decision_is_replayed_where_it_was_made(data: Path) -> None:
    made = at_lakefield(data, "match", "--job", "j-1").json["match_id"]

    there, elsewhere = at_lakefield(data, "replay", made), onramp("--data", data, "replay", made)

    assert (there.code, there.json["verdict"]) == (0, "same")
    assert elsewhere.code == 1


def test_a_bulk_run_asks_for_all_of_the_tenants_records(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ran = onramp("--data", data, "match", "--jobs", "store", "--out", out, "--tenant", "lakefield")

    assert (ran.code, len(out.read_text().splitlines())) == (0, 1)
    assert '"l-1"' in out.read_text()


def test_pairs_of_a_tenant_are_exported_and_its_indexes_are_checked(
    data: Path, tmp_path: Path
) -> None:
    exported = at_lakefield(data, "export-pairs", "--out", str(tmp_path))
    doctor = {each["name"]: each for each in at_lakefield(data, "doctor").json["checks"]}

    assert exported.json["texts"] == 2
    assert "1 credentials, 1 learners" in doctor["store"]["found"]
    assert doctor["index"]["state"] == "ok"


@pytest.mark.parametrize(
    "words",
    [
        ("import", "jobs", "jobs.jsonl"),
        ("match", "--job", "j-1"),
        ("record", "--learner", "l-1"),
        ("export-pairs", "--out", "out"),
        ("doctor",),
    ],
)
def test_a_tenant_that_there_is_not_is_refused_and_the_known_ones_are_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_lines(tmp_path / "jobs.jsonl", [JOB])

    ran = onramp("--data", data, *words, "--tenant", "hill")

    assert (ran.code, ran.out) == (1, "")
    assert "There is no tenant 'hill'; there are default, lakefield." in ran.err
    with SqliteStore.open(data, create=False) as store:
        assert store.tenants() == [LAKE]
