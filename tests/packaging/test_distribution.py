"""What is installed is whole: the built distribution carries every file that the packages read."""

import tomllib
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
PACKAGES = {"embeddings", "index", "service", "training"}


def distributed() -> set[str]:
    """Return what a wheel made of this checkout holds, as paths inside it."""
    return {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}


def test_the_distribution_holds_every_file_of_the_packages_and_nothing_else() -> None:
    present = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert distributed() == present


def test_the_distribution_brings_the_model_the_sample_and_the_taxonomy() -> None:
    names = distributed()

    assert any(name.startswith("embeddings/models/") and name.endswith(".onnx") for name in names)
    assert any(name.startswith("service/sample/") and name.endswith(".jsonl") for name in names)
    assert any(name.startswith("service/taxonomy/") and name.endswith(".parquet") for name in names)


def test_no_package_index_accepts_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert "Private :: Do Not Upload" in project["classifiers"]


def test_the_distribution_carries_its_license_and_its_attributions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    notice = (ROOT / "NOTICE").read_text()

    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE", "NOTICE"]
    assert "Version 2.0, January 2004" in (ROOT / "LICENSE").read_text()
    assert "ESCO classification of the European Commission" in notice
    assert "O*NET 29.3 Database" in notice
    assert "all-MiniLM-L6-v2" in notice
