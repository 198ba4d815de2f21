"""The development rows of the research sets, which no training reads."""

from dataclasses import dataclass
from pathlib import Path

from training.research.pair import Pair, Source
from training.research.tables import read_lines, read_table
from training.splits import held_out_titles, is_held_out, text_key

# What takes its titles from the JobBERT set.
_TITLED = frozenset({Source.JOBBERT, Source.LIKE_VACANCY})
_STORE_OCCUPATION = "occupation:onet:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """What is held out of training.

    Attributes:
        texts: keys of sentences, titles and parts of ads that no pair may hold.
        titles: keys of vacancy titles that no pair with a title of the JobBERT set may hold.
        titled: held-out vacancy titles with their occupations, which no pair at all may join.
    """

    texts: frozenset[str]
    titles: frozenset[str]
    titled: frozenset[tuple[str, str]]

    @classmethod
    def read(cls, data: Path) -> "Development":
        """Read the development rows from the folder of the research sets."""
        rows = read_table(data / "jobbert-titles/titles.csv.gz")
        titles = held_out_titles(row["vacancyTitle"] for row in rows)
        labels = {
            row["conceptUri"]: text_key(row["preferredLabel"])
            for row in read_table(data / "esco/occupations_en.tsv.gz")
        }
        return cls(
            texts=frozenset(text_key(text) for text in _texts(data)) - {""},
            titles=titles,
            titled=frozenset(
                (text_key(row["vacancyTitle"]), labels.get(row["conceptUri"], ""))
                for row in rows
                if text_key(row["vacancyTitle"]) in titles
            ),
        )

    def holds(self, pair: Pair) -> bool:
        """Tell whether a pair is or contains a development row."""
        if is_held_out_group(pair.group):
            return True
        keys = text_key(pair.anchor), text_key(pair.positive)
        if self.texts.intersection(keys):
            return True
        if pair.source in _TITLED and self.titles.intersection(keys):
            return True
        return keys in self.titled or keys[::-1] in self.titled


def is_held_out_group(group: str) -> bool:
    """Tell whether a group is of a held-out O*NET occupation or Coursera credential."""
    if group.startswith(_STORE_OCCUPATION):
        return is_held_out(group.removeprefix(_STORE_OCCUPATION))
    kind, _, row_id = group.partition(":")
    return kind == "credential" and row_id.startswith("coursera-") and is_held_out(row_id)


def _texts(data: Path) -> list[str]:
    benchmark = data / "skill-extraction-benchmark"
    sentences = [
        row["sentence"]
        for part in ("house", "tech")
        for row in read_table(benchmark / f"{part}_validation_annotations.csv.gz")
    ]
    sentences += [row["sentence"] for row in read_table(data / "skillskape/dev.csv.gz")]
    for row in read_table(data / "coursera-skills/credentials.tsv.gz"):
        if is_held_out(row["cred_id"]):
            sentences.append(row["title"])
    for row in read_lines(data / "techwolf-vacancy-job2skill/titles.jsonl.gz"):
        if row["part"] == "dev":
            sentences.append(str(row["title"]))
    for row in read_lines(data / "fedjobs-iam/fedjobs.jsonl.gz"):
        sentences += [str(row["summary"]), str(row["duties"])]
    for row in read_table(data / "onet/task_statements.tsv.gz"):
        if is_held_out(row["O*NET-SOC Code"]):
            sentences.append(row["Task"])
    return sentences
