"""A neighbor in the graph of skills."""

from typing import NamedTuple

from service.domain.ids import SkillId


class Neighbor(NamedTuple):
    """A skill near another one, and what each is worth for the other, in [0, 0.8].

    Attributes:
        worth: what this neighbor is worth where the other is asked for.
        worth_back: what the other is worth where this neighbor is asked for.
    """

    skill: SkillId
    worth: float
    worth_back: float
