"""A task: queries, targets, and which target is relevant to which query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from training.metrics import Metric
from training.splits import text_key

UNKNOWN_FIELD: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A ranking task on development rows.

    Attributes:
        relevant: the targets that are right for each query, by their place; never none.
        metrics: what is measured; the first is the headline.
        fields: the field of work of each query, empty where it is not known.
    """

    name: str
    queries: tuple[str, ...]
    targets: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]
    metrics: tuple[Metric, ...]
    fields: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if not self.queries:
            raise ValueError(f"{self.name} has no query")
        if len(self.relevant) != len(self.queries) or not all(self.relevant):
            raise ValueError("each query must have a relevant target")
        if self.fields is not None and len(self.fields) != len(self.queries):
            raise ValueError("each query must have a field")

    @property
    def headline(self) -> Metric:
        """The metric that the task is judged by."""
        return self.metrics[0]


class Row(NamedTuple):
    """A query and some of its relevant targets, as texts; ``field`` is its field of work."""

    query: str
    relevant: Sequence[str]
    field: str = UNKNOWN_FIELD


def task_of(
    name: str, rows: Iterable[Row], targets: Iterable[str], metrics: Sequence[Metric]
) -> Task:
    """Make a task of rows: targets once, and the rows of one query joined.

    Texts are the same if their keys are (``text_key``). What is relevant but no target is left
    out, and so is a query of which nothing is left.
    """
    texts = _by_key(targets)
    numbers = {key: number for number, key in enumerate(texts)}
    found: dict[str, set[int]] = {}
    first: dict[str, Row] = {}
    for row in rows:
        known = {numbers[key] for text in row.relevant if (key := text_key(text)) in numbers}
        if known and (query := text_key(row.query)):
            first.setdefault(query, row)
            found.setdefault(query, set()).update(known)
    fields = tuple(row.field for row in first.values())
    return Task(
        name=name,
        queries=tuple(row.query.strip() for row in first.values()),
        targets=tuple(texts.values()),
        relevant=tuple(frozenset(each) for each in found.values()),
        metrics=tuple(metrics),
        fields=fields if any(fields) else None,
    )


def _by_key(texts: Iterable[str]) -> Mapping[str, str]:
    first: dict[str, str] = {}
    for text in texts:
        if key := text_key(text):
            first.setdefault(key, text.strip())
    return first
