"""Teaching: how much of each of its skills a credential teaches."""

import math
from collections.abc import Sequence

from service.domain.skill import SkillLink

# So many skills a credential can teach in full. What names more is broad: a degree that carries
# the tags of all its courses is not the next step for each of them.
FOCUS = 20


def teaching_strengths(links: Sequence[SkillLink]) -> list[float]:
    """Return for each link of a credential how much it teaches the skill, in [0, 1].

    The link's weight; for a credential with ``n`` links, more than 20, times ``sqrt(20 / n)``.
    """
    breadth = max(len(links), FOCUS)
    share = math.sqrt(FOCUS / breadth)
    return [link.weight * share for link in links]
