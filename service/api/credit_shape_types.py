"""What answers on credit look like as JSON; ``credit_shapes.py`` fills them."""

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.api.shape_types import CreditAmount


class StudyProgram(TypedDict):
    """A degree under an institution's policy."""

    policy: str
    degree: str
    name: str | None


class CreditAward(TypedDict):
    """What one thing yields before caps: `granted_by_rule`, `recommended` or `none`."""

    units: str
    value: float
    rule: str | None
    status: str
    reason: str


class CreditItem(TypedDict):
    """A course or credential; `counted` and `running` are in the policy's unit."""

    field: str
    id: str | None
    name: str
    kind: str
    date: str | None
    own: bool
    stated: CreditAmount | None
    award: CreditAward
    counted: float
    running: float
    cut_by: list[str]


class CreditCap(TypedDict):
    """A cap: what counts under it, and what it cut."""

    rule: str
    says: str
    max: float
    counted: float
    cut: float


class LastCredits(TypedDict):
    """So many of the last credits before the degree."""

    credits: float
    of: float


class CreditResidency(TypedDict):
    """What has to be earned at the institution itself."""

    rule: str
    required: float
    in_last: LastCredits | None
    earned: float
    remaining: float


class CreditTotal(TypedDict):
    """Credit in one unit: what rules grant something for, and how much of it counts."""

    units: str
    stated: float
    counted: float


class CreditEvaluation(TypedDict):
    """What counts towards a degree, in the policy's unit; `binding` names the caps that cut."""

    policy: str
    institution: str
    program: StudyProgram
    units: str
    counted: float
    transferred: float
    own: float
    incoming: float
    required: float
    left: float
    binding: list[str]
    caps: list[CreditCap]
    residency: CreditResidency | None
    totals: list[CreditTotal]
    items: list[CreditItem]
    caveats: list[str]


class RecordedCourse(TypedDict):
    """A course that was taken."""

    name: str
    provider: str | None
    date: str | None
    grade: str | None
    credits: CreditAmount | None
    level: str | None


class RecordedCredential(TypedDict):
    """A credential that is held; `caveat` says why its credit is not in the totals."""

    id: str
    name: str
    provider: str | None
    kind: str | None
    evidence: str | None
    issued: str | None
    expires: str | None
    credit: list[CreditAmount]
    counts: bool
    caveat: str


class RecordedExperience(TypedDict):
    """Work that was done."""

    title: str
    text: str | None
    start: str | None
    end: str | None


class RecordTotal(TypedDict):
    """Credit in one unit, as stated: `total` is from courses and verified credentials."""

    units: str
    courses: float
    credentials: float
    total: float
    not_counted: float


class LearnerRecord(TypedDict):
    """All that a learner has done, newest first."""

    id: str
    program: StudyProgram | None
    courses: list[RecordedCourse]
    credentials: list[RecordedCredential]
    experience: list[RecordedExperience]
    totals: list[RecordTotal]
