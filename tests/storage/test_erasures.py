"""The register of erasures, however many processes wrote it."""

from pathlib import Path

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
