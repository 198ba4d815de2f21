"""Consents and contacts, for the client that is awaited."""

from typing import Unpack

from onramp_client import privacy_operations as op
from onramp_client import types as t
from onramp_client.async_records import AsyncSender


class AsyncPrivacy:
    """What learners say about who may see them, and what is kept about them."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def consents(self, learner: str) -> t.ConsentsBody:
        """Return what a learner said, with what has ended."""
        return await self._sender.send(op.consents(learner))

    async def put_consents(self, learner: str, **body: Unpack[t.ConsentsBody]) -> t.ConsentsBody:
        """Keep what a learner says in place of what they said; what is left out is withdrawn."""
        return await self._sender.send(op.put_consents(learner, body))

    async def disclosures(self, learner: str) -> t.Disclosures:
        """Return to whom a learner was shown, oldest first."""
        return await self._sender.send(op.disclosures(learner))

    async def export(self, learner: str) -> t.PersonExport:
        """Return all that is kept about a learner."""
        return await self._sender.send(op.export(learner))

    async def contacts(self, learner: str) -> t.Contacts:
        """Return who wants to write to a learner, oldest first."""
        return await self._sender.send(op.wishes(learner))

    async def answer(
        self, learner: str, contact: str, **body: Unpack[t.ContactAnswerBody]
    ) -> t.ContactShape:
        """Say whether an employer may know who a learner is, and write to them."""
        return await self._sender.send(op.answer(learner, contact, body))


class AsyncContacts:
    """For who acts for an employer: candidates that it wants to write to."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def ask(self, **body: Unpack[t.ContactBody]) -> t.ContactShape:
        """Ask to know who a candidate is; asked again, it is the same wish."""
        return await self._sender.send(op.ask(body))

    async def list(self) -> t.Contacts:
        """Return the employer's own wishes, oldest first, with their answers."""
        return await self._sender.send(op.CONTACTS)
