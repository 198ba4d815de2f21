"""onramp explain."""

from typing import Annotated

import typer

from service.cli.choices import one_of
from service.cli.invocation import Invocation
from service.cli.options import GoalWords, Json


def explain(
    context: typer.Context,
    *,
    learner: Annotated[
        str, typer.Option("--learner", metavar="ID", help="A learner in the store.")
    ],
    credential: Annotated[
        str | None,
        typer.Option("--credential", metavar="ID", help="Why this credential for the learner."),
    ] = None,
    job: Annotated[
        str | None, typer.Option("--job", metavar="ID", help="Why the learner for this job.")
    ] = None,
    goal: GoalWords = None,
    as_json: Json = False,
) -> None:
    """Explain one item of an answer: every reason, its words and where they stand."""
    from service.cli.explaining import explain_credential, explain_job  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    as_json = as_json or invocation.as_json
    one_of({"--credential": credential, "--job": job})
    if credential is not None:
        explain_credential(invocation, learner, credential, goal=goal, as_json=as_json)
        return
    if goal is not None:
        raise typer.BadParameter("it goes with --credential.", param_hint="--goal")
    explain_job(invocation, learner, job or "", as_json=as_json)
