"""R8: pages of the database are damaged; it is found, and nothing else is served in their place."""

from pathlib import Path

from benchmarks.torture.damage import damaged
from benchmarks.torture.report import Outcome
from benchmarks.torture.small import HashEncoder
from service.domain.ids import DEFAULT_TENANT, LearnerId, SkillId
from service.domain.learner import Learner
from service.domain.record import DerivedRecord, Kind, StoredRecord
from service.domain.skill import LinkMethod, LinkSource, SkillLink
from service.errors import DamagedStore, StoreProblem
from service.storage import STORE_FILE, SqliteStore
from service.storage.codec import content_hash

_LEARNERS = 400
# What is derived from a record has no checksum in the store.
_NOT_FOUND = "a flipped bit in a vector or a link, not found"


def damaged_pages(folder: Path, *, cases: range, outcome: Outcome) -> None:
    """Damage the database's file, one case after the other, and read every record."""
    data = folder / "data"
    with SqliteStore.open(data, create=True) as store:
        store.commit(DEFAULT_TENANT, [_learner(number) for number in range(_LEARNERS)])
        before = _everything(store)
    file = data / STORE_FILE
    for case in cases:
        with damaged([file], case) as what:
            wrong = _read(data, before, outcome) if file.exists() else []
            for left in data.glob(f"{STORE_FILE}-*"):
                left.unlink()
        outcome.cases += 1
        outcome.faults += [f"page, {case}: {what}: {each}" for each in wrong]


def _read(data: Path, before: dict[str, StoredRecord], outcome: Outcome) -> list[str]:
    """Read every record alone; return which were served otherwise than they were kept."""
    found = False
    wrong: list[str] = []
    try:
        with SqliteStore.open(data, create=False) as store:
            store.check_at_start()
            for name, kept in before.items():
                try:
                    served = store.find(DEFAULT_TENANT, Kind.LEARNER, [name]).get(name)
                except StoreProblem:
                    found = True
                    continue
                if served is None:
                    wrong.append(f"{name} is gone, and nothing is said")
                elif served.record != kept.record:
                    wrong.append(f"{name} is served otherwise than it was kept")
                elif not _derived_the_same(served, kept):
                    outcome.count(_NOT_FOUND)
    except (DamagedStore, StoreProblem):
        found = True
    outcome.count("found" if found else "without effect on a record")
    return wrong


def _derived_the_same(one: StoredRecord, other: StoredRecord) -> bool:
    return one.links == other.links and bool((one.vector == other.vector).all())


def _everything(store: SqliteStore) -> dict[str, StoredRecord]:
    pages = store.scan(DEFAULT_TENANT, Kind.LEARNER)
    return {stored.record.id: stored for page in pages for stored in page}


def _learner(number: int) -> DerivedRecord:
    learner = Learner(id=LearnerId(f"learner-{number:04}"), text=f"I am number {number}. " * 20)
    link = SkillLink(
        skill=SkillId(f"skill-{number % 7}"),
        weight=0.5,
        source=LinkSource.INFERRED,
        method=LinkMethod.VECTOR,
        confidence=0.75,
        field="text",
        text="number",
    )
    return DerivedRecord(
        record=learner,
        content_hash=content_hash(learner),
        text_hash=content_hash(learner),
        vector=HashEncoder().encode([learner.id])[0],
        links=(link,),
    )
