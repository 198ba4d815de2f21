"""The doctor: every check in turn, as one table."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from service.cli.checks import (
    Check,
    State,
    check_answer,
    check_model,
    check_packages,
    check_python,
    check_space,
)
from service.cli.errors import FAILED, UnknownTenant
from service.cli.invocation import Invocation, opened
from service.cli.output import Column, console, table, write_json
from service.cli.store_checks import (
    RESTORE,
    checks_against_store,
    checks_of_file,
    checks_of_leftovers,
)
from service.errors import DamagedStore, DataMissing, OnrampError, StoreFromAnotherModel
from service.settings import Settings
from service.storage import STORE_FILE


def examine(invocation: Invocation, *, as_json: bool) -> None:
    """Run every check; exit with 1 if one fails."""
    checks = list(_checks(invocation))
    if as_json:
        write_json({"checks": [asdict(check) for check in checks]})
    else:
        columns = (
            Column("check"),
            Column("state"),
            Column("found", share=3),
            Column("what to do", share=2),
        )
        rows = ((each.name, each.state, each.found, each.remedy) for each in checks)
        console().print(table(columns, rows))
    if any(check.state is State.FAIL for check in checks):
        raise typer.Exit(FAILED)


def _checks(invocation: Invocation) -> Iterator[Check]:
    data = invocation.settings.data
    yield check_python()
    yield check_packages()
    yield check_space(data)
    if (data / STORE_FILE).is_file():
        yield from _running(invocation, has_store=True)
        return
    if data.is_dir():
        yield from checks_of_leftovers(data)
    yield Check(
        name="store",
        state=State.WARN,
        found=f"there is none in {data} yet",
        remedy=f"Make one: onramp --data {data} init",
    )
    with TemporaryDirectory() as folder:
        yield from _running(_elsewhere(invocation, Path(folder)), has_store=False)


def _elsewhere(invocation: Invocation, folder: Path) -> Invocation:
    settings: Settings = invocation.settings.model_copy(update={"data": folder})
    return Invocation(settings=settings)


def _running(invocation: Invocation, *, has_store: bool) -> Iterator[Check]:
    try:
        if has_store:
            yield from checks_of_leftovers(invocation.settings.data)
            yield from checks_of_file(invocation.settings.data)
        with opened(invocation) as services:
            yield check_model(services)
            if has_store:
                yield from checks_against_store(services, invocation.tenant)
            yield check_answer(services)
    except UnknownTenant:
        raise
    except StoreFromAnotherModel as error:
        remedy = "Make the vectors anew: onramp --data DIR init --rederive, or start to serve"
        yield Check(name="model", state=State.FAIL, found=str(error), remedy=remedy)
    except DamagedStore as error:
        yield Check(name="store", state=State.FAIL, found=str(error), remedy=RESTORE)
    except DataMissing as error:
        remedy = "Install Onramp again, or name another model folder in ONRAMP_MODEL."
        yield Check(name="model", state=State.FAIL, found=str(error), remedy=remedy)
    except OnrampError as error:
        yield Check(name="store", state=State.FAIL, found=str(error))
