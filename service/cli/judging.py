"""A person's word about a record's link to a skill, from the command line."""

from service.api.shapes import stored_json
from service.cli.commands.verdict import Said
from service.cli.invocation import Invocation, opened
from service.cli.output import console, plain, write_json
from service.domain.ids import SkillId
from service.domain.record import Kind
from service.domain.verdict import SkillVerdict, Verdict
from service.intake import OutcomeStatus
from service.matching.ports import RecordKey

_VERDICTS = {Said.CONFIRM: Verdict.CONFIRMED, Said.REJECT: Verdict.REJECTED}


def say(
    invocation: Invocation,
    word: Said,
    link: tuple[str, str, str],
    *,
    note: str | None,
    as_json: bool,
) -> None:
    """Keep a verdict on a link (kind, id, skill), or take it back.

    Raises:
        NotFound: if there is no such record, skill or verdict.
    """
    kind, record_id, skill = link
    key, meant = RecordKey(Kind(kind), record_id), SkillId(skill)
    verdict = _VERDICTS.get(word)
    with opened(invocation) as services:
        if verdict is None:
            outcome = services.intake.forget(invocation.tenant, key, meant)
        else:
            said = SkillVerdict(skill=meant, verdict=verdict, note=note)
            outcome = services.intake.judge(invocation.tenant, key, said)
    if as_json:
        write_json(stored_json(outcome))
        return
    now = verdict or "no longer judged"
    before = " already" if outcome.status is OutcomeStatus.UNCHANGED else ""
    told = f"The {kind} {record_id} is at revision {outcome.revision}: {skill} is{before} {now}."
    console().print(plain(told), soft_wrap=True)
