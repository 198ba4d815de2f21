"""What endpoints are given: the services, and whether they are ready."""

from typing import Annotated, Protocol

from fastapi import Depends, Request

from service.answers import (
    Answers,
    Explaining,
    Pathways,
    Similar,
    SkillAnswers,
    SoftCoverageReport,
)
from service.api.errors import NotReady
from service.intake import Intake


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
    def intake(self) -> Intake:
        """The one way in."""
        ...


class Readiness:
    """Whether requests are served: after the start, and until the end begins."""

    def __init__(self) -> None:
        self.is_ready = False

    def check(self) -> None:
        """Do nothing if requests are served.

        Raises:
            NotReady: if they are not.
        """
        if not self.is_ready:
            raise NotReady


# `async`, though nothing is awaited: FastAPI hands plain functions to a pool of threads.
async def _answers(request: Request) -> Answers:
    services: Services = request.app.state.services
    return services.answers


async def _soft_coverage(request: Request) -> SoftCoverageReport:
    services: Services = request.app.state.services
    return services.soft_coverage


async def _pathways(request: Request) -> Pathways:
    services: Services = request.app.state.services
    return services.pathways


async def _explaining(request: Request) -> Explaining:
    services: Services = request.app.state.services
    return services.explaining


async def _intake(request: Request) -> Intake:
    services: Services = request.app.state.services
    return services.intake


async def _skills(request: Request) -> SkillAnswers:
    services: Services = request.app.state.services
    return services.skills


async def _similar(request: Request) -> Similar:
    services: Services = request.app.state.services
    return services.similar


async def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.readiness
    return readiness


AnswersDep = Annotated[Answers, Depends(_answers)]
SoftCoverageDep = Annotated[SoftCoverageReport, Depends(_soft_coverage)]
PathwaysDep = Annotated[Pathways, Depends(_pathways)]
ExplainingDep = Annotated[Explaining, Depends(_explaining)]
SkillAnswersDep = Annotated[SkillAnswers, Depends(_skills)]
SimilarDep = Annotated[Similar, Depends(_similar)]
IntakeDep = Annotated[Intake, Depends(_intake)]
ReadinessDep = Annotated[Readiness, Depends(_readiness)]
