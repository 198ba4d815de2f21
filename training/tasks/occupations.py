"""Tasks about occupations: titles, task statements and technologies."""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from training.metrics import Metric
from training.research.tables import read_table
from training.splits import held_out_titles, is_held_out, text_key
from training.tasks.fields import isco_fields, soc_field
from training.tasks.task import Row, Task, task_of

CODE: Final = "O*NET-SOC Code"
OF_OCCUPATIONS: Final = (Metric.MRR, Metric.MAP, Metric.RECALL_AT_10)
OF_LISTS: Final = (Metric.MAP, Metric.RP_AT_5, Metric.RP_AT_10, Metric.RECALL_AT_100)
TITLES_OF_EACH: Final = 5
MOST_TITLE_QUERIES: Final = 1_500


def occupation_tasks(data: Path) -> Iterator[Task]:
    """Yield the tasks about occupations."""
    yield _jobbert(data)
    yield _title_title(data)
    titles = [row["Title"] for row in read_table(data / "onet/occupation_data.tsv.gz")]
    yield task_of("onet_task_occupation", _statements(data), titles, OF_OCCUPATIONS)
    technologies = read_table(data / "onet/technology_skills.tsv.gz")
    yield task_of(
        "onet_occupation_technology",
        (
            Row(row["Title"], [row["Example"]], soc_field(row[CODE]))
            for row in technologies
            if is_held_out(row[CODE])
        ),
        sorted({row["Example"] for row in technologies}),
        OF_LISTS,
    )


def _statements(data: Path) -> Iterator[Row]:
    """Yield statements of held-out occupations with all that share them, held out or not."""
    rows = read_table(data / "onet/task_statements.tsv.gz")
    held_out = {text_key(row["Task"]) for row in rows if is_held_out(row[CODE])}
    for row in rows:
        if text_key(row["Task"]) in held_out:
            yield Row(row["Task"], [row["Title"]], soc_field(row[CODE]))


def held_out_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of an O*NET table that are of held-out occupations."""
    return [row for row in read_table(path) if is_held_out(row[CODE])]


def by_hash(texts: Iterator[str] | list[str]) -> list[str]:
    """Return different texts in an order that depends on nothing but them."""
    return sorted(set(texts), key=lambda text: hashlib.sha256(text_key(text).encode()).digest())


def _jobbert(data: Path) -> Task:
    rows = read_table(data / "jobbert-titles/titles.csv.gz")
    held_out = held_out_titles(row["vacancyTitle"] for row in rows)
    occupations = read_table(data / "esco/occupations_en.tsv.gz")
    labels = {row["conceptUri"]: row["preferredLabel"] for row in occupations}
    fields = isco_fields(data)
    return task_of(
        "jobbert",
        (
            Row(row["vacancyTitle"], [labels[row["conceptUri"]]], fields[row["conceptUri"]])
            for row in rows
            if row["conceptUri"] in labels and text_key(row["vacancyTitle"]) in held_out
        ),
        labels.values(),
        OF_OCCUPATIONS,
    )


def _title_title(data: Path) -> Task:
    """Ask for the other titles of an occupation by one of them.

    The titles that are asked with are no targets, so that none is the wrong answer to itself.
    """
    rows = held_out_rows(data / "onet/alternate_titles.tsv.gz")
    titles: dict[str, list[str]] = {}
    for code, group in groupby(sorted(rows, key=itemgetter(CODE)), key=itemgetter(CODE)):
        titles[code] = list({text_key(row["Alternate Title"]): row for row in group})
    writing = {text_key(row["Alternate Title"]): row["Alternate Title"] for row in reversed(rows)}
    some = [
        key
        for keys in titles.values()
        # At most half of them, so that there are others to find.
        for key in by_hash(keys)[: min(TITLES_OF_EACH, len(keys) // 2)]
    ]
    asked = set(by_hash(some)[:MOST_TITLE_QUERIES])
    return task_of(
        "title_title",
        (
            Row(writing[key], [each for each in keys if each not in asked], soc_field(code))
            for code, keys in titles.items()
            for key in keys
            if key in asked
        ),
        [title for key, title in writing.items() if key not in asked],
        OF_LISTS,
    )
