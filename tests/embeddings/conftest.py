"""The shipped encoder, loaded once, and a copy of its folder that a test may damage."""

import shutil
from pathlib import Path

import pytest

from embeddings import DEFAULT_FOLDER, Encoder, load_encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(DEFAULT_FOLDER, tmp_path / "model")
