"""Consents and contacts, for the client that waits."""

from typing import Unpack

from onramp_client import privacy_operations as op
from onramp_client import types as t
from onramp_client.records import Sender


class Privacy:
    """What learners say about who may see them, and what is kept about them."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def consents(self, learner: str) -> t.ConsentsBody:
        """Return what a learner said, with what has ended."""
        return self._sender.send(op.consents(learner))

    def put_consents(self, learner: str, **body: Unpack[t.ConsentsBody]) -> t.ConsentsBody:
        """Keep what a learner says in place of what they said; what is left out is withdrawn."""
        return self._sender.send(op.put_consents(learner, body))

    def disclosures(self, learner: str) -> t.Disclosures:
        """Return to whom a learner was shown, oldest first."""
        return self._sender.send(op.disclosures(learner))

    def export(self, learner: str) -> t.PersonExport:
        """Return all that is kept about a learner."""
        return self._sender.send(op.export(learner))

    def contacts(self, learner: str) -> t.Contacts:
        """Return who wants to write to a learner, oldest first."""
        return self._sender.send(op.wishes(learner))

    def answer(
        self, learner: str, contact: str, **body: Unpack[t.ContactAnswerBody]
    ) -> t.ContactShape:
        """Say whether an employer may know who a learner is, and write to them."""
        return self._sender.send(op.answer(learner, contact, body))


class Contacts:
    """For who acts for an employer: candidates that it wants to write to."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def ask(self, **body: Unpack[t.ContactBody]) -> t.ContactShape:
        """Ask to know who a candidate is; asked again, it is the same wish."""
        return self._sender.send(op.ask(body))

    def list(self) -> t.Contacts:
        """Return the employer's own wishes, oldest first, with their answers."""
        return self._sender.send(op.CONTACTS)
