"""What training reads beside the development sets: each source has a row of a development set."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from tests.builders.research import (
    ENGINEER,
    NURSE,
    WELDER,
    write_lines,
    write_research,
    write_table,
)

# One more vacancy title than are held out, and some.
TITLES: Final = tuple(f"Nurse of ward {number}" for number in range(3_005))
SKILL: Final = "http://example.org/"
TEXTS: Final = (
    ("skill", "esco:weld pipes", "weld pipes"),
    ("skill", "esco:nurse the sick", "nurse the sick"),
    ("skill", "esco:Perl", "Perl"),
    ("skill", "onet-tech:knit", "knit"),
    ("occupation", f"onet:{WELDER}", "Pipe Welders: join pipes"),
    ("occupation", f"onet:{NURSE}", "Ward Nurses: care for people"),
)
# Anchor, positive, source and group; the second of each source is of a development set.
STORE_PAIRS: Final = (
    ("pipe welding", "weld pipes", "skill_alt_label", "skill:esco:weld pipes"),
    ("Is smart .", "Perl", "skill_alt_label", "skill:esco:Perl"),
    ("A language for scripts.", "Perl", "skill_description", "skill:esco:Perl"),
    ("Writes  scripts .", "Perl", "skill_description", "skill:esco:Perl"),
    ("Arc Welder", "Pipe Welders", "occupation_alt_title", f"occupation:onet:{WELDER}"),
    ("Nurse of Ward 1", "Ward Nurses", "occupation_alt_title", f"occupation:onet:{NURSE}"),
    ("Pipe Welders", "Weld pipes.", "occupation_task", f"occupation:onet:{WELDER}"),
    ("Pipe Welders", "Write reports.", "occupation_task", f"occupation:onet:{WELDER}"),
    ("Pipe Welders", "ArcLog", "occupation_technology", f"occupation:onet:{WELDER}"),
    ("Bridge Engineers", "SpanCAD", "occupation_technology", f"occupation:onet:{ENGINEER}"),
    ("Welding I", "weld pipes", "credential_skill", "credential:school-1"),
    ("Care I", "nurse the sick", "credential_skill", "credential:coursera-0005"),
    ("Welding I", "You learn to weld.", "credential_description", "credential:school-1"),
    ("wards", "You learn to care.", "credential_description", "credential:school-2"),
    ("Pipe Welders", "weld pipes", "occupation_skill", f"occupation:onet:{WELDER}"),
)
DUTIES: Final = "You keep the door and know who may pass it. " * 5
TOOLS: Final = "You look after the locks of all our buildings. " * 5
TEAM: Final = "We are a team of nine who like to be asked early. " * 9
END: Final = "We meet on Mondays."
SHARED: Final = "Apply now."


def write_training_sets(folder: Path, *, titles: Iterable[str] = TITLES) -> Path:
    """Write all sets, those of ``write_research`` among them, and return the folder."""
    write_research(folder, titles=titles)
    write_table(
        folder / "onet/tasks_to_dwas.tsv.gz",
        [_activity(WELDER, "Weld pipes."), _activity(NURSE, "Give medicine number 1.")],
    )
    write_table(
        folder / "esco/occupation_skill_relations_partial.tsv.gz",
        [
            _needs("pipe welder", "weld pipes"),
            _needs("pipe welder", "a skill that the store does not have"),
            _needs("Welder, days", "weld pipes"),
        ],
    )
    write_table(
        folder / "skillskape/train.csv.gz",
        [
            {"": "0", "sentence": "You join pipes.", "skills": "['weld pipes', 'UNK', 'knit']"},
            {"": "1", "sentence": "You care  for PATIENTS.", "skills": "['nurse the sick']"},
        ],
    )
    _spans(folder)
    _courses(folder)
    _ads(folder)
    return folder


def write_export(folder: Path) -> Path:
    """Write what ``onramp export-pairs`` writes of a small store, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(
        [(first, second, None, 1.0, source, group) for first, second, source, group in STORE_PAIRS],
        schema={
            "anchor": pl.String,
            "positive": pl.String,
            "negative": pl.String,
            "weight": pl.Float32,
            "source": pl.String,
            "group": pl.String,
        },
        orient="row",
    ).write_parquet(folder / "pairs.parquet")
    pl.DataFrame(TEXTS, schema=["kind", "id", "text"], orient="row").write_parquet(
        folder / "texts.parquet"
    )
    return folder


def write_written(folder: Path) -> Path:
    """Write what stands in for the project's own writing; each first row is held out."""
    tags = " ".join(hashlib.sha256(tag.encode()).hexdigest()[:10] for tag in ("Rope", "none"))
    write_table(
        folder / "skills.tsv.gz",
        [
            _writing("Perl", "Is nice .", "", "Knots", "Welder, days"),
            _writing("Perl", "Is smart .", "", "Wards", "Welder, days"),
            _writing("weld pipes", "Join tubes.", "Joined tubes.", "Tubes I", "Tube Joiner"),
        ],
    )
    write_table(
        folder / "ads.tsv.gz",
        [
            {
                "title": "Guard",
                "ad": "Guards the gate.",
                "candidate": "Stood at gates.",
                "course": "Gates",
            },
            {
                "title": "Cook",
                "ad": "Cooks for fifty.",
                "candidate": "Fed a crew.",
                "course": "Big Pots",
            },
        ],
    )
    write_table(
        folder / "credentials.tsv.gz",
        [{"title": "Wards", "tags": tags}, {"title": "Ropes for All", "tags": tags}],
    )
    return folder


def _writing(skill: str, one: str, other: str, course: str, job: str) -> dict[str, str]:
    return {
        "skill": skill,
        "statement": one,
        "other_statement": other,
        "course": course,
        "job": job,
    }


def _activity(code: str, task: str) -> dict[str, str]:
    return {"O*NET-SOC Code": code, "Task": task, "DWA Title": "Join metal parts."}


def _needs(occupation: str, skill: str) -> dict[str, str]:
    return {
        "skillUri": f"{SKILL}{skill}",
        "occupationUri": f"{SKILL}occupation/welder",
        "occupationLabel": occupation,
    }


def _spans(folder: Path) -> None:
    write_lines(
        folder / "skillspan/train.jsonl.gz",
        [
            _sentence(
                "You weld steel pipes and write Perl scripts in C daily",
                tags_skill="OBIIOBIIOOO",
                tags_knowledge="OOOOOOBOOBO",
            ),
            _sentence("Joins pipes, in Perl .", tags_skill="BIOOO", tags_knowledge="OOOBO"),
        ],
    )
    _json(
        folder / "green/green_test_en.json.gz",
        [
            _sentence("You need a forklift license", tags_skill="OOOBI"),
            # The span is nearly all that the sentence says.
            _sentence("Stack pallets now", tags_skill="BIO"),
        ],
    )


def _sentence(text: str, **tags: str) -> dict[str, object]:
    return {"tokens": text.split(), **{name: list(each) for name, each in tags.items()}}


def _courses(folder: Path) -> None:
    both = folder / "edx-udacity-courses"
    columns = ("Course Name", "Course Description", "Skills")
    write_table(
        both / "edx_720.tsv.gz",
        [dict(zip(columns, ("Knots", "Tie knots.", "You tie ten knots."), strict=True))],
    )
    write_table(
        both / "udacity_263.tsv.gz",
        [dict(zip(columns, ("Wards", "Care on wards.", ""), strict=True))],
    )
    write_table(
        folder / "ibm-skillsnetwork-courses/course_processed.tsv.gz",
        [{"COURSE_ID": "R1", "TITLE": "knots in r", "DESCRIPTION": "tie knots in r"}],
    )


def _ads(folder: Path) -> None:
    write_table(
        folder / "industry-jobs-iam/data-jobs-20221123.tsv.gz",
        [
            {
                "job_title": "Door Engineer",
                "description": "\n".join((DUTIES, TOOLS, SHARED, TEAM, END)),
            },
            {"job_title": "Leads the guards.", "description": f"You lead.\n{SHARED}"},
        ],
    )
    write_lines(
        folder / "skillspan/postings_train.jsonl.gz",
        [{"text": f"{TEAM.replace('nine', 'ten')}\n{TOOLS.replace('locks', 'doors') * 2}"}],
    )


def _json(path: Path, document: list[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump(document, file)
