"""One run of an import: parsed lines in, outcomes counted, faults told as they come."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from service.cli.interrupts import Stop
from service.cli.output import plain
from service.cli.progress import Meter
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Record
from service.errors import OnrampError
from service.intake import Intake, Outcome, OutcomeStatus
from service.standards.reading import Fault, Parsed

EXAMPLES = 5


class _Place(NamedTuple):
    file: str
    line: int


@dataclass(slots=True, kw_only=True)
class Summary:
    """What became of the records of an import.

    Attributes:
        bad: lines that were left out.
        warnings: how many warnings there were; ``examples`` are the first of them.
        interrupted: whether a person stopped it before the end.
        stopped_by: the error that stopped it before the end, if one did.
    """

    outcomes: Counter[OutcomeStatus] = field(default_factory=Counter)
    bad: int = 0
    warnings: int = 0
    examples: list[str] = field(default_factory=list)
    interrupted: bool = False
    stopped_by: OnrampError | None = None

    @property
    def kept(self) -> int:
        """How many records are in the store as the files have them."""
        return sum(self.counts()[:-1])

    def counts(self) -> tuple[int, int, int, int]:
        """Return how many were created, updated, unchanged and bad."""
        done = self.outcomes
        return (
            done[OutcomeStatus.CREATED],
            done[OutcomeStatus.UPDATED],
            done[OutcomeStatus.UNCHANGED],
            self.bad,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the summary for programs."""
        created, updated, unchanged, bad = self.counts()
        return {
            "created": created,
            "updated": updated,
            "unchanged": unchanged,
            "bad": bad,
            "warnings": {"count": self.warnings, "examples": self.examples},
            "interrupted": self.interrupted,
        }


class ImportRun:
    """Feeds records to the intake and keeps track of where each came from."""

    def __init__(
        self,
        intake: Intake,
        progress: Meter,
        *,
        stop: Stop,
        faults: Callable[[Fault], None],
        dry_run: bool,
        tenant: TenantId = DEFAULT_TENANT,
    ) -> None:
        self._intake = intake
        self._tenant = tenant
        self._progress = progress
        self._stop = stop
        self._write_fault = faults
        self._dry_run = dry_run
        self._places: deque[_Place] = deque()
        self._summary = Summary()

    def take(self, parsed: Iterator[Parsed]) -> Summary:
        """Take records in until the files end, a person stops it or a file cannot be read."""
        take = self._intake.plan_many if self._dry_run else self._intake.put_many
        for outcome in take(self._tenant, self._records(parsed)):
            self._count(outcome, self._places.popleft())
        self._summary.interrupted = self._stop.wanted
        return self._summary

    def _records(self, parsed: Iterator[Parsed]) -> Iterator[Record]:
        try:
            for item in parsed:
                if item.record is None:
                    self._refuse(item.faults)
                else:
                    self._places.append(_Place(item.file, item.line))
                    yield item.record
                self._progress.advance()
                if self._stop.wanted:
                    return
        except OnrampError as error:
            # What was read before it is taken in all the same.
            self._summary.stopped_by = error

    def _count(self, outcome: Outcome, place: _Place) -> None:
        if outcome.status is OutcomeStatus.REJECTED:
            self._refuse((Fault(**place._asdict(), field=outcome.field, reason=outcome.reason),))
            return
        self._summary.outcomes[outcome.status] += 1
        for warning in outcome.warnings:
            self._summary.warnings += 1
            if len(self._summary.examples) < EXAMPLES:
                where = f"{place.file}:{place.line}"
                self._summary.examples.append(plain(f"{where} {outcome.id}: {warning}"))

    def _refuse(self, faults: tuple[Fault, ...]) -> None:
        self._summary.bad += 1
        for fault in faults:
            self._progress.say(plain(told(fault)))
            self._write_fault(fault)


def told(fault: Fault) -> str:
    """Return a fault as one line: ``file:line field: reason``."""
    field = f"{fault.field}: " if fault.field else ""
    return f"{fault.file}:{fault.line} {field}{fault.reason}"
