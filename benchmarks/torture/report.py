"""What a part of the torture came to."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How often a fault was done, what was wrong after it, and what else is worth telling.

    Attributes:
        cases: how many faults were done.
        faults: what was wrong; none is what is wanted.
        facts: further figures by name.
    """

    cases: int = 0
    faults: list[str] = field(default_factory=list)
    facts: dict[str, int | float | str] = field(default_factory=dict)

    def count(self, fact: str, by: int = 1) -> None:
        """Count a fact up."""
        self.facts[fact] = int(self.facts.get(fact, 0)) + by
