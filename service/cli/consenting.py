"""Consents from the command line: a file in, a learner's consents out."""

from collections.abc import Iterator
from pathlib import Path

import typer

from service.cli.errors import FAILED
from service.cli.import_run import told
from service.cli.invocation import Invocation, opened
from service.cli.output import Column, complain, console, plain, table, write_json
from service.domain.consent import Consent, ConsentId, Consents
from service.domain.ids import LearnerId, TenantId
from service.errors import InvalidRecord, NotFound
from service.intake.consenting import ConsentIntake
from service.intake.consents import ConsentsBody, instant_text
from service.standards.native.consent_lines import ReadConsents, read_consents
from service.standards.reading import Fault


def keep(invocation: Invocation, file: str, *, as_json: bool) -> None:
    """Keep what the learners of a file say; exit with 1 if a line is bad."""
    kept = bad = 0
    with opened(invocation) as services:
        for read in read_consents([Path(file)]):
            faults = tuple(kept_or_why_not(services.consenting, invocation.tenant, read))
            for fault in faults:
                complain(plain(told(fault)))
            bad, kept = bad + bool(faults), kept + (not faults)
    if as_json:
        write_json({"learners": kept, "bad": bad})
    else:
        console().print(f"The consents of {kept:,} learners are kept; {bad:,} lines are bad.")
    if bad:
        raise typer.Exit(FAILED)


def kept_or_why_not(intake: ConsentIntake, tenant: TenantId, read: ReadConsents) -> Iterator[Fault]:
    """Keep what one line says of a tenant's learner; yield what is wrong with it."""
    yield from read.faults
    if read.faults:
        return
    try:
        intake.put(tenant, read.learner, read.consents)
    except NotFound as error:
        yield from read.place.failed(("learner", str(error))).faults
    except InvalidRecord as error:
        yield from read.place.failed((error.field, error.reason)).faults


def show(invocation: Invocation, learner: str, *, as_json: bool) -> None:
    """Show what a learner said.

    Raises:
        NotFound: if there is no such learner.
    """
    with opened(invocation) as services:
        found = services.personal.consents(invocation.tenant, LearnerId(learner))
    _tell(learner, found, as_json=as_json)


def withdraw(invocation: Invocation, learner: str, consent: str, *, as_json: bool) -> None:
    """Withdraw a consent, and show what is left.

    Raises:
        NotFound: if there is no such learner or consent.
    """
    with opened(invocation) as services:
        found = services.consenting.withdraw(
            invocation.tenant, LearnerId(learner), ConsentId(consent)
        )
    _tell(learner, found, as_json=as_json)


def _tell(learner: str, found: Consents, *, as_json: bool) -> None:
    if as_json:
        write_json(ConsentsBody.of(found).to_json())
        return
    out = console()
    if found.opted_out_at is not None:
        since = instant_text(found.opted_out_at)
        out.print(f"The learner {learner} opted out at {since}: no employer sees them.")
    if not found.signed:
        out.print(f"The learner {learner} signed no consent.")
        return
    headings = ("consent", "purpose", "party", "covers", "signed", "expires", "withdrawn")
    columns = [Column(each, share=1) for each in headings]
    out.print(table(columns, map(_row, found.signed)))


def _row(consent: Consent) -> tuple[str, ...]:
    times = (consent.signed_at, consent.expires_at, consent.withdrawn_at)
    return (
        plain(consent.id),
        consent.purpose,
        plain(consent.party),
        ", ".join(consent.covers),
        *("" if each is None else instant_text(each) for each in times),
    )
