"""Snapshots: a faster start that answers the same, and that nobody has to trust."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Growth
from index.saved import QUANTIZED
from service.domain.ids import DEFAULT_TENANT, CredentialId
from service.domain.record import Kind
from service.errors import DamagedStore, SnapshotBusy, SnapshotNotWritten
from service.indexing.holders import HolderIndex
from service.indexing.saving import open_view, save_view
from service.indexing.snapshots import MANIFEST, Snapshots, read_manifest
from service.indexing.view import View
from service.matching.ports import MetaKey, Records
from tests.builders.memory_records import MemoryRecords
from tests.builders.records import DIM
from tests.builders.views import TODAY, WORDS, a_change, an_empty_view, key_of, told

HERE = DEFAULT_TENANT
OTHERS = [kind for kind in Kind if kind is not Kind.LEARNER]

Step = tuple[Kind, int, int | None]
steps = st.lists(
    st.tuples(st.sampled_from(list(Kind)), st.integers(0, 8), st.none() | st.integers(1, 10_000)),
    max_size=40,
)


def take(records: Records, changes: Sequence[Step]) -> None:
    """Put what has a seed, and delete what has none."""
    for kind, number, seed in changes:
        puts = [] if seed is None else [a_change(kind, number, seed)]
        records.commit(HERE, puts, [] if puts else [key_of(kind, number)])


def a_store(*, changes: int = 60) -> MemoryRecords:
    records = MemoryRecords()
    records.set_meta(HERE, MetaKey.STORE_ID, "this-store")
    kinds = list(Kind)
    take(records, [(kinds[seed % 5], seed % 9, seed) for seed in range(1, changes)])
    return records


def snapshots(folder: Path, *, code: str = "code") -> Snapshots:
    return Snapshots(folder / "snapshots", code=code)


def loaded(records: Records) -> View:
    view = an_empty_view(records)
    view.load()
    return view


def opened(records: Records, kept: Snapshots) -> tuple[View, list[int]]:
    """Open a view; also tell how many records were read from the store."""
    read: list[int] = []
    view = open_view(lambda: an_empty_view(records), records, HERE, kept, read.append)
    return view, read


def saved(records: Records, kept: Snapshots) -> Path:
    return save_view(loaded(records), records, HERE, kept)


@pytest.mark.slow
@settings(max_examples=40)
@given(before=steps, after=steps, again=steps)
def test_a_view_from_a_snapshot_answers_what_one_from_the_store_does(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[Step],
    after: list[Step],
    again: list[Step],
) -> None:
    records, kept = MemoryRecords(), snapshots(tmp_path_factory.mktemp("kept"))
    take(records, before)
    # Rows that are gone, and changes that the view applied one by one, are in the snapshot too.
    old = loaded(records)
    take(records, after)
    old.catch_up()
    save_view(old, records, HERE, kept)
    take(records, again)

    view, _ = opened(records, kept)

    assert told(view) == told(loaded(records))
    take(records, before)
    view.catch_up()
    assert told(view) == told(loaded(records))


def test_a_snapshot_of_a_view_that_came_from_a_snapshot_is_as_good(tmp_path: Path) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    saved(records, kept)
    view, _ = opened(records, kept)
    take(records, [(Kind.CREDENTIAL, 3, None), (Kind.SKILL, 2, 99), (Kind.JOB, 8, 77)])

    save_view(view, records, HERE, kept)

    again, _ = opened(records, kept)
    assert told(again) == told(loaded(records))


def test_of_the_store_only_learners_are_read_again(tmp_path: Path) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    saved(records, kept)

    view, read = opened(records, kept)

    assert sum(read) == records.counts(HERE)[Kind.LEARNER]
    assert view.seq == records.last_seq(HERE)


def test_no_byte_of_a_learner_is_in_a_snapshot(tmp_path: Path) -> None:
    records, kept = a_store(), snapshots(tmp_path)

    folder = saved(records, kept)

    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    learners = [each for page in records.scan(HERE, Kind.LEARNER) for each in page]
    assert learners
    for each in learners:
        assert each.record.id.encode() not in content
        assert each.vector[:4].tobytes() not in content
    credentials = [each for page in records.scan(HERE, Kind.CREDENTIAL) for each in page]
    assert all(each.vector.tobytes() in content for each in credentials)


@pytest.mark.slow
@pytest.mark.parametrize("harm", ["flip", "cut", "zero", "gone", "more"])
def test_whatever_is_damaged_is_found_before_it_is_parsed(
    harm: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    truth = told(loaded(records))
    folder = saved(records, kept)
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    drawn = np.random.default_rng(5)
    for name in names:
        copy = shutil.copytree(folder, tmp_path / "copy")
        _harm(folder / name, harm, drawn)
        caplog.clear()

        view, read = opened(records, kept)

        assert told(view) == truth, name
        assert sum(read) == sum(records.counts(HERE).values()), name
        assert [record.levelname for record in caplog.records] == ["WARNING"], name
        assert str(folder) in caplog.text
        shutil.rmtree(folder)
        copy.rename(folder)


def _harm(path: Path, how: str, drawn: np.random.Generator) -> None:
    body = bytearray(path.read_bytes())
    match how:
        case "flip" if body:
            body[int(drawn.integers(len(body)))] ^= 1 << int(drawn.integers(8))
        case "cut" if body:
            del body[int(drawn.integers(len(body))) :]
        case "zero" if any(body):
            body[len(body) // 2 :] = bytes(len(body) - len(body) // 2)
            body[0] ^= 255
        case "gone":
            path.unlink()
            return
        case _:
            body += b"more"
    path.write_bytes(body)


def test_the_generation_before_serves_when_the_newest_does_not_verify(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    first = saved(records, kept)
    take(records, [(Kind.CREDENTIAL, 1, 1234)])
    newest = saved(records, kept)
    (newest / MANIFEST).write_bytes(b"{}")

    view, read = opened(records, kept)

    assert first.exists()
    assert told(view) == told(loaded(records))
    assert sum(read) == records.counts(HERE)[Kind.LEARNER]
    assert "has no readable manifest" in caplog.text


@pytest.mark.parametrize("name", [MANIFEST, "credentials/links.bytes", "jobs/holders/vectors"])
def test_a_damaged_newest_generation_is_made_anew_and_the_good_one_is_kept(
    name: str, tmp_path: Path
) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    good, newest = saved(records, kept), saved(records, kept)
    path = newest / name
    for each in [path] if path.is_file() else path.glob("index-vectors-*"):
        _harm(each, "flip", np.random.default_rng(3))
    started = snapshots(tmp_path)

    opened(records, started)
    is_old = started.is_old(records, HERE)
    third = saved(records, started)

    assert is_old
    assert kept.generations(HERE) == [third, good]
    assert not started.is_old(records, HERE)
    assert [sum(opened(records, snapshots(tmp_path))[1])] == [records.counts(HERE)[Kind.LEARNER]]


def test_a_snapshot_is_written_when_its_indexes_have_gone_over_to_codes(tmp_path: Path) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    view = an_empty_view(records)
    holders = HolderIndex(DIM, view.skills, growth=Growth(exact_up_to=2))
    vars(view.credentials)["_holders"] = holders
    view.load()

    folder = save_view(view, records, HERE, kept)

    (manifest,) = folder.glob("credentials/holders/vectors/manifest.json")
    assert json.loads(manifest.read_text())["contents"]["kind"] == QUANTIZED


def test_two_generations_are_kept(tmp_path: Path) -> None:
    records, kept = a_store(), snapshots(tmp_path)

    folders = [saved(records, kept) for _ in range(4)]

    assert kept.generations(HERE) == [folders[3], folders[2]]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (MetaKey.STORE_ID, "is of another store"),
        (MetaKey.MODEL_HASH, "is of another model"),
        (MetaKey.DERIVATION, "is of another derivation"),
        (MetaKey.TAXONOMY_VERSIONS, "is of another version of the taxonomies"),
    ],
)
def test_a_snapshot_of_something_else_is_left_aside(
    key: MetaKey, says: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    saved(records, kept)
    records.set_meta(HERE, key, "another")

    view, read = opened(records, kept)

    assert says in caplog.text
    assert sum(read) == sum(records.counts(HERE).values())
    assert told(view) == told(loaded(records))


def test_a_snapshot_by_other_code_is_left_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records = a_store()
    saved(records, snapshots(tmp_path))

    opened(records, snapshots(tmp_path, code="newer"))

    assert "is of another version of Onramp" in caplog.text


def test_a_store_that_went_back_in_time_is_not_served_by_a_snapshot(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = snapshots(tmp_path)
    saved(a_store(changes=60), kept)
    shorter, other = a_store(changes=40), a_store(changes=59)
    take(other, [(Kind.SKILL, 1, 5)])

    assert told(opened(shorter, kept)[0]) == told(loaded(shorter))
    assert told(opened(other, kept)[0]) == told(loaded(other))

    assert caplog.text.count("does not follow from this store's change log") == 2


def test_a_snapshot_with_other_records_than_the_store_is_left_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    view = loaded(records)
    # As after a fault of our own: the view lost a record, and nothing in the log says so.
    lost = next(iter(records.scan(HERE, Kind.CREDENTIAL)))[0].record.id
    view.credentials.remove(CredentialId(lost))
    save_view(view, records, HERE, kept)

    assert told(opened(records, kept)[0]) == told(loaded(records))

    assert "holds another number of records than the store" in caplog.text


def test_only_one_process_writes_at_a_time_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    with kept.writing(HERE) as half:
        half.write("half", [b"done"])
        with pytest.raises(SnapshotBusy):
            saved(records, kept)

    assert kept.generations(HERE) == []
    assert sorted(path.name for path in (tmp_path / "snapshots" / HERE).iterdir()) == [".lock"]


def test_a_disk_that_takes_no_snapshot_is_said(tmp_path: Path) -> None:
    records = a_store()
    (tmp_path / "snapshots").write_text("a file where the folder would be")

    with pytest.raises(SnapshotNotWritten, match="The store is not affected"):
        saved(records, snapshots(tmp_path))


def test_a_snapshot_is_old_when_there_is_much_to_replay(tmp_path: Path) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    assert kept.is_old(records, HERE)
    folder = saved(records, kept)
    assert not kept.is_old(records, HERE)

    take(records, [(Kind.SKILL, 1, 5)] * 1000)
    assert not kept.is_old(records, HERE)
    take(records, [(Kind.SKILL, 1, 6)])

    assert kept.is_old(records, HERE)
    saved(records, kept)
    assert not kept.is_old(records, HERE)
    newest = kept.generations(HERE)[0]
    assert read_manifest(newest).seq == records.last_seq(HERE)
    assert json.loads((folder / MANIFEST).read_text())["contents"]["counts"].keys() == {
        kind.value for kind in OTHERS
    }


def test_a_vector_that_is_none_is_told_as_damage_by_who_follows_the_log() -> None:
    records = a_store()
    view = loaded(records)
    change = a_change(Kind.JOB, 1, 5)
    records.commit(HERE, [replace(change, vector=np.full(DIM, 2.0, dtype=np.float32))])

    with pytest.raises(DamagedStore, match="holds a vector that is none"):
        view.catch_up()


def test_learners_are_weighed_no_further_once_it_is_told_to_stop() -> None:
    records = a_store()
    view, asked = loaded(records), list[int]()

    def stop() -> bool:
        asked.append(1)
        return True

    view.learners.read_rest(until=stop)
    view.learners.read_rest()
    view.learners.weigh(TODAY, until=stop)

    assert len(asked) == 2
    assert told(view) == told(loaded(records))


def test_a_learner_changed_or_deleted_before_the_rest_is_read_is_as_changed() -> None:
    records = a_store()
    view = loaded(records)
    take(records, [(Kind.LEARNER, 1, 777), (Kind.LEARNER, 2, None), (Kind.CREDENTIAL, 3, 5)])
    # The store is ahead of the view when the rest is read.
    view.learners.read_rest()
    view.catch_up()
    early = loaded(records)
    take(records, [(Kind.LEARNER, 3, 778), (Kind.LEARNER, 4, None), (Kind.LEARNER, 2, 9)])
    early.catch_up()
    view.catch_up()

    truth = loaded(records)

    assert told(view) == told(truth)
    assert told(early) == told(truth)


def test_a_learner_is_found_whose_rest_was_read_for_the_question(tmp_path: Path) -> None:
    records, kept = a_store(), snapshots(tmp_path)
    saved(records, kept)
    whole = an_empty_view(records)
    whole.load()
    whole.learners.read_rest()

    view, _ = opened(records, kept)

    found = view.learners.search(" ".join(WORDS), k=9)
    assert found == whole.learners.search(" ".join(WORDS), k=9) != []
