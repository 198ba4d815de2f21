"""Checks of an installation, each with what to do about it."""

import platform
import shutil
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final

from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, LearnerId
from service.domain.learner import Learner
from service.errors import OnrampError
from service.wiring import Services

LOW_SPACE: Final = 1_000_000_000
NO_SPACE: Final = 100_000_000
_GIGA: Final = 1_000_000_000


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: what was looked at, what was found, and what to do."""

    name: str
    state: State
    found: str
    remedy: str = ""


def check_python() -> Check:
    """Tell which Python runs this."""
    found = f"{platform.python_implementation()} {platform.python_version()}"
    return Check(name="python", state=State.OK, found=f"{found} on {platform.machine()}")


def onramp_version() -> str:
    """Return the version of Onramp; empty where it is run from its source."""
    return _version("onramp") or ""


def check_packages() -> Check:
    """Tell whether everything that is needed is installed, in which versions."""
    try:
        needed = [line for line in requires("onramp") or [] if "extra ==" not in line]
    except PackageNotFoundError:
        return Check(
            name="packages",
            state=State.WARN,
            found="onramp is run from its source and not installed",
            remedy="Install it, so that its packages are known: pip install --no-deps -e .",
        )
    names = [_name(line) for line in needed]
    missing = [name for name in names if _version(name) is None]
    if missing:
        return Check(
            name="packages",
            state=State.FAIL,
            found=f"missing: {', '.join(missing)}",
            remedy="Install what requirements/serving.txt names.",
        )
    found = ", ".join(f"{name} {_version(name)}" for name in names)
    return Check(name="packages", state=State.OK, found=found)


def _name(requirement: str) -> str:
    end = next(
        (place for place, mark in enumerate(requirement) if not (mark.isalnum() or mark in "-_.")),
        len(requirement),
    )
    return requirement[:end]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def check_space(folder: Path) -> Check:
    """Tell how much space is left where the store is, or would be."""
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    free = shutil.disk_usage(there).free
    found = f"{free / _GIGA:,.1f} GB free at {there}"
    if free >= LOW_SPACE:
        return Check(name="disk", state=State.OK, found=found)
    state = State.WARN if free >= NO_SPACE else State.FAIL
    return Check(name="disk", state=state, found=found, remedy="Make room before importing.")


def check_model(services: Services) -> Check:
    """Tell which model is loaded; its checksums were verified when it was opened."""
    meta = services.answers.meta(DEFAULT_TENANT)
    found = f"{meta.versions.model_version}: checksums and golden vectors agree"
    return Check(name="model", state=State.OK, found=f"{found} ({services.model_folder})")


def check_answer(services: Services) -> Check:
    """Ask something that every store can answer."""
    learner = Learner(
        id=LearnerId("doctor"),
        text="I have worked as a bank teller and like working with numbers.",
        goal=Goal(text="data analyst"),
    )
    try:
        gap, labels = services.answers.gap(DEFAULT_TENANT, learner, stored=False)
    except OnrampError as error:
        return _no_answer(str(error))
    if not gap.open or not gap.reading.occupations:
        return _no_answer("a teller who wants to be a data analyst lacks nothing, it says")
    first = labels[gap.open[0].requirement.skill]
    found = f"a teller who wants to be a data analyst lacks {first!r} first"
    return Check(name="answer", state=State.OK, found=found)


def _no_answer(found: str) -> Check:
    return Check(
        name="answer",
        state=State.FAIL,
        found=found,
        remedy="Make a store in a new folder: onramp --data DIR init",
    )
