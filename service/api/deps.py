"""What endpoints are given: the services, and whether they are ready."""

from typing import Annotated, Protocol

from fastapi import Depends, Request

from service.answers import Answers, Similar, SkillAnswers
from service.api.errors import NotReady
from service.intake import Intake


class Services(Protocol):
    """What the HTTP edge needs from a running Onramp."""

    @property
    def answers(self) -> Answers:
        """The one way to an answer."""
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
SkillAnswersDep = Annotated[SkillAnswers, Depends(_skills)]
SimilarDep = Annotated[Similar, Depends(_similar)]
IntakeDep = Annotated[Intake, Depends(_intake)]
ReadinessDep = Annotated[Readiness, Depends(_readiness)]
