"""onramp explain."""

from typing import Annotated

import typer

from service.cli.choices import one_of
from service.cli.invocation import Invocation
from service.cli.options import GoalWords, Json, TenantName
from service.domain.ids import DEFAULT_TENANT


def explain(  # noqa: PLR0913 - an argument for each option
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
    add_skill: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if-add-skill",
            metavar="SKILL",
            help="What if the learner said they had this skill (name or id)? May be given again.",
        ),
    ] = None,
    add_credential: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if-add-credential",
            metavar="ID",
            help="What if this credential were awarded today? May be given again.",
        ),
    ] = None,
    remove_skill: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if-remove-skill",
            metavar="SKILL",
            help="What if nothing showed this skill (name or id)? May be given again.",
        ),
    ] = None,
    remove_credential: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if-remove-credential",
            metavar="ID",
            help="What if this credential were not held? May be given again.",
        ),
    ] = None,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Explain one credential or job for one learner, whatever its rank, and what would change."""
    from service.cli.explaining import Changes, explain_credential, explain_job  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    as_json = as_json or invocation.as_json
    one_of({"--credential": credential, "--job": job})
    changes = Changes(
        add_skills=tuple(add_skill or ()),
        add_credentials=tuple(add_credential or ()),
        remove_skills=tuple(remove_skill or ()),
        remove_credentials=tuple(remove_credential or ()),
    )
    if credential is not None:
        explain_credential(
            invocation, learner, credential, goal=goal, changes=changes, as_json=as_json
        )
        return
    if goal is not None:
        raise typer.BadParameter("it goes with --credential.", param_hint="--goal")
    explain_job(invocation, learner, job or "", changes=changes, as_json=as_json)
