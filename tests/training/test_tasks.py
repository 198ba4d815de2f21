"""Development tasks hold the held-out rows alone, each query with all that is right for it."""

from pathlib import Path

import pytest

from tests.builders.research import ALTERNATES, ENGINEER, NURSE, WELDER, write_research
from training.metrics import Metric
from training.splits import held_out_titles, is_held_out, text_key
from training.tasks import Task, development_tasks
from training.tasks.jobs import learners
from training.tasks.task import Row, task_of

NURSING = "healthcare practitioners and technical"
ENGINEERING = "architecture and engineering"


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Task]:
    data = write_research(tmp_path_factory.mktemp("research"))
    return {task.name: task for task in development_tasks(data)}


def answers(task: Task) -> dict[str, set[str]]:
    """Return the relevant targets of each query, as texts."""
    return {
        query: {task.targets[number] for number in relevant}
        for query, relevant in zip(task.queries, task.relevant, strict=True)
    }


def test_every_task_has_its_headline(tasks: dict[str, Task]) -> None:
    assert {name: task.headline for name, task in tasks.items()} == {
        "skill_house": Metric.RP_AT_5,
        "skill_tech": Metric.RP_AT_5,
        "skillskape_dev": Metric.RP_AT_5,
        "vacancy_skills": Metric.MAP,
        "credential_skills": Metric.MAP,
        "jobbert": Metric.MRR,
        "title_title": Metric.MAP,
        "onet_task_occupation": Metric.MRR,
        "onet_occupation_technology": Metric.MAP,
        "fedjobs_summary_duties": Metric.NDCG_AT_10,
        "onet_learner": Metric.NDCG_AT_10,
    }


def test_a_sentence_has_the_labels_of_all_its_spans_and_no_word_for_none(
    tasks: dict[str, Task],
) -> None:
    task = tasks["skill_house"]

    assert task.targets == ("knit", "weld pipes", "Perl")
    assert answers(task) == {"Joins pipes, in Perl .": {"weld pipes", "Perl"}}
    assert task.fields == ("S1 building",)
    assert answers(tasks["skill_tech"]) == {"Writes scripts .": {"Perl"}}


def test_unknown_labels_are_no_skills(tasks: dict[str, Task]) -> None:
    assert answers(tasks["skillskape_dev"]) == {"You care for patients.": {"nurse the sick"}}
    assert tasks["skillskape_dev"].fields == ("S3 caring",)


def test_vacancies_are_those_of_the_development_part(tasks: dict[str, Task]) -> None:
    assert answers(tasks["vacancy_skills"]) == {"Welder, days": {"weld pipes"}}
    assert len(tasks["vacancy_skills"].targets) == 4


def test_held_out_credentials_choose_among_the_tags_of_all(tasks: dict[str, Task]) -> None:
    task = tasks["credential_skills"]

    assert answers(task) == {"Wards": {"Care", "Nursing"}}
    assert task.targets == ("Care", "Nursing", "Rope", "Sailing")
    assert task.fields is None


def test_a_vacancy_title_has_its_occupation(tasks: dict[str, Task]) -> None:
    task = tasks["jobbert"]

    assert answers(task) == {"Ward nurse (nights)": {"ward nurse"}}
    assert task.targets == ("ward nurse", "pipe welder")
    assert task.fields == ("professionals",)


def test_three_thousand_vacancy_titles_are_held_out(tmp_path: Path) -> None:
    titles = [f"Nurse of ward {number}" for number in range(3_005)]
    data = write_research(tmp_path, titles=[*titles, "NURSE of  ward 0"])

    task = next(task for task in development_tasks(data) if task.name == "jobbert")

    # "Ghost" is a title of the set as well, though of no occupation.
    held_out = held_out_titles([*titles, "Ghost"])
    assert {text_key(query) for query in task.queries} == held_out - {"ghost"}
    assert len(task.queries) == 2_999


def test_only_held_out_occupations_are_asked_about(tasks: dict[str, Task]) -> None:
    assert [is_held_out(code) for code in (NURSE, ENGINEER, WELDER)] == [True, True, False]
    technologies = tasks["onet_occupation_technology"]
    assert answers(technologies).keys() == {"Ward Nurses", "Bridge Engineers"}
    assert answers(technologies)["Bridge Engineers"] == {"SpanCAD", "Spreadsheets"}
    assert "ArcLog" in technologies.targets
    assert technologies.fields == (NURSING, ENGINEERING)


def test_a_statement_is_right_for_every_occupation_that_makes_it(tasks: dict[str, Task]) -> None:
    task = tasks["onet_task_occupation"]

    assert task.targets == ("Ward Nurses", "Bridge Engineers", "Pipe Welders")
    assert len(task.queries) == 11
    assert answers(task)["Write reports."] == {"Bridge Engineers", "Pipe Welders"}
    assert "Weld pipes." not in task.queries


def test_a_title_asks_for_the_others_of_its_occupations_and_is_no_target(
    tasks: dict[str, Task],
) -> None:
    task = tasks["title_title"]
    of_nurse = {text_key(title) for title in ALTERNATES[NURSE]}
    of_engineer = {text_key(title) for title in ALTERNATES[ENGINEER]}

    asked, found = ({text_key(text) for text in each} for each in (task.queries, task.targets))

    assert not asked & found
    assert asked | found == of_nurse | of_engineer
    assert len(asked & of_nurse) >= 4
    for query, relevant in answers(task).items():
        own = [each for each in (of_nurse, of_engineer) if text_key(query) in each]
        assert {text_key(text) for text in relevant} == set().union(*own) - asked


def test_the_duties_of_announcements_with_one_summary_are_all_right(
    tasks: dict[str, Task],
) -> None:
    task = tasks["fedjobs_summary_duties"]

    assert task.targets == ("Checks badges all day.", "Writes down who came.")
    assert answers(task) == {
        "Guards the gate.": {"Checks badges all day.", "Writes down who came."},
        "Leads the guards.": {"Checks badges all day."},
    }


def test_an_occupation_asks_for_its_three_learners(tasks: dict[str, Task]) -> None:
    task = tasks["onet_learner"]

    assert task.queries == ("Ward Nurses. Care for people in a hospital",)
    assert len(task.targets) == 3
    assert task.relevant == (frozenset({0, 1, 2}),)


def test_learners_share_nothing_and_read_as_the_service_renders_them() -> None:
    people = learners(
        ["A", "B", "C"], [f"tool {n}" for n in range(6)], [f"Do {n}." for n in range(9)]
    )

    parts = [part for each in people for part in each.replace("; ", ". ").split(". ")]
    assert len(people) == 3
    assert sorted(parts) == sorted(
        ["A", "B", "C", *(f"tool {n}" for n in range(6)), *(f"Do {n}" for n in range(9))]
    )
    first_skills, first_title, *first_tasks = people[0].split(". ")
    assert first_skills.count("; ") == 1
    assert first_title in {"A", "B", "C"}
    assert len(first_tasks) == 3


def test_an_occupation_with_too_few_texts_has_no_learners() -> None:
    tasks = [f"Do {number}." for number in range(9)]

    assert learners(["A", "B", "C"], ["tool"] * 6, tasks) == []
    assert learners(["A", "B"], [f"tool {number}" for number in range(6)], tasks) == []


def test_a_task_joins_the_rows_of_one_query_and_leaves_out_what_has_no_target() -> None:
    rows = [Row("Ward  Nurse", ["care"]), Row("ward nurse", ["SEW"]), Row("cook", ["boil"])]

    task = task_of("some", rows, ["Care ", "sew", "care"], [Metric.MAP])

    assert task.queries == ("Ward  Nurse",)
    assert task.targets == ("Care", "sew")
    assert task.relevant == (frozenset({0, 1}),)
    assert task.fields is None


def test_a_task_without_a_query_is_none() -> None:
    with pytest.raises(ValueError, match="some has no query"):
        task_of("some", [Row("cook", ["boil"])], ["care"], [Metric.MAP])
