"""Who applies for the ads: people of the field, and people of others; made by rule from O*NET."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.matching.attacks import Ad
from benchmarks.matching.learners import by_hash
from service.domain.ids import LearnerId
from service.domain.learner import Experience, Learner
from service.domain.skill import EvidenceClass, StatedSkill
from training.research.tables import read_lines, read_table

CODE: Final = "O*NET-SOC Code"
# The ads are of one field, identity and access management: who secures systems is qualified,
# who else works with computers half so.
QUALIFIED: Final = ("15-1212.00", "15-1299.05", "15-1244.00")
HALF_QUALIFIED: Final = ("15-1211.00", "15-1241.00", "15-1252.00", "15-1232.00", "11-3021.00")
# Food, cleaning, personal care, farming, building and driving.
UNQUALIFIED_GROUPS: Final = ("35", "37", "39", "45", "47", "53")
OF_EACH: Final = 8
TASKS: Final = 4
TOOLS: Final = 5
SHORTEST_AD: Final = 120
INDUSTRY_SHARE: Final = 0.6


class Applicant(NamedTuple):
    """A person, and what they are worth for every one of the ads: 1, a half or nothing."""

    learner: Learner
    worth: float


def read_ads(data: Path, count: int) -> list[Ad]:
    """Return so many ads, three of five of companies and the rest of offices, by their hash."""
    rows = read_table(data / "industry-jobs-iam/data-jobs-20221123.tsv.gz")
    companies = [Ad(row["job_title"], row["description"]) for row in rows]
    offices = [
        Ad(str(row["title"]), f"{row['summary']}\n{row['duties']}")
        for row in read_lines(data / "fedjobs-iam/fedjobs.jsonl.gz")
    ]
    some = round(INDUSTRY_SHARE * count)
    return [*_chosen(companies, some), *_chosen(offices, count - some)]


def _chosen(ads: Sequence[Ad], count: int) -> list[Ad]:
    long = {ad.title: ad for ad in ads if len(ad.text.split()) >= SHORTEST_AD}
    return sorted(long.values(), key=lambda ad: by_hash(ad.title))[:count]


def read_applicants(data: Path, unqualified: int) -> list[Applicant]:
    """Return people of the field, and so many of other fields, each with work that they did."""
    tasks = _texts(data / "onet/task_statements.tsv.gz", "Task")
    tools = _texts(data / "onet/technology_skills.tsv.gz", "Example")
    titles = _texts(data / "onet/alternate_titles.tsv.gz", "Alternate Title")
    others = sorted(
        (code for code in tasks if code[:2] in UNQUALIFIED_GROUPS and code in titles), key=by_hash
    )
    some = [(code, 1.0, number) for code in QUALIFIED for number in range(OF_EACH)]
    some += [(code, 0.5, number) for code in HALF_QUALIFIED for number in range(OF_EACH)]
    some += [(others[row % len(others)], 0.0, row) for row in range(unqualified)]
    return [
        Applicant(
            _person(
                f"{code}-{number}",
                title=_drawn(titles.get(code, [code]), 1, f"{code}{number}"),
                tasks=_drawn(tasks.get(code, []), TASKS, f"{code}{number}"),
                tools=_drawn(tools.get(code, []), TOOLS, f"{code}{number}"),
            ),
            worth,
        )
        for code, worth, number in some
    ]


def stuffed(learner: Learner, text: str, *, as_experience: bool) -> Learner:
    """Return a person who has pasted a text: into what they say of themselves, or as work."""
    if not as_experience:
        return replace(learner, text=f"{learner.text or ''} {text}".strip())
    work = replace(learner.experience[0], text=f"{learner.experience[0].text} {text}")
    return replace(learner, experience=(work,))


def _person(
    name: str, *, title: Sequence[str], tasks: Sequence[str], tools: Sequence[str]
) -> Learner:
    return Learner(
        id=LearnerId(name),
        text="I am reliable and learn fast.",
        skills=tuple(StatedSkill(name=tool, evidence=EvidenceClass.EXPERIENCE) for tool in tools),
        experience=(Experience(title=title[0], text=" ".join(tasks)),),
    )


def _drawn(texts: Sequence[str], count: int, key: str) -> list[str]:
    return sorted(set(texts), key=lambda text: by_hash(f"{key}/{text}"))[:count]


def _texts(path: Path, column: str) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for row in read_table(path):
        texts.setdefault(row[CODE], []).append(row[column])
    return texts
