"""Bodies and answers of the API. Made from docs/openapi.json by `make openapi`; do not edit."""

from typing import Any, Literal, NotRequired, TypedDict

SuggestionKind = Literal["skill", "occupation"]
ConditionField = Literal[
    "cost",
    "duration.weeks",
    "duration.hours_per_week",
    "duration.effort_hours",
    "delivery",
    "schedule",
    "languages",
    "regions",
    "status",
    "provider.type",
    "kind",
    "level",
]
ContactStatus = Literal["asked", "accepted", "declined"]
CredentialKind = Literal[
    "microcredential", "badge", "certificate", "certification", "course", "degree", "specialization"
]
CreditKind = Literal["course", "credential", "exam", "experiential"]
CreditLevel = Literal["lower_division", "upper_division", "undergraduate", "graduate"]
CreditUnit = Literal["SemesterHour", "QuarterHour", "ContinuingEducationUnit", "ECTS", "ClockHour"]
Degree = Literal["certificate", "associate", "bachelor", "master"]
Delivery = Literal["online", "in_person", "blended"]
EmploymentType = Literal[
    "full_time",
    "part_time",
    "contract",
    "temporary",
    "internship",
    "apprenticeship",
    "per_diem",
    "volunteer",
    "other",
]
EventType = Literal[
    "impression",
    "view",
    "click",
    "save",
    "dismiss",
    "not_interested",
    "apply_start",
    "apply_finish",
    "enroll",
    "complete",
    "drop",
    "interview",
    "offer",
    "hired",
    "not_qualified",
]
EvidenceClass = Literal[
    "verified", "issued", "graded", "rubric", "endorsed", "experience", "self_stated"
]
Explain = Literal["short", "full"]
GoalMode = Literal["advance", "switch", "build"]
GroupBy = Literal["provider"]
Importance = Literal["required", "preferred"]
Kind = Literal["credential", "learner", "job", "skill", "occupation"]
Level = Literal["beginner", "intermediate", "advanced"]
Pacing = Literal["self_paced", "instructor_led", "cohort"]
Part = Literal["text", "skills", "credentials", "courses", "experience"]
PayPeriod = Literal["year", "month", "week", "hour"]
PrincipalKind = Literal["secret", "publishable", "token", "demo", "operator"]
ProviderType = Literal["higher_education", "mooc", "non_academic", "secondary"]
Purpose = Literal["matching", "contact"]
Schedule = Literal["daytime", "evening", "weekday", "weekend"]
Scope = Literal[
    "catalog:read",
    "catalog:write",
    "learner:read",
    "learner:write",
    "employer:match",
    "reports:read",
    "admin",
]
SkillType = Literal["skill", "knowledge", "technology", "language"]
Status = Literal["Developing", "Active", "Suspended", "Ceased"]
Strategy = Literal["average_vector", "best_score"]
UnknownMode = Literal["apart", "include"]
Verdict = Literal["confirmed", "rejected"]


class AddBody(TypedDict):
    """What a learner would have besides."""

    skills: NotRequired["list[LearnerSkillBody | str]"]
    credentials: NotRequired["list[StoredRef | str]"]


class AgreementBody(TypedDict):
    """What one institution grants, or others recommend, for the credentials of a sender."""

    id: str
    sending: "OrganizationBody | str"
    receiving: NotRequired["OrganizationBody | str | None"]
    department: NotRequired["str | None"]
    program: NotRequired["str | None"]
    starts: NotRequired["str | None"]
    ends: NotRequired["str | None"]
    profiles: "list[ProfileBody] | None"


class AnsweredLine(TypedDict):
    """The answer to a line of a batch, as the single route gives it; `line` counts from 1."""

    line: int
    status: int
    answer: "dict[str, Any]"


class Asked(TypedDict):
    """One skill that a job or a goal asks for; `weight` and `confidence` are in (0, 1]."""

    skill: str
    importance: str
    weight: float
    confidence: float
    min_level: "int | None"
    source: str
    field: str
    text: str
    span: "list[int] | None"


class AskedAndCovered(TypedDict):
    """A requirement, and how much of it the evidence covers (in [0, 1])."""

    requirement: "Asked"
    covered: float
    nearest: "str | None"


class BatchCounts(TypedDict):
    """How many lines a batch had, and how many of them have no answer."""

    lines: int
    answered: int
    failed: int


class BatchSummary(TypedDict):
    """The last line of a batch, by which a reader knows that nothing is missing."""

    summary: "BatchCounts"


class BeforeAfter(TypedDict):
    """A figure as it is, and as it would be."""

    before: float
    after: float


class BoundBody(TypedDict):
    """An upper bound; a cost's has a currency."""

    amount: float
    currency: NotRequired["str | None"]


Bridge = TypedDict(
    "Bridge",
    {
        "from": str,
        "to": str,
        "weight": float,
    },
)


class CandidatesBody(TypedDict):
    """Who is qualified for a job?"""

    job: "InlineJob | StoredRef"
    limit: NotRequired[int]
    threshold: NotRequired[float]
    near_misses: NotRequired[bool]
    one_credential_away: NotRequired[bool]
    keep: NotRequired[bool]


class Categories(TypedDict):
    """Covered and missing once more, required and preferred apart."""

    required: "CoveredAndMissing"
    preferred: "CoveredAndMissing"


ConditionBody = TypedDict(
    "ConditionBody",
    {
        "field": "ConditionField",
        "in": NotRequired["list[str] | None"],
        "eq": NotRequired["str | None"],
        "lte": NotRequired["BoundBody | float | None"],
    },
)


class ConsentBody(TypedDict):
    """One consent that a learner signed."""

    id: str
    purpose: "Purpose"
    party: str
    covers: NotRequired["list[Part] | None"]
    signed_at: str
    expires_at: NotRequired["str | None"]
    policy_version: str
    withdrawn_at: NotRequired["str | None"]


class ConsentsBody(TypedDict):
    """All that a learner says about who may see them."""

    consents: NotRequired["list[ConsentBody] | None"]
    opted_out_at: NotRequired["str | None"]


class ConstraintsBody(TypedDict):
    """What a learner can afford and attend: hard limits, never wishes."""

    max_cost: NotRequired["MoneyBody | None"]
    max_weeks: NotRequired["float | None"]
    max_hours_per_week: NotRequired["float | None"]
    delivery: NotRequired["list[Delivery] | None"]
    schedule: NotRequired["list[Schedule] | None"]
    languages: NotRequired["list[str] | None"]
    region: NotRequired["str | None"]
    provider_types: NotRequired["list[ProviderType] | None"]


class ContactAnswerBody(TypedDict):
    """What a learner says to an employer who wants to write to them."""

    status: "ContactStatus"


class ContactBody(TypedDict):
    """An employer wants to write to a candidate."""

    candidate: str
    job: NotRequired["str | None"]


class ContactShape(TypedDict):
    """A wish to write to somebody, and what became of it."""

    id: str
    employer: str
    candidate: str
    job: "str | None"
    status: str
    asked_at: str
    answered_at: "str | None"


class Contacts(TypedDict):
    """Wishes, oldest first."""

    contacts: "list[ContactShape]"


class ConversionBody(TypedDict):
    """How a unit is converted."""

    units: "CreditUnit"
    per_unit: float


class CourseBody(TypedDict):
    """A course that a learner has taken."""

    name: str
    grade: NotRequired["str | None"]
    date: NotRequired["str | None"]
    provider: NotRequired["str | None"]
    credits: NotRequired["CreditBody | None"]
    level: NotRequired["CreditLevel | None"]


class CoveredAndMissing(TypedDict):
    """What is covered and what is missing of the requirements of one importance."""

    covered: list[str]
    missing: list[str]


class CredentialBody(TypedDict):
    """One credential."""

    id: str
    name: str
    provider: "ProviderBody | str"
    kind: NotRequired["CredentialKind | None"]
    description: NotRequired["str | None"]
    skills: NotRequired["list[CredentialSkillBody | str] | None"]
    cost: NotRequired["MoneyBody | None"]
    duration: NotRequired["DurationBody | None"]
    delivery: NotRequired["list[Delivery] | None"]
    pacing: NotRequired["Pacing | None"]
    schedule: NotRequired["list[Schedule] | None"]
    level: NotRequired["Level | None"]
    credit: NotRequired["list[CreditBody] | None"]
    credit_recommendations: NotRequired["list[str] | None"]
    status: NotRequired["Status | None"]
    prerequisites: NotRequired["PrerequisitesBody | None"]
    part_of: NotRequired["list[str] | None"]
    requires_parts: NotRequired["int | None"]
    languages: NotRequired["list[str] | None"]
    regions: NotRequired["list[str] | None"]
    occupations: NotRequired["list[str] | None"]
    keywords: NotRequired["list[str] | None"]
    assessment: NotRequired["str | None"]
    accredited_by: NotRequired["list[str] | None"]
    recognized_by: NotRequired["list[str] | None"]
    effective: NotRequired["str | None"]
    expires: NotRequired["str | None"]
    last_reviewed: NotRequired["str | None"]
    url: NotRequired["str | None"]


class CredentialSkillBody(TypedDict):
    """A skill that a credential teaches."""

    id: NotRequired["str | None"]
    name: NotRequired["str | None"]
    level: NotRequired["int | None"]
    weight: NotRequired["float | None"]


class Credit(TypedDict):
    """The credit that a credential yields; `rule` grants it, or the provider states it."""

    units: str
    value: float
    status: str
    rule: "str | None"
    institution: "str | None"


class CreditAmount(TypedDict):
    """An amount of credit."""

    units: str
    value: float


class CreditAward(TypedDict):
    """What one thing yields before caps: `granted_by_rule`, `recommended` or `none`."""

    units: str
    value: float
    rule: "str | None"
    status: str
    reason: str


class CreditBody(TypedDict):
    """An amount of credit."""

    units: "CreditUnit"
    value: float


class CreditCap(TypedDict):
    """A cap: what counts under it, and what it cut."""

    rule: str
    says: str
    max: float
    counted: float
    cut: float


class CreditEvaluateBody(TypedDict):
    """What counts towards a degree?"""

    learner: "InlineLearner | StoredRef"
    program: NotRequired["ProgramRef | None"]
    agreements: NotRequired["list[AgreementBody] | None"]


class CreditEvaluation(TypedDict):
    """What counts towards a degree, in the policy's unit; `binding` names the caps that cut."""

    policy: str
    institution: str
    program: "StudyProgram"
    units: str
    counted: float
    transferred: float
    own: float
    incoming: float
    required: float
    left: float
    binding: list[str]
    caps: "list[CreditCap]"
    residency: "CreditResidency | None"
    totals: "list[CreditTotal]"
    items: "list[CreditItem]"
    caveats: list[str]


class CreditItem(TypedDict):
    """A course or credential; `counted` and `running` are in the policy's unit."""

    field: str
    id: "str | None"
    name: str
    kind: str
    date: "str | None"
    own: bool
    stated: "CreditAmount | None"
    award: "CreditAward"
    counted: float
    running: float
    cut_by: list[str]


class CreditProgress(TypedDict):
    """How far credit of one unit leads: `of` in all, what is `done`, `planned` and `left`."""

    units: str
    of: float
    done: float
    planned: float
    left: float


class CreditResidency(TypedDict):
    """What has to be earned at the institution itself."""

    rule: str
    required: float
    in_last: "LastCredits | None"
    earned: float
    remaining: float


class CreditTotal(TypedDict):
    """Credit in one unit: what rules grant something for, and how much of it counts."""

    units: str
    stated: float
    counted: float


class DegreeRuleBody(TypedDict):
    """What the institution says of one degree."""

    degree: "Degree"
    program: NotRequired["str | None"]
    credits: float
    max_transfer: float
    caps: NotRequired["list[KindCapBody] | None"]
    residency: NotRequired["ResidencyBody | None"]
    levels: NotRequired["list[CreditLevel] | None"]


class Derivation(TypedDict):
    """Vectors and links made anew by another model: how many records of how many are `done`."""

    model_version: str
    state: str
    done: int
    total: int


class DisclosureShape(TypedDict):
    """One answer in which a learner was shown to an employer; `fields` are parts of the record."""

    recommendation_id: str
    employer: str
    purpose: str
    at: str
    shown_as: str
    fields: list[str]


class Disclosures(TypedDict):
    """To whom a learner was shown, oldest first."""

    learner: str
    disclosures: "list[DisclosureShape]"


class DiversifyBody(TypedDict):
    """At most so many items of one group."""

    by: NotRequired["GroupBy"]
    max_per_group: NotRequired[int]


class Duration(TypedDict):
    """How long a credential takes: calendar weeks and hours of effort are kept apart."""

    min_weeks: "float | None"
    weeks: "float | None"
    effort_hours: "float | None"
    hours_per_week: "float | None"


class DurationBody(TypedDict):
    """How long a credential takes: calendar time and effort are kept apart."""

    min_weeks: NotRequired["float | None"]
    weeks: NotRequired["float | None"]
    effort_hours: NotRequired["float | None"]
    hours_per_week: NotRequired["float | None"]


class EmployerBody(TypedDict):
    """Who wants to fill a job."""

    name: str
    id: NotRequired["str | None"]


class EventBody(TypedDict):
    """What became of an answer, or of some of its items."""

    event_id: str
    recommendation_id: str
    type: "EventType"
    ts: str
    subject: NotRequired["str | None"]
    item_ids: NotRequired[list[str]]
    reason: NotRequired["str | None"]
    note: NotRequired["str | None"]


class EventPage(TypedDict):
    """Events in the order in which they came in; `next` is the `cursor` of what comes later."""

    items: "list[ShownEvent]"
    next: str


class ExampleRef(TypedDict):
    """A record of the store that serves as an example."""

    id: str
    kind: "Kind"


class ExperienceBody(TypedDict):
    """Work that a learner has done."""

    title: str
    text: NotRequired["str | None"]
    start: NotRequired["str | None"]
    end: NotRequired["str | None"]


class ExplainBody(TypedDict):
    """Why does one credential, or one job, have its score for one learner?"""

    learner: "InlineLearner | StoredRef"
    credential: NotRequired["StoredRef | str | None"]
    job: NotRequired["StoredRef | str | None"]
    goal: NotRequired["GoalBody | str | None"]
    what_if: NotRequired["WhatIfBody | None"]
    keep: NotRequired[bool]


class Explanation(TypedDict):
    """Why one credential, or one job, has its score for one learner."""

    model_version: str
    index_version: int
    taxonomy_versions: dict[str, str]
    explanation_id: str
    learner: str
    credential: "RecommendedCredential | None"
    job: "MatchItem | None"
    covered: list[str]
    missing: list[str]
    gap: "GapSummary | None"
    requirements: "list[Asked]"
    what_if: "WhatIf | None"
    warnings: list[str]
    labels: dict[str, str]
    score_meaning: str


class ExtractBody(TypedDict):
    """Which skills does a text name or suggest?"""

    text: str
    limit: NotRequired[int]


class FailedLine(TypedDict):
    """Why a line of a bulk request was not stored; `id` is null where none can be read."""

    line: int
    id: "str | None"
    problem: "ProblemDocument"


class Fault(TypedDict):
    """One fault; `pointer` is a JSON Pointer into what was sent."""

    pointer: str
    detail: str


class FilterBody(TypedDict):
    """Hard constraints; a credential has to meet all of them."""

    all: "list[ConditionBody]"


class Fit(TypedDict):
    """How far both sides fit, each in [0, 100]."""

    forward: float
    reverse: float
    overall: float


class FoundSkill(TypedDict):
    """A skill that a text names or suggests; `span` is `[start, end]` in the text."""

    skill: str
    label: str
    confidence: float
    method: str
    text: str
    span: "list[int] | None"


class FoundSkills(TypedDict):
    """The skills of a text, surest first."""

    skills: "list[FoundSkill]"


class Gap(TypedDict):
    """What a goal asks for, minus what the learner's evidence covers."""

    described_as: str
    occupations: "list[NamedOccupation]"
    inferred: bool
    coverage: float
    held: "list[AskedAndCovered]"
    open: "list[AskedAndCovered]"
    bridges: "list[Bridge]"
    warnings: list[str]
    labels: dict[str, str]


class GapBody(TypedDict):
    """What does a goal ask for that a learner cannot show?"""

    learner: "InlineLearner | StoredRef"
    goal: NotRequired["GoalBody | str | None"]


class GapSummary(TypedDict):
    """The goal as it was read, and what the learner's evidence covers of it (in [0, 1])."""

    described_as: str
    occupations: "list[NamedOccupation]"
    inferred: bool
    coverage: float
    held: list[str]
    open: list[str]


class GoalBody(TypedDict):
    """Where a learner wants to go: one of occupation, job, skills and text."""

    occupation: NotRequired["str | None"]
    job: NotRequired["str | None"]
    skills: NotRequired["list[CredentialSkillBody | str] | None"]
    text: NotRequired["str | None"]
    mode: NotRequired["GoalMode | None"]


class GreedyPathway(TypedDict):
    """What comes of always taking what adds most."""

    steps: list[str]
    coverage: float
    gain: float
    cost: "list[Money]"
    weeks: "float | None"


class Health(TypedDict):
    """Whether the service lives, or is ready."""

    status: str


class HeldCredentialBody(TypedDict):
    """A credential that a learner has earned."""

    id: str
    evidence: NotRequired["EvidenceClass | None"]
    issued: NotRequired["str | None"]
    expires: NotRequired["str | None"]
    grade: NotRequired["str | None"]
    score: NotRequired["float | None"]


class InlineJob(TypedDict):
    """A job that is not in the store; nothing is kept but a hash, unless `keep` says so."""

    id: NotRequired[str]
    title: NotRequired["str | None"]
    text: NotRequired["str | None"]
    employer: NotRequired["EmployerBody | str | None"]
    occupation: NotRequired["str | None"]
    skills: NotRequired["list[JobSkillBody | str] | None"]
    region: NotRequired["str | None"]
    remote: NotRequired["bool | None"]
    employment_type: NotRequired["EmploymentType | None"]
    salary: NotRequired["SalaryBody | None"]
    posted: NotRequired["str | None"]
    valid_through: NotRequired["str | None"]
    language: NotRequired["str | None"]
    url: NotRequired["str | None"]


class InlineLearner(TypedDict):
    """A learner who is not in the store; nothing is kept but a hash, unless `keep` says so."""

    id: NotRequired[str]
    text: NotRequired["str | None"]
    skills: NotRequired["list[LearnerSkillBody | str] | None"]
    credentials: NotRequired["list[HeldCredentialBody | str] | None"]
    courses: NotRequired["list[CourseBody] | None"]
    experience: NotRequired["list[ExperienceBody] | None"]
    goal: NotRequired["GoalBody | str | None"]
    constraints: NotRequired["ConstraintsBody | None"]
    language: NotRequired["str | None"]
    region: NotRequired["str | None"]
    program: NotRequired["ProgramBody | None"]


class ItemSkills(TypedDict):
    """What a credential adds, what the learner holds already, and what stays open after it."""

    added: list[str]
    held: list[str]
    open: list[str]
    bridges: "list[Bridge]"


class JobBody(TypedDict):
    """One job."""

    id: str
    title: str
    text: NotRequired["str | None"]
    employer: NotRequired["EmployerBody | str | None"]
    occupation: NotRequired["str | None"]
    skills: NotRequired["list[JobSkillBody | str] | None"]
    region: NotRequired["str | None"]
    remote: NotRequired["bool | None"]
    employment_type: NotRequired["EmploymentType | None"]
    salary: NotRequired["SalaryBody | None"]
    posted: NotRequired["str | None"]
    valid_through: NotRequired["str | None"]
    language: NotRequired["str | None"]
    url: NotRequired["str | None"]


class JobSkillBody(TypedDict):
    """A skill that a job asks for."""

    id: NotRequired["str | None"]
    name: NotRequired["str | None"]
    importance: NotRequired["Importance | None"]
    weight: NotRequired["float | None"]
    min_level: NotRequired["int | None"]


class JobsBody(TypedDict):
    """Which jobs fit a learner?"""

    learner: "InlineLearner | StoredRef"
    limit: NotRequired[int]
    threshold: NotRequired[float]
    near_misses: NotRequired[bool]
    one_credential_away: NotRequired[bool]
    keep: NotRequired[bool]


class KeyBody(TypedDict):
    """A key to be made."""

    label: str
    kind: NotRequired["PrincipalKind"]
    tenant: NotRequired["str | None"]
    scopes: NotRequired["list[Scope]"]
    party: NotRequired["str | None"]
    learner: NotRequired["str | None"]
    origins: NotRequired[list[str]]
    expires: NotRequired["str | None"]


class KeyPage(TypedDict):
    """Keys by ascending id; `next` is the `after` of the page that follows."""

    items: "list[KeyRecord]"
    next: "str | None"


class KeyRecord(TypedDict):
    """A key without its secret; times are in ISO 8601, `last_used` to the hour."""

    id: str
    kind: str
    tenant: str
    label: str
    scopes: list[str]
    party: "str | None"
    learner: "str | None"
    origins: list[str]
    created: str
    expires: "str | None"
    revoked: "str | None"
    last_used: "str | None"


class KindCapBody(TypedDict):
    """A cap on one kind of credit."""

    kind: "CreditKind"
    max: float


class LastCredits(TypedDict):
    """So many of the last credits before the degree."""

    credits: float
    of: float


class LastCreditsBody(TypedDict):
    """Part of the last credits before the degree."""

    credits: float
    of: float


class LearnerBody(TypedDict):
    """One learner."""

    id: str
    text: NotRequired["str | None"]
    skills: NotRequired["list[LearnerSkillBody | str] | None"]
    credentials: NotRequired["list[HeldCredentialBody | str] | None"]
    courses: NotRequired["list[CourseBody] | None"]
    experience: NotRequired["list[ExperienceBody] | None"]
    goal: NotRequired["GoalBody | str | None"]
    constraints: NotRequired["ConstraintsBody | None"]
    language: NotRequired["str | None"]
    region: NotRequired["str | None"]
    program: NotRequired["ProgramBody | None"]


class LearnerRecord(TypedDict):
    """All that a learner has done, newest first."""

    id: str
    program: "StudyProgram | None"
    courses: "list[RecordedCourse]"
    credentials: "list[RecordedCredential]"
    experience: "list[RecordedExperience]"
    totals: "list[RecordTotal]"


class LearnerSkillBody(TypedDict):
    """A skill that a learner has, and what shows it."""

    id: NotRequired["str | None"]
    name: NotRequired["str | None"]
    level: NotRequired["int | None"]
    evidence: NotRequired["EvidenceClass | None"]
    date: NotRequired["str | None"]
    issuer: NotRequired["str | None"]


class Link(TypedDict):
    """A record's link to a skill; `span` is `[start, end]` in the field's text."""

    weight: float
    source: str
    method: str
    confidence: float
    field: str
    text: str
    span: "list[int] | None"


class MatchItem(TypedDict):
    """A learner for a job, or a job for a learner; `score` is in [0, 100]."""

    id: str
    title: str
    rank: int
    score: float
    fit: "Fit"
    components: dict[str, float]
    covered: list[str]
    missing: list[str]
    missing_required: list[str]
    soft: "SoftMatchSkills"
    categories: "Categories"
    bridges: "list[Bridge]"
    evidence: "list[Reason]"
    caveats: list[str]
    one_credential_away: "OneCredentialAway | None"


class Matches(TypedDict):
    """Who is qualified, or which jobs fit, best first."""

    model_version: str
    index_version: int
    taxonomy_versions: dict[str, str]
    match_id: str
    items: "list[MatchItem]"
    near_misses: "list[MatchItem]"
    near_miss_count: "int | None"
    requirements: "list[Asked]"
    applied: list[str]
    qualifying: "int | None"
    warnings: list[str]
    labels: dict[str, str]
    score_meaning: str


class Meta(TypedDict):
    """What serves: versions, the length of a vector, and how many records there are."""

    model_version: str
    index_version: int
    taxonomy_versions: dict[str, str]
    name: str
    version: str
    dim: int
    counts: dict[str, int]
    derivation: "Derivation | None"


class MinGradeBody(TypedDict):
    """The lowest grade for a level."""

    level: "CreditLevel"
    grade: str


class Money(TypedDict):
    """An amount in one currency (ISO 4217)."""

    amount: float
    currency: str


class MoneyBody(TypedDict):
    """An amount in one currency."""

    amount: float
    currency: str


class NamedOccupation(TypedDict):
    """An occupation that was read from a goal."""

    id: str
    title: str


class NearSkill(TypedDict):
    """A skill of the vocabulary, and the probability that it is what was meant."""

    skill: str
    label: str
    method: str
    confidence: float


class NewKeyRecord(TypedDict):
    """A new key, with its secret: this once, and never again."""

    key: "KeyRecord"
    secret: str


class NormalizeBody(TypedDict):
    """Which skills of the vocabulary are these names?"""

    names: list[str]
    min_confidence: NotRequired[float]


class NormalizedName(TypedDict):
    """What a name is in the vocabulary: `skill` is null if nothing is near enough."""

    name: str
    skill: "str | None"
    label: "str | None"
    method: "str | None"
    confidence: "float | None"
    suggestions: "list[NearSkill]"


class NormalizedNames(TypedDict):
    """The names in the order in which they were sent."""

    names: "list[NormalizedName]"


class Objective(TypedDict):
    """What the list is to be best at, and the share of it that it reaches (in [0, 1])."""

    says: str
    value: float


class OnRamp(TypedDict):
    """How far a pathway leads towards the credential that is its goal."""

    id: str
    name: str
    needed: "int | None"
    done: list[str]
    planned: list[str]
    remaining: list[str]
    earned: bool
    kind: "str | None"
    credit: "list[CreditProgress]"
    missing_prerequisites: list[str]
    in_pathway: bool
    cost: "Money | None"
    weeks: "float | None"


class OneCredentialAway(TypedDict):
    """The one credential that would make a near miss a match; `score` and `fit` are with it."""

    credential: str
    name: str
    provider: "Provider"
    cost: "Money | None"
    duration: "Duration"
    covers: list[str]
    score: float
    fit: "Fit"


class OperationCounts(TypedDict):
    """How far an operation was when its results were read; `lines` of `total` have one."""

    state: str
    total: int
    lines: int
    failed: int


class OperationStatus(TypedDict):
    """An operation: how far it is, and the first lines that failed."""

    operation_id: str
    task: str
    state: str
    total: int
    done: int
    failed: int
    errors: "list[dict[str, Any]]"
    created: str
    ended: "str | None"
    expires: "str | None"
    result: str


class OperationSummary(TypedDict):
    """The last line of an operation's results, by which a reader knows that nothing is missing."""

    summary: "OperationCounts"


class OrganizationBody(TypedDict):
    """Who sends or receives credit."""

    name: str
    id: NotRequired["str | None"]


class OutOfReach(TypedDict):
    """A credential that would add to the goal and cannot be part of the pathway."""

    id: str
    name: str
    reason: str


class Pathway(TypedDict):
    """Which credentials, in which order, lead to a goal."""

    model_version: str
    index_version: int
    taxonomy_versions: dict[str, str]
    pathway_id: str
    steps: "list[PathwayStep]"
    totals: "PathwayTotals"
    open: list[str]
    gap: "GapSummary"
    stacks: "list[Stack]"
    target: "OnRamp | None"
    proof: "Proof"
    greedy: "GreedyPathway"
    unknown_constraints: "list[UnknownConstraint]"
    out_of_reach: "list[OutOfReach]"
    applied: list[str]
    warnings: list[str]
    names: dict[str, str]
    labels: dict[str, str]


class PathwayBody(TypedDict):
    """Which credentials, in which order, lead to a goal?"""

    learner: "InlineLearner | StoredRef"
    goal: NotRequired["GoalBody | str | None"]
    target_credential: NotRequired["str | None"]
    filter: NotRequired["FilterBody | None"]
    budget: NotRequired["MoneyBody | None"]
    weeks: NotRequired["float | None"]
    hours_per_week: NotRequired["float | None"]
    max_steps: NotRequired[int]
    seconds: NotRequired[float]
    keep: NotRequired[bool]


class PathwayStep(TypedDict):
    """One credential of a pathway; `gain` and `coverage` are in [0, 1], times in weeks."""

    position: int
    id: str
    name: str
    provider: "Provider"
    kind: "str | None"
    awarded: bool
    added: list[str]
    gain: float
    coverage: float
    starts: "float | None"
    ends: "float | None"
    hours: "float | None"
    cost: "Money | None"
    credit: "list[CreditAmount]"
    needs: list[str]
    bridges: "list[Bridge]"
    evidence: "list[Reason]"
    caveats: list[str]


class PathwayTotals(TypedDict):
    """What a pathway takes and gives; `weeks` and `hours` are null where a step's are unknown."""

    cost: "list[Money]"
    cost_unknown: list[str]
    weeks: "float | None"
    hours: "float | None"
    credit: "list[CreditAmount]"
    coverage_before: float
    coverage_after: float
    gain: float


class PersonExport(TypedDict):
    """All that is kept about one learner, to be read, or taken in elsewhere."""

    format: str
    learner: "dict[str, Any]"
    consents: "dict[str, Any]"
    skills: "list[dict[str, Any]]"
    verdicts: "list[dict[str, Any]]"
    texts: dict[str, str]
    disclosures: "list[dict[str, Any]]"
    contacts: "list[dict[str, Any]]"
    decisions: "list[dict[str, Any]]"
    events: "list[dict[str, Any]]"


class Piece(TypedDict):
    """One thing that shows a skill: what its class, level, age and link are worth."""

    shown_by: str
    source: str
    field: str
    text: str
    span: "list[int] | None"
    confidence: float
    level: "int | None"
    date: "str | None"
    expires: "str | None"
    class_weight: float
    level_factor: float
    age_factor: float
    link_weight: float
    contribution: float
    note: "str | None"


class PolicyBody(TypedDict):
    """An institution's own rules on credit."""

    id: str
    institution: "OrganizationBody | str"
    units: NotRequired["CreditUnit | None"]
    degrees: "list[DegreeRuleBody] | None"
    grades: NotRequired["list[str] | None"]
    passing: NotRequired["list[str] | None"]
    min_grades: NotRequired["list[MinGradeBody] | None"]
    conversions: NotRequired["list[ConversionBody] | None"]
    accepts: NotRequired["list[EvidenceClass] | None"]
    counts_training: NotRequired["bool | None"]
    course_providers: NotRequired["list[OrganizationBody | str] | None"]
    validity_years: NotRequired["int | None"]


class PrerequisitesBody(TypedDict):
    """What a learner must have before starting."""

    credentials: NotRequired["list[str] | None"]
    skills: NotRequired["list[CredentialSkillBody | str] | None"]
    text: NotRequired["str | None"]


class ProblemDocument(TypedDict):
    """A problem (RFC 9457), with one entry in `errors` for each fault."""

    type: str
    title: str
    status: int
    detail: str
    errors: "list[Fault]"
    code: NotRequired[str]
    request_id: NotRequired[str]


class ProfileBody(TypedDict):
    """What one credential yields."""

    id: str
    credential: str
    value: "CreditBody"
    level: NotRequired["CreditLevel | None"]
    kind: NotRequired["CreditKind | None"]
    min_grade: NotRequired["str | None"]
    min_score: NotRequired["float | None"]
    accepts: NotRequired["list[EvidenceClass] | None"]
    starts: NotRequired["str | None"]
    ends: NotRequired["str | None"]
    recommended_by: NotRequired["str | None"]


class ProgramBody(TypedDict):
    """What a learner studies, or would."""

    policy: str
    degree: "Degree"
    name: NotRequired["str | None"]


class ProgramRef(TypedDict):
    """The program towards which credit is counted."""

    policy: "PolicyBody | str"
    degree: "Degree"
    name: NotRequired["str | None"]


class Proof(TypedDict):
    """How good a pathway is; `proven_gap` is what a better one could gain at most, in [0, 1]."""

    method: str
    optimal: bool
    proven_gap: float
    considered: int


class Provider(TypedDict):
    """Who awards a credential."""

    id: "str | None"
    name: str
    type: "str | None"


class ProviderBody(TypedDict):
    """Who awards a credential."""

    name: str
    id: NotRequired["str | None"]
    type: NotRequired["ProviderType | None"]


class Ready(TypedDict):
    """That requests are served, and of how many tenants the indexes are not kept up."""

    status: str
    tenants_in_trouble: int


class Reason(TypedDict):
    """Why a record is believed to have a skill; `span` is `[start, end]` in the field's text."""

    skill: str
    source: str
    method: "str | None"
    record: str
    field: str
    text: str
    span: "list[int] | None"
    confidence: float
    shown_by: "str | None"
    date: "str | None"
    strength: "float | None"
    pieces: "list[Piece]"


class RecommendBody(TypedDict):
    """Which microcredential next?"""

    learner: "InlineLearner | StoredRef"
    goal: NotRequired["GoalBody | str | None"]
    filter: NotRequired["FilterBody | None"]
    limit: NotRequired[int]
    threshold: NotRequired[float]
    unknown: NotRequired["UnknownMode"]
    exclude_completed: NotRequired[bool]
    weights: NotRequired["WeightsBody | None"]
    pinned: NotRequired[list[str]]
    exclude: NotRequired[list[str]]
    diversify: NotRequired["DiversifyBody | None"]
    relax: NotRequired["list[ConditionField]"]
    explain: NotRequired["Explain"]
    unlocks: NotRequired[bool]
    keep: NotRequired[bool]


class Recommendations(TypedDict):
    """Which microcredential next, best first."""

    model_version: str
    index_version: int
    taxonomy_versions: dict[str, str]
    recommendation_id: str
    items: "list[RecommendedCredential]"
    gap: "GapSummary"
    objective: "Objective"
    weights: dict[str, float]
    unknown_constraints: "list[UnknownConstraint]"
    applied: list[str]
    relaxed: list[str]
    qualifying: int
    warnings: list[str]
    labels: dict[str, str]
    score_meaning: str


class RecommendedCredential(TypedDict):
    """One credential for one learner; `score` is in [0, 100]."""

    id: str
    type: str
    name: str
    provider: "Provider"
    rank: int
    score: float
    components: dict[str, float]
    marginal_gain: float
    pinned: bool
    breaks: list[str]
    skills: "ItemSkills"
    soft: "SoftItemSkills"
    unlocks: "Unlocks | None"
    cost: "Money | None"
    duration: "Duration"
    credit: "Credit | None"
    missing_prerequisites: list[str]
    trace: "list[Trace]"
    evidence: "list[Reason]"
    caveats: list[str]


class RecordPage(TypedDict):
    """Records by ascending id; `next` is the `after` of the next page, null on the last one."""

    items: "list[dict[str, Any]]"
    next: "str | None"


class RecordSkill(TypedDict):
    """A skill with what a person said about it; `link` is null if the record does not have it."""

    skill: str
    label: str
    verdict: "str | None"
    note: "str | None"
    link: "Link | None"


class RecordTotal(TypedDict):
    """Credit in one unit, as stated: `total` is from courses and verified credentials."""

    units: str
    courses: float
    credentials: float
    total: float
    not_counted: float


class RecordedCourse(TypedDict):
    """A course that was taken."""

    name: str
    provider: "str | None"
    date: "str | None"
    grade: "str | None"
    credits: "CreditAmount | None"
    level: "str | None"


class RecordedCredential(TypedDict):
    """A credential that is held; `caveat` says why its credit is not in the totals."""

    id: str
    name: str
    provider: "str | None"
    kind: "str | None"
    evidence: "str | None"
    issued: "str | None"
    expires: "str | None"
    credit: "list[CreditAmount]"
    counts: bool
    caveat: str


class RecordedExperience(TypedDict):
    """Work that was done."""

    title: str
    text: "str | None"
    start: "str | None"
    end: "str | None"


class RefusedLine(TypedDict):
    """Why a line of a batch has no answer."""

    line: int
    status: int
    problem: "ProblemDocument"


class RemoveBody(TypedDict):
    """What a learner would not have."""

    skills: NotRequired["list[SkillRefBody | str]"]
    credentials: NotRequired["list[StoredRef | str]"]


class ResidencyBody(TypedDict):
    """What has to be earned at the institution itself."""

    credits: float
    in_last: NotRequired["LastCreditsBody | None"]


class RotateBody(TypedDict):
    """How a key is to be replaced."""

    overlap_hours: NotRequired[float]


class SalaryBody(TypedDict):
    """What a job pays."""

    currency: str
    period: "PayPeriod"
    min: NotRequired["float | None"]
    max: NotRequired["float | None"]


class ShownEvent(TypedDict):
    """One event; unknown values are null, and a reason that was erased is empty."""

    event_id: str
    recommendation_id: str
    type: "EventType"
    ts: str
    subject: "str | None"
    item_ids: list[str]
    reason: "str | None"
    note: "str | None"
    received: str


class SimilarBody(TypedDict):
    """What is like these, and unlike those?"""

    positive: "list[ExampleRef]"
    negative: NotRequired["list[ExampleRef]"]
    kind: "Kind"
    strategy: NotRequired["Strategy"]
    limit: NotRequired[int]


class SimilarItem(TypedDict):
    """A record like the examples; `shared` are skills that a positive example has too."""

    kind: str
    id: str
    name: str
    similarity: float
    shared: list[str]


class SimilarItems(TypedDict):
    """Records like the examples, most alike first; `labels` names their skills."""

    model_version: str
    index_version: int
    taxonomy_versions: dict[str, str]
    items: "list[SimilarItem]"
    labels: dict[str, str]
    similarity_meaning: str


class SkillBody(TypedDict):
    """One skill of a framework."""

    id: str
    preferred_label: str
    alt_labels: NotRequired["list[str] | None"]
    description: NotRequired["str | None"]
    type: NotRequired["SkillType | None"]
    framework: NotRequired["str | None"]
    uri: NotRequired["str | None"]
    broader: NotRequired["list[str] | None"]
    soft: NotRequired["bool | None"]
    same_as: NotRequired["str | None"]


class SkillRefBody(TypedDict):
    """A skill, by id or by name."""

    id: NotRequired["str | None"]
    name: NotRequired["str | None"]


class SkillsOfRecord(TypedDict):
    """A record's skills as its links have them, then those that were rejected."""

    id: str
    revision: int
    skills: "list[RecordSkill]"


class SoftItemSkills(TypedDict):
    """The soft skills among those that a credential adds, that are held, and that stay open."""

    added: list[str]
    held: list[str]
    open: list[str]


class SoftMatchSkills(TypedDict):
    """The soft skills among those that a match covers and misses."""

    covered: list[str]
    missing: list[str]


class SoftSkillCoverage(TypedDict):
    """The soft skills that jobs ask for, the weightiest first."""

    jobs: int
    share_without: "float | None"
    skills: "list[SoftSkillDemand]"
    labels: dict[str, str]


class SoftSkillDemand(TypedDict):
    """A soft skill that jobs ask for, and how many credentials on offer teach and assess it."""

    skill: str
    jobs: int
    weight: float
    credentials: int


class Stack(TypedDict):
    """A credential that others count towards; `needed` is null where it takes more than parts."""

    id: str
    name: str
    needed: "int | None"
    done: list[str]
    planned: list[str]
    remaining: list[str]
    earned: bool


class Stored(TypedDict):
    """What became of a record: `created`, `updated` or `unchanged`."""

    id: str
    status: str
    revision: int
    warnings: list[str]


class StoredLine(TypedDict):
    """What became of a line of a bulk request; `line` counts from 1."""

    id: str
    status: str
    revision: int
    warnings: list[str]
    line: int


class StoredRef(TypedDict):
    """A record of the store, by its id."""

    id: str


class StudyProgram(TypedDict):
    """A degree under an institution's policy."""

    policy: str
    degree: str
    name: "str | None"


class SuggestedName(TypedDict):
    """A skill or an occupation; `matched` is another name of it, if that is what was typed."""

    id: str
    label: str
    matched: "str | None"


class SuggestedNames(TypedDict):
    """What somebody may mean, likeliest first."""

    items: "list[SuggestedName]"


class TakenEvent(TypedDict):
    """What became of an event: `stored`, or `duplicate` if it was there already."""

    event_id: str
    status: str


class TakenEventLine(TypedDict):
    """What became of a line's event."""

    event_id: str
    status: str
    line: int


class TenantBody(TypedDict):
    """A tenant to be made."""

    id: str
    name: str


class TenantPage(TypedDict):
    """Tenants by ascending id; `next` is the `after` of the page that follows."""

    items: "list[TenantRecord]"
    next: "str | None"


class TenantRecord(TypedDict):
    """A tenant, and the one right above it."""

    id: str
    name: str
    parent: "str | None"


class Trace(TypedDict):
    """Who asks for a skill that a credential adds: a job, or else the goal's occupation."""

    job: "str | None"
    occupation: "str | None"
    skill: str
    credential: str
    credit: "Credit | None"


class UnknownConstraint(TypedDict):
    """A credential that would be among the items if the `missing` fields were known and met."""

    id: str
    name: str
    score: float
    missing: list[str]


class Unlocks(TypedDict):
    """The jobs whose match reaches `at` only with a credential; `sample` holds the best 20."""

    jobs: int
    sample: list[str]
    at: float


class VerdictBody(TypedDict):
    """A person's word about a record's link to a skill."""

    verdict: "Verdict"
    note: NotRequired["str | None"]


class WeightsBody(TypedDict):
    """How much each component of a score counts; one that is left out keeps its default."""

    gap: NotRequired[float]
    demand: NotRequired[float]
    relevance: NotRequired[float]
    credit: NotRequired[float]
    cost: NotRequired[float]
    time: NotRequired[float]


class WhatIf(TypedDict):
    """The same pair with the learner changed; `gained` is missing now and would be covered."""

    credential: "RecommendedCredential | None"
    job: "MatchItem | None"
    score: "BeforeAfter"
    components: "dict[str, BeforeAfter]"
    covered: list[str]
    missing: list[str]
    gained: list[str]
    lost: list[str]


class WhatIfBody(TypedDict):
    """How the learner would be other than they are; one change or more."""

    add: NotRequired["AddBody"]
    remove: NotRequired["RemoveBody"]
