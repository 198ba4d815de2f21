"""R6: damaged index files are found by their checksums, before anything parses them."""

from pathlib import Path

from benchmarks.torture.actor import generation
from benchmarks.torture.damage import damaged, files_in
from benchmarks.torture.oracle import differences, stored_records
from benchmarks.torture.report import Outcome
from benchmarks.torture.small import SNAPSHOTS, small
from benchmarks.torture.work import operation, perform
from index import DamagedIndex, ExactIndex
from service.domain.ids import DEFAULT_TENANT
from service.errors import DamagedSnapshot
from service.indexing.snapshots import read_manifest, verify

_STEPS = 60
# To open the whole product takes a hundred times as long as to look at the checksums.
OPENED_EVERY = 25


def damaged_indexes(folder: Path, *, cases: range, outcome: Outcome) -> None:
    """Damage the files of a saved index, one by one."""
    index = folder / "index"
    generation(1).save(index, metadata={"generation": 1})
    files = files_in(index)
    for case in cases:
        with damaged(files, case) as what:
            found = _loaded(index)
        outcome.cases += 1
        outcome.count("of an index")
        if found is not None:
            outcome.faults.append(f"index, {case}: {what}: {found}")
    if ExactIndex.load(index)[0].ids != generation(1).ids:
        outcome.faults.append("the index was not mended")


def _loaded(index: Path) -> str | None:
    try:
        ExactIndex.load(index)
    except DamagedIndex:
        return None
    except Exception as error:  # whatever a parser makes of it is a fault
        return f"{type(error).__name__}: {error}"
    return "it was loaded"


def damaged_snapshots(folder: Path, *, cases: range, outcome: Outcome) -> None:
    """Damage the files of the newest snapshot of a view; now and then open it all."""
    data = folder / "data"
    newest = _with_two_snapshots(data)
    files = files_in(newest)
    for case in cases:
        with damaged(files, case) as what:
            wrong = _verified(newest)
            if case % OPENED_EVERY == 0:
                wrong += _opened(data)
        outcome.cases += 1
        outcome.count("of a snapshot")
        outcome.faults += [f"snapshot, {case}: {what}: {each}" for each in wrong]


def _with_two_snapshots(data: Path) -> Path:
    """Make a store with two snapshots; return the newest one."""
    with small(data) as product:
        for number in range(2 * _STEPS):
            perform(product, operation(0, number))
            if number % _STEPS == _STEPS - 1:
                product.tenants.save(DEFAULT_TENANT)
    kept = (data / SNAPSHOTS / DEFAULT_TENANT).iterdir()
    return max((each for each in kept if each.name.isdecimal()), key=lambda each: int(each.name))


def _verified(newest: Path) -> list[str]:
    try:
        verify(read_manifest(newest), whole=True)
    except DamagedSnapshot:
        return []
    return ["it verified"]


def _opened(data: Path) -> list[str]:
    with small(data) as product:
        return differences(product, stored_records(product))
