"""What a part of the torture came to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

_BEGIN = "<!-- torture begins -->"
_END = "<!-- torture ends -->"


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


class Row(Protocol):
    """What the report says of a part."""

    @property
    def name(self) -> str:
        """With the number of its figure."""
        ...

    @property
    def what(self) -> str:
        """What is done, and what must hold."""
        ...


def table_of(rows: Sequence[tuple[Row, Outcome | None, float]]) -> str:
    """Return the report as a table of Markdown."""
    lines = ["| part | what | cases | faults | minutes | figures |", "|---|---|---|---|---|---|"]
    for part, outcome, seconds in rows:
        if outcome is None:
            lines.append(f"| {part.name} | {part.what} | not run | | | |")
            continue
        facts = "; ".join(f"{name}: {fact}" for name, fact in outcome.facts.items())
        lines.append(
            f"| {part.name} | {part.what} | {outcome.cases:,} | {len(outcome.faults)} "
            f"| {seconds / 60:.1f} | {facts} |"
        )
    return "\n".join(lines)


def with_table(page: str, table: str) -> str:
    """Return the page with this table between its marks.

    Raises:
        ValueError: if the page has no marks.
    """
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"The page has no place for the table: {_BEGIN} … {_END}")
    return f"{before}{begin}\n\n{table}\n\n{end}{after}"
