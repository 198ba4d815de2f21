"""Pairs from O*NET and ESCO that the store's records do not give."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from training.research.pair import Pair, Source
from training.research.tables import read_table
from training.research.vocabulary import Vocabulary

_TASKS_OF_LEARNER = 3


def onet_descriptions(data: Path, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield description ↔ title, and description ↔ the occupation as search renders it."""
    for row in read_table(data / "onet/occupation_data.tsv.gz"):
        code = row["O*NET-SOC Code"]
        for text in (row["Title"], vocabulary.occupation(code)):
            yield Pair(row["Description"], text, Source.ONET_DESCRIPTION, _onet(code))


def onet_activities(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield task ↔ the detailed work activity that it is an example of."""
    for row in read_table(data / "onet/tasks_to_dwas.tsv.gz"):
        group = _onet(row["O*NET-SOC Code"])
        yield Pair(row["Task"], row["DWA Title"], Source.ONET_ACTIVITY, group)


def onet_learners(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield the description of an occupation ↔ people whose records are made of its tasks.

    A record is written as search renders a learner: two technologies and three tasks.
    """
    tasks, technologies = defaultdict(list), defaultdict(list)
    for row in read_table(data / "onet/task_statements.tsv.gz"):
        tasks[row["O*NET-SOC Code"]].append(row["Task"].rstrip("."))
    for row in read_table(data / "onet/technology_skills.tsv.gz"):
        technologies[row["O*NET-SOC Code"]].append(row["Example"])
    for row in read_table(data / "onet/occupation_data.tsv.gz"):
        code = row["O*NET-SOC Code"]
        text = f"{row['Title']}. {row['Description']}"
        for number in range(len(tasks[code]) // _TASKS_OF_LEARNER):
            done = tasks[code][_TASKS_OF_LEARNER * number :][:_TASKS_OF_LEARNER]
            used = technologies[code][2 * number :][:2]
            yield Pair(text, "; ".join((*used, *done)), Source.ONET_LEARNER, _onet(code))


def esco_titles(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield alternative title ↔ title of ESCO's occupations."""
    for row in read_table(data / "esco/occupations_en.tsv.gz"):
        for title in row["altLabels"].splitlines():
            yield Pair(title, row["preferredLabel"], Source.ESCO_TITLE, _esco(row["conceptUri"]))


def esco_descriptions(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield description ↔ title of ESCO's occupations."""
    for row in read_table(data / "esco/occupations_en.tsv.gz"):
        yield Pair(
            row["description"],
            row["preferredLabel"],
            Source.ESCO_OCCUPATION_DESCRIPTION,
            _esco(row["conceptUri"]),
        )


def esco_occupation_skills(data: Path, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield occupation ↔ skill, for the 91 occupations whose skills are known."""
    for row in read_table(data / "esco/occupation_skill_relations_partial.tsv.gz"):
        yield Pair(
            row["occupationLabel"],
            vocabulary.skill(row["skillUri"]),
            Source.ESCO_OCCUPATION_SKILL,
            _esco(row["occupationUri"]),
        )


def _onet(code: str) -> str:
    return f"occupation:onet:{code}"


def _esco(uri: str) -> str:
    return f"occupation:esco:{uri.rsplit('/', 1)[-1]}"
