"""Records and rules of one kind, for the client that waits."""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar, Unpack, cast

from onramp_client import types as t
from onramp_client.calls import Call, Tagged
from onramp_client.operations import BulkLine, RecordCalls, RuleCalls, later

B = TypeVar("B")
T = TypeVar("T")


class Sender(Protocol):
    """What sends calls."""

    def send(self, call: Call[T]) -> T:
        """Send a call; return the answer."""
        ...

    def stream(self, call: Call[T]) -> Iterator[T]:
        """Send a call; yield the lines of the answer."""
        ...


class Rules(Generic[B]):
    """Rules on credit of one kind."""

    def __init__(self, sender: Sender, calls: RuleCalls[B]) -> None:
        self._sender = sender
        self._calls = calls

    def get(self, rule: str) -> B:
        """Return a rule as it was put."""
        return self._sender.send(self._calls.get(rule))

    def read(self, rule: str, *, unless: str | None = None) -> Tagged[B] | None:
        """Return a rule with its tag; None if its tag is the one that is known."""
        return self._sender.send(self._calls.read(rule, unless=unless))

    def put(
        self, body: B, *, if_match: str | None = None, if_none_match: str | None = None
    ) -> t.Stored:
        """Keep a rule, replacing any with its id.

        With ``if_match`` only if the rule has this tag; with ``if_none_match="*"`` only if there
        is none yet.
        """
        call = self._calls.put(body, if_match=if_match, if_none_match=if_none_match)
        return self._sender.send(call)

    def delete(self, rule: str, *, if_match: str | None = None) -> None:
        """Remove a rule; ``if_match``: only with this tag."""
        self._sender.send(self._calls.delete(rule, if_match=if_match))


class Records(Generic[B]):
    """Records of one kind."""

    def __init__(self, sender: Sender, calls: RecordCalls[B]) -> None:
        self._sender = sender
        self._calls = calls

    def get(self, record: str) -> B:
        """Return a record as it was put."""
        return self._sender.send(self._calls.get(record))

    def read(self, record: str, *, unless: str | None = None) -> Tagged[B] | None:
        """Return a record with its tag; None if its tag is the one that is known."""
        return self._sender.send(self._calls.read(record, unless=unless))

    def put(
        self, body: B, *, if_match: str | None = None, if_none_match: str | None = None
    ) -> t.Stored:
        """Keep a record, replacing any with its id.

        With ``if_match`` only if the record has this tag; with ``if_none_match="*"`` only if there
        is none yet.
        """
        call = self._calls.put(body, if_match=if_match, if_none_match=if_none_match)
        return self._sender.send(call)

    def delete(self, record: str, *, if_match: str | None = None) -> None:
        """Remove a record with all that was derived from it; ``if_match``: only with this tag."""
        self._sender.send(self._calls.delete(record, if_match=if_match))

    def page(self, *, after: str = "", limit: int = 100) -> t.RecordPage:
        """Return one page of records, by ascending id; ``next`` is where the next one begins."""
        return self._sender.send(self._calls.page(after=after, limit=limit))

    def list(self, *, after: str = "", page: int = 100) -> Iterator[B]:
        """Yield all records by ascending id, read in pages of so many."""
        next_: str | None = after
        while next_ is not None:
            found = self.page(after=next_, limit=page)
            yield from cast("Any", found["items"])
            next_ = found["next"]

    def bulk(
        self, records: Iterable[B], *, idempotency_key: str | None = None
    ) -> Iterator[BulkLine]:
        """Keep many records; yield a result for each as soon as it is durable."""
        call = self._calls.bulk(records, idempotency_key=idempotency_key)
        return self._sender.stream(call)

    def bulk_later(
        self, records: Iterable[B], *, idempotency_key: str | None = None
    ) -> t.OperationStatus:
        """Have many records kept afterwards; return the operation, for ``operations``."""
        call = self._calls.bulk(records)
        return self._sender.send(later(call, idempotency_key=idempotency_key))

    def skills_of(self, record: str) -> t.SkillsOfRecord:
        """Return a record's skills, with what people said about them."""
        return self._sender.send(self._calls.skills(record))

    def judge_skill(self, record: str, skill: str, **body: Unpack[t.VerdictBody]) -> t.Stored:
        """Confirm or reject a record's link to a skill."""
        return self._sender.send(self._calls.judge(record, skill, body))

    def forget_skill(self, record: str, skill: str) -> None:
        """Take back what was said about a record's link to a skill."""
        self._sender.send(self._calls.forget(record, skill))
