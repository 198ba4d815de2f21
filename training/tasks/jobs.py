"""Stand-ins for job ad ↔ candidate: the two halves of an ad, and a job and made-up learners."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from training.metrics import Metric
from training.research.tables import read_lines
from training.tasks.fields import soc_field
from training.tasks.occupations import CODE, by_hash, held_out_rows
from training.tasks.task import Row, Task, task_of

OF_JOBS: Final = (Metric.NDCG_AT_10, Metric.MAP, Metric.MRR)
LEARNERS_OF_EACH: Final = 3
TASKS_OF_LEARNER: Final = 3
TECHNOLOGIES_OF_LEARNER: Final = 2


def job_tasks(data: Path) -> list[Task]:
    """Return the tasks from a job to who could do it."""
    return [_fedjobs(data), _onet_learner(data)]


def _fedjobs(data: Path) -> Task:
    rows = list(read_lines(data / "fedjobs-iam/fedjobs.jsonl.gz"))
    return task_of(
        "fedjobs_summary_duties",
        (Row(str(row["summary"]), [str(row["duties"])]) for row in rows),
        [str(row["duties"]) for row in rows],
        OF_JOBS,
    )


def _onet_learner(data: Path) -> Task:
    """Ask for three people by their occupation; no two share a task, technology or title."""
    tasks = _texts(data / "onet/task_statements.tsv.gz", "Task")
    technologies = _texts(data / "onet/technology_skills.tsv.gz", "Example")
    titles = _texts(data / "onet/alternate_titles.tsv.gz", "Alternate Title")
    rows = []
    for row in held_out_rows(data / "onet/occupation_data.tsv.gz"):
        code = row[CODE]
        people = learners(titles.get(code, []), technologies.get(code, []), tasks.get(code, []))
        if people:
            job = sentences(row["Title"], row["Description"])
            rows.append(Row(job, people, soc_field(code)))
    return task_of("onet_learner", rows, [each for row in rows for each in row.relevant], OF_JOBS)


def learners(titles: list[str], technologies: list[str], tasks: list[str]) -> list[str]:
    """Return three learners who have worked as what the texts describe; none if too few texts."""
    shares = (
        _dealt(by_hash(technologies), TECHNOLOGIES_OF_LEARNER),
        _dealt(by_hash(titles), 1),
        _dealt(by_hash(tasks), TASKS_OF_LEARNER),
    )
    if any(len(share) < LEARNERS_OF_EACH for share in shares):
        return []
    return [
        sentences("; ".join(skills), *title, *done)
        for skills, title, done in zip(*shares, strict=True)
    ]


def sentences(*parts: str) -> str:
    """Join texts as ``learner_text`` and ``job_text`` of the service do."""
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


def _dealt(texts: Sequence[str], size: int) -> list[Sequence[str]]:
    hands = [texts[size * number : size * (number + 1)] for number in range(LEARNERS_OF_EACH)]
    return [hand for hand in hands if len(hand) == size]


def _texts(path: Path, column: str) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for row in held_out_rows(path):
        texts.setdefault(row[CODE], []).append(row[column])
    return texts
