"""A logged answer computed again: the verdict, and what has changed since."""

from pathlib import Path
from typing import Any

import typer

from service.answers import Replaying
from service.answers.canonical import subject_ref
from service.cli.errors import ANOTHER_ANSWER, NOT_COMPUTED, NotTheRecord
from service.cli.invocation import Invocation, opened
from service.cli.output import console, write_json
from service.cli.replay_words import show_replay
from service.domain.decision import ChangedVersion, Replay, Verdict
from service.domain.ids import TenantId
from service.domain.job import Job
from service.domain.learner import Learner
from service.standards.native import parse_text
from service.standards.reading import read_lines
from service.storage.codec import content_hash

_CODES = {Verdict.DIFFERENT: ANOTHER_ANSWER, Verdict.IMPOSSIBLE: NOT_COMPUTED}


def replay_one(invocation: Invocation, decision: str, *, file: Path | None, as_json: bool) -> None:
    """Replay a decision; exit with 4 if the answer is another, with 5 if there is none.

    Raises:
        NotFound: if the decision is not in the log.
        NotTheRecord: if the file does not hold the record that was asked about.
    """
    with opened(invocation) as services:
        replaying = services.replaying
        subject = _subject(replaying, invocation.tenant, decision, file) if file else None
        found = replaying.replay(invocation.tenant, decision, subject=subject)
    if as_json:
        write_json(replay_json(found))
    else:
        show_replay(console(), found)
    if found.verdict is not Verdict.SAME:
        raise typer.Exit(_CODES[found.verdict])


def replay_json(found: Replay) -> dict[str, Any]:
    """Return a replay as a JSON object."""
    return {
        "decision": found.decision,
        "kind": found.kind.value,
        "at": found.at.isoformat(),
        "verdict": found.verdict.value,
        "reason": found.reason,
        "differs_in": list(found.differs_in),
        "changed": {
            "index": _version(found.index_version) if found.index_version else None,
            "versions": [{"name": each.name, **_version(each)} for each in found.versions],
            "records": [
                {
                    "kind": each.kind.value,
                    "id": each.id,
                    "before": each.before,
                    "after": each.after,
                }
                for each in found.records
            ],
            "others": found.others,
        },
    }


def _version(changed: ChangedVersion) -> dict[str, str]:
    return {"before": changed.before, "after": changed.after}


def _subject(
    replaying: Replaying, tenant: TenantId, decision: str, file: Path
) -> Learner | Job | None:
    """Return the record of the file whose hash was kept with the question."""
    logged = replaying.decision(tenant, decision)
    if logged.request is None:
        return None
    ref = subject_ref(logged.kind, logged.request)
    if ref.sha256 is None:
        return None
    for line in read_lines(file):
        record, _ = parse_text(ref.kind, line.text) if not line.reason else (None, ())
        if isinstance(record, Learner | Job) and content_hash(record) == ref.sha256:
            return record
    raise NotTheRecord(
        f"{file} does not hold the {ref.kind} that {decision!r} is about: no line has its hash."
    )
