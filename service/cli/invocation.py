"""What holds for every command: the settings, and how to talk back."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import typer

from service.cli.errors import UnknownTenant
from service.cli.progress import meter
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.settings import Loaded, Origin, Settings

if TYPE_CHECKING:
    from service.answers import Pace
    from service.wiring import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """The options that stand before the command."""

    settings: Settings
    origins: Mapping[str, Origin] = field(default_factory=dict)
    as_json: bool = False
    tenant: TenantId = DEFAULT_TENANT

    @classmethod
    def of(cls, context: typer.Context) -> "Invocation":
        """Return what was said before the command."""
        found = context.find_object(cls)
        if found is None:
            raise TypeError("The command was called without the options before it.")
        return found

    @property
    def loaded(self) -> Loaded:
        """The settings, and where they come from."""
        return Loaded(self.settings, self.origins)

    def about(self, tenant: str) -> "Invocation":
        """Return the same about the records of a tenant; ``opened`` checks that there is one."""
        return replace(self, tenant=TenantId(tenant))

    def logging(self, *, on: bool) -> "Invocation":
        """Return the same without the decision log, if it is not to be written."""
        if on:
            return self
        return replace(self, settings=self.settings.model_copy(update={"log_decisions": False}))


@contextmanager
def opened(invocation: Invocation, *, pace: "Pace | None" = None) -> Iterator["Services"]:
    """Open the store and its indexes, showing how far that is.

    Args:
        invocation: what was said before the command.
        pace: how decisions are grouped; as somebody who waits needs it if not given.

    Raises:
        UnknownTenant: if what was said is about a tenant that there is not.
        OnrampError: if the model, the taxonomies or the store cannot be used.
    """
    # The model, the index and the store take a second to import; `--help` needs none of them.
    from service.wiring import open_services  # noqa: PLC0415 - see above

    with ExitStack() as stack:
        with meter("opening the store") as progress:
            services = stack.enter_context(
                open_services(invocation.settings, on_progress=progress.tell, pace=pace)
            )
        check_known(invocation.tenant, services.access.tenancy.all())
        yield services


def check_known(tenant: TenantId, known: Sequence[TenantId]) -> None:
    """Do nothing if there is such a tenant.

    Raises:
        UnknownTenant: if there is none; it names those that there are.
    """
    if tenant not in known:
        raise UnknownTenant(tenant, known)
