"""Wording: what is looked for by word, when vectors and skills are looked for by number."""

import numpy as np

from service.matching.gaps import MeasuredGap
from service.matching.ports import SkillIndex

# The heaviest open skills go by their labels; the tail would drown the goal's own words.
LABELS_SEARCHED = 8


def gap_words(gap: MeasuredGap, skills: SkillIndex) -> str:
    """Return the words by which credentials for a gap are searched.

    Those of the goal, or of the lines of work that stand in for one, and the labels of the
    heaviest open skills; equal weights go by id.
    """
    reading = gap.gap.reading
    said = [reading.goal.text, reading.described_as] if reading.goal else []
    titles = [title for _, title in reading.occupations]
    order = sorted(
        np.flatnonzero(gap.need > 0).tolist(),
        key=lambda place: (-gap.need[place], gap.asked.skills[place]),
    )
    found = (skills.get(gap.asked.skills[place]) for place in order[:LABELS_SEARCHED])
    labels = [skill.preferred_label for skill in found if skill is not None]
    return ". ".join(dict.fromkeys(each for each in (*said, *titles, *labels) if each))
