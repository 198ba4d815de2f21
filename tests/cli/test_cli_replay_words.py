"""A replay in words: the verdict, and each thing that has changed."""

import io
from dataclasses import replace

from rich.console import Console

from service.cli.replay_words import show_replay
from service.cli.replaying import replay_json
from service.domain.decision import (
    ChangedRecord,
    ChangedVersion,
    DecisionKind,
    Replay,
    Verdict,
)
from service.domain.record import Kind
from tests.builders.decisions import AT

SAME = Replay(decision="d-1", kind=DecisionKind.RECOMMENDATION, at=AT, verdict=Verdict.SAME)
MOVED = ChangedVersion(name="index", before="7", after="9")


def told(found: Replay) -> str:
    file = io.StringIO()
    show_replay(Console(file=file, width=100, markup=False, highlight=False), found)
    return " ".join(file.getvalue().split())


def test_the_same_answer_is_said_to_be_the_same_though_the_store_has_moved() -> None:
    assert told(SAME) == (
        "d-1, recommendation of 2026-11-24T12:00:00+00:00 The same answer, to the bit."
    )
    assert "The same answer, to the bit, though the store has moved from 7 to 9." in told(
        replace(SAME, index_version=MOVED)
    )


def test_another_answer_is_told_with_all_that_has_changed() -> None:
    found = replace(
        SAME,
        verdict=Verdict.DIFFERENT,
        differs_in=("items", "gap"),
        index_version=MOVED,
        versions=(ChangedVersion(name="model", before="a-1", after="a-2"),),
        records=(
            ChangedRecord(kind=Kind.CREDENTIAL, id="c-1", before=3, after=5),
            ChangedRecord(kind=Kind.CREDENTIAL, id="c-2", before=0, after=1),
            ChangedRecord(kind=Kind.JOB, id="j-1", before=1, after=None),
            ChangedRecord(kind=Kind.SKILL, id="s-1", before=None, after=4),
        ),
        others=1200,
    )

    text = told(found)

    for words in (
        "Another answer. It differs in: items, gap.",
        "Changed: model, a-1 → a-2.",
        "Changed: credential c-1, revision 3 → 5.",
        "Changed: credential c-2, new.",
        "Changed: job j-1, deleted.",
        "Changed: skill s-1, now revision 4.",
        "The store has moved from 7 to 9.",
        "1,200 further records have changed, which it does not name.",
    ):
        assert words in text
    assert "the program itself" not in text
    assert replay_json(found)["changed"]["records"][0] == {
        "kind": "credential",
        "id": "c-1",
        "before": 3,
        "after": 5,
    }


def test_another_answer_from_the_same_store_is_laid_to_the_program() -> None:
    found = replace(SAME, verdict=Verdict.DIFFERENT, differs_in=("items",))

    assert "the program itself has" in told(found)


def test_another_pathway_from_the_same_store_may_be_laid_to_its_seconds() -> None:
    found = replace(
        SAME, kind=DecisionKind.PATHWAY, verdict=Verdict.DIFFERENT, differs_in=("steps",)
    )

    assert "Or its seconds" in told(found)


def test_what_cannot_be_computed_again_says_why() -> None:
    found = replace(SAME, verdict=Verdict.IMPOSSIBLE, reason="It was erased on 2026-11-25.")

    assert told(found).endswith("It cannot be computed again. It was erased on 2026-11-25.")
