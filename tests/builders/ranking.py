"""Made-up catalogs as arrays and indexes in memory, for the laws of ranking."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from service.domain.answer import Gap, GoalReading
from service.domain.condition import Condition, ConditionField, cost_at_most
from service.domain.credential import Credential, Delivery, Provider
from service.domain.ids import CredentialId, SkillId
from service.domain.quantities import CreditUnit, CreditValue, Duration, Money
from service.domain.ranking import Weights
from service.domain.skill import LinkMethod, LinkSource, Skill, SkillLink
from service.indexing.credentials import Credentials
from service.indexing.vocabulary import Vocabulary
from service.matching.credits import StatedCredit
from service.matching.gaps import MeasuredGap
from service.matching.marginal import Menu
from service.matching.modes import Objective
from service.matching.ranking import Ranker, Ranking, Wanted
from service.matching.rules import DEFAULT_RULES
from service.matching.scoring import TAUGHT_AT, Asked, Credit
from service.matching.shortlist import Named
from tests.builders.skills import BRIDGE

SKILLS = tuple(SkillId(f"s-{number}") for number in range(5))
DIM = len(SKILLS)


def axis(place: int) -> np.typing.NDArray[np.float32]:
    """Return a unit vector; skills lie at right angles, so that there are no bridges."""
    vector = np.zeros(DIM, dtype=np.float32)
    vector[place] = 1.0
    return vector


@dataclass(frozen=True, kw_only=True)
class Made:
    """A credential with what it teaches, by the skill's place."""

    credential: Credential
    teaches: dict[int, float]

    @property
    def links(self) -> tuple[SkillLink, ...]:
        return tuple(
            SkillLink(
                skill=SKILLS[place],
                weight=weight,
                source=LinkSource.STATED,
                method=LinkMethod.ID,
                confidence=1.0,
                field=f"skills.{place}",
                text=SKILLS[place],
            )
            for place, weight in self.teaches.items()
        )

    @property
    def vector(self) -> np.typing.NDArray[np.float32]:
        drawn = np.full(DIM, 0.1, dtype=np.float32)
        for place, weight in self.teaches.items():
            drawn[place] += weight
        unit: np.typing.NDArray[np.float32] = drawn / np.linalg.norm(drawn)
        return unit


def made(
    number: int,
    teaches: dict[int, float],
    *,
    provider: str = "Lakefield",
    **facts: object,
) -> Made:
    """Return a credential that teaches skills, by their place."""
    return Made(
        credential=Credential(
            id=CredentialId(f"c-{number:02}"),
            name=f"Course {number}",
            provider=Provider(name=provider),
            **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
        ),
        teaches=teaches,
    )


_PER_CREDENTIAL = 6
_WEIGHTS = (0.2, 0.5, 1.0)
_COSTS = (None, *(Money(amount=each, currency="USD") for each in (0.0, 100.0, 300.0, 900.0)))
_ALL_COSTS = (*_COSTS, Money(amount=100.0, currency="EUR"))
_WEEKS = (None, 2.0, 8.0, 30.0)
_DELIVERY: tuple[tuple[Delivery, ...], ...] = ((), (Delivery.ONLINE,), (Delivery.IN_PERSON,))
_CREDIT = (
    (),
    *(
        (CreditValue(units=units, value=value),)
        for units in (CreditUnit.SEMESTER_HOUR, CreditUnit.ECTS)
        for value in (0.0, 1.0, 3.0)
    ),
)


def _from_bytes(drawn: bytes) -> list[Made]:
    groups = range(0, len(drawn) - _PER_CREDENTIAL + 1, _PER_CREDENTIAL)
    return [
        _one(number, drawn[start : start + _PER_CREDENTIAL]) for number, start in enumerate(groups)
    ]


def _one(number: int, drawn: bytes) -> Made:
    first, second, cost, weeks, rest, credit = drawn
    teaches = {
        byte % (DIM + 2): _WEIGHTS[byte // 16 % len(_WEIGHTS)]
        for byte in (first, second)
        if byte % (DIM + 2) < DIM
    }
    return made(
        number,
        teaches,
        provider=("Lakefield", "Harbor")[rest % 2],
        cost=_ALL_COSTS[cost % len(_ALL_COSTS)],
        duration=Duration(weeks=_WEEKS[weeks % len(_WEEKS)]),
        delivery=_DELIVERY[rest // 2 % len(_DELIVERY)],
        credit=_CREDIT[credit % len(_CREDIT)],
    )


# Drawn as bytes: a strategy for each field took fifteen times as long as the ranking itself.
catalogs = st.binary(min_size=_PER_CREDENTIAL, max_size=7 * _PER_CREDENTIAL).map(_from_bytes)


CONDITIONS = (
    cost_at_most(Money(amount=300, currency="USD")),
    Condition(field=ConditionField.WEEKS, at_most=8),
    Condition(field=ConditionField.DELIVERY, any_of=(Delivery.ONLINE,)),
)
conditions = st.integers(0, 7).map(
    lambda bits: tuple(each for place, each in enumerate(CONDITIONS) if bits >> place & 1)
)
_SHARES = (0.0, 0.1, 0.5, 1.0)
all_weights = st.binary(min_size=6, max_size=6).map(
    lambda drawn: Weights(
        gap=(0.1, 0.5, 1.0)[drawn[0] % 3],
        demand=_SHARES[drawn[1] % 4],
        relevance=_SHARES[drawn[2] % 4],
        credit=_SHARES[drawn[3] % 4],
        cost=_SHARES[drawn[4] % 4],
        time=_SHARES[drawn[5] % 4],
    )
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question about a made-up catalog: everything that the goal asks for is open."""

    catalog: Sequence[Made]
    need: tuple[float, ...] = (1.0, 0.8, 0.6, 0.4, 0.2)
    demand: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5)
    direct: bool = False

    def ranked(self, **facts: object) -> Ranking:
        """Return the list that is asked for."""
        vocabulary = Vocabulary(DIM, BRIDGE)
        skills = [Skill(id=each, preferred_label=each) for each in SKILLS]
        vocabulary.upsert(skills, np.eye(DIM, dtype=np.float32))
        credentials = Credentials(DIM, vocabulary)
        credentials.upsert(
            [each.credential for each in self.catalog],
            np.stack([each.vector for each in self.catalog]),
            [each.links for each in self.catalog],
        )
        ranker = Ranker(
            credentials,
            vocabulary,
            demand=np.array(self.demand, dtype=np.float32),
            credit=StatedCredit(),
            rules=DEFAULT_RULES,
        )
        return ranker.rank(self.wanted(**facts))

    def wanted(self, **facts: object) -> Wanted:
        """Return what is asked, as ranking takes it."""
        need = np.array(self.need, dtype=np.float32)
        asked = Asked(skills=SKILLS, weights=need)
        nothing = Credit(
            best=np.zeros(DIM, dtype=np.float32),
            by=np.full(DIM, -1, dtype=np.int64),
            transfer=np.zeros(DIM, dtype=np.float32),
        )
        reading = GoalReading(goal=None, described_as="made up", requirements=())
        gap = MeasuredGap(
            gap=Gap(reading=reading, held=(), open=(), coverage=0.0),
            asked=asked,
            credit=nothing,
            need=need,
        )
        objective = Objective(
            mode=None, says="made up", need=need, direct=self.direct, taught_from=TAUGHT_AT
        )
        whole: dict[str, object] = {
            "gap": gap,
            "aim": axis(0),
            "objective": objective,
            "conditions": (),
            "refused": frozenset(),
            "weights": Weights(),
            "limit": 10,
            **facts,
        }
        return Wanted(**whole)  # type: ignore[arg-type]  # each test names the facts it is about

    def named(self, ids: Sequence[str]) -> tuple[Named, ...]:
        """Return credentials of the catalog as a question names them."""
        known = {each.credential.id: each for each in self.catalog}
        found = [known[CredentialId(each)] for each in ids]
        return tuple(Named(each.credential, each.links, each.vector) for each in found)


def a_menu(taught: np.typing.NDArray[np.float64], need: np.typing.NDArray[np.float32]) -> Menu:
    """Return a menu on which a row is worth what it teaches."""
    count = len(taught)
    return Menu(
        taught=taught,
        need=need,
        rest=np.zeros(count),
        gap_weight=1.0,
        gap_exponent=1.0,
        groups=["x"] * count,
        max_per_group=None,
        tiers=np.zeros(count, dtype=np.int64),
    )
