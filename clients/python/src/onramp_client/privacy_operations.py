"""Consents, contacts and what is kept about a learner, as calls."""

from typing import Final

from onramp_client import types as t
from onramp_client.calls import Call
from onramp_client.operations import question, reading


def consents(learner: str) -> Call[t.ConsentsBody]:
    """What did a learner say about who may see them?"""
    return reading("get_consents", "/v1/learners/{id}/consents", id=learner)


def put_consents(learner: str, body: t.ConsentsBody) -> Call[t.ConsentsBody]:
    """Keep what a learner says, in place of what they said; said twice, it is the same."""
    return Call(
        operation="put_consents",
        method="PUT",
        path="/v1/learners/{id}/consents",
        parts={"id": learner},
        body=body,
        repeatable=True,
    )


def disclosures(learner: str) -> Call[t.Disclosures]:
    """To whom was a learner shown?"""
    return reading("list_disclosures", "/v1/learners/{id}/disclosures", id=learner)


def export(learner: str) -> Call[t.PersonExport]:
    """What is kept about a learner?"""
    return reading("export_learner", "/v1/learners/{id}/export", id=learner)


def wishes(learner: str) -> Call[t.Contacts]:
    """Who wants to write to a learner?"""
    return reading("list_learner_contacts", "/v1/learners/{id}/contacts", id=learner)


def answer(learner: str, contact: str, body: t.ContactAnswerBody) -> Call[t.ContactShape]:
    """Say whether an employer may know who a learner is; the last answer counts."""
    return Call(
        operation="answer_contact",
        method="PUT",
        path="/v1/learners/{id}/contacts/{contact}",
        parts={"id": learner, "contact": contact},
        body=body,
        repeatable=True,
    )


def ask(body: t.ContactBody) -> Call[t.ContactShape]:
    """Ask to know who a candidate is; said twice, it is the same wish."""
    return question("ask_contact", "/v1/contacts", body)


CONTACTS: Final[Call[t.Contacts]] = reading("list_contacts", "/v1/contacts")
