"""onramp demo."""

from contextlib import ExitStack
from typing import Annotated

import typer

from service.cli.invocation import Invocation, opened


def demo(
    context: typer.Context,
    *,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop after the tables.")] = False,
) -> None:
    """Load the sample catalog, recommend and match on it, then serve it until Ctrl-C."""
    from service.cli.demonstrating import demonstrate, page_key  # noqa: PLC0415 - heavy; not for --help
    from service.cli.logs import logged  # noqa: PLC0415 - heavy; not for --help
    from service.cli.serving import Server, listen, refuse_others  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    settings = invocation.settings
    with ExitStack() as stack:
        listener = None
        if not no_serve:
            listener = stack.enter_context(listen(settings.host, settings.port))
            refuse_others(listener)
            stack.enter_context(logged(settings))
        services = stack.enter_context(opened(invocation))
        demonstrate(services)
        if listener is not None:
            key = page_key(services, listener.getsockname()[1])
            Server(services, listener, demo_key=key).run()
