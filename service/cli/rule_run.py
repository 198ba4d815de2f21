"""One run of an import of rules on credit: read lines in, outcomes counted, faults told."""

from collections.abc import Callable, Iterator
from typing import Final

from service.cli.import_run import Summary, told
from service.cli.interrupts import Stop
from service.cli.output import plain
from service.cli.progress import Meter
from service.domain.credit import RuleKind
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.errors import InvalidRecord, OnrampError
from service.intake.credit import CreditIntake
from service.standards.native.rules import ReadRule
from service.standards.reading import Fault

RULE_IMPORTS: Final[dict[str, RuleKind]] = {
    "credit-policies": RuleKind.POLICY,
    "agreements": RuleKind.AGREEMENT,
}


class RuleRun:
    """Feeds rules on credit to the intake, each in a transaction of its own."""

    def __init__(
        self,
        intake: CreditIntake,
        progress: Meter,
        *,
        stop: Stop,
        faults: Callable[[Fault], None],
        dry_run: bool,
        tenant: TenantId = DEFAULT_TENANT,
    ) -> None:
        self._tenant = tenant
        self._put = intake.plan if dry_run else intake.put
        self._progress = progress
        self._stop = stop
        self._write_fault = faults
        self._summary = Summary()

    def take(self, read: Iterator[ReadRule]) -> Summary:
        """Take rules in until the files end, a person stops it or a file cannot be read."""
        try:
            for item in read:
                self._take(item)
                self._progress.advance()
                if self._stop.wanted:
                    break
        except OnrampError as error:
            self._summary.stopped_by = error
        self._summary.interrupted = self._stop.wanted
        return self._summary

    def _take(self, item: ReadRule) -> None:
        if item.rule is None:
            self._refuse(item.faults)
            return
        try:
            outcome = self._put(self._tenant, item.rule)
        except InvalidRecord as error:
            self._refuse((Fault(**item.place._asdict(), field=error.field, reason=error.reason),))
        else:
            self._summary.outcomes[outcome.status] += 1

    def _refuse(self, faults: tuple[Fault, ...]) -> None:
        self._summary.bad += 1
        for fault in faults:
            self._progress.say(plain(told(fault)))
            self._write_fault(fault)
