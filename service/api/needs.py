"""What a route needs of whoever calls it: declared on the route, and denied where it is not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fastapi import Depends, FastAPI, Request, params
from fastapi.routing import iter_route_contexts
from starlette.routing import Match
from starlette.types import Scope as Asked

from service.answers import Answers
from service.api.errors import Forbidden, Unauthenticated
from service.api.places import aside
from service.domain.access import Principal, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a route needs; a dependency that lets nobody else through.

    Attributes:
        scope: of whoever calls; none if the route is public.
        publishable: whether a publishable key will do, too.
        everyone: whether it is about all learners, and so for nobody who is one of them.
        employer: the scope that will do, too, for somebody who acts for an employer.
        employers_only: whether it is for nobody else than who acts for an employer.
        own: whether it is for everybody who is known, about what is their own alone.
        indexes: whether the indexes of the caller's tenant have to be there.
    """

    scope: Scope | None
    publishable: bool = False
    everyone: bool = False
    employer: Scope | None = None
    employers_only: bool = False
    own: bool = False
    indexes: bool = True

    @property
    def is_public(self) -> bool:
        """Whether it is for anybody."""
        return self.scope is None and not self.own

    async def __call__(self, request: Request) -> None:
        """Do nothing if whoever calls may call this route, once it can be answered.

        Where it needs them, the indexes of the caller's tenant are waited for here: no
        thread that answers does, and no place is taken, and so no other tenant waits.

        Raises:
            Unauthenticated: if nobody known calls.
            Forbidden: if they may not.
            StoreProblem: if the tenant's indexes cannot be loaded.
            Overloaded: if there is no place any more once they are.
        """
        if self.is_public:
            return
        principal = caller_of(request)
        self.check(principal)
        answers: Answers = request.app.state.services.answers
        if self.indexes and not answers.is_open(principal.tenant):
            async with aside(request.scope):
                await answers.opened(principal.tenant)

    def check(self, principal: Principal) -> None:
        """Do nothing if someone may call the route.

        Raises:
            Forbidden: if they may not.
        """
        if self.own and principal.is_anonymous:
            raise Forbidden("A publishable key has nothing of its own here; use a secret one.")
        if self.scope is None or (self.publishable and principal.is_anonymous):
            return
        acts = principal.party is not None
        as_employer = self.employer if acts else None
        if not principal.may(self.scope) and not (as_employer and principal.may(as_employer)):
            raise Forbidden.of(principal, as_employer or self.scope)
        if self.employers_only and not acts:
            raise Forbidden.to_others(principal)
        if self.everyone and principal.learner is not None:
            raise Forbidden(f"{principal.id} stands for one learner; this is about all of them.")


class Declared(NamedTuple):
    """A route, and what it needs; none if it does not say."""

    path: str
    methods: frozenset[str]
    needs: Needs | None


def needs(
    scope: Scope,
    *,
    publishable: bool = False,
    everyone: bool = False,
    employer: Scope | None = None,
    employers_only: bool = False,
    indexes: bool = True,
) -> params.Depends:
    """Return the declaration of a route that needs a scope, for its ``dependencies``."""
    declared: params.Depends = Depends(
        Needs(
            scope=scope,
            publishable=publishable,
            everyone=everyone,
            employer=employer,
            employers_only=employers_only,
            indexes=indexes,
        )
    )
    return declared


PUBLIC: params.Depends = Depends(Needs(scope=None))
"""The declaration of a route that is for anybody."""

OWN: params.Depends = Depends(Needs(scope=None, own=True))
"""The declaration of a route for everybody who is known, about what is their own alone."""


def caller_of(request: Request) -> Principal:
    """Return who calls.

    Raises:
        Unauthenticated: if nobody known does, or the key does not open this; with the reason.
        Forbidden: if a publishable key is used on a page that is none of its own.
    """
    state = request.scope.get("state", {})
    principal: Principal | None = state.get("principal")
    if principal is None:
        refusal: Exception = state.get("refusal") or Unauthenticated()
        raise refusal
    return principal


def declarations(app: FastAPI) -> Iterator[Declared]:
    """Yield every route of an application with what it needs."""
    for route in iter_route_contexts(app.routes):
        yield Declared(
            route.path or "",
            frozenset(getattr(route, "methods", None) or ()),
            _needs_of(getattr(route, "dependencies", ())),
        )


def require_declarations(app: FastAPI) -> None:
    """Do nothing if every route says what it needs.

    Raises:
        TypeError: if one does not.
    """
    silent = [each.path for each in declarations(app) if each.needs is None]
    if silent:
        raise TypeError(f"These routes do not say what they need: {', '.join(silent)}")


def needs_of_match(app: FastAPI, asked: Asked) -> Needs | None:
    """Return what the route needs that would take a request, if there is one."""
    for route in iter_route_contexts(app.routes):
        if route.matches(asked)[0] is Match.FULL:
            return _needs_of(getattr(route, "dependencies", ()))
    return None


def _needs_of(dependencies: Sequence[params.Depends]) -> Needs | None:
    found = (each.dependency for each in dependencies)
    return next((each for each in found if isinstance(each, Needs)), None)
