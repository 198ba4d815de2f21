"""What answers look like as JSON: the types that ``shapes.py`` fills and OpenAPI describes."""

from typing import Any, NotRequired

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.api.evidence_types import Reason
from service.api.soft_types import SoftItemSkills

Bridge = TypedDict("Bridge", {"from": str, "to": str, "weight": float})


class Versions(TypedDict):
    """Which model, which state of the store and which taxonomies made an answer."""

    model_version: str
    index_version: int
    taxonomy_versions: dict[str, str]


class Money(TypedDict):
    """An amount in one currency (ISO 4217)."""

    amount: float
    currency: str


class Provider(TypedDict):
    """Who awards a credential."""

    id: str | None
    name: str
    type: str | None


class Duration(TypedDict):
    """How long a credential takes: calendar weeks and hours of effort are kept apart."""

    min_weeks: float | None
    weeks: float | None
    effort_hours: float | None
    hours_per_week: float | None


class CreditAmount(TypedDict):
    """An amount of credit."""

    units: str
    value: float


class Credit(TypedDict):
    """The credit that a credential yields; `rule` grants it, or the provider states it."""

    units: str
    value: float
    status: str
    rule: str | None
    institution: str | None


class Trace(TypedDict):
    """Who asks for a skill that a credential adds: a job, or else the goal's occupation."""

    job: str | None
    occupation: str | None
    skill: str
    credential: str
    credit: Credit | None


class Unlocks(TypedDict):
    """The jobs whose match reaches `at` only with a credential; `sample` holds the best 20."""

    jobs: int
    sample: list[str]
    at: float


class ItemSkills(TypedDict):
    """What a credential adds, what the learner holds already, and what stays open after it."""

    added: list[str]
    held: list[str]
    open: list[str]
    bridges: list[Bridge]


class RecommendedCredential(TypedDict):
    """One credential for one learner; `score` is in [0, 100]."""

    id: str
    type: str
    name: str
    provider: Provider
    rank: int
    score: float
    components: dict[str, float]
    marginal_gain: float
    pinned: bool
    breaks: list[str]
    skills: ItemSkills
    soft: SoftItemSkills
    unlocks: Unlocks | None
    cost: Money | None
    duration: Duration
    credit: Credit | None
    missing_prerequisites: list[str]
    trace: list[Trace]
    evidence: list[Reason]
    caveats: list[str]


class NamedOccupation(TypedDict):
    """An occupation that was read from a goal."""

    id: str
    title: str


class GoalAsRead(TypedDict):
    """How a goal was understood; `inferred` if there was none and near occupations stand in."""

    described_as: str
    occupations: list[NamedOccupation]
    inferred: bool


class GapSummary(GoalAsRead):
    """The goal as it was read, and what the learner's evidence covers of it (in [0, 1])."""

    coverage: float
    held: list[str]
    open: list[str]


class Objective(TypedDict):
    """What the list is to be best at, and the share of it that it reaches (in [0, 1])."""

    says: str
    value: float


class UnknownConstraint(TypedDict):
    """A credential that would be among the items if the `missing` fields were known and met."""

    id: str
    name: str
    score: float
    missing: list[str]


class Recommendations(Versions):
    """Which microcredential next, best first."""

    recommendation_id: str
    items: list[RecommendedCredential]
    gap: GapSummary
    objective: Objective
    weights: dict[str, float]
    unknown_constraints: list[UnknownConstraint]
    applied: list[str]
    relaxed: list[str]
    qualifying: int
    warnings: list[str]
    labels: dict[str, str]
    score_meaning: str


class Asked(TypedDict):
    """One skill that a job or a goal asks for; `weight` and `confidence` are in (0, 1]."""

    skill: str
    importance: str
    weight: float
    confidence: float
    min_level: int | None
    source: str
    field: str
    text: str
    span: list[int] | None


class AskedAndCovered(TypedDict):
    """A requirement, and how much of it the evidence covers (in [0, 1])."""

    requirement: Asked
    covered: float
    nearest: str | None


class Gap(GoalAsRead):
    """What a goal asks for, minus what the learner's evidence covers."""

    coverage: float
    held: list[AskedAndCovered]
    open: list[AskedAndCovered]
    bridges: list[Bridge]
    warnings: list[str]
    labels: dict[str, str]


class FoundSkill(TypedDict):
    """A skill that a text names or suggests; `span` is `[start, end]` in the text."""

    skill: str
    label: str
    confidence: float
    method: str
    text: str
    span: list[int] | None


class FoundSkills(TypedDict):
    """The skills of a text, surest first."""

    skills: list[FoundSkill]


class Stored(TypedDict):
    """What became of a record: `created`, `updated` or `unchanged`."""

    id: str
    status: str
    revision: int
    warnings: list[str]


class RecordPage(TypedDict):
    """Records by ascending id; `next` is the `after` of the next page, null on the last one."""

    items: list[dict[str, Any]]
    next: str | None


class Derivation(TypedDict):
    """Vectors and links made anew by another model: how many records of how many are `done`.

    `state` is `running` while the old ones serve, and `replaced` until those are deleted.
    """

    model_version: str
    state: str
    done: int
    total: int


class Meta(Versions):
    """What serves: versions, the length of a vector, and how many records there are.

    `derivation` is null unless everything is made anew by another model.
    """

    name: str
    version: str
    dim: int
    counts: dict[str, int]
    derivation: Derivation | None


class Health(TypedDict):
    """Whether the service lives, or is ready."""

    status: str


class Ready(TypedDict):
    """That requests are served, and of how many tenants the indexes are not kept up."""

    status: str
    tenants_in_trouble: int


class Fault(TypedDict):
    """One fault; `pointer` is a JSON Pointer into what was sent."""

    pointer: str
    detail: str


class ProblemDocument(TypedDict):
    """A problem (RFC 9457), with one entry in `errors` for each fault.

    `code` tells problems of one status apart: `storage_full`, `read_only` and `overloaded`.
    `request_id` is that of the header `X-Request-Id`, and finds the request in the server's log.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault]
    code: NotRequired[str]
    request_id: NotRequired[str]


class StoredLine(Stored):
    """What became of a line of a bulk request; `line` counts from 1."""

    line: int


class FailedLine(TypedDict):
    """Why a line of a bulk request was not stored; `id` is null where none can be read."""

    line: int
    id: str | None
    problem: ProblemDocument
