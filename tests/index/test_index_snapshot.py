"""A saved index survives what happens to processes and disks, or is refused."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import DamagedIndex, ExactIndex
from index.snapshot import MANIFEST, Snapshot, write_snapshot
from tests.builders.vectors import numbered, unit_vectors

ROOT = Path(__file__).parents[2]

SAVES_FOR_EVER = """
import sys
from pathlib import Path
import numpy as np
from index import ExactIndex

generation = int(sys.argv[2])
while True:
    generation += 1
    ids = [f"{generation}-{row}" for row in range(200)]
    index = ExactIndex.build(ids, np.eye(200, dtype=np.float32))
    index.save(Path(sys.argv[1]), metadata={"generation": generation})
    print(generation, flush=True)
"""

SAVES_TO_A_FULL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np
from index import ExactIndex

index = ExactIndex.build([f"new-{row}" for row in range(100)], np.eye(100, dtype=np.float32))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    index.save(Path(sys.argv[1]), metadata={})
except OSError as error:
    print(error.strerror)
"""


def a_saved_index(folder: Path, *, count: int = 9) -> ExactIndex:
    index = ExactIndex.build(numbered(count), unit_vectors(count))
    index.save(folder, metadata={"count": count})
    return index


def rewrite_manifest(folder: Path, **changes: object) -> None:
    """Change a manifest and sign it again, as another version of this program would."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    contents = {**manifest["contents"], **changes}
    checksum = sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()
    signed = json.dumps({"contents": contents, "sha256": checksum}, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(signed + "\n")


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_a_process_killed_while_it_saves_leaves_what_it_had_saved(
    tmp_path: Path, kills: int
) -> None:
    chance = random.Random(0)  # noqa: S311  # picks moments, keeps no secret
    acknowledged = 0
    for _ in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", SAVES_FOR_EVER, str(tmp_path), str(acknowledged)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as saver:
            assert saver.stdout is not None
            saver.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            saver.kill()
            seen = saver.stdout.read().split()
        acknowledged = int(seen[-1]) if seen else acknowledged + 1

        index, metadata = ExactIndex.load(tmp_path)

        generation = metadata["generation"]
        assert generation in {acknowledged, acknowledged + 1}
        assert index.ids == tuple(f"{generation}-{row}" for row in range(200))
        acknowledged = int(generation)


def test_what_a_killed_process_left_behind_goes_with_the_next_save(tmp_path: Path) -> None:
    (tmp_path / "index-abc.tmp").write_bytes(b"half a")
    (tmp_path / "index-vectors-0123456789abcdef").write_bytes(b"an older one")
    (tmp_path / "notes.txt").write_text("somebody else's")

    a_saved_index(tmp_path)

    left = {path.name.rsplit("-", 1)[0] for path in tmp_path.iterdir()}
    assert left == {"index-ids", "index-vectors", MANIFEST, "notes.txt"}


def test_a_full_disk_leaves_what_was_saved_and_no_debris(tmp_path: Path) -> None:
    saved = a_saved_index(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}

    ended = subprocess.run(
        [sys.executable, "-c", SAVES_TO_A_FULL_DISK, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    loaded, metadata = ExactIndex.load(tmp_path)
    assert ended.stdout == "File too large\n"
    assert (loaded.ids, metadata) == (saved.ids, {"count": 9})
    assert before <= {path.name for path in tmp_path.iterdir()}
    assert not list(tmp_path.glob("*.tmp"))


def test_a_manifest_of_another_generation_is_refused(tmp_path: Path) -> None:
    a_saved_index(tmp_path / "old", count=5)
    a_saved_index(tmp_path / "new", count=6)

    shutil.copy(tmp_path / "old" / MANIFEST, tmp_path / "new" / MANIFEST)

    with pytest.raises(DamagedIndex, match=r"index-ids-\w{16} cannot be read"):
        ExactIndex.load(tmp_path / "new")


def test_a_file_of_another_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    a_saved_index(tmp_path)
    (path,) = tmp_path.glob("index-vectors-*")

    # A terabyte that takes no room: reading it would end the process.
    os.truncate(path, 10**12)

    with pytest.raises(DamagedIndex, match="has 1000000000000 bytes where 576 were saved"):
        ExactIndex.load(tmp_path)


def test_a_file_of_another_generation_under_the_right_name_is_refused(tmp_path: Path) -> None:
    a_saved_index(tmp_path / "one")
    ExactIndex.build(numbered(9), unit_vectors(9, seed=1)).save(tmp_path / "two", metadata={})
    (right,) = (tmp_path / "one").glob("index-vectors-*")
    (wrong,) = (tmp_path / "two").glob("index-vectors-*")

    shutil.copy(wrong, right)

    with pytest.raises(DamagedIndex, match="does not match the checksum") as refusal:
        ExactIndex.load(tmp_path / "one")
    assert refusal.value.path == right


def test_an_index_of_another_kind_is_refused(tmp_path: Path) -> None:
    a_saved_index(tmp_path)

    rewrite_manifest(tmp_path, kind="ivf")

    with pytest.raises(DamagedIndex, match="the kind 'ivf', not 'exact'"):
        ExactIndex.load(tmp_path)


def test_an_index_of_a_later_version_is_refused(tmp_path: Path) -> None:
    a_saved_index(tmp_path)

    rewrite_manifest(tmp_path, format=2)

    with pytest.raises(DamagedIndex, match="the format 2; this version reads 1"):
        ExactIndex.load(tmp_path)


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"7", b'{"contents": 7}', b"\xff", b"[" * 10**5]
)
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(raw)

    with pytest.raises(DamagedIndex, match="does not match its own checksum") as refusal:
        ExactIndex.load(tmp_path)

    assert refusal.value.path == tmp_path / MANIFEST


def test_ids_that_repeat_are_refused(tmp_path: Path) -> None:
    vectors = unit_vectors(2, dim=4).tobytes()
    write_snapshot(tmp_path, Snapshot("exact", 4, ["a", "a"], vectors, {}))

    with pytest.raises(DamagedIndex, match="names an id twice"):
        ExactIndex.load(tmp_path)


def test_vectors_that_do_not_fit_the_ids_are_refused(tmp_path: Path) -> None:
    vectors = unit_vectors(2, dim=4).tobytes()
    write_snapshot(tmp_path, Snapshot("exact", 4, ["a", "b", "c"], vectors, {}))

    with pytest.raises(DamagedIndex, match="counts 3 ids, but 8 numbers"):
        ExactIndex.load(tmp_path)


def test_only_the_owner_can_read_a_saved_index(tmp_path: Path) -> None:
    a_saved_index(tmp_path)

    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_saving_the_same_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    index = a_saved_index(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    index.save(tmp_path, metadata={"count": 9})

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_saved_vectors_are_little_endian_float32(tmp_path: Path) -> None:
    vectors = unit_vectors(9)
    a_saved_index(tmp_path)

    (path,) = tmp_path.glob("index-vectors-*")

    assert np.frombuffer(path.read_bytes(), "<f4").reshape(9, 16).tolist() == vectors.tolist()
