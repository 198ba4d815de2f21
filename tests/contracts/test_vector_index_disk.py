"""Every vector index must pass these: the disk, and several threads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import (
    DamagedIndex,
    VectorIndex,
)
from tests.builders.indexes import INDEXES, tolerance_of
from tests.builders.vectors import numbered, unit, unit_vectors

pytestmark = pytest.mark.parametrize("index_type", INDEXES)

EAST, NORTH = unit([1, 0]), unit([0, 1])


def test_a_loaded_index_answers_as_the_saved_one(
    index_type: type[VectorIndex], tmp_path: Path
) -> None:
    index = index_type.build(numbered(300), unit_vectors(300))
    index.remove(numbered(50))
    index.upsert(["item-60", "Ünï|\n\ud800"], unit_vectors(2, seed=1))
    queries = unit_vectors(30, seed=2)

    index.save(tmp_path, metadata={"sequence": 4711, "model": "5f0c"})
    loaded, metadata = index_type.load(tmp_path)

    assert loaded.search(queries, k=20) == index.search(queries, k=20)
    assert metadata == {"sequence": 4711, "model": "5f0c"}
    assert (loaded.ids, loaded.dim, loaded.row_count) == (index.ids, 16, 251)
    assert loaded.vectors_of(index.ids).tobytes() == index.vectors_of(index.ids).tobytes()
    assert loaded.add(["new"], unit_vectors(1)).tolist() == [251]


def test_an_empty_index_can_be_saved(index_type: type[VectorIndex], tmp_path: Path) -> None:
    index_type.build([], np.empty((0, 7), np.float32)).save(tmp_path / "new" / "one", metadata={})

    loaded, metadata = index_type.load(tmp_path / "new" / "one")

    assert (len(loaded), loaded.dim, metadata) == (0, 7, {})


def test_what_was_removed_is_gone_from_the_disk_after_the_next_save(
    index_type: type[VectorIndex], tmp_path: Path
) -> None:
    vectors = unit_vectors(20)
    index = index_type.build(numbered(20), vectors)
    index.save(tmp_path, metadata={})

    index.remove(["item-7"])
    index.save(tmp_path, metadata={})

    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert tolerance_of(index) or vectors[6].tobytes() in kept
    assert b"item-6" in kept
    assert vectors[7].tobytes() not in kept
    assert b"item-7" not in kept


def test_an_index_damaged_anywhere_is_refused(
    index_type: type[VectorIndex], tmp_path: Path
) -> None:
    index_type.build(numbered(9), unit_vectors(9, dim=4)).save(tmp_path, metadata={"sequence": 1})
    chance = np.random.default_rng(0)

    for path in tmp_path.iterdir():
        sound = path.read_bytes()
        flips = (
            sound[:at] + bytes([byte ^ 1 << int(chance.integers(8))]) + sound[at + 1 :]
            for at, byte in enumerate(sound)
        )
        shapes = [sound[:-1], sound[:50], b"", sound + b"\0", sound[:-9] + bytes(9)]
        # A file may end in zeros; then a tail of zeros is no damage.
        for damaged in (*flips, *(shape for shape in shapes if shape != sound)):
            path.write_bytes(damaged)
            with pytest.raises(DamagedIndex) as refusal:
                index_type.load(tmp_path)
            assert refusal.value.path == path
        path.write_bytes(sound)

    assert len(index_type.load(tmp_path)[0]) == 9


def test_a_missing_file_is_named(index_type: type[VectorIndex], tmp_path: Path) -> None:
    index_type.build(["a"], EAST).save(tmp_path, metadata={})

    for path in tmp_path.iterdir():
        moved = path.rename(tmp_path / "away")
        with pytest.raises(DamagedIndex, match=path.name):
            index_type.load(tmp_path)
        moved.rename(path)

    with pytest.raises(DamagedIndex, match="No such file"):
        index_type.load(tmp_path / "never-made")


def test_readers_meet_a_write_whole_or_not_at_all(index_type: type[VectorIndex]) -> None:
    flock, extra = numbered(2000), [f"extra-{number}" for number in range(2000)]
    east, north = (
        vector.repeat(2000, axis=0) for vector in np.eye(2, 128, dtype=np.float32)[:, None]
    )
    index = index_type.build(flock, east)

    def read() -> set[tuple[int, int]]:
        met = set()
        for _ in range(60):
            (hits,) = index.search_rows(east[:1], k=1500)
            nearest = int((hits.similarities > 0.5).sum())
            met.add((nearest, len(hits.similarities) - nearest))
        return met

    with ThreadPoolExecutor(2) as readers:
        reading = [readers.submit(read) for _ in range(2)]
        while not all(future.done() for future in reading):
            index.update(flock, north)
            index.add(extra, east)
            index.remove(extra)
            index.update(flock, east)

    met = set().union(*(future.result() for future in reading))
    assert met == {(1500, 0), (0, 1500)}


def test_an_index_can_be_loaded_while_it_is_saved_again(
    index_type: type[VectorIndex], tmp_path: Path
) -> None:
    index = index_type.build(["a"], EAST)
    index.save(tmp_path, metadata={"size": 1})

    def save() -> None:
        for size in range(2, 60):
            index.add([f"item-{size}"], EAST)
            index.save(tmp_path, metadata={"size": size})

    with ThreadPoolExecutor(1) as writer:
        writing = writer.submit(save)
        loads = 0
        while not writing.done():
            loaded, metadata = index_type.load(tmp_path)
            assert len(loaded) == metadata["size"]
            loads += 1
        writing.result()

    assert loads > 1
