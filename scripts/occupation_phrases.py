"""What O*NET says that people in an occupation do: their tasks, each with its activities."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from service.domain.job import Occupation
from service.standards.onet import CODE
from service.standards.taxonomy_tables import find_table, read_rows, squeeze

CORE_WEIGHT = 1.0
UNRATED_WEIGHT = 0.8
SUPPLEMENTAL_WEIGHT = 0.6
# Of a task's weight: one activity stands for tasks of many occupations, and blurs them.
ACTIVITY_SHARE = 0.6
TITLE_WEIGHT = 0.8

REST = ", All Other"

_WEIGHTS = {"Core": CORE_WEIGHT, "Supplemental": SUPPLEMENTAL_WEIGHT}


class Phrase(NamedTuple):
    """Words about an occupation; ``weight`` in (0, 1] tells how much they count."""

    text: str
    weight: float


Duty = list[Phrase]


def read_duties(folder: Path, occupations: Sequence[Occupation]) -> dict[str, list[Duty]]:
    """Return the duties of each occupation by its code.

    A duty is a task with its activities: phrases that say the same in other words, and count
    once. The title is one more duty; an occupation without tasks has its description, unless
    that says only that it is a rest.
    """
    activities = _activities(folder)
    duties: dict[str, list[Duty]] = {each.code or "": [] for each in occupations}
    for row in read_rows(find_table(folder, "task_statements"), columns=(CODE, "Task")):
        code, task = row.values[CODE], squeeze(row.values["Task"])
        weight = _WEIGHTS.get(row.values["Task Type"], UNRATED_WEIGHT)
        phrases = [Phrase(text, weight * ACTIVITY_SHARE) for text in activities[code, task]]
        duties[code].append([Phrase(task, weight), *phrases])
    for occupation in occupations:
        own = duties[occupation.code or ""]
        if not own and occupation.description and not is_rest(occupation):
            own.append([Phrase(occupation.description, CORE_WEIGHT)])
        own.append([Phrase(occupation.title.removesuffix(REST), TITLE_WEIGHT)])
    return duties


def is_rest(occupation: Occupation) -> bool:
    """Tell whether the occupation is what remains of a group beside those listed there."""
    return occupation.title.endswith(REST)


def _activities(folder: Path) -> dict[tuple[str, str], list[str]]:
    activities: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read_rows(find_table(folder, "tasks_to_dwas"), columns=(CODE, "DWA Title")):
        key = (row.values[CODE], squeeze(row.values["Task"]))
        activities[key].append(squeeze(row.values["DWA Title"]))
    return activities
