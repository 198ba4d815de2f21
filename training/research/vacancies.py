"""Pairs from vacancies: titles, sentences with their skills, and the parts of an ad."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from training.research.pair import Pair, Source
from training.research.tables import literal_list, read_json, read_lines, read_table
from training.research.vocabulary import Vocabulary

_SHORTEST_PART = 400
_PARTS_OF_AD = 4
_SHORTEST_SPAN = 3
# A sentence that is hardly more than its span teaches nothing.
_LONGEST_SHARE = 0.7


def skillskape(data: Path, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield sentence ↔ each of its skills."""
    for number, row in enumerate(read_table(data / "skillskape/train.csv.gz")):
        for label in literal_list(row["skills"]):
            text = vocabulary.labeled(label)
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
                vocabulary.labeled(label),
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
    green = read_json(data / "green/green_test_en.json.gz")
    sentences += [(row["tokens"], row["tags_skill"]) for row in green]
    for number, (tokens, tags) in enumerate(sentences):
        text = " ".join(tokens)
        for span in _spans(tokens, tags):
            if _SHORTEST_SPAN <= len(span) <= _LONGEST_SHARE * len(text):
                yield Pair(text, span, Source.SKILL_SPAN, f"sentence:{number}")


def job_ad_parts(data: Path, _: Vocabulary) -> Iterator[Pair]:
    """Yield title ↔ part and part ↔ later part of an ad, without the lines that many ads share."""
    ads = [
        (row["job_title"], row["description"])
        for row in read_table(data / "industry-jobs-iam/data-jobs-20221123.tsv.gz")
    ]
    postings = read_lines(data / "skillspan/postings_train.jsonl.gz")
    ads += [("", str(row["text"])) for row in postings]
    lines = [_lines(text) for _, text in ads]
    seen = Counter(line for each in lines for line in set(each))
    for number, ((title, _text), each) in enumerate(zip(ads, lines, strict=True)):
        parts = _parts([line for line in each if seen[line] == 1])[:_PARTS_OF_AD]
        group = f"ad:{number}"
        for first, second in ((title, parts[0] if parts else ""), *combinations(parts, 2)):
            yield Pair(first, second, Source.JOB_AD_PARTS, group)


def _lines(text: str) -> list[str]:
    return [line for each in text.splitlines() if (line := " ".join(each.split()))]


def _parts(lines: Sequence[str]) -> list[str]:
    """Join lines to parts of at least some length; what is left at the end goes with the last."""
    parts: list[str] = []
    for line in lines:
        if parts and len(parts[-1]) < _SHORTEST_PART:
            parts[-1] += " " + line
        else:
            parts.append(line)
    if len(parts) > 1 and len(parts[-1]) < _SHORTEST_PART:
        rest = parts.pop()
        parts[-1] += f" {rest}"
    return parts


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
