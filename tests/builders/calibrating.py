"""Neighbors by hand, and a folder of the sets that calibration reads, with made-up rows."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.builders.research import write_lines, write_table
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
