"""Every operation of the API as a call: what both clients send."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from onramp_client import types as t
from onramp_client.calls import Call, Reads, Tagged

B = TypeVar("B")

BatchLine = t.AnsweredLine | t.RefusedLine | t.BatchSummary
BulkLine = t.StoredLine | t.FailedLine
EventLine = t.TakenEventLine | t.FailedLine
ResultLine = t.AnsweredLine | t.RefusedLine | t.StoredLine | t.FailedLine | t.OperationSummary


def question(operation: str, path: str, body: Mapping[str, Any]) -> Call[Any]:
    """Return a call that asks something and changes nothing."""
    return Call(operation=operation, method="POST", path=path, body=dict(body), repeatable=True)


def reading(operation: str, path: str, *, reads: Reads = Reads.JSON, **parts: str) -> Call[Any]:
    """Return a call that reads something."""
    return Call(
        operation=operation, method="GET", path=path, parts=parts, repeatable=True, reads=reads
    )


def lines(
    operation: str, path: str, sent: Iterable[Any], *, idempotency_key: str | None = None
) -> Call[Any]:
    """Return a call with a line for each of many; to send the same again changes nothing."""
    return Call(
        operation=operation,
        method="POST",
        path=path,
        lines=sent,
        repeatable=True,
        idempotency_key=idempotency_key,
        reads=Reads.LINES,
    )


def later(call: Call[Any], *, idempotency_key: str | None) -> Call[t.OperationStatus]:
    """Return a call whose lines are worked on after the answer, twice if it is sent twice.

    With an idempotency key, once.
    """
    return replace(
        call, later=True, repeatable=False, idempotency_key=idempotency_key, reads=Reads.JSON
    )


def get_operation(operation: str) -> Call[t.OperationStatus]:
    """How far is an operation?"""
    return reading("get_operation", "/v1/operations/{id}", id=operation)


def get_operation_result(operation: str) -> Call[ResultLine]:
    """What came of the lines that are done?"""
    path = "/v1/operations/{id}/result"
    return reading("get_operation_result", path, reads=Reads.LINES, id=operation)


def cancel_operation(operation: str) -> Call[t.OperationStatus]:
    """End an operation; what is done stays."""
    return Call(
        operation="cancel_operation",
        method="POST",
        path="/v1/operations/{id}:cancel",
        parts={"id": operation},
        repeatable=True,
    )


def delete_operation(operation: str) -> Call[None]:
    """Remove an operation with all that came of it."""
    return _delete("delete_operation", "/v1/operations/{id}", {"id": operation})


def recommend_credentials(body: t.RecommendBody) -> Call[t.Recommendations]:
    """Which microcredential next?"""
    return question("recommend_credentials", "/v1/recommendations/credentials", body)


def match_candidates(body: t.CandidatesBody) -> Call[t.Matches]:
    """Who is qualified for a job?"""
    return question("match_candidates", "/v1/matches/candidates", body)


def match_jobs(body: t.JobsBody) -> Call[t.Matches]:
    """Which jobs fit a learner?"""
    return question("match_jobs", "/v1/matches/jobs", body)


def explain(body: t.ExplainBody) -> Call[t.Explanation]:
    """Why does a pair have its score, and what if?"""
    return question("explain", "/v1/explanations", body)


def find_pathway(body: t.PathwayBody) -> Call[t.Pathway]:
    """Which credentials, in which order, lead to a goal?"""
    return question("find_pathway", "/v1/pathways", body)


def extract_skills(body: t.ExtractBody) -> Call[t.FoundSkills]:
    """Which skills does a text name or suggest?"""
    return question("extract_skills", "/v1/skills/extract", body)


def normalize_skills(body: t.NormalizeBody) -> Call[t.NormalizedNames]:
    """Which skills of the vocabulary are some names?"""
    return question("normalize_skills", "/v1/skills/normalize", body)


def skill_gap(body: t.GapBody) -> Call[t.Gap]:
    """What does a goal ask for that a learner cannot show?"""
    return question("skill_gap", "/v1/skills/gap", body)


def similar_items(body: t.SimilarBody) -> Call[t.SimilarItems]:
    """What is like some records, and unlike others?"""
    return question("similar_items", "/v1/similar", body)


def evaluate_credit(body: t.CreditEvaluateBody) -> Call[t.CreditEvaluation]:
    """What counts towards a degree, by which rule?"""
    return question("evaluate_credit", "/v1/credit/evaluate", body)


def batch_recommend(sent: Iterable[t.RecommendBody]) -> Call[BatchLine]:
    """Which microcredential next, for each of many learners?"""
    return lines("batch_recommend", "/v1/recommendations/credentials:batch", sent)


def batch_candidates(sent: Iterable[t.CandidatesBody]) -> Call[BatchLine]:
    """Who is qualified, for each of many jobs?"""
    return lines("batch_candidates", "/v1/matches/candidates:batch", sent)


def batch_jobs(sent: Iterable[t.JobsBody]) -> Call[BatchLine]:
    """Which jobs fit, for each of many learners?"""
    return lines("batch_jobs", "/v1/matches/jobs:batch", sent)


def add_event(body: t.EventBody, *, idempotency_key: str | None = None) -> Call[t.TakenEvent]:
    """Tell what became of an answer; to tell the same again changes nothing."""
    return replace(question("add_event", "/v1/events", body), idempotency_key=idempotency_key)


def bulk_events(
    sent: Iterable[t.EventBody], *, idempotency_key: str | None = None
) -> Call[EventLine]:
    """Tell what became of many answers."""
    return lines("bulk_events", "/v1/events:bulk", sent, idempotency_key=idempotency_key)


def list_events(*, cursor: str | None, limit: int) -> Call[t.EventPage]:
    """What became of answers, in the order in which it was told?"""
    query: dict[str, str | int] = {"limit": limit}
    if cursor is not None:
        query["cursor"] = cursor
    return Call(
        operation="list_events", method="GET", path="/v1/events", query=query, repeatable=True
    )


SOFT_COVERAGE: Final[Call[t.SoftSkillCoverage]] = reading(
    "soft_coverage", "/v1/skills/soft-coverage"
)
LIVE: Final[Call[t.Health]] = reading("live", "/health/live")
READY: Final[Call[t.Ready]] = reading("ready", "/health/ready")
META: Final[Call[t.Meta]] = reading("meta", "/v1/meta")
METRICS: Final[Call[str]] = reading("metrics", "/metrics", reads=Reads.TEXT)


def suggest(q: str, *, kind: t.SuggestionKind, limit: int) -> Call[t.SuggestedNames]:
    """What may somebody mean who is still typing?"""
    return Call(
        operation="suggest",
        method="GET",
        path="/v1/suggestions",
        query={"q": q, "kind": kind, "limit": limit},
        repeatable=True,
    )


def create_key(body: t.KeyBody) -> Call[t.NewKeyRecord]:
    """Make a key; said twice without an idempotency key, it makes two."""
    return Call(operation="create_key", method="POST", path="/v1/keys", body=body)


def rotate_key(key: str, body: t.RotateBody) -> Call[t.NewKeyRecord]:
    """Make a key in the place of another; said twice without an idempotency key, it makes two."""
    return Call(
        operation="rotate_key",
        method="POST",
        path="/v1/keys/{id}:rotate",
        parts={"id": key},
        body=body,
    )


def get_key(key: str) -> Call[t.KeyRecord]:
    """What is known of a key?"""
    return reading("get_key", "/v1/keys/{id}", id=key)


def revoke_key(key: str) -> Call[None]:
    """Take a key's validity away."""
    return _delete("revoke_key", "/v1/keys/{id}", {"id": key})


def list_keys(*, after: str, limit: int) -> Call[t.KeyPage]:
    """Which keys are there, by ascending id?"""
    return _page("list_keys", "/v1/keys", after=after, limit=limit)


def create_tenant(body: t.TenantBody) -> Call[t.TenantRecord]:
    """Make a tenant; said twice, it is refused."""
    return Call(operation="create_tenant", method="POST", path="/v1/tenants", body=body)


def list_tenants(*, after: str, limit: int) -> Call[t.TenantPage]:
    """Which tenants are there, by ascending id?"""
    return _page("list_tenants", "/v1/tenants", after=after, limit=limit)


def learner_record(learner: str) -> Call[t.LearnerRecord]:
    """All that a learner has done."""
    return reading("learner_record", "/v1/learners/{id}/record", id=learner)


@dataclass(frozen=True)
class RuleCalls(Generic[B]):
    """Calls on one kind of rule on credit."""

    name: str
    path: str

    def get(self, rule: str) -> Call[B]:
        """Return the call that reads a rule."""
        return reading(f"get_{self.name}", f"{self.path}/{{id}}", id=rule)

    def read(self, rule: str, *, unless: str | None = None) -> Call[Tagged[B] | None]:
        """Return the call that reads a rule with its tag, unless it has one that is known."""
        return replace(self.get(rule), reads=Reads.TAGGED, if_none_match=unless)  # type: ignore[return-value]

    def put(
        self, body: B, *, if_match: str | None = None, if_none_match: str | None = None
    ) -> Call[t.Stored]:
        """Return the call that keeps a rule, replacing any with its id."""
        put: Call[t.Stored] = _put(f"put_{self.name}", f"{self.path}/{{id}}", _id_of(body), body)
        return replace(put, if_match=if_match, if_none_match=if_none_match)

    def delete(self, rule: str, *, if_match: str | None = None) -> Call[None]:
        """Return the call that removes a rule."""
        delete = _delete(f"delete_{self.name}", f"{self.path}/{{id}}", {"id": rule})
        return replace(delete, if_match=if_match)


@dataclass(frozen=True)
class RecordCalls(Generic[B]):
    """Calls on one kind of record."""

    kind: str

    @property
    def path(self) -> str:
        """The path of all records of the kind."""
        return f"/v1/{self.kind}s"

    def get(self, record: str) -> Call[B]:
        """Return the call that reads a record."""
        return reading(f"get_{self.kind}", f"{self.path}/{{id}}", id=record)

    def read(self, record: str, *, unless: str | None = None) -> Call[Tagged[B] | None]:
        """Return the call that reads a record with its tag, unless it has one that is known."""
        return replace(self.get(record), reads=Reads.TAGGED, if_none_match=unless)  # type: ignore[return-value]

    def put(
        self, body: B, *, if_match: str | None = None, if_none_match: str | None = None
    ) -> Call[t.Stored]:
        """Return the call that keeps a record, replacing any with its id."""
        put: Call[t.Stored] = _put(f"put_{self.kind}", f"{self.path}/{{id}}", _id_of(body), body)
        return replace(put, if_match=if_match, if_none_match=if_none_match)

    def delete(self, record: str, *, if_match: str | None = None) -> Call[None]:
        """Return the call that removes a record with all that was derived from it."""
        delete = _delete(f"delete_{self.kind}", f"{self.path}/{{id}}", {"id": record})
        return replace(delete, if_match=if_match)

    def page(self, *, after: str, limit: int) -> Call[t.RecordPage]:
        """Return the call that reads one page of records, by ascending id."""
        return _page(f"list_{self.kind}s", self.path, after=after, limit=limit)

    def bulk(self, sent: Iterable[B], *, idempotency_key: str | None = None) -> Call[BulkLine]:
        """Return the call that keeps many records."""
        path = f"{self.path}:bulk"
        return lines(f"bulk_{self.kind}s", path, sent, idempotency_key=idempotency_key)

    def skills(self, record: str) -> Call[t.SkillsOfRecord]:
        """Return the call that reads a record's skills."""
        return reading(f"list_{self.kind}_skills", f"{self.path}/{{id}}/skills", id=record)

    def judge(self, record: str, skill: str, body: t.VerdictBody) -> Call[t.Stored]:
        """Return the call that confirms or rejects a record's link to a skill."""
        parts = {"id": record, "skill": skill}
        return _put(f"judge_{self.kind}_skill", f"{self.path}/{{id}}/skills/{{skill}}", parts, body)

    def forget(self, record: str, skill: str) -> Call[None]:
        """Return the call that takes back what was said about a link."""
        parts = {"id": record, "skill": skill}
        return _delete(f"forget_{self.kind}_skill", f"{self.path}/{{id}}/skills/{{skill}}", parts)


CREDENTIALS: Final = RecordCalls[t.CredentialBody]("credential")
LEARNERS: Final = RecordCalls[t.LearnerBody]("learner")
JOBS: Final = RecordCalls[t.JobBody]("job")
SKILLS: Final = RecordCalls[t.SkillBody]("skill")
POLICIES: Final = RuleCalls[t.PolicyBody]("credit_policy", "/v1/credit/policies")
AGREEMENTS: Final = RuleCalls[t.AgreementBody]("transfer_agreement", "/v1/credit/agreements")


def _id_of(body: Any) -> dict[str, str]:
    return {"id": body["id"]}


def _page(operation: str, path: str, *, after: str, limit: int) -> Call[Any]:
    query: dict[str, str | int] = {"after": after, "limit": limit}
    return Call(operation=operation, method="GET", path=path, query=query, repeatable=True)


def _put(operation: str, path: str, parts: Mapping[str, str], body: object) -> Call[Any]:
    return Call(
        operation=operation, method="PUT", path=path, parts=parts, body=body, repeatable=True
    )


def _delete(operation: str, path: str, parts: Mapping[str, str]) -> Call[None]:
    return Call(
        operation=operation,
        method="DELETE",
        path=path,
        parts=parts,
        repeatable=True,
        reads=Reads.NOTHING,
    )
