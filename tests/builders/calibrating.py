"""Neighbors by hand, and a folder of the sets that calibration reads, with made-up rows."""

import csv
import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from training.calibration_neighbors import Neighbors

SKILL = "http://example.org/skill/"
GROUP = "http://example.org/group/"
VERBS = ("weld", "paint", "sell", "repair", "design", "clean")
THINGS = ("pipes", "boats", "shoes", "clocks", "bridges", "carpets", "engines")
SKILLS = tuple(f"{verb} {thing}" for thing in THINGS for verb in VERBS)


def neighbors(
    similarities: Sequence[float],
    right: Sequence[float],
    *,
    texts: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
) -> Neighbors:
    """Return neighbors, each of a text of its own unless told otherwise."""
    count = len(similarities)
    return Neighbors(
        texts=np.array(range(count) if texts is None else texts, np.int64),
        similarities=np.array(similarities, np.float64),
        margins=np.zeros(count),
        ranks=np.zeros(count, np.int64),
        right=np.array(right, np.float64),
        weights=np.array([1.0] * count if weights is None else weights, np.float64),
        parts=np.array(["made up"] * count),
    )


def write_calibration_sets(folder: Path) -> Path:
    """Write sentences that name skills, every fifth wrongly annotated; return the folder.

    The skills of one thing are siblings.
    """
    _esco(folder / "esco")
    benchmark = folder / "skill-extraction-benchmark"
    for part, said in (("house", "You will {}."), ("tech", "Can you {}?")):
        write_table(
            benchmark / f"{part}_validation_annotations.csv.gz",
            [
                {"sentence": said.format(skill), "label": SKILLS[_labeled(number)]}
                for number, skill in enumerate(SKILLS)
            ],
        )
    write_table(
        folder / "skillskape/dev.csv.gz",
        [
            {"sentence": f"We look for people who {skill}.", "skills": f"['{skill}']"}
            for skill in SKILLS
        ]
        + [{"sentence": "You are kind.", "skills": "['UNK']"}],
    )
    write_lines(
        folder / "techwolf-vacancy-job2skill/titles.jsonl.gz",
        [
            {"title": f"{thing} expert", "skill_name": [f"repair {thing}"], "part": "dev"}
            for thing in THINGS
        ]
        + [{"title": "Nobody", "skill_name": [], "part": "train"}],
    )
    return folder


def _labeled(number: int) -> int:
    return number if number % 5 else (number + len(VERBS)) % len(SKILLS)


def _esco(folder: Path) -> None:
    write_table(
        folder / "skills_en_assembled.tsv.gz",
        [{"uri": f"{SKILL}{label}", "preferredLabel": label} for label in SKILLS],
    )
    write_table(
        folder / "broaderRelationsSkillPillar_en.tsv.gz",
        [
            {"conceptUri": f"{SKILL}{label}", "broaderUri": f"{GROUP}{label.split()[1]}"}
            for label in SKILLS
        ],
    )
    write_table(
        folder / "skillSkillRelations_en.tsv.gz",
        [
            {
                "originalSkillUri": f"{SKILL}weld pipes",
                "relationType": "optional",
                "relatedSkillUri": f"{SKILL}repair boats",
            }
        ],
    )


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write a ``.tsv.gz`` or ``.csv.gz``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    delimiter = "\t" if ".tsv" in path.suffixes else ","
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def write_lines(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write a ``.jsonl.gz``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
