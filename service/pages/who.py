"""Who looks at a page."""

from fastapi import Request

from service.domain.access import Principal


def viewer_of(request: Request) -> Principal | None:
    """Return who has signed in, or whoever uses the demo; none if nobody known asks."""
    found: Principal | None = request.scope.get("state", {}).get("principal")
    return found


def known_viewer(request: Request) -> Principal:
    """Return who asks, on a route that has let nobody else through."""
    found = viewer_of(request)
    if found is None:
        raise TypeError("This route does not declare what it needs.")
    return found
