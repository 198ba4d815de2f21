"""Plots for a learner: what they are about comes in the body, so that it stands in no address."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from service.answers import Answers, PathwayQuestion, Pathways
from service.answers.closing import Closing
from service.domain.access import Principal
from service.domain.condition import Condition, ConditionField
from service.domain.credential import Delivery
from service.domain.ids import ID_PATTERN, CredentialId
from service.domain.learner import Learner
from service.domain.pathway import PathwayLimits
from service.domain.quantities import Money
from service.domain.record import Kind
from service.errors import InvalidQuestion, NotFound
from service.intake import MoneyBody, parse_body
from service.pages.plots.learner import gap_plot, pathway_plot
from service.pages.plots.shown import plot_json
from service.pages.who import known_viewer
from service.plots import Drawing

_STRICT = ConfigDict(extra="forbid")
_INLINE = "inline"
_KEEPS_NOTHING = {"Cache-Control": "no-store"}
Limit = Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)]


class GapBody(BaseModel):
    """Whose gap, with the goal in the record, and the credential that might close it."""

    model_config = _STRICT

    learner: dict[str, Any]
    credential: Annotated[str, Field(pattern=ID_PATTERN)]


class EachBody(BaseModel):
    """What each credential of a pathway must be, in place of the learner's own constraints."""

    model_config = _STRICT

    delivery: Delivery | None = None

    def to_domain(self) -> tuple[Condition, ...]:
        """Return the domain's values."""
        if self.delivery is None:
            return ()
        return (Condition(field=ConditionField.DELIVERY, any_of=(self.delivery,)),)


class PathwayBody(BaseModel):
    """Whose pathway, with the goal in the record, and what it may take."""

    model_config = _STRICT

    learner: dict[str, Any]
    each: EachBody | None = None
    budget: MoneyBody | None = None
    weeks: Limit | None = None
    hours_per_week: Limit | None = None

    def limits(self) -> PathwayLimits:
        """Return what the pathway as a whole may take."""
        budget = self.budget
        return PathwayLimits(
            budget=Money(amount=budget.amount, currency=budget.currency) if budget else None,
            weeks=self.weeks,
            hours_per_week=self.hours_per_week,
        )


def gap_router(drawing: Drawing) -> APIRouter:
    """Return the route of the gap before and after a credential."""
    router = APIRouter(include_in_schema=False)

    @router.post("/page/plots/gap")
    async def gap(body: GapBody, request: Request) -> JSONResponse:
        services, viewer = request.app.state.services, known_viewer(request)
        closing: Closing = services.closing

        def drawn() -> Any:
            learner, stored = _learner(body.learner, services.answers, viewer)
            found = closing.gap_with(
                viewer.tenant, learner, CredentialId(body.credential), stored=stored
            )
            return plot_json(gap_plot(found), drawing)

        return JSONResponse(await closing.run(drawn), headers=_KEEPS_NOTHING)

    return router


def pathway_router(drawing: Drawing) -> APIRouter:
    """Return the route of a pathway over its weeks."""
    router = APIRouter(include_in_schema=False)

    @router.post("/page/plots/pathway")
    async def pathway(body: PathwayBody, request: Request) -> JSONResponse:
        services, viewer = request.app.state.services, known_viewer(request)
        pathways: Pathways = services.pathways

        def drawn() -> Any:
            learner, stored = _learner(body.learner, services.answers, viewer)
            question = PathwayQuestion(
                learner=learner,
                stored=stored,
                conditions=body.each.to_domain() if body.each else None,
                limits=body.limits(),
            )
            found = pathways.find(viewer.tenant, question)
            return plot_json(pathway_plot(found, question.limits), drawing)

        return JSONResponse(await services.answers.run(drawn), headers=_KEEPS_NOTHING)

    return router


def _learner(given: dict[str, Any], answers: Answers, viewer: Principal) -> tuple[Learner, bool]:
    """Return the learner of a body, and whether they are in the store; blocking.

    Raises:
        NotFound: if there is nobody with this id whom the viewer may read.
        InvalidQuestion: if it is no record of a learner.
    """
    if given.keys() == {"id"}:
        return _stored(given["id"], answers, viewer), True
    record, problems = parse_body(Kind.LEARNER, {"id": _INLINE, **given})
    if problems or not isinstance(record, Learner):
        first = problems[0]
        raise InvalidQuestion(first.reason, field=f"learner.{first.field}".rstrip("."))
    return record, False


def _stored(learner_id: object, answers: Answers, viewer: Principal) -> Learner:
    if (
        not isinstance(learner_id, str)
        or viewer.is_anonymous
        or viewer.learner not in {None, learner_id}
    ):
        raise NotFound(Kind.LEARNER, str(learner_id)[:128])
    record = answers.read(viewer.tenant, Kind.LEARNER, learner_id).record
    if not isinstance(record, Learner):
        raise NotFound(Kind.LEARNER, learner_id)
    return record
