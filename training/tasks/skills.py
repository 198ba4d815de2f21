"""Tasks from a text to skills: sentences of job ads, vacancy titles, credential titles."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from training.metrics import Metric
from training.research.tables import literal_list, read_lines, read_table
from training.splits import is_held_out, text_key
from training.tasks.fields import skill_fields
from training.tasks.task import UNKNOWN_FIELD, Row, Task, task_of

OF_SENTENCES: Final = (Metric.RP_AT_5, Metric.RP_AT_10, Metric.MRR, Metric.MAP)
OF_TITLES: Final = (Metric.MAP, Metric.RP_AT_5, Metric.RP_AT_10, Metric.RECALL_AT_100)


def skill_tasks(data: Path) -> Iterator[Task]:
    """Yield the tasks whose targets are skills."""
    fields = skill_fields(data)
    esco = [row["preferredLabel"] for row in read_table(data / "esco/skills_en_assembled.tsv.gz")]
    benchmark = data / "skill-extraction-benchmark"
    with gzip.open(benchmark / "skills_en_label.txt.gz", "rt", encoding="utf-8") as lines:
        labels = list(lines)
    for part in ("house", "tech"):
        rows = _annotations(benchmark / f"{part}_validation_annotations.csv.gz", fields)
        yield task_of(f"skill_{part}", rows, labels, OF_SENTENCES)
    yield task_of("skillskape_dev", _skillskape(data, fields), esco, OF_SENTENCES)
    yield task_of("vacancy_skills", _vacancies(data, fields), esco, OF_TITLES)
    yield _credential_skills(data)


def _annotations(path: Path, fields: dict[str, str]) -> Iterator[Row]:
    for row in read_table(path):
        yield Row(row["sentence"], [row["label"]], _field([row["label"]], fields))


def _skillskape(data: Path, fields: dict[str, str]) -> Iterator[Row]:
    for row in read_table(data / "skillskape/dev.csv.gz"):
        labels = literal_list(row["skills"])
        yield Row(row["sentence"], labels, _field(labels, fields))


def _vacancies(data: Path, fields: dict[str, str]) -> Iterator[Row]:
    for row in read_lines(data / "techwolf-vacancy-job2skill/titles.jsonl.gz"):
        if row["part"] == "dev":
            yield Row(row["title"], row["skill_name"], _field(row["skill_name"], fields))


def _credential_skills(data: Path) -> Task:
    rows = [
        (row["cred_id"], Row(row["title"], json.loads(row["skills"] or "[]")))
        for row in read_table(data / "coursera-skills/credentials.tsv.gz")
    ]
    tags = sorted({tag for _, row in rows for tag in row.relevant})
    held_out = (row for row_id, row in rows if is_held_out(row_id))
    return task_of("credential_skills", held_out, tags, OF_TITLES)


def _field(labels: list[str], fields: dict[str, str]) -> str:
    """Return the field of the first label that is a skill."""
    known = (fields[key] for label in labels if (key := text_key(label)) in fields)
    return next(known, UNKNOWN_FIELD)
