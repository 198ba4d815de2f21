"""Pairs from catalogs of courses: titles with their tags and descriptions."""

import json
from collections.abc import Iterator
from pathlib import Path

from training.research.pair import Pair, Source
from training.research.tables import read_table
from training.research.vocabulary import Vocabulary


def coursera(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield credential title ↔ tag."""
    for row in read_table(data / "coursera-skills/credentials.tsv.gz"):
        for tag in json.loads(row["skills"] or "[]"):
            yield Pair(row["title"], tag, Source.COURSERA, f"credential:{row['cred_id']}")


def course_descriptions(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield title ↔ description, and summary ↔ long description."""
    edx = read_table(data / "edx-udacity-courses/edx_720.tsv.gz")
    udacity = read_table(data / "edx-udacity-courses/udacity_263.tsv.gz")
    for number, row in enumerate((*edx, *udacity)):
        title, summary, long = row["Course Name"], row["Course Description"], row["Skills"]
        for first, second in ((title, summary), (title, long), (summary, long)):
            yield Pair(first, second, Source.COURSE_DESCRIPTION, f"course:{number}")
    for row in read_table(data / "ibm-skillsnetwork-courses/course_processed.tsv.gz"):
        group = f"course:{row['COURSE_ID']}"
        yield Pair(row["TITLE"], row["DESCRIPTION"], Source.COURSE_DESCRIPTION, group)
