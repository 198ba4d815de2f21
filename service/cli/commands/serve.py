"""onramp serve."""

import gc
from dataclasses import replace
from typing import Annotated

import typer

from service.cli.invocation import Invocation, opened


def serve(
    context: typer.Context,
    *,
    host: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="The address to serve on; ONRAMP_HOST, then 127.0.0.1, if not given.",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=65535,
            help="The port; ONRAMP_PORT, then 8000, if not given; 0 takes a free one.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=64,
            help="Worker processes, each with its own indexes; ONRAMP_WORKERS, then 1, if not "
            "given.",
        ),
    ] = None,
) -> None:
    """Serve the API and the page to try it until Ctrl-C."""
    # What is imported is never garbage, and walking it while it grows takes a tenth of a start.
    gc.disable()
    from service.cli.figures import figures_folder  # noqa: PLC0415 - heavy; not for --help
    from service.cli.keeping_keys import say_if_without_keys  # noqa: PLC0415 - heavy; not for --help
    from service.cli.logs import logged  # noqa: PLC0415 - heavy; not for --help
    from service.cli.renewing import renew_first  # noqa: PLC0415 - heavy; not for --help
    from service.cli.serving import Server, listen  # noqa: PLC0415 - heavy; not for --help
    from service.cli.workers import Workers  # noqa: PLC0415 - heavy; not for --help

    gc.enable()
    invocation = Invocation.of(context)
    settings = invocation.settings
    if workers is not None:
        settings = settings.model_copy(update={"workers": workers})
    with (
        listen(
            settings.host if host is None else host, settings.port if port is None else port
        ) as listener,
        logged(settings),
    ):
        renew_first(invocation)
        if settings.workers > 1:
            with figures_folder() as folder:
                Workers(settings, listener, settings.workers, figures=folder).run()
            return
        with opened(replace(invocation, settings=settings)) as services:
            say_if_without_keys(settings)
            Server(services, listener).run()
