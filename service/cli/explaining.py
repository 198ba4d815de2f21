"""Why one credential or job has its score for one learner, and what would change it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from service.answers import Answers, ExplainQuestion, ProfileChange, WhatIf
from service.api.explanation_shapes import explanation_json
from service.cli.explanation_tables import show_credential, show_job
from service.cli.invocation import Invocation, opened
from service.cli.output import console, write_json
from service.cli.stored import learner_in
from service.cli.wishes import goal_of
from service.domain.ids import CredentialId, JobId, SkillId, TenantId
from service.domain.record import Kind
from service.domain.skill import StatedSkill
from service.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What if, as it was typed."""

    add_skills: tuple[str, ...] = ()
    add_credentials: tuple[str, ...] = ()
    remove_skills: tuple[str, ...] = ()
    remove_credentials: tuple[str, ...] = ()

    def what_if(self, answers: Answers, tenant: TenantId) -> WhatIf | None:
        """Return the change; none if nothing was typed."""
        if self == Changes():
            return None
        known = partial(_skill, answers, tenant)
        return WhatIf(
            add=_change(known, self.add_skills, self.add_credentials),
            remove=_change(known, self.remove_skills, self.remove_credentials),
        )


def explain_credential(
    invocation: Invocation,
    learner: str,
    credential: str,
    *,
    goal: str | None,
    changes: Changes,
    as_json: bool,
) -> None:
    """Explain what a credential adds for a learner; limits are told, and left aside.

    Raises:
        NotFound: if one of them is not in the store.
        InvalidQuestion: if a change cannot be made.
    """
    with opened(invocation) as services:
        question = ExplainQuestion(
            learner=learner_in(services.answers, learner, tenant=invocation.tenant),
            stored=True,
            credential=CredentialId(credential),
            goal=goal_of(goal),
            what_if=changes.what_if(services.answers, invocation.tenant),
        )
        answer = services.explaining.explain(invocation.tenant, question)
    if as_json:
        write_json(explanation_json(answer))
    else:
        show_credential(console(), answer)


def explain_job(
    invocation: Invocation, learner: str, job: str, *, changes: Changes, as_json: bool
) -> None:
    """Explain how far a learner covers what a job asks for.

    Raises:
        NotFound: if one of them is not in the store.
        InvalidQuestion: if a change cannot be made.
    """
    with opened(invocation) as services:
        question = ExplainQuestion(
            learner=learner_in(services.answers, learner, tenant=invocation.tenant),
            stored=True,
            job=JobId(job),
            what_if=changes.what_if(services.answers, invocation.tenant),
        )
        answer = services.explaining.explain(invocation.tenant, question)
    if as_json:
        write_json(explanation_json(answer))
    else:
        show_job(console(), answer)


def _change(
    known: Callable[[str], StatedSkill], skills: tuple[str, ...], credentials: tuple[str, ...]
) -> ProfileChange:
    return ProfileChange(
        skills=tuple(map(known, skills)),
        credentials=tuple(CredentialId(each) for each in credentials),
    )


def _skill(answers: Answers, tenant: TenantId, words: str) -> StatedSkill:
    """Return the skill of this id, or else the skill that goes by these words."""
    try:
        answers.read(tenant, Kind.SKILL, words)
    except NotFound:
        return StatedSkill(name=words)
    return StatedSkill(id=SkillId(words))
