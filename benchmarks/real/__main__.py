"""Run on real input: `python -m benchmarks.real DIR`, where DIR has the research data."""

import argparse
import json
import shutil
import statistics
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from benchmarks.real.report import steps_table
from benchmarks.real.run import answers
from benchmarks.real.steps import (
    PEOPLE,
    REAL_LEARNERS,
    ROOT,
    STEPS,
    StepReport,
    missing_files,
    run_step,
)
from service.settings import Settings
from service.wiring import Services, open_services

BUILD = ROOT / "build"
STORE = BUILD / "real"
REPORT = BUILD / "real-run.md"
MISUSED = 2
INTERRUPTED = 130


def main() -> int:
    """Import, ask and write the report; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with esco, onet and the catalogs")
    parser.add_argument(
        "--keep-store", action="store_true", help="ask the store of the last run, import nothing"
    )
    chosen = parser.parse_args()
    missing = [] if chosen.keep_store else missing_files(chosen.data)
    if missing:
        names = "\n".join(f"  {path}" for path in missing)
        print(
            f"The real run needs the research data, and these are missing:\n{names}\n"
            "Name the folder that has them: make real SHARED_DATA=DIR",
            file=sys.stderr,
        )
        return MISUSED
    try:
        _run(chosen.data, keep_store=chosen.keep_store)
    except KeyboardInterrupt:
        print(f"\nInterrupted; {REPORT} is as it was.", file=sys.stderr)
        return INTERRUPTED
    return 0


def _run(data: Path, *, keep_store: bool) -> None:
    if not keep_store:
        shutil.rmtree(STORE, ignore_errors=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with (
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
        open_services(Settings(data=STORE)) as services,
    ):
        reports = [] if keep_store else list(_imported(data, services, progress))
        task = progress.add_task("asking")
        answered = list(answers(services, _learner_ids()))
        progress.remove_task(task)
    lines = ["# The real run", "", *steps_table(reports), ""]
    lines += [line for each in answered for line in each.lines]
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    median = 1000 * statistics.median(each.seconds for each in answered)
    print("\n".join(steps_table(reports)))
    print(f"{len(answered)} answers, median {median:.1f} ms; read them in {REPORT}")


def _imported(data: Path, services: Services, progress: Progress) -> list[StepReport]:
    reports = []
    for step in (*STEPS, *PEOPLE):
        task = progress.add_task(step.title, total=None)
        report = run_step(
            step,
            data,
            services,
            on_records=lambda count: progress.advance(task, count),  # noqa: B023 - called before the next step
        )
        progress.remove_task(task)
        reports.append(report)
        for fault in report.faults:
            progress.console.print(f"{step.title}: {fault}", markup=False)
    return reports


def _learner_ids() -> list[str]:
    lines = REAL_LEARNERS.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["id"] for line in lines]


if __name__ == "__main__":
    sys.exit(main())
