"""What endpoints are given: the services, and whether they are ready."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Depends, Request

from service.access import Access
from service.answers import (
    Answers,
    Explaining,
    Pathways,
    Similar,
    SkillAnswers,
    SoftCoverageReport,
    Suggestions,
)
from service.answers.personal import PersonalData
from service.answers.vitals import VitalSigns
from service.api.asking import Asking
from service.api.errors import NotReady
from service.api.needs import caller_of
from service.domain.access import Principal
from service.intake import Intake
from service.intake.consenting import ConsentIntake
from service.intake.contacting import ContactIntake
from service.intake.events import Events
from service.intake.operations import Operations
from service.intake.repeats import Repeats

T = TypeVar("T")


class Services(Protocol):
    """What the HTTP edge needs from a running Onramp."""

    @property
    def answers(self) -> Answers:
        """The one way to an answer."""
        ...

    @property
    def soft_coverage(self) -> SoftCoverageReport:
        """Which soft skills are asked for, and what on offer can show them."""
        ...

    @property
    def pathways(self) -> Pathways:
        """How to get there."""
        ...

    @property
    def explaining(self) -> Explaining:
        """Explains pairs."""
        ...

    @property
    def skills(self) -> SkillAnswers:
        """What skills are called, and which a record has."""
        ...

    @property
    def similar(self) -> Similar:
        """What is like something else."""
        ...

    @property
    def personal(self) -> PersonalData:
        """What is kept about a learner."""
        ...

    @property
    def consenting(self) -> ConsentIntake:
        """What learners say about who may see them."""
        ...

    @property
    def contacting(self) -> ContactIntake:
        """Who wants to write to whom."""
        ...

    @property
    def vitals(self) -> VitalSigns:
        """How this process is."""
        ...

    @property
    def intake(self) -> Intake:
        """The one way in."""
        ...

    @property
    def repeats(self) -> Repeats:
        """Which requests came before."""
        ...

    @property
    def events(self) -> Events:
        """What became of answers."""
        ...

    @property
    def operations(self) -> Operations:
        """What is worked on afterwards."""
        ...

    @property
    def suggestions(self) -> Suggestions:
        """What somebody may mean who has typed a few letters."""
        ...

    @property
    def access(self) -> Access:
        """Who may call."""
        ...


class Readiness:
    """Whether requests are served: after the start, and until the end begins."""

    def __init__(self) -> None:
        self.is_ready = False

    def end(self) -> None:
        """Be unready: the service stops soon."""
        self.is_ready = False

    def check(self) -> None:
        """Do nothing if requests are served.

        Raises:
            NotReady: if they are not.
        """
        if not self.is_ready:
            raise NotReady


def given(pick: Callable[[Any], T]) -> Callable[[Request], Awaitable[T]]:
    """Return a dependency that gives endpoints what is picked of the running services."""

    # `async`, though nothing is awaited: FastAPI hands plain functions to a pool of threads.
    async def give(request: Request) -> T:
        return pick(request.app.state.services)

    return give


async def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.readiness
    return readiness


async def principal_of(request: Request) -> Principal:
    """Return who calls.

    Raises:
        Unauthenticated: if nobody known does.
    """
    return caller_of(request)


async def _asking(request: Request) -> Asking:
    return Asking(request.app.state.services.answers, caller_of(request))


PrincipalDep = Annotated[Principal, Depends(principal_of)]
AnswersDep = Annotated[Answers, Depends(given(lambda services: services.answers))]
SoftCoverageDep = Annotated[
    SoftCoverageReport, Depends(given(lambda services: services.soft_coverage))
]
PathwaysDep = Annotated[Pathways, Depends(given(lambda services: services.pathways))]
ExplainingDep = Annotated[Explaining, Depends(given(lambda services: services.explaining))]
SkillAnswersDep = Annotated[SkillAnswers, Depends(given(lambda services: services.skills))]
SimilarDep = Annotated[Similar, Depends(given(lambda services: services.similar))]
PersonalDep = Annotated[PersonalData, Depends(given(lambda services: services.personal))]
ConsentIntakeDep = Annotated[ConsentIntake, Depends(given(lambda services: services.consenting))]
ContactIntakeDep = Annotated[ContactIntake, Depends(given(lambda services: services.contacting))]
SuggestionsDep = Annotated[Suggestions, Depends(given(lambda services: services.suggestions))]
AccessDep = Annotated[Access, Depends(given(lambda services: services.access))]
IntakeDep = Annotated[Intake, Depends(given(lambda services: services.intake))]
AskingDep = Annotated[Asking, Depends(_asking)]
ReadinessDep = Annotated[Readiness, Depends(_readiness)]
