"""onramp pathway: the table says what is taken in which order, and how good that is."""

import io

import pytest
from rich.console import Console

from service.answers import PathwayQuestion
from service.cli.output import WIDTH
from service.cli.pathway_tables import show_pathway
from service.cli.pathways import PathwayWishes
from service.domain.credential import Delivery, Prerequisites
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, CredentialId
from service.domain.learner import Constraints
from service.domain.pathway import PathwayLimits
from service.domain.quantities import CreditUnit, CreditValue, Duration, Money
from tests.builders.command_line import onramp
from tests.builders.worlds import World, credential, learner, stated

GOAL = Goal(skills=stated("SQL", "weld metal", "teach children"))


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


def a_catalog(world: World) -> None:
    badge = (CredentialId("c-badge"),)
    world.put(
        credential("c-badge", "Shop Badge", requires_parts=2),
        credential(
            "c-sql",
            "Databases",
            "SQL",
            cost=usd(240),
            duration=Duration(weeks=8, hours_per_week=5),
            credit=(CreditValue(units=CreditUnit.SEMESTER_HOUR, value=3),),
            part_of=badge,
            prerequisites=Prerequisites(credentials=(CredentialId("c-first"),)),
        ),
        credential("c-first", "First", cost=usd(10), duration=Duration(weeks=1, hours_per_week=5)),
        credential("c-weld", "Metal Shop", "weld metal", cost=usd(900), part_of=badge),
        credential("c-teach", "Teaching", "teach children"),
    )


def shown(world: World, **facts: object) -> str:
    question = PathwayQuestion(
        **{  # type: ignore[arg-type]  # each test names the facts that it is about
            "learner": learner("l-1", "audit financial statements", goal=GOAL),
            "stored": False,
            "limits": PathwayLimits(budget=usd(500), weeks=20),
            "seconds": 10.0,
            **facts,
        }
    )
    out = Console(
        file=io.StringIO(), width=WIDTH, markup=False, highlight=False, emoji=False, no_color=True
    )
    show_pathway(out, world.pathways.find(DEFAULT_TENANT, question))
    assert isinstance(out.file, io.StringIO)
    text = out.file.getvalue()
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    return " ".join(text.split())


def test_a_pathway_shows_steps_totals_stacks_proof_and_what_was_left_out(world: World) -> None:
    a_catalog(world)

    text = shown(world)

    assert "1 First 0-1 10 USD" in text
    assert "2 Databases 1-9 240 USD 3" in text
    assert "after First" in text
    assert "SQL ← “SQL” (skills.0, stated)" in text
    assert "In all 250 USD, 9 weeks, 45 hours, 3 SemesterHour; covered from 0% to 33%." in text
    assert "Shop Badge (c-badge), 2 of 2 parts. planned: Databases; remaining: Metal Shop" in text
    assert "Proven to be the best, among 2 credentials." in text
    assert "Teaching (c-teach): cost, duration.weeks" in text
    assert "at most 500 USD in all" in text


def test_an_on_ramp_shows_what_it_leads_to(world: World) -> None:
    a_catalog(world)

    text = shown(world, target=CredentialId("c-badge"))

    assert "On the way to Shop Badge (c-badge), 2 of 2 parts. planned: Databases" in text
    assert "Metal Shop (c-weld): its cost is beyond the limits" in text


def test_without_time_the_table_says_how_much_better_it_could_be(world: World) -> None:
    week = Duration(weeks=1, hours_per_week=5)
    world.put(
        credential("c-two", "Two", "SQL", "weld metal", cost=usd(300), duration=week),
        credential("c-sql", "One", "SQL", cost=usd(100), duration=week),
        credential("c-weld", "Other", "weld metal", cost=usd(100), duration=week),
        credential("c-teach", "Last", "teach children", cost=usd(100), duration=week),
    )

    text = shown(world, seconds=0.0, limits=PathwayLimits(budget=usd(300)))

    assert "The greedy one; a better one covers at most 33.3% more of the gap" in text
    assert "Note: In 0 seconds nothing better than the greedy pathway was found" in text


def test_nothing_that_fits_is_said(world: World) -> None:
    text = shown(world)

    assert "No step within the limits adds to what is there." in text


def test_options_go_before_the_learners_own_limits_which_otherwise_stay() -> None:
    own = Constraints(max_cost=usd(100), max_weeks=4, delivery=(Delivery.ONLINE,))
    who = learner("l-1", "SQL", constraints=own)
    wishes = PathwayWishes.of(
        goal="welder",
        target=None,
        totals={"max_cost": "300USD", "max_weeks": None, "max_hours_per_week": 6.0},
        each={"delivery": None, "region": None},
        max_steps=3,
        seconds=None,
    )

    question = wishes.question(who, stored=False)

    assert question.limits == PathwayLimits(budget=usd(300), weeks=4, hours_per_week=6, steps=3)
    assert [each.field for each in question.conditions or ()] == ["delivery"]
    assert question.goal == Goal(text="welder")
    assert question.seconds == 0.25


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--text", "a", "--budget", "many"], "--budget"),
        (["--text", "a", "--region", "nowhere"], "--region"),
        (["--text", "a", "--target", "no id!"], "--target"),
        (["--text", "a", "--target", "c", "--goal", "g"], "--target"),
        (["--text", "a", "--learner", "l"], "give one of --learner, --text"),
        (["--text", "a", "--max-steps", "0"], "--max-steps"),
    ],
)
def test_a_misused_option_is_named(options: list[str], says: str) -> None:
    ran = onramp("pathway", *options)

    assert ran.code == 2
    assert says in " ".join(ran.err.split())
