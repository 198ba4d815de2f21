"""The application: every route, around the services that it is given."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, ProcessCollector

from service.answers.vitals import Vitals
from service.api import (
    consents,
    contacts,
    credit,
    events,
    explanations,
    health,
    keys,
    matches,
    normalizing,
    operations,
    pathways,
    problems,
    recommendations,
    similar,
    skills,
    soft_coverage,
    suggestions,
    tenants,
)
from service.api.admission import Admission, FullHouse, Lanes
from service.api.authentication import Authenticate
from service.api.batches import batches_router
from service.api.bulk import bulk_router
from service.api.credit import RULES, rules_router
from service.api.deps import Readiness, Services
from service.api.edge import Edge
from service.api.metrics import Board, RequestFigures, ServiceFigures, Shared
from service.api.metrics.latency import latencies
from service.api.metrics.route import router as metrics_router
from service.api.middleware import BodyLimit, Unexpected
from service.api.needs import PUBLIC, needs, require_declarations
from service.api.observing import Observed
from service.api.openapi import describe, describing_router
from service.api.peers import Peers
from service.api.rate_limits import FailureLimit, Failures, KeyLimit
from service.api.reading import Reading
from service.api.records import records_router
from service.api.repeats import forgetting
from service.api.resources import RESOURCES
from service.api.security_headers import SecurityHeaders
from service.api.targets import Heads, Targets
from service.api.trusted_hosts import TrustedHosts
from service.api.verdicts import verdicts_router
from service.api.working import Works
from service.domain.access import Scope
from service.domain.verdict import JUDGED
from service.pages.admin import admin_router
from service.pages.employers import pool_router
from service.pages.learner_plots import gap_router, pathway_router
from service.pages.routes import PageAccess, pages_router
from service.pages.sign_in import sign_in_router
from service.pages.work import work_router
from service.plots import Drawing


def create_app(
    services: Services,
    edge: Edge | None = None,
    *,
    shared: Shared | None = None,
    page_key: str | None = None,
    is_demo: bool = False,
) -> FastAPI:
    """Return the application that serves these services.

    Args:
        services: what answers.
        edge: how much is taken in, and from whom.
        shared: where this process leaves its figures, if it is one of several workers.
        page_key: the publishable key with which the page for learners asks, if it has one.
        is_demo: whether nobody needs a key, on this machine alone.
    """
    readiness = Readiness()
    works = Works()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        readiness.is_ready = True
        async with forgetting(services):
            yield
        readiness.is_ready = False
        await works.end()

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
        # Its route says, as all others do, that it is for anybody.
        openapi_url=None,
    )
    app.state.services = services
    app.state.readiness = readiness
    app.state.works = works
    edge = edge or Edge()
    failures = Failures(edge)
    _add_routes(app, PageAccess(key=page_key, is_demo=is_demo))
    _add_sign_in(app, services, failures)
    _add_work(app)
    require_declarations(app)
    problems.install(app)
    describe(app)
    _guard(app, edge, services, failures, is_demo=is_demo)
    # The last one that is added is the outermost, and has to be this one: it sees what the
    # others answer, and gives each request the id that they name.
    app.add_middleware(Observed, figures=_figures(app, shared), new_id=lambda: uuid.uuid4().hex)
    return app


def _guard(
    app: FastAPI, edge: Edge, services: Services, failures: Failures, *, is_demo: bool
) -> None:
    reading = Reading.of(app)
    # From the inside out: each stands around those above it.
    app.add_middleware(Heads)
    lanes = Lanes(edge, reading)
    app.add_middleware(Admission, lanes=lanes, reading=reading)
    app.add_middleware(BodyLimit, edge=edge, reading=reading)
    app.add_middleware(KeyLimit, edge=edge)
    app.add_middleware(FailureLimit, failures=failures)
    # Finds out who calls; whatever is refused further in may be read by the page that asked.
    app.add_middleware(
        Authenticate,
        routes=app,
        access=services.access,
        answers=services.answers,
        is_demo=is_demo,
    )
    app.add_middleware(FullHouse, lanes=lanes)
    app.add_middleware(Peers, edge=edge)
    app.add_middleware(TrustedHosts, edge=edge)
    app.add_middleware(Targets)
    app.add_middleware(Unexpected)
    app.add_middleware(SecurityHeaders)


def _figures(app: FastAPI, shared: Shared | None) -> RequestFigures:
    def vitals() -> Vitals:
        services: Services = app.state.services
        return services.vitals.read()

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(ServiceFigures(vitals, version=app.version))
    app.state.board = Board(registry, shared)
    return RequestFigures(registry)


def _add_routes(app: FastAPI, page_access: PageAccess) -> None:
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
        consents,
        contacts,
        events,
        operations,
        keys,
        tenants,
        suggestions,
        health,
    ):
        app.include_router(answering.router)
    app.include_router(metrics_router)
    app.include_router(batches_router())
    for resource in RESOURCES:
        app.include_router(bulk_router(resource))
        app.include_router(records_router(resource))
        if resource.kind in JUDGED:
            app.include_router(verdicts_router(resource))
    for rule in RULES:
        app.include_router(rules_router(rule))
    app.include_router(describing_router(app))
    app.include_router(pages_router(page_access), dependencies=[PUBLIC])


def _add_sign_in(app: FastAPI, services: Services, failures: Failures) -> None:
    signing_in = sign_in_router(
        services.access.sessions,
        services.answers.run,
        failures.refused,
        services.access.sign_on,
    )
    app.include_router(signing_in, dependencies=[PUBLIC])


def _add_work(app: FastAPI) -> None:
    """Add the pages behind the sign-in, and what they ask beside the API."""
    drawing = Drawing()
    # A page says itself to whom it is not open, and leads to the sign-in.
    app.include_router(work_router(), dependencies=[PUBLIC])
    for router, need in (
        (gap_router(drawing), needs(Scope.LEARNER_READ, publishable=True)),
        (pathway_router(drawing), needs(Scope.LEARNER_READ)),
        (pool_router(drawing), needs(Scope.EMPLOYER_MATCH)),
        (admin_router(drawing, lambda: latencies(app.state.board)), needs(Scope.ADMIN)),
    ):
        app.include_router(router, dependencies=[need])
