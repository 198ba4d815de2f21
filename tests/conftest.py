"""What holds for every test: those of torch are left out where it is missing; chance has a seed."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

# Their modules import torch when they are collected; `make test-training` has it.
collect_ignore = [] if find_spec("torch") else ["training"]

# A slow machine is no failure, and a run that failed fails again the same way.
settings.register_profile("onramp", deadline=None, derandomize=True)
settings.load_profile("onramp")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything under tests/training, so that nobody has to remember it."""
    home = Path(__file__).parent / "training"
    for item in items:
        if home in item.path.parents:
            item.add_marker(pytest.mark.training)
