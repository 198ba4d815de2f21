"""What a goal asks for and a learner cannot show yet."""

from service.api.shapes import gap_json
from service.cli.gap_tables import show_gap
from service.cli.invocation import Invocation, opened
from service.cli.output import console, write_json
from service.cli.stored import learner_in
from service.cli.wishes import goal_of, learner_of


def gap_of(
    invocation: Invocation,
    *,
    learner: str | None,
    text: str | None,
    goal: str | None,
    as_json: bool,
) -> None:
    """Show the gap of a learner in the store, or of one in their own words."""
    with opened(invocation) as services:
        person = (
            learner_in(services.answers, learner, tenant=invocation.tenant)
            if learner
            else learner_of(text or "")
        )
        found, labels = services.answers.gap(
            invocation.tenant, person, stored=learner is not None, goal=goal_of(goal)
        )
    if as_json:
        write_json(gap_json(found, labels))
    else:
        show_gap(console(), found, labels)
