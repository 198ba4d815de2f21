"""The development rows that calibration is fitted on, each text with its nearest skills."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np

from training.calibration_neighbors import Neighbors, neighbors_of
from training.calibration_relations import Relations
from training.encoders import Encode
from training.research.tables import literal_list, read_lines, read_table
from training.splits import is_held_out, text_key

HOUSE, TECH, SKILLSKAPE = "HOUSE validation", "TECH validation", "SkillSkape dev"
VACANCIES: Final = "vacancy titles, dev"
ESCO: Final = "ESCO"
# The service looks at as many skills of a statement (`SKILLS_PER_SEGMENT`).
SKILLS_OF_TEXT: Final = 3
SKILLS_OF_SKILL: Final = 20
# Sentences of real ads are what the linker reads, and there are ten times more made-up ones, in
# which the skill's own words often stand.
KINDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"real": (HOUSE, TECH), "synthetic": (SKILLSKAPE,)}
)

Labeled = Iterator[tuple[str, Sequence[str]]]


class _Text(NamedTuple):
    text: str
    part: str
    right: set[str]


def sentence_neighbors(data: Path, encode: Encode) -> Neighbors:
    """Return the development sentences; those without a skill too, as the linker meets them.

    The real sentences count as much as the made-up ones, all together.
    """
    found = _neighbors(
        data,
        encode,
        [
            *_joined(HOUSE, _annotations(data, "house")),
            *_joined(TECH, _annotations(data, "tech")),
            *_joined(SKILLSKAPE, _skillskape(data)),
        ],
    )
    weights = np.zeros(len(found))
    for parts in KINDS.values():
        rows = np.isin(found.parts, parts)
        weights[rows] = len(found) / len(KINDS) / np.count_nonzero(rows)
    return replace(found, weights=weights)


def title_neighbors(data: Path, encode: Encode) -> Neighbors:
    """Return the vacancy titles, whose skills a model has told: to check with, not to fit."""
    return _neighbors(data, encode, _joined(VACANCIES, _vacancies(data)))


def skill_neighbors(data: Path, encode: Encode) -> Neighbors:
    """Return the held-out skills of ESCO among all others."""
    rows = read_table(data / "esco/skills_en_assembled.tsv.gz")
    uris = [row["uri"] for row in rows]
    vectors = encode([row["preferredLabel"].strip() for row in rows])
    asked = [row for row, uri in enumerate(uris) if is_held_out(uri.rsplit("/", 1)[-1])]
    relations = Relations.read(data)
    return neighbors_of(
        vectors[asked],
        vectors,
        lambda text, skill: relations.relate(uris[asked[text]], uris[skill]),
        count=min(SKILLS_OF_SKILL, len(uris) - 2),
        parts=[ESCO] * len(asked),
        itself=asked,
    )


def _neighbors(data: Path, encode: Encode, texts: Sequence[_Text]) -> Neighbors:
    rows = read_table(data / "esco/skills_en_assembled.tsv.gz")
    labels = {text_key(row["preferredLabel"]): row["preferredLabel"].strip() for row in rows}
    keys = list(labels)
    return neighbors_of(
        encode([each.text for each in texts]),
        encode(list(labels.values())),
        lambda text, skill: keys[skill] in texts[text].right,
        count=SKILLS_OF_TEXT,
        parts=[each.part for each in texts],
    )


def _joined(part: str, rows: Labeled) -> list[_Text]:
    """Join the rows of one sentence; a label that is no skill (`UNK`) is never found."""
    found: dict[str, _Text] = {}
    for text, labels in rows:
        each = found.setdefault(text_key(text), _Text(text.strip(), part, set()))
        each.right.update(map(text_key, labels))
    return list(found.values())


def _annotations(data: Path, part: str) -> Labeled:
    name = f"skill-extraction-benchmark/{part}_validation_annotations.csv.gz"
    for row in read_table(data / name):
        yield row["sentence"], [row["label"]]


def _skillskape(data: Path) -> Labeled:
    for row in read_table(data / "skillskape/dev.csv.gz"):
        yield row["sentence"], literal_list(row["skills"])


def _vacancies(data: Path) -> Labeled:
    lines: Iterator[dict[str, Any]] = read_lines(
        data / "techwolf-vacancy-job2skill/titles.jsonl.gz"
    )
    for row in lines:
        if row["part"] == "dev":
            yield row["title"], row["skill_name"]
