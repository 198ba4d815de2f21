"""What holds for every test: those of torch are left out where it is missing; chance has a seed."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from embeddings import load_encoder
from service.models import GuardedEncoder
from service.settings import Settings
from service.wiring import Services, open_services
from tests.builders.memory_records import MemoryRecords
from tests.builders.sample import load_sample
from tests.builders.worlds import World, a_world, skill

# Their modules import torch when they are collected; `make test-training` has it.
collect_ignore = [] if find_spec("torch") else ["training"]

# A slow machine is no failure, and a run that failed fails again the same way.
hypothesis_settings.register_profile("onramp", deadline=None, derandomize=True)
# By hand, where ten thousand cases are the figure: --hypothesis-profile=full
hypothesis_settings.register_profile("full", hypothesis_settings.get_profile("onramp"))
hypothesis_settings.load_profile("onramp")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything under tests/training, so that nobody has to remember it."""
    home = Path(__file__).parent / "training"
    for item in items:
        if home in item.path.parents:
            item.add_marker(pytest.mark.training)


@pytest.fixture(scope="session", autouse=True)
def _no_reserve() -> Iterator[None]:
    """Hundreds of stores are made; tests of the reserve ask for one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRAMP_RESERVE_MB", "0")
        yield


@pytest.fixture(scope="session")
def sample_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The real thing on the sample data: model, store, indexes. Tests that write use their own."""
    settings = Settings(data=tmp_path_factory.mktemp("sample"))
    with open_services(settings) as services:
        load_sample(services)
        yield services


@pytest.fixture(scope="session")
def encoder() -> GuardedEncoder:
    """The model that ships."""
    return GuardedEncoder(load_encoder())


@pytest.fixture
def world(encoder: GuardedEncoder) -> World:
    """A world with five skills and nothing else."""
    return five_skills(encoder)


@pytest.fixture(scope="session")
def new_world(encoder: GuardedEncoder) -> Callable[[], World]:
    """Return what makes such a world, for tests that need many."""
    return partial(five_skills, encoder)


def five_skills(encoder: GuardedEncoder) -> World:
    made = a_world(MemoryRecords(), encoder)
    made.put(
        skill("s:sql", "SQL", "structured query language"),
        skill("s:sheets", "use spreadsheets software"),
        skill("s:weld", "weld metal"),
        skill("s:teach", "teach children"),
        skill("s:audit", "audit financial statements"),
    )
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that nothing was seen in a browser, where there is none."""
    # Here, not beside them: where tests are spread, only workers read the file beside them.
    skipped = terminalreporter.stats.get("skipped", [])
    unseen = [each for each in skipped if "tests/browser/" in each.nodeid]
    if shutil.which("chromium") is None and unseen:
        said = (
            f"{len(unseen)} BROWSER TESTS DID NOT RUN: chromium is missing (make install-browser)"
        )
        terminalreporter.write_sep("!", said, red=True, bold=True)
