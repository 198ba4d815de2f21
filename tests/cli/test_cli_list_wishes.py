"""Wishes about a list as they are typed, and lists as tables in files."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer

from service.api.shapes import recommendation_json
from service.cli.bulk import Bulk, answer_lines
from service.cli.list_wishes import ListWishes, weights_of
from service.cli.pair_tables import recommendation_pairs
from service.cli.recommendation_rows import SCHEMA
from service.cli.wishes import Wishes
from service.domain.condition import ConditionField
from service.domain.goal import Goal, GoalMode
from service.domain.ids import DEFAULT_TENANT
from service.domain.learner import Learner
from service.domain.ranking import Diversify, Weights
from service.domain.record import Kind, Record
from service.errors import InvalidQuestion
from tests.builders.command_line import write_lines
from tests.builders.worlds import World, credential, learner, stated


def typed(**options: Any) -> ListWishes:
    nothing: dict[str, Any] = dict.fromkeys(
        ["mode", "weights", "pin", "exclude", "relax", "per_provider"]
    )
    return ListWishes.of(**{**nothing, "unlocks": False, **options})


def wishes(goal: str | None, **options: Any) -> Wishes:
    return Wishes.of(goal=goal, limit=5, limits={}, listed=typed(**options))


def test_wishes_come_into_the_question() -> None:
    wished = wishes(
        "welder",
        mode=GoalMode.SWITCH,
        weights=["cost=0.2", "time=0"],
        pin=["c-1"],
        exclude=["c-2", "c-3"],
        relax=[ConditionField.COST],
        per_provider=2,
        unlocks=True,
    )

    question = wished.question(learner("l-1", "SQL"), stored=True)

    assert question.goal == Goal(text="welder", mode=GoalMode.SWITCH)
    assert question.weights == Weights(cost=0.2, time=0.0)
    assert question.pinned == ("c-1",)
    assert question.exclude == ("c-2", "c-3")
    assert question.relax == (ConditionField.COST,)
    assert question.diversify == Diversify(max_per_group=2)
    assert question.unlocks


def test_a_mode_goes_with_the_learners_own_goal_if_no_other_is_typed() -> None:
    own = learner("l-1", goal=Goal(skills=stated("SQL")))

    question = wishes(None, mode=GoalMode.BUILD).question(own, stored=True)

    assert question.goal == Goal(skills=stated("SQL"), mode=GoalMode.BUILD)


def test_a_mode_without_any_goal_is_refused() -> None:
    with pytest.raises(InvalidQuestion, match="the mode build needs a goal"):
        wishes(None, mode=GoalMode.BUILD).question(learner("l-1", "SQL"), stored=True)


@pytest.mark.parametrize("wrong", ["price=1", "cost", "cost=much", "cost=2", "=1"])
def test_a_weight_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(typer.BadParameter):
        weights_of([wrong])


def a_run(world: World, tmp_path: Path, out: str) -> Path:
    """Recommend to three learners, of which one cannot be read; return where it is written."""
    world.put(
        credential("c-sql", "Databases, =1+1", "SQL"), credential("c-weld", "W", "weld metal")
    )
    goal = {"skills": ["SQL", "weld metal"]}
    lines = [
        {"id": "l-1", "text": "I keep bees.", "goal": goal},
        {"id": "l-2", "text": 5},
        {"id": "l-3", "skills": ["SQL", "weld metal"], "goal": goal},
    ]
    bulk = Bulk(
        kind=Kind.LEARNER,
        file=write_lines(tmp_path / "in.jsonl", lines),
        out=tmp_path / out,
        threads=1,
        pairs=recommendation_pairs(),
    )

    def answer(record: Record) -> dict[str, Any]:

        assert isinstance(record, Learner)
        question = wishes(None).question(record, stored=False)
        return recommendation_json(world.answers.recommend(DEFAULT_TENANT, question))

    with pytest.raises(typer.Exit):
        answer_lines(bulk, answer)
    return bulk.out


@pytest.mark.parametrize("out", ["out.csv", "out.parquet"])
def test_a_table_has_a_row_for_each_item_and_one_for_who_has_none(
    world: World, tmp_path: Path, out: str
) -> None:
    path = a_run(world, tmp_path, out)

    frame = pl.read_parquet(path) if out.endswith("parquet") else pl.read_csv(path)
    assert frame.columns == list(SCHEMA)
    rows = frame.to_dicts()
    assert [(row["learner"], row["rank"], row["credential"]) for row in rows] == [
        ("l-1", 1, rows[0]["credential"]),
        ("l-1", 2, rows[1]["credential"]),
        ("l-2", None, None),
        ("l-3", None, None),
    ]
    by_id = {row["credential"]: row for row in rows}
    assert by_id["c-sql"]["name"] == "Databases, =1+1"
    assert by_id["c-sql"]["adds"] == "SQL"
    assert by_id["c-sql"]["component_gap"] == 0.7071
    assert rows[2]["error_field"] == "text"
    assert rows[2]["error"]
    assert rows[3]["recommendation_id"]
