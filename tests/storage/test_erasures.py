"""The register of erasures, however many processes wrote it."""

from pathlib import Path

import pytest

from service.errors import UnreadableFile
from service.storage.erasures import Erasure, ErasureFile, read_erasures


def erasure(learner: str, revision: int = 2) -> Erasure:
    return Erasure("main", learner, revision)


def test_all_who_were_deleted_are_known_though_two_processes_brought_a_salt(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    ErasureFile(first).add([erasure("ann")])
    ErasureFile(second).add([erasure("bob")])
    both = tmp_path / "both.jsonl"
    both.write_bytes(first.read_bytes() + second.read_bytes())

    ErasureFile(both).add([erasure("cid")])

    found = read_erasures(both)
    assert len(found) == 3
    assert [found.erased("main", each, 1) for each in ("ann", "bob", "cid", "dee")] == [
        True,
        True,
        True,
        False,
    ]


def test_who_came_back_with_a_later_revision_is_not_deleted_again(tmp_path: Path) -> None:
    register = ErasureFile(tmp_path / "erasures.jsonl")
    register.add([erasure("ann", 2), erasure("ann", 4)])

    found = read_erasures(tmp_path / "erasures.jsonl")

    assert found.erased("main", "ann", 3)
    assert not found.erased("main", "ann", 5)


@pytest.mark.parametrize(
    "odd",
    [
        '{"learner": "abc"}',
        '{"learner": "abc", "revision": "two"}',
        '{"learner": 7, "revision": 2}',
        '{"salt": ["a"]}',
        '{"said": "what?"}',
    ],
)
def test_a_line_that_is_none_of_a_register_is_named(odd: str, tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    ErasureFile(path).add([erasure("ann")])
    with path.open("a") as file:
        file.write(f"{odd}\n")

    with pytest.raises(UnreadableFile, match=r"erasures\.jsonl: Line 3 is none of a register"):
        read_erasures(path)


def test_registers_that_were_merged_say_what_each_said_and_say_it_once(tmp_path: Path) -> None:
    own, other = ErasureFile(tmp_path / "own.jsonl"), ErasureFile(tmp_path / "other.jsonl")
    own.add([erasure("ann", 2)])
    other.add([erasure("bob", 5)])
    other.raise_floor(9)
    others = [read_erasures(tmp_path / "other.jsonl"), read_erasures(tmp_path / "own.jsonl")]

    own.merge(others)
    once = (tmp_path / "own.jsonl").read_bytes()
    own.merge(others)
    own.add([erasure("cid", 3)])

    found = read_erasures(tmp_path / "own.jsonl")
    assert (tmp_path / "own.jsonl").read_bytes().startswith(once + b"\n")
    assert len((tmp_path / "own.jsonl").read_bytes().splitlines()) == len(once.splitlines()) + 2
    assert [found.erased("main", each, 1) for each in ("ann", "bob", "cid")] == [True] * 3
    assert (found.floor, found.highest, len(found)) == (9, 9, 3)
