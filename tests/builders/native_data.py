"""Native records with anything that is allowed in any field, as a JSON parser gives them."""

from typing import Any

from hypothesis import strategies as st

from service.domain.credential import (
    CredentialKind,
    Delivery,
    Level,
    Pacing,
    ProviderType,
    Schedule,
    Status,
)
from service.domain.credit import CreditLevel, Degree
from service.domain.goal import GoalMode
from service.domain.job import EmploymentType
from service.domain.quantities import CreditUnit, PayPeriod
from service.domain.record import Kind
from service.domain.skill import EvidenceClass, Importance, SkillType

Data = st.SearchStrategy[Any]

IDS = st.from_regex(r"[A-Za-z0-9._:-]{1,128}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
NAMES = TEXTS.filter(lambda text: bool(text.strip()))
AMOUNTS = st.integers(0, 10**12) | st.floats(0, 1e12)
SHARES = st.floats(0, 1)
LEVELS = st.integers(1, 5)
DATES = st.dates().map(str)
REGIONS = st.sampled_from(["US", "US-IN", "GB-ENG", "001"])
LANGUAGES = st.sampled_from(["en", "pt-BR", "zh-Hant-TW"])
CURRENCIES = st.sampled_from(["USD", "EUR", "XXX"])
URLS = st.sampled_from(["https://lakeside.example/a?b=c#d", "http://ä.example"])


def listed(values: Data) -> Data:
    return st.lists(values, max_size=3)


def one_of(words: Any) -> Data:
    return st.sampled_from([str(word) for word in words])


def an_object(required: dict[str, Data], **optional: Data) -> Data:
    return st.fixed_dictionaries(
        required, optional={name: values | st.none() for name, values in optional.items()}
    )


def skills(**facts: Data) -> Data:
    by_id = an_object({"id": IDS}, name=NAMES, **facts)
    return listed(NAMES | by_id | an_object({"name": NAMES}, **facts))


MONEY = an_object({"amount": AMOUNTS, "currency": CURRENCIES})
CREDIT = an_object({"units": one_of(CreditUnit), "value": AMOUNTS})
PLAIN_SKILLS = skills()
GOAL_PARTS = {
    "occupation": NAMES,
    "job": IDS,
    "text": NAMES,
    "skills": PLAIN_SKILLS.filter(bool),
}
GOALS = NAMES | st.one_of(
    [an_object({name: values}, mode=one_of(GoalMode)) for name, values in GOAL_PARTS.items()]
)

CREDENTIALS = an_object(
    {
        "id": IDS,
        "name": NAMES,
        "provider": NAMES | an_object({"name": NAMES}, id=IDS, type=one_of(ProviderType)),
    },
    kind=one_of(CredentialKind),
    description=TEXTS,
    skills=skills(level=LEVELS, weight=SHARES),
    cost=MONEY,
    duration=an_object({}, weeks=AMOUNTS, effort_hours=AMOUNTS, hours_per_week=AMOUNTS),
    delivery=listed(one_of(Delivery)),
    pacing=one_of(Pacing),
    schedule=listed(one_of(Schedule)),
    level=one_of(Level),
    credit=listed(CREDIT),
    credit_recommendations=listed(NAMES),
    status=one_of(Status),
    prerequisites=an_object({}, credentials=listed(IDS), skills=PLAIN_SKILLS, text=TEXTS),
    part_of=listed(IDS),
    requires_parts=st.integers(1, 1000),
    languages=listed(LANGUAGES),
    regions=listed(REGIONS),
    occupations=listed(NAMES),
    keywords=listed(NAMES),
    assessment=TEXTS,
    accredited_by=listed(NAMES),
    recognized_by=listed(NAMES),
    expires=DATES,
    last_reviewed=DATES,
    url=URLS,
)

LEARNERS = an_object(
    {"id": IDS, "text": NAMES},
    skills=skills(level=LEVELS, evidence=one_of(EvidenceClass), date=DATES, issuer=NAMES),
    credentials=listed(
        IDS
        | an_object(
            {"id": IDS},
            evidence=one_of(EvidenceClass),
            issued=DATES,
            expires=DATES,
            grade=NAMES,
            score=AMOUNTS,
        )
    ),
    courses=listed(
        an_object(
            {"name": NAMES},
            grade=NAMES,
            date=DATES,
            provider=NAMES,
            credits=CREDIT,
            level=one_of(CreditLevel),
        )
    ),
    experience=listed(an_object({"title": NAMES}, text=TEXTS, start=DATES, end=DATES)),
    goal=GOALS,
    constraints=an_object(
        {},
        max_cost=MONEY,
        max_weeks=AMOUNTS,
        max_hours_per_week=AMOUNTS,
        delivery=listed(one_of(Delivery)),
        schedule=listed(one_of(Schedule)),
        languages=listed(LANGUAGES),
        region=REGIONS,
        provider_types=listed(one_of(ProviderType)),
    ),
    language=LANGUAGES,
    region=REGIONS,
    program=an_object({"policy": IDS, "degree": one_of(Degree)}, name=NAMES),
)

JOBS = an_object(
    {"id": IDS, "title": NAMES},
    text=TEXTS,
    employer=NAMES | an_object({"name": NAMES}, id=IDS),
    occupation=NAMES,
    skills=skills(importance=one_of(Importance), weight=SHARES, min_level=LEVELS),
    region=REGIONS,
    remote=st.booleans(),
    employment_type=one_of(EmploymentType),
    salary=an_object(
        {"currency": CURRENCIES, "period": one_of(PayPeriod)}, min=AMOUNTS, max=AMOUNTS
    ),
    posted=DATES,
    valid_through=DATES,
    language=LANGUAGES,
    url=URLS,
)

SKILLS = an_object(
    {"id": IDS, "preferred_label": NAMES},
    alt_labels=listed(NAMES),
    description=TEXTS,
    type=one_of(SkillType),
    framework=NAMES,
    uri=st.sampled_from(["http://data.europa.eu/esco/skill/1", "urn:skill:1"]),
    broader=listed(IDS),
    soft=st.booleans(),
    same_as=IDS,
)

NATIVE_DATA: dict[Kind, Data] = {
    Kind.CREDENTIAL: CREDENTIALS,
    Kind.LEARNER: LEARNERS,
    Kind.JOB: JOBS,
    Kind.SKILL: SKILLS,
}
