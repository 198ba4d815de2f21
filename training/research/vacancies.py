"""Pairs from vacancies: titles, sentences with their skills, and the parts of an ad."""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from training.research.pair import Pair, Source
from training.research.tables import literal_list, read_lines, read_table
from training.research.vocabulary import Vocabulary

_SHORTEST_PART = 40
_LONGEST_PART = 600
_PARTS_OF_AD = 6
_SHORTEST_SPAN = 3
# A sentence that is hardly more than its span teaches nothing.
_LONGEST_SHARE = 0.7


def skillskape(data: Path, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield sentence ↔ each of its skills."""
    for number, row in enumerate(read_table(data / "skillskape/train.csv.gz")):
        for label in literal_list(row["skills"]):
            text = vocabulary.labelled(label)
            yield Pair(row["sentence"], text, Source.SKILLSKAPE, f"skillskape:{number}")


def techwolf(data: Path, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield vacancy title ↔ skill, weighted by the tagger's confidence and the skill's share."""
    path = data / "techwolf-vacancy-job2skill/titles.jsonl.gz"
    for number, row in enumerate(read_lines(path)):
        if row["part"] != "train":
            continue
        skills = zip(
            row["skill_name"], row["skill_prob_avg"], row["skill_occurrence_pct"], strict=True
        )
        for label, probability, share in skills:
            yield Pair(
                row["title"],
                vocabulary.labelled(label),
                Source.TECHWOLF,
                f"vacancy:{number}",
                min(1.0, float(probability) * float(share)),
            )


def jobbert(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield vacancy title ↔ title of its ESCO occupation."""
    labels = {
        row["conceptUri"]: row["preferredLabel"]
        for row in read_table(data / "esco/occupations_en.tsv.gz")
    }
    for row in read_table(data / "jobbert-titles/titles.csv.gz"):
        uri = row["conceptUri"]
        group = f"occupation:esco:{uri.rsplit('/', 1)[-1]}"
        yield Pair(row["vacancyTitle"], labels.get(uri, ""), Source.JOBBERT, group)


def skill_spans(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield sentence ↔ each span of it that was marked as a skill."""
    sentences = [
        (row["tokens"], tags)
        for row in read_lines(data / "skillspan/train.jsonl.gz")
        for tags in (row["tags_skill"], row["tags_knowledge"])
    ]
    with gzip.open(data / "green/green_test_en.json.gz", "rt", encoding="utf-8") as file:
        sentences += [(row["tokens"], row["tags_skill"]) for row in json.load(file)]
    for number, (tokens, tags) in enumerate(sentences):
        text = " ".join(tokens)
        for span in _spans(tokens, tags):
            if _SHORTEST_SPAN <= len(span) <= _LONGEST_SHARE * len(text):
                yield Pair(text, span, Source.SKILL_SPAN, f"sentence:{number}")


def job_ad_parts(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield title ↔ part and part ↔ next part of industry ads, no sentence that many ads share."""
    ads = read_table(data / "industry-jobs-iam/data-jobs-20221123.tsv.gz")
    parts = [_parts(ad["description"]) for ad in ads]
    seen: dict[str, int] = {}
    for part in parts:
        for text in set(part):
            seen[text] = seen.get(text, 0) + 1
    for number, (ad, texts) in enumerate(zip(ads, parts, strict=True)):
        own = [text for text in texts if seen[text] == 1][:_PARTS_OF_AD]
        group = f"ad:{number}"
        for first, second in pairwise([ad["job_title"], *own]):
            yield Pair(first, second, Source.JOB_AD_PARTS, group)


def _parts(description: str) -> list[str]:
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n|\n", description))
    return [part[:_LONGEST_PART] for part in parts if len(part) >= _SHORTEST_PART]


def _spans(tokens: Sequence[str], tags: Sequence[str]) -> Iterator[str]:
    span: list[str] = []
    for token, tag in zip(tokens, tags, strict=True):
        if span and not tag.startswith("I"):
            yield " ".join(span)
            span = []
        if tag != "O":
            span.append(token)
    if span:
        yield " ".join(span)
