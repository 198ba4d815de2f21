"""onramp gap."""

import typer

from service.cli.choices import one_of
from service.cli.invocation import Invocation
from service.cli.options import GoalWords, Json, LearnerId, LearnerText, TenantName
from service.domain.ids import DEFAULT_TENANT


def gap(
    context: typer.Context,
    *,
    learner: LearnerId = None,
    text: LearnerText = None,
    goal: GoalWords = None,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Show what a goal asks for: what the learner can show, and what is open."""
    from service.cli.gaps import gap_of  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    one_of({"--learner": learner, "--text": text})
    gap_of(invocation, learner=learner, text=text, goal=goal, as_json=as_json or invocation.as_json)
