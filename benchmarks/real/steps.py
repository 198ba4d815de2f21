"""Importing everything real, step by step, through the same code as the command line."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.memory import folder_mb, peak_mb
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Record
from service.intake import OutcomeStatus
from service.standards.reading import Parsed
from service.standards.registry import ImportKind, reader_for
from service.wiring import Services

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
REAL_LEARNERS = HERE.parent / "real_learners.jsonl"
SAMPLE_LEARNERS = ROOT / "service" / "sample" / "learners.jsonl"
_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One import: what the files hold, in which format, and where they are."""

    title: str
    kind: ImportKind
    format: str
    files: tuple[str, ...]


# The files stand under the folder of the research data.
STEPS = (
    Step(title="ESCO skills", kind=ImportKind.SKILLS, format="esco", files=("esco",)),
    Step(title="O*NET technologies", kind=ImportKind.SKILLS, format="onet", files=("onet",)),
    Step(title="O*NET occupations", kind=ImportKind.OCCUPATIONS, format="onet", files=("onet",)),
    Step(title="O*NET jobs", kind=ImportKind.JOBS, format="onet", files=("onet",)),
    Step(
        title="Coursera",
        kind=ImportKind.CREDENTIALS,
        format="coursera",
        files=("coursera-skills/credentials.tsv.gz",),
    ),
    Step(
        title="edX",
        kind=ImportKind.CREDENTIALS,
        format="edx",
        files=("edx-udacity-courses/edx_720.tsv.gz",),
    ),
    Step(
        title="Udacity",
        kind=ImportKind.CREDENTIALS,
        format="udacity",
        files=("edx-udacity-courses/udacity_263.tsv.gz",),
    ),
    Step(
        title="IBM Skills Network",
        kind=ImportKind.CREDENTIALS,
        format="ibm",
        files=("ibm-skillsnetwork-courses/course_processed.tsv.gz",),
    ),
)


def _people(title: str, file: Path) -> Step:
    return Step(title=title, kind=ImportKind.LEARNERS, format="native", files=(str(file),))


# Joining a folder to an absolute path gives that path.
PEOPLE = (
    _people("Ten learners", REAL_LEARNERS),
    _people("Sample learners", SAMPLE_LEARNERS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """What one import did, and what it took.

    Attributes:
        read: records that could be read; ``bad`` are the lines that could not, ``faults`` the
            first of their reasons.
        seconds: by the clock; ``cpu_seconds`` on all cores together.
        peak_mb: the most memory that the process has held so far.
        disk_mb: the size of the store's folder afterwards.
    """

    title: str
    read: int
    outcomes: Counter[OutcomeStatus]
    bad: int
    warnings: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    disk_mb: float
    faults: tuple[str, ...] = ()

    @property
    def per_second(self) -> float:
        """Records per second."""
        return self.read / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class _Read:
    """Records as they are taken from a reader; faults are put aside."""

    parsed: Iterator[Parsed]
    count: int = 0
    faults: list[str] = field(default_factory=list)
    bad: int = 0

    def __iter__(self) -> Iterator[Record]:
        for item in self.parsed:
            if item.record is None:
                self.bad += 1
                self.faults += [f"{each.line} {each.field}: {each.reason}" for each in item.faults]
            else:
                self.count += 1
                yield item.record


def missing_files(data: Path, steps: tuple[Step, ...] = STEPS) -> list[Path]:
    """Return what the steps need and the folder does not have."""
    return [data / file for step in steps for file in step.files if not (data / file).exists()]


def run_step(
    step: Step, data: Path, services: Services, *, on_records: Callable[[int], None]
) -> StepReport:
    """Import what one step names, and measure it."""
    start, cpu = time.perf_counter(), time.process_time()
    reader = reader_for(step.kind, step.format)
    read = _Read(reader([data / file for file in step.files]))
    outcomes: Counter[OutcomeStatus] = Counter()
    warnings = 0
    for outcome in services.intake.put_many(DEFAULT_TENANT, read, on_group=on_records):
        outcomes[outcome.status] += 1
        warnings += len(outcome.warnings)
    return StepReport(
        title=step.title,
        read=read.count,
        outcomes=outcomes,
        bad=read.bad,
        warnings=warnings,
        seconds=time.perf_counter() - start,
        cpu_seconds=time.process_time() - cpu,
        peak_mb=peak_mb(),
        disk_mb=folder_mb(services.settings.data),
        faults=tuple(read.faults[:_EXAMPLES]),
    )
