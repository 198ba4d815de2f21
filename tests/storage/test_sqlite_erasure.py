"""What is deleted leaves no byte behind."""

import sqlite3
from pathlib import Path

import numpy as np

from service.domain.ids import DEFAULT_TENANT, SkillId
from service.domain.record import DerivedRecord, Kind
from service.domain.verdict import SkillVerdict, Verdict
from service.matching.ports import RecordKey, VerdictChange, Verdicts
from service.storage import STORE_FILE, SqliteStore
from service.storage.erasures import ERASURES_FILE
from tests.builders.decisions import a_decision, used
from tests.builders.records import a_learner, a_link, a_vector, derived

HERE = DEFAULT_TENANT


def learners(count: int, *, canary: str, seed: int) -> list[DerivedRecord]:
    """Make learners of different sizes; some of them take more than a page."""
    sizes = np.random.default_rng(seed).integers(1, 400, count)
    return [
        derived(
            a_learner(f"learner-{number}", f"{canary}-{number} " * size),
            *[a_link(f"skill:{canary}-{place}") for place in range(size % 7)],
            vector=a_vector(seed + number, dim=384),
        )
        for number, size in enumerate(sizes.tolist())
    ]


def traces(folder: Path, canary: str, erased: list[DerivedRecord]) -> list[str]:
    """Say what of the erased records is still in a file of the folder."""
    content = b"".join(file.read_bytes() for file in sorted(folder.iterdir()))
    # A quarter of a vector is enough to know it by: pages may have split the whole.
    vectors = [put.vector[96:192].tobytes() for put in erased]
    found = [f"vector {number}" for number, vector in enumerate(vectors) if vector in content]
    return found + ([canary] if canary.encode() in content else [])


def test_deleted_words_vectors_and_links_are_overwritten(tmp_path: Path) -> None:
    gone = learners(120, canary="CANARY", seed=1)
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, gone)
        assert len(traces(tmp_path, "CANARY", gone)) == 121

        keys = [RecordKey(Kind.LEARNER, put.record.id) for put in gone]
        for start in range(0, 120, 7):
            store.commit(HERE, learners(3, canary="other", seed=2000), keys[start : start + 7])

        assert traces(tmp_path, "CANARY", gone) == []
        names = sorted(file.name for file in tmp_path.iterdir())
        assert names == [ERASURES_FILE, STORE_FILE]


def test_replaced_words_vectors_and_links_are_overwritten(tmp_path: Path) -> None:
    old = learners(120, canary="CANARY", seed=1)
    new = learners(120, canary="fresh", seed=1000)
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, old)

        for start in range(0, 120, 11):
            store.commit(HERE, new[start : start + 11])

        assert traces(tmp_path, "CANARY", old) == []
        assert store.counts(HERE)[Kind.LEARNER] == 120


def test_what_was_decided_about_a_learner_is_overwritten_with_them(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    # Words that do not compress, so that they fill pages of their own.
    words = [chance.bytes(6000).hex() for _ in range(20)]
    about = [
        a_decision(f"d-{number}", used(f"learner-{number}"), answer=text)
        for number, text in enumerate(words)
    ]
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, learners(20, canary="CANARY", seed=1))
        store.decisions.append(HERE, about)
        kept = packed_answers(tmp_path)

        store.commit(HERE, [], [RecordKey(Kind.LEARNER, f"learner-{each}") for each in range(20)])

    content = (tmp_path / STORE_FILE).read_bytes()
    pieces = [each[start : start + 64] for each in kept for start in range(0, len(each), 500)]
    assert len(kept) == 20
    assert [piece for piece in pieces if len(piece) == 64 and piece in content] == []


def packed_answers(folder: Path) -> list[bytes]:
    connection = sqlite3.connect(folder / STORE_FILE)
    found = [answer for (answer,) in connection.execute("SELECT answer FROM decisions")]
    connection.close()
    return found


def test_a_verdict_that_is_taken_back_or_goes_with_its_record_is_overwritten(
    tmp_path: Path,
) -> None:
    ada, bob = (RecordKey(Kind.LEARNER, each) for each in ("ada", "bob"))
    skill = SkillId("skill:welding")
    said = SkillVerdict(skill=skill, verdict=Verdict.REJECTED, note="CANARY " * 140)
    with SqliteStore.open(tmp_path, create=True) as store:
        for key in (ada, bob):
            store.commit(HERE, [derived(a_learner(key.id))])
            new = VerdictChange(key, 1, skill, said)
            store.commit(HERE, [derived(a_learner(key.id))], verdicts=Verdicts({key: ()}, new))
        assert traces(tmp_path, "CANARY", []) == ["CANARY"]

        gone = Verdicts({ada: (said,)}, VerdictChange(ada, 2, skill, None))
        store.commit(HERE, [derived(a_learner("ada"))], verdicts=gone)
        store.commit(HERE, [], [bob])

        assert traces(tmp_path, "CANARY", []) == []
