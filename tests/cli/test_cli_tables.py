"""Tables: who and why, within 100 columns, and nothing that a terminal would obey."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from service.answers import (
    CandidatesQuestion,
    ExplainQuestion,
    ProfileChange,
    RecommendQuestion,
    WhatIf,
)
from service.cli.explanation_tables import show_credential
from service.cli.gap_tables import show_gap
from service.cli.match_tables import show_candidates
from service.cli.output import WIDTH, plain
from service.cli.recommendation_tables import cost_words, show_recommendations, weeks_words
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, CredentialId
from service.domain.learner import Constraints, Experience
from service.domain.quantities import Duration, Money
from service.domain.skill import Importance, StatedSkill
from tests.builders.worlds import World, credential, job, learner, stated

GOAL = Goal(skills=stated("SQL", "weld metal", "teach children"))


def shown(show: Callable[[Console], None]) -> str:
    out = Console(
        file=io.StringIO(), width=WIDTH, markup=False, highlight=False, emoji=False, no_color=True
    )
    show(out)
    assert isinstance(out.file, io.StringIO)
    text = out.file.getvalue()
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    return text


def test_recommendations_say_what_is_added_by_which_words_and_at_which_cost(world: World) -> None:
    world.put(
        credential(
            "c-sql",
            "Databases",
            "SQL",
            cost=Money(amount=240, currency="USD"),
            duration=Duration(min_weeks=6, weeks=8),
        ),
        credential("c-weld", "Metal Shop", "weld metal", "SQL"),
    )
    who = learner("l-1", "teach children", goal=GOAL)
    answer = world.answers.recommend(DEFAULT_TENANT, RecommendQuestion(learner=who, stored=False))

    text = shown(lambda out: show_recommendations(out, answer))

    covered = f"{answer.gap.coverage:.0%} covered."
    assert f"Goal: SQL; weld metal; teach children, {covered}" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["1", "Metal", "Shop", "Lakefield"] in [row[:4] for row in rows]
    assert ["240", "USD", "6-8", "SQL"] in [row[-4:] for row in rows]
    assert "c-weld" in text
    assert "weld metal ← “weld metal” (skills.0, stated)" in text
    assert "not stated" in text
    assert "Applied: status Active or unstated" in text


def test_nothing_to_recommend_is_said_and_the_limit_is_named(world: World) -> None:
    world.put(credential("c-sql", "Databases", "SQL"))
    limits = Constraints(max_weeks=4)
    who = learner("l-1", "teach children", goal=GOAL, constraints=limits)
    answer = world.answers.recommend(DEFAULT_TENANT, RecommendQuestion(learner=who, stored=False))

    text = shown(lambda out: show_recommendations(out, answer))

    assert "Nothing in the catalog adds to what is there." in text
    assert "Databases (c-sql): duration.weeks unknown" in text
    assert "duration.weeks at most 4" in text


def test_candidates_say_what_is_covered_and_missing_and_who_just_misses(world: World) -> None:
    required = StatedSkill(name="weld metal", importance=Importance.REQUIRED)
    preferred = StatedSkill(name="SQL", importance=Importance.PREFERRED)
    wanted = job("j-1", "Welder", required, preferred)
    world.put(
        learner("ada", "weld metal", experience=(Experience(title="Shipyard hand"),)),
        learner("bob", "SQL"),
    )
    question = CandidatesQuestion(job=wanted, stored=False, near_misses=True)
    answer = world.answers.candidates(DEFAULT_TENANT, question)

    text = shown(lambda out: show_candidates(out, wanted, answer))

    assert "Job: Welder. It asks for weld metal, SQL." in text
    assert "1. ada, Shipyard hand, because of" in text
    assert "weld metal ← “weld metal” (skills.0, stated; self stated, strength 0.70)" in text
    near = text[text.index("near misses") :]
    assert "bob" in near
    assert "weld metal*" in near
    assert "2. bob" not in text.partition("near misses")[0]


def test_a_near_miss_who_is_one_credential_away_is_told_with_its_cost_and_weeks(
    world: World,
) -> None:
    required = StatedSkill(name="weld metal", importance=Importance.REQUIRED)
    preferred = StatedSkill(name="SQL", importance=Importance.PREFERRED)
    wanted = job("j-1", "Welder", required, preferred)
    cost, duration = Money(amount=300, currency="USD"), Duration(weeks=6)
    world.put(
        credential("c-1", "Metal Shop", "weld metal", cost=cost, duration=duration),
        learner("bob", "SQL"),
    )
    question = CandidatesQuestion(job=wanted, stored=False, one_credential_away=True)
    answer = world.answers.candidates(DEFAULT_TENANT, question)

    text = " ".join(shown(lambda out: show_candidates(out, wanted, answer)).split())

    assert "bob, is one credential away: Metal Shop (c-1), cost 300 USD, weeks 6." in text


def test_a_gap_says_by_what_it_is_covered_and_what_is_open(world: World) -> None:
    who = learner("l-1", "SQL")
    gap, labels = world.answers.gap(DEFAULT_TENANT, who, stored=False, goal=GOAL)

    text = shown(lambda out: show_gap(out, gap, labels))

    there, _, still_open = text.partition(" open ")
    assert "“SQL” (self_stated, skills.0)" in there
    assert "weld metal" not in there.partition("there")[2]
    assert "teach children" in still_open


def test_an_explanation_names_the_record_the_field_and_the_place_of_the_words(
    world: World,
) -> None:
    world.put(credential("c-1", "Metal Shop", description="You learn to weld metal safely."))
    who = learner("l-1", "teach children", goal=GOAL)
    what_if = WhatIf(add=ProfileChange(skills=stated("SQL")))
    question = ExplainQuestion(
        learner=who, stored=False, credential=CredentialId("c-1"), what_if=what_if
    )
    answer = world.explaining.explain(DEFAULT_TENANT, question)

    text = " ".join(shown(lambda out: show_credential(out, answer)).split())

    assert "Metal Shop (c-1), Lakefield" in text
    assert "credential:c-1" in text
    assert "inferred" in text
    assert "It adds: weld metal." in text
    assert "Stays open: SQL" in text
    assert f"Score {answer.found.item.score:.1f} (gap " in text
    assert f"What if: score {answer.found.item.score:.1f} → " in text
    assert "Covered besides: SQL." in text
    assert text.endswith(f"Answer {answer.explanation_id}.")


def test_what_a_terminal_would_obey_is_not_sent_to_it(world: World) -> None:
    world.put(credential("c-1", "SQL \x1b[2J\x07[red]course[/red]\u202e", "SQL"))
    who = learner("l-1", "teach children", goal=GOAL)
    answer = world.answers.recommend(DEFAULT_TENANT, RecommendQuestion(learner=who, stored=False))

    text = shown(lambda out: show_recommendations(out, answer))

    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[red]course[/red]" in " ".join(text.split())


def test_a_text_of_several_lines_stands_on_one() -> None:
    assert plain("a\r\n\tb\x00c") == "a b c"


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (Duration(), "not stated"),
        (Duration(weeks=8), "8"),
        (Duration(min_weeks=6, weeks=8), "6-8"),
        (Duration(min_weeks=8, weeks=8), "8"),
        (Duration(effort_hours=40), "not stated"),
    ],
)
def test_weeks_are_those_of_the_calendar(duration: Duration, words: str) -> None:
    assert weeks_words(duration) == words


def test_a_cost_has_its_currency_and_an_unknown_one_says_so() -> None:
    assert cost_words(Money(amount=1180, currency="USD")) == "1,180 USD"
    assert cost_words(Money(amount=49.9, currency="EUR")) == "49.9 EUR"
    assert cost_words(None) == "not stated"
