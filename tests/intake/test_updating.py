"""A newer release of the taxonomies: taken in, linked anew, and nothing of one's own is lost."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT, OccupationId, SkillId
from service.domain.job import Occupation
from service.domain.record import Kind
from service.domain.skill import Skill
from service.domain.verdict import SkillVerdict, Verdict
from service.intake import seed
from service.intake.updating import plan_update
from service.matching.ports import MetaKey, RecordKey
from service.models import ModelFolders
from service.renewal import is_due, renew
from service.settings import Settings
from service.standards.shipped import Manifest, Needed, ShippedTaxonomy
from service.storage import SqliteStore
from tests.builders.memory_records import MemoryRecords
from tests.builders.two_models import TwoModels, a_world_of, two_models
from tests.builders.worlds import World, a_world, credential, learner, skill

HERE = DEFAULT_TENANT
WELDER = OccupationId("o:welder")


def a_release(version: str, skills: Sequence[Skill], needs: str) -> ShippedTaxonomy:
    manifest = Manifest(
        versions={"small": version},
        model_hash="",
        texts_hash="",
        files={},
        counts={},
        attribution={},
    )
    return ShippedTaxonomy(
        skills=list(skills),
        occupations=[Occupation(id=WELDER, title="welder")],
        requirements={WELDER: [Needed(SkillId(needs), 1.0)]},
        manifest=manifest,
        folder=Path(),
    )


OLD = a_release(
    "1",
    [
        skill("s:sql", "SQL"),
        skill("s:weld", "weld metal"),
        skill("s:typewriter", "operate typewriters"),
        skill("s:telex", "operate telex machines"),
        skill("s:fax", "operate fax machines"),
        skill("s:gone", "shoe horses"),
    ],
    "s:weld",
)
NEW = a_release(
    "2",
    [
        skill("s:sql", "SQL", "structured query language"),
        skill("s:weld", "weld and cut metal"),
        skill("s:telex", "operate telex machines and printers"),
        skill("s:gone", "shoe horses and mules"),
        skill("s:juggle", "juggle burning torches"),
    ],
    "s:sql",
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> TwoModels:
    return two_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def world(tmp_path: Path, models: TwoModels) -> Iterator[World]:
    """A store of the old release, which its institution has made its own in places."""
    two_models(tmp_path)
    with SqliteStore.open(tmp_path / "data", create=True) as store:
        seed(store, HERE, OLD, models.old.encoder)
        made = a_world_of(
            store,
            models,
            credential("c-circus", "Circus", "juggle burning torches", "operate typewriters"),
            credential("c-office", "Office", "operate fax machines", "SQL"),
            learner("l-1", "structured query language"),
        )
        # Changed by the institution, and one deleted.
        made.put(skill("s:telex", "operate our telex machines"), skill("s:fax", "send faxes"))
        made.intake.delete(HERE, Kind.SKILL, "s:gone")
        no = SkillVerdict(skill=SkillId("s:sql"), verdict=Verdict.REJECTED)
        made.intake.judge(HERE, RecordKey(Kind.CREDENTIAL, "c-office"), no)
        yield made


def settings(folder: Path, model: str = "old") -> Settings:
    return Settings(data=folder / "data", model=folder / model, threads=1)


def skills_of(world: World, kind: Kind, record_id: str) -> set[str]:
    (found,) = world.records.find(HERE, kind, [record_id]).values()
    return {link.skill for link in found.links}


def labels(world: World) -> dict[str, str]:
    return {
        each.record.id: each.record.preferred_label
        for page in world.records.scan(HERE, Kind.SKILL)
        for each in page
        if isinstance(each.record, Skill)
    }


def test_what_is_new_is_linked_what_is_gone_is_not_and_ones_own_stays(
    tmp_path: Path, world: World
) -> None:
    before = skills_of(world, Kind.CREDENTIAL, "c-circus")

    done = renew(settings(tmp_path), wait=lambda _: None, taxonomies=lambda: NEW)

    assert done is not None
    assert labels(world) == {
        "s:sql": "SQL",
        "s:weld": "weld and cut metal",
        "s:telex": "operate our telex machines",
        "s:fax": "send faxes",
        "s:juggle": "juggle burning torches",
    }
    assert "s:typewriter" in before
    assert "s:juggle" in skills_of(world, Kind.CREDENTIAL, "c-circus") != before
    assert "s:typewriter" not in skills_of(world, Kind.CREDENTIAL, "c-circus")
    assert "s:sql" in skills_of(world, Kind.LEARNER, "l-1")
    assert skills_of(world, Kind.OCCUPATION, WELDER) == {"s:sql"}
    assert "s:sql" not in skills_of(world, Kind.CREDENTIAL, "c-office")


def test_what_the_release_has_no_longer_is_told_and_so_is_what_stays(
    tmp_path: Path, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    renew(settings(tmp_path), wait=lambda _: None, taxonomies=lambda: NEW)

    told = json.loads(world.records.get_meta(HERE, MetaKey.TAXONOMY_UPDATE) or "{}")
    assert told == {
        "from": {"small": "1"},
        "to": {"small": "2"},
        "retired": ["skill/s:typewriter"],
        "own": ["skill/s:telex", "skill/s:fax"],
    }
    assert "The skill s:typewriter is not in the newer taxonomies; it is gone." in caplog.text
    assert world.records.get_meta(HERE, MetaKey.TAXONOMY_VERSIONS) == '{"small": "2"}'
    assert renew(settings(tmp_path), taxonomies=lambda: NEW) is None


@pytest.mark.parametrize(("is_kept", "swaps"), [(True, "1"), (False, "2")])
def test_a_new_model_and_newer_taxonomies_come_in_one_swap_or_two_where_the_old_model_is_gone(
    tmp_path: Path, world: World, models: TwoModels, *, is_kept: bool, swaps: str
) -> None:
    assert isinstance(world.records, SqliteStore)
    if is_kept:
        ModelFolders(tmp_path / "old", tmp_path / "data", threads=1).keep()
    assert is_due(world.records, models.new.encoder.model_hash, versions=OLD.versions)

    done = renew(settings(tmp_path, "new"), wait=lambda _: None, taxonomies=lambda: NEW)

    assert done is not None
    assert world.records.get_meta(HERE, MetaKey.DERIVATION) == swaps
    assert "s:juggle" in skills_of(world, Kind.CREDENTIAL, "c-circus")
    vectors = world.records.find(HERE, Kind.SKILL, ["s:juggle", "s:sql"]).values()
    assert {len(each.vector) for each in vectors} == {48}
    assert not is_due(world.records, models.new.encoder.model_hash, versions=NEW.versions)


def test_of_a_store_that_does_not_know_what_shipped_nothing_is_retired_but_all_is_told(
    models: TwoModels,
) -> None:
    world = a_world(MemoryRecords(), models.old.encoder)
    of_esco = [replace(each, framework="ESCO") for each in OLD.skills]
    world.put(*of_esco, skill("s:own", "herd goats"))
    world.put(replace(of_esco[0], alt_labels=("sequel",)))
    newer = a_release("2", [replace(each, framework="ESCO") for each in NEW.skills], "s:sql")

    update = plan_update(world.records, HERE, newer)

    assert update.retired == []
    assert {key.id for key in update.own} == {"s:sql", "s:typewriter", "s:fax"}
    assert [each.id for each in update.puts] == ["s:weld", "s:telex", "s:gone", "s:juggle", WELDER]
