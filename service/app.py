"""The application: every route, around the services that it is given."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from service.api import (
    credit,
    events,
    explanations,
    health,
    matches,
    normalizing,
    pathways,
    problems,
    recommendations,
    similar,
    skills,
    soft_coverage,
)
from service.api.admission import Admission
from service.api.batches import batches_router
from service.api.bulk import bulk_router
from service.api.credit import RULES, rules_router
from service.api.deps import Readiness, Services
from service.api.edge import Edge
from service.api.middleware import BodyLimit, Unexpected
from service.api.openapi import describe
from service.api.rate_limits import FailureLimit, KeyLimit
from service.api.records import records_router
from service.api.resources import RESOURCES
from service.api.security_headers import SecurityHeaders
from service.api.trusted_hosts import TrustedHosts
from service.api.verdicts import verdicts_router
from service.domain.verdict import JUDGED
from service.pages.routes import pages_router


def create_app(services: Services, edge: Edge | None = None) -> FastAPI:
    """Return the application that serves these services, within the bounds of its edge."""
    readiness = Readiness()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        readiness.is_ready = True
        yield
        readiness.is_ready = False

    app = FastAPI(
        title="Onramp",
        version=version("onramp"),
        summary="Which microcredential next, and who is qualified, with reasons.",
        description="What a score says stands in score_meaning, beside the scores.",
        lifespan=lifespan,
        redirect_slashes=False,
        # Their pages load scripts from another site.
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.state.readiness = readiness
    _add_routes(app)
    problems.install(app)
    describe(app)
    _guard(app, edge or Edge())
    return app


def _guard(app: FastAPI, edge: Edge) -> None:
    # From the inside out: each stands around those above it.
    app.add_middleware(Admission, edge=edge)
    app.add_middleware(BodyLimit, edge=edge)
    app.add_middleware(KeyLimit, edge=edge)
    # What finds out who calls belongs here, between the two limits.
    app.add_middleware(FailureLimit, edge=edge)
    app.add_middleware(TrustedHosts, edge=edge)
    app.add_middleware(Unexpected)
    app.add_middleware(SecurityHeaders)


def _add_routes(app: FastAPI) -> None:
    # Before the records, whose paths /v1/skills/{id} would take theirs.
    for answering in (
        recommendations,
        matches,
        explanations,
        pathways,
        skills,
        normalizing,
        similar,
        soft_coverage,
        credit,
        events,
        health,
    ):
        app.include_router(answering.router)
    app.include_router(batches_router())
    for resource in RESOURCES:
        app.include_router(bulk_router(resource))
        app.include_router(records_router(resource))
        if resource.kind in JUDGED:
            app.include_router(verdicts_router(resource))
    for rule in RULES:
        app.include_router(rules_router(rule))
    app.include_router(pages_router())
