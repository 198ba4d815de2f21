"""Errors on the command line: one sentence and an exit code, never a traceback unasked."""

import sys
import traceback
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from service.cli.output import complain
from service.domain.ids import TenantId
from service.errors import ModelUnusable, OnrampError

FAILED = 1
MISUSED = 2
OWN_FAULT = 3
ANOTHER_ANSWER = 4
NOT_COMPUTED = 5
# What `sysexits.h` calls EX_CONFIG: a start that will fail again until somebody mends it.
UNUSABLE_MODEL = 78
INTERRUPTED = 130
# So many tenants are named in one sentence.
_NAMED = 20


class CannotServe(OnrampError):
    """The address to serve on cannot be had."""


class CannotWrite(OnrampError):
    """A file that was to be written cannot be."""


class CannotAnswer(OnrampError):
    """A process that was to answer beside this one cannot."""


class StoreInUse(OnrampError):
    """The folder holds a store with other records than those that were expected."""


class NotTheRecord(OnrampError):
    """A file does not hold the record that a logged answer is about."""


class UnknownTenant(OnrampError):
    """There is no such tenant.

    Args:
        tenant: the one that was named.
        known: those that there are.
    """

    def __init__(self, tenant: TenantId, known: Sequence[TenantId]) -> None:
        more = f" and {len(known) - _NAMED:,} others" if len(known) > _NAMED else ""
        super().__init__(
            f"There is no tenant {tenant!r}; there are {', '.join(known[:_NAMED])}{more}. "
            "See `onramp tenants list`."
        )


class OnrampGroup(TyperGroup):
    """The commands, with our own errors told in one sentence."""

    def invoke(self, context: Any) -> Any:
        """Run a command; what this project raises on purpose ends it with exit code 1, or 78."""
        try:
            return super().invoke(context)
        except OnrampError as error:
            complain(f"onramp: {error}")
            code = UNUSABLE_MODEL if isinstance(error, ModelUnusable) else FAILED
            raise typer.Exit(code) from None
        except KeyboardInterrupt:
            tell_interrupted()
            raise typer.Exit(INTERRUPTED) from None


def report(error: Exception, *, debug: bool) -> None:
    """Say that something went wrong that nobody foresaw, and what to report."""
    if debug:
        traceback.print_exception(error)
        return
    place = traceback.extract_tb(error.__traceback__)[-1]
    complain(
        f"onramp: this is a fault of Onramp's own: {type(error).__name__}: {error} "
        f"({place.name}, line {place.lineno} of {place.filename}). "
        "Run the command again with `onramp --debug …` and report what it prints, with the "
        "command and the output of `onramp doctor`."
    )


def was_interrupted(error: BaseException) -> bool:
    """Tell whether an error is what became of Ctrl-C while a library was being loaded."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, KeyboardInterrupt):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def tell_interrupted() -> None:
    """Say that Ctrl-C came before there was anything to keep or to lose."""
    complain("onramp: interrupted; what was not acknowledged was not kept.")


def is_debugging() -> bool:
    """Tell whether ``--debug`` was given."""
    return "--debug" in sys.argv[1:]
