"""What counts towards a degree, and one record of all that a learner has done."""

from service.answers.credit import CreditQuestion
from service.api.credit_shapes import evaluation_json, learner_record_json
from service.cli.credit_tables import show_evaluation, show_record
from service.cli.invocation import Invocation, opened
from service.cli.output import console, write_json
from service.domain.credit import Degree, PolicyId, Program

Wanted = tuple[str, Degree, str | None]


def credit_of(
    invocation: Invocation, learner: str, wanted: Wanted | None, *, as_json: bool
) -> None:
    """Show what a learner in the store counts towards a program, or towards their own."""
    program = None
    if wanted is not None:
        policy, degree, name = wanted
        program = Program(policy=PolicyId(policy), degree=degree, name=name)
    with opened(invocation) as services:
        person = services.credit.learner(invocation.tenant, learner)
        found = services.credit.evaluate(
            invocation.tenant, CreditQuestion(learner=person, program=program)
        )
    if as_json:
        write_json(evaluation_json(found))
    else:
        show_evaluation(console(), found)


def record_of(invocation: Invocation, learner: str, *, as_json: bool) -> None:
    """Show the record of a learner in the store."""
    with opened(invocation) as services:
        person = services.credit.learner(invocation.tenant, learner)
        found = services.credit.record(invocation.tenant, person)
    if as_json:
        write_json(learner_record_json(found))
    else:
        show_record(console(), found)
