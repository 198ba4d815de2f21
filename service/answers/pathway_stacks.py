"""Stacks and on-ramps: what a pathway counts towards, what is done of it, and what remains."""

from collections.abc import Collection, Sequence

from service.answers.pathway_pool import Pool, wholes_of
from service.answers.pathway_problem import Wanted, amount_of, award_of
from service.answers.reading import Reader
from service.domain.credential import Credential
from service.domain.ids import CredentialId
from service.domain.pathway import CreditProgress, OnRamp, Stack
from service.domain.record import Kind
from service.errors import NotFound

_DIGITS = 2


def stacks_of(steps: Sequence[CredentialId], pool: Pool, reader: Reader) -> tuple[Stack, ...]:
    """Return everything that the steps, or the credentials held, count towards, by id."""
    credentials = [pool.members[each].credential for each in steps]
    wholes = {each.id: each for each in wholes_of(credentials, pool.held, reader)}
    wholes |= {each.id: each for each in credentials if each.requires_parts is not None}
    return tuple(stack_of(wholes[each], steps, pool.held, reader) for each in sorted(wholes))


def stack_of(
    whole: Credential,
    steps: Collection[CredentialId],
    held: Collection[CredentialId],
    reader: Reader,
) -> Stack:
    """Return a credential with its parts: done, planned and remaining."""
    parts = reader.opened.view.credentials.parts_of(whole.id)
    done = tuple(each for each in parts if each in held)
    planned = tuple(each for each in parts if each in steps)
    needed = whole.requires_parts
    return Stack(
        id=whole.id,
        name=whole.name,
        needed=needed,
        done=done,
        planned=planned,
        remaining=tuple(each for each in parts if each not in held and each not in steps),
        earned=needed is not None and len(done) + len(planned) >= needed,
    )


def wanted_of(target: CredentialId, held: frozenset[CredentialId], reader: Reader) -> Wanted:
    """Return the credential that is the goal, with what counts towards it.

    Parts are counted by credit where the whole states some in a unit that a part awards, too, and
    does not say how many parts it takes; else by number.

    Raises:
        NotFound: if there is no such credential.
    """
    record = reader.stored(Kind.CREDENTIAL, target).record
    if not isinstance(record, Credential):
        raise NotFound(Kind.CREDENTIAL, target)
    parts = reader.opened.view.credentials.parts_of(target)
    stored = reader.many(Kind.CREDENTIAL, list(parts))
    found = [each.record for each in stored.values() if isinstance(each.record, Credential)]
    units = [
        credit.units
        for credit in record.credit
        if record.requires_parts is None and any(award_of(part, credit.units) for part in found)
    ]
    return Wanted(
        credential=record,
        parts=parts or (target,),
        counted=units[0] if units else None,
        held=tuple(each for each in found if each.id in held),
    )


def on_ramp(wanted: Wanted, steps: Collection[CredentialId], pool: Pool, reader: Reader) -> OnRamp:
    """Return how far the steps lead towards the credential that is the goal."""
    own = wanted.credential
    planned = [pool.members[each].credential for each in sorted(steps) if each in wanted.parts]
    had = {*pool.held, *steps}
    return OnRamp(
        stack=stack_of(own, steps, pool.held, reader),
        kind=own.kind,
        credit=_progress(wanted, planned),
        missing_prerequisites=tuple(
            each for each in own.prerequisites.credentials if each not in had
        ),
        in_pathway=own.id in steps,
        cost=own.cost,
        weeks=own.duration.weeks,
    )


def _progress(wanted: Wanted, planned: Sequence[Credential]) -> tuple[CreditProgress, ...]:
    if wanted.credential.requires_parts is not None:
        return ()
    found = []
    for credit in wanted.credential.credit:
        done = min(amount_of(wanted.held, credit.units), credit.value)
        both = min(amount_of((*wanted.held, *planned), credit.units), credit.value)
        found.append(
            CreditProgress(
                units=credit.units,
                of=credit.value,
                done=round(done, _DIGITS),
                planned=round(both - done, _DIGITS),
                left=round(credit.value - both, _DIGITS),
            )
        )
    return tuple(found)
