"""Cases made from the API's own description, sent to it in process: what it must never answer.

    python -m benchmarks.fuzz [--cases 100000] [--report docs/fuzz.md] [--anew]

Schemathesis makes the cases, good and bad ones, and its checks judge the answers: no server error,
no status, media type or body that the description does not name, no bad data taken as good. The
exit code is 1 if something was found. What was done is kept after each round, so that a run that
was cut off goes on where it was.
"""

import argparse
import json
import logging
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from service.access import NewKey
from service.api.edge import Edge
from service.app import create_app
from service.cli.demonstrating import sample
from service.domain.access import OPERATOR, Scope
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.settings import Settings
from service.wiring import Services, open_services

REPORT = Path("docs/fuzz.md")
DONE = Path("build/fuzz.json")
CASES = 100_000
EXAMPLES = 20
FIRST_SEED = 1
FOUND = 1
# On a busy machine an answer may take long; that is no fault of the answer.
PATIENCE_S = 60
# What a schema cannot say (a goal of which no skill is known, an id that is not there) is refused
# as well, so that "good data is taken" holds for none of the questions.
OFF = ("positive_data_acceptance",)
# Where a path is an id's as well, these would judge by one of the two.
OFF_OF_IDS = ("allow_header_conformance", "unsupported_method")
# Statuses by which bad data is refused. Schemathesis' own list lacks 413, by which a body is
# refused whose list has more items than it may have, if it is longer than is read at all.
REFUSALS = (400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429)
_LINES = ("application/x-ndjson", "application/jsonl")

logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What came of it: how many cases of each phase, and each finding once."""

    seeds: list[int] = field(default_factory=list)
    phases: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    findings: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @classmethod
    def read(cls, path: Path) -> "Outcome":
        """Return what was done so far; nothing if there is no such file."""
        if not path.exists():
            return cls()
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for name in ("phases", "operations"):
            kept[name] = Counter(kept[name])
        return cls(**kept)

    def keep(self, path: Path) -> None:
        """Write down what was done so far."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(vars(self)), encoding="utf-8")
        beside.replace(path)

    @property
    def cases(self) -> int:
        """How many cases were sent."""
        return sum(self.phases.values())


def fuzz(
    app: FastAPI,
    key: str,
    *,
    cases: int,
    outcome: Outcome | None = None,
    after_round: Callable[[Outcome], None] = lambda _outcome: None,
) -> Outcome:
    """Send at least so many cases, in rounds, each with the next seed.

    By turns along all edges of the description, and by chance, alone and in chains; with the key
    of somebody who may do everything, and without.

    Args:
        app: the application.
        key: opens everything.
        cases: how many there are in the end.
        outcome: of the rounds that were done before; seeds go on after theirs.
        after_round: told after each round.
    """
    outcome = outcome or Outcome()
    while outcome.cases < cases:
        begun, cpu_begun, before = time.monotonic(), time.process_time(), outcome.cases
        seed = FIRST_SEED + len(outcome.seeds)
        outcome.seeds.append(seed)
        logger.warning("seed %d: %d cases so far", seed, before)
        for event in _round(app, key, seed=seed, is_random=len(outcome.seeds) % 2 == 0):
            _note(event, outcome)
            # A short run has a round of each sort all the same.
            if outcome.cases >= min(cases, before + cases // 2 + 1):
                break
        outcome.seconds += time.monotonic() - begun
        outcome.cpu_seconds += time.process_time() - cpu_begun
        after_round(outcome)
    return outcome


def _round(app: FastAPI, key: str, *, seed: int, is_random: bool) -> Iterator[events.EngineEvent]:
    off = {name: {"enabled": False} for name in OFF}
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "request-timeout": PATIENCE_S,
            "headers": {"Authorization": f"Bearer {key}"},
            "generation": {"max-examples": EXAMPLES, "no-shrink": True},
            "checks": {
                **off,
                "negative_data_rejection": {"expected-statuses": list(REFUSALS)},
            },
            "phases": {
                "examples": {"enabled": is_random},
                "coverage": {"enabled": not is_random},
                "fuzzing": {"enabled": is_random},
                "stateful": {"enabled": is_random},
            },
            # Each line is judged alone, so that the status is 200 whatever they say.
            "operations": [
                {
                    "include-path-regex": ":(bulk|batch)$",
                    "checks": {**off, "negative_data_rejection": {"enabled": False}},
                },
                # What is named there may be a record's id, too: the methods of both are allowed,
                # and those of an id are answered as of one.
                {
                    "include-path": read_as_ids(app.openapi()["paths"]),
                    "checks": {**off, **{name: {"enabled": False} for name in OFF_OF_IDS}},
                },
            ],
        }
    )
    schema = schemathesis.openapi.from_dict(with_lines(app.openapi()), config=config)
    schema.app = app
    schema.location = "/openapi.json"
    yield from from_schema(schema).execute()


def with_lines(document: dict[str, Any]) -> dict[str, Any]:
    """Return the description with bodies of lines as lists, which `_lines` writes as lines."""
    found: dict[str, Any] = json.loads(json.dumps(document))
    for item in found["paths"].values():
        for operation in item.values():
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                if media_type in _LINES:
                    items = content.pop("x-item-schema")
                    content["schema"] = {"type": "array", "items": items}
                    content.pop("example", None)
    return found


def read_as_ids(paths: Iterable[str]) -> list[str]:
    """Return those of the paths that another one matches with an id in it, ascending."""
    forms = {path: re.compile(re.sub(r"{[^}]*}", "[^/]+", path)) for path in paths}
    return sorted(
        path
        for path in forms
        if any(form.fullmatch(path) for other, form in forms.items() if other != path)
    )


@schemathesis.serializer(*_LINES)
def _lines(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    lines = value if isinstance(value, list) else [value]
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def _note(event: events.EngineEvent, outcome: Outcome) -> None:
    if isinstance(event, events.NonFatalError | events.FatalError):
        outcome.findings[f"the run itself: {event!r}"[:300]] = ""
    if not isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
        return
    recorder = event.recorder
    phase = getattr(event, "phase", None)
    outcome.phases[phase.value if phase else "fuzzing"] += len(recorder.cases)
    outcome.operations[recorder.label] += len(recorder.cases)
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                what = f"{recorder.label}: {check.name}: {check.failure_info.failure.title}"
                how = f"{check.failure_info.failure.message}\n{check.failure_info.code_sample}"
                outcome.findings.setdefault(what, how[:2000])


def report_of(outcome: Outcome) -> str:
    """Return the page that says what was done and found."""
    phases = ", ".join(f"{count:,} of {name}" for name, count in sorted(outcome.phases.items()))
    rate = outcome.cases / outcome.cpu_seconds if outcome.cpu_seconds else 0.0
    seeds = f"{outcome.seeds[0]} to {outcome.seeds[-1]}"
    lines = [
        "# Fuzzing the API",
        "",
        "Written by `make fuzz`, which makes cases from `/openapi.json` with Schemathesis "
        f"{schemathesis.__version__}, good and bad ones, and sends them to the application over "
        "the sample catalog, in process.",
        "",
        f"- {datetime.now(UTC).date()}: {outcome.cases:,} cases ({phases}) on "
        f"{len(outcome.operations)} operations or chains of them, seeds {seeds}.",
        f"- {outcome.seconds:,.0f} s, {rate:.0f} cases for each second of one core.",
        f"- All checks but {', '.join(f'`{name}`' for name in OFF)}, which does not apply: what a "
        "schema cannot say is refused as well; nor `negative_data_rejection` of lines, each of "
        "which is judged alone; nor where a path is an id's as well (`/v1/skills/extract`) "
        f"{' and '.join(f'`{name}`' for name in OFF_OF_IDS)}: it has the methods of both.",
        f"- Findings: {len(outcome.findings)}.",
        *(f"  - {what}" for what in sorted(outcome.findings)),
        "",
    ]
    return "\n".join(lines)


def load_sample(services: Services) -> None:
    """Bring the sample catalog in."""
    for kind in (Kind.SKILL, Kind.CREDENTIAL, Kind.JOB, Kind.LEARNER):
        records = [parsed.record for parsed in sample(kind) if parsed.record]
        list(services.intake.put_many(DEFAULT_TENANT, records))


def fuzzed_app(services: Services) -> FastAPI:
    """Return the application as it is sent to: nobody is refused for asking often."""
    return create_app(services, Edge(key_rate=0, address_rate=0, failure_rate=0))


def key_for_all(services: Services) -> str:
    """Return a new key of somebody who may do everything."""
    wanted = NewKey(label="fuzzing", scopes=frozenset({Scope.ADMIN}))
    return services.access.keys.create(OPERATOR, wanted).secret


def main() -> int:
    """Fuzz the API over the sample catalog, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, add_help=True)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument("--anew", action="store_true", help="forget the rounds that were done")
    given = parser.parse_args()
    if given.anew:
        DONE.unlink(missing_ok=True)
    outcome = Outcome.read(DONE)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_services(Settings(data=Path(folder))) as services,
    ):
        load_sample(services)
        key = key_for_all(services)
        fuzz(
            fuzzed_app(services),
            key,
            cases=given.cases,
            outcome=outcome,
            after_round=lambda done: done.keep(DONE),
        )
    given.report.write_text(report_of(outcome), encoding="utf-8")
    for what, how in sorted(outcome.findings.items()):
        print(what, how, sep="\n", end="\n\n")
    print(f"{outcome.cases:,} cases, {len(outcome.findings)} findings; {given.report} has more.")
    return FOUND if outcome.findings else 0


if __name__ == "__main__":
    sys.exit(main())
