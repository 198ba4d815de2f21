"""Profiles that are stuffed with the job ad gain nothing, and the reader of the list is told."""

import pytest

from service.answers import CandidatesQuestion, Pool
from service.domain.answer import MatchAnswer
from service.domain.ids import DEFAULT_TENANT, LearnerId
from service.domain.job import Job
from service.domain.learner import Experience, Learner
from service.domain.skill import EvidenceClass, Importance, StatedSkill
from tests.builders.worlds import World, job

AD = (
    "We are looking for a reporting analyst who writes SQL queries against our warehouse, keeps "
    "the monthly figures in spreadsheets software and audits the financial statements of four "
    "branches before they go to the board. You will explain to people in the shops what the "
    "numbers mean, answer their questions with SQL, and teach them to use spreadsheets software "
    "on their own. Experience with financial statements and audits is a plus."
)
OPENING = job(
    "j-1",
    "Reporting Analyst",
    StatedSkill(name="SQL", importance=Importance.PREFERRED),
    StatedSkill(name="use spreadsheets software", importance=Importance.PREFERRED),
    StatedSkill(name="audit financial statements", importance=Importance.PREFERRED),
    text=AD,
)
KEYWORDS = (
    "SQL, spreadsheets software, audit, financial statements, reporting analyst, SQL queries, "
    "monthly figures, warehouse, audits, numbers, use spreadsheets software, branches, board"
)
LOOK_ALIKES = str.maketrans("aeopcx", "аеорсх")  # noqa: RUF001 - look-alikes are what is tried
ATTACKS = {
    "title-once": "Reporting Analyst.",
    "title-twenty": "Reporting Analyst. " * 20,
    "pasted": " ".join(AD.split()[:60]),
    "keywords": KEYWORDS,
    "invisible": " ".join("\u200b".join(word) for word in AD.split()[:60]),
    "look-alikes": AD.translate(LOOK_ALIKES),
}
TRADES = {
    "weld": "I have welded pipes at a shipyard for ten years.",
    "teach": "I teach children in a primary school.",
}


def honest() -> list[Learner]:
    graded, seen = EvidenceClass.GRADED, EvidenceClass.EXPERIENCE
    return [
        Learner(
            id=LearnerId("h-all"),
            skills=(
                StatedSkill(name="SQL", evidence=graded),
                StatedSkill(name="use spreadsheets software", evidence=graded),
                StatedSkill(name="audit financial statements", evidence=seen),
            ),
        ),
        Learner(
            id=LearnerId("h-two"),
            skills=(
                StatedSkill(name="SQL", evidence=graded),
                StatedSkill(name="audit financial statements", evidence=seen),
            ),
        ),
        Learner(
            id=LearnerId("h-told"),
            experience=(
                Experience(title="Clerk", text="I wrote reports with SQL for the sales team."),
            ),
        ),
    ]


def stuffed(attack: str) -> list[Learner]:
    return [
        Learner(
            id=LearnerId(f"a-{trade}-{field}"),
            text=f"{tale} {ATTACKS[attack]}" if field == "text" else tale,
            experience=() if field == "text" else (Experience(title=trade, text=ATTACKS[attack]),),
        )
        for trade, tale in TRADES.items()
        for field in ("text", "work")
    ]


def ask(world: World, opening: Job, *people: Learner) -> MatchAnswer:
    pool: Pool = world.matching.pool(DEFAULT_TENANT, people)
    question = CandidatesQuestion(job=opening, stored=False, limit=100)
    return world.matching.candidates(DEFAULT_TENANT, question, pool=pool)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_stuffed_profile_never_stands_above_an_honest_one(world: World, attack: str) -> None:
    alone = ask(world, OPENING, *honest())
    answer = ask(world, OPENING, *honest(), *stuffed(attack))

    ranked = [each.id for each in answer.items]
    assert [each.id for each in alone.items] == ["h-all", "h-two", "h-told"]
    assert ranked[:3] == ["h-all", "h-two", "h-told"]
    assert [each.score for each in answer.items[:3]] == [each.score for each in alone.items]
    assert not [each for each in answer.items[3:] if each.score > alone.items[-1].score / 2]


def test_who_copies_the_ad_beside_real_evidence_keeps_it_and_is_flagged(world: World) -> None:
    graded = StatedSkill(name="SQL", evidence=EvidenceClass.GRADED)
    copier = Learner(id=LearnerId("l-1"), text=AD, skills=(graded,))

    answer = ask(world, OPENING, copier)

    assert answer.items[0].covered == ("s:sql",)
    assert answer.items[0].evidence[0].field == "skills.0"
    assert len(answer.items[0].caveats) == 1
    assert answer.items[0].caveats[0].startswith("the profile repeats ")
    assert (
        answer.items[0]
        .caveats[0]
        .endswith(" words of the job ad; what they suggest counts a tenth")
    )


def test_a_stored_profile_is_damped_in_the_list_as_in_its_explanation(world: World) -> None:
    world.put(*honest(), *stuffed("pasted"))

    answer = world.answers.candidates(
        DEFAULT_TENANT, CandidatesQuestion(job=OPENING, stored=False, limit=100)
    )

    assert [each.id for each in answer.items][:3] == ["h-all", "h-two", "h-told"]


def test_a_profile_that_changes_is_judged_by_what_it_says_now(world: World) -> None:
    copier = Learner(id=LearnerId("l-1"), text=AD)
    world.put(copier)
    view = world.tenants.get(DEFAULT_TENANT).view
    question = CandidatesQuestion(job=OPENING, stored=False)

    before = world.answers.candidates(DEFAULT_TENANT, question)
    world.put(Learner(id=LearnerId("l-1"), text="I write SQL."))
    after = world.answers.candidates(DEFAULT_TENANT, question)
    view.learners.remove(LearnerId("l-1"))

    assert before.items == ()
    assert [(each.id, each.caveats) for each in after.items] == [("l-1", ())]
