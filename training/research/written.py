"""Pairs of the project's own writing: what ads, résumés and catalogs say of each ESCO skill."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from training.research.pair import Pair, Source
from training.research.tables import read_table
from training.research.vocabulary import Vocabulary

FOLDER: Final = Path(__file__).parents[1] / "written"
_KEY_DIGITS = 10


def statements(_: Path, vocabulary: Vocabulary, folder: Path = FOLDER) -> Iterator[Pair]:
    """Yield statement ↔ the skill that it shows, and statement of an ad ↔ of a résumé."""
    for row in read_table(folder / "skills.tsv.gz"):
        label, group = vocabulary.skill(row["skill"]), f"written:{row['skill']}"
        for text in (row["statement"], row["other_statement"]):
            yield Pair(text, label, Source.WRITTEN_STATEMENT, group)
        if row["other_statement"]:
            yield Pair(
                row["statement"], row["other_statement"], Source.WRITTEN_STATEMENT, group, 0.5
            )


def courses(_: Path, vocabulary: Vocabulary, folder: Path = FOLDER) -> Iterator[Pair]:
    """Yield title of a course ↔ the skill that it teaches."""
    for row in read_table(folder / "skills.tsv.gz"):
        label = vocabulary.skill(row["skill"])
        yield Pair(row["course"], label, Source.WRITTEN_COURSE, f"written:{row['skill']}")


def jobs(_: Path, vocabulary: Vocabulary, folder: Path = FOLDER) -> Iterator[Pair]:
    """Yield title of a job ↔ a skill that it needs."""
    for row in read_table(folder / "skills.tsv.gz"):
        label = vocabulary.skill(row["skill"])
        yield Pair(row["job"], label, Source.WRITTEN_JOB, f"written:{row['skill']}")


def ads(_: Path, __: Vocabulary, folder: Path = FOLDER) -> Iterator[Pair]:
    """Yield job ad ↔ fitting candidate, title ↔ ad, and title and candidate ↔ fitting course."""
    for number, row in enumerate(read_table(folder / "ads.tsv.gz")):
        title, ad, candidate, course = (
            row[name] for name in ("title", "ad", "candidate", "course")
        )
        for first, second, weight in (
            (ad, candidate, 1.0),
            (title, ad, 0.7),
            (title, candidate, 0.7),
            (course, ad, 0.4),
        ):
            yield Pair(first, second, Source.WRITTEN_AD, f"written_ad:{number}", weight)


def credentials(data: Path, _: Vocabulary, folder: Path = FOLDER) -> Iterator[Pair]:
    """Yield credential title ↔ tag.

    The tags are those of a catalog that may not be published: the file names them by hash, and
    they are found in the catalog where it is at hand.
    """
    rows = read_table(data / "coursera-skills/credentials.tsv.gz")
    tags = {tag_key(tag): tag for row in rows for tag in json.loads(row["skills"] or "[]")}
    for number, row in enumerate(read_table(folder / "credentials.tsv.gz")):
        for key in row["tags"].split():
            group = f"written_credential:{number}"
            yield Pair(row["title"], tags.get(key, ""), Source.WRITTEN_CREDENTIAL, group)


def tag_key(tag: str) -> str:
    """Return the hash by which the file of credentials names a tag."""
    return hashlib.sha256(tag.encode()).hexdigest()[:_KEY_DIGITS]
