"""The locked requirement files: exact versions, hashes, no index, and torch in one of them only."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = ["build.txt", "dev.txt", "serving.txt", "training.txt"]
HASHED = ["build.txt", "dev.txt", "serving.txt"]
ADDRESS = re.compile(r"://|^\s*-|--(index|extra|find|trusted)|@ |file:", re.MULTILINE)
EXTRAS = {"serving.txt": [], "dev.txt": ["dev"], "training.txt": ["dev", "training"]}


def entries(name: str) -> list[str]:
    """Return one line per requirement: comments dropped, continued lines joined."""
    text = (ROOT / "requirements" / name).read_text()
    joined = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    return [line for line in joined.splitlines() if line.strip()]


def requirements(name: str) -> list[Requirement]:
    return [Requirement(entry.partition("--hash")[0]) for entry in entries(name)]


def pins(name: str) -> dict[str, set[Version]]:
    """Return the versions that a file pins, by canonical name; markers may give several."""
    found: dict[str, set[Version]] = {}
    for requirement in requirements(name):
        (pin,) = requirement.specifier
        found.setdefault(canonicalize_name(requirement.name), set()).add(Version(pin.version))
    return found


def declared(extras: list[str]) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = [line for extra in extras for line in project["optional-dependencies"][extra]]
    return [Requirement(line) for line in [*project["dependencies"], *optional]]


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_to_one_version(name: str) -> None:
    loose = [
        str(requirement)
        for requirement in requirements(name)
        if [pin.operator for pin in requirement.specifier] != ["=="]
    ]

    assert loose == []
    assert len(requirements(name)) > 3


@pytest.mark.parametrize("name", HASHED)
def test_every_requirement_carries_its_hashes(name: str) -> None:
    bare = [entry for entry in entries(name) if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)]

    assert bare == []


def test_the_training_file_has_no_hashes_since_builds_of_torch_differ() -> None:
    assert [entry for entry in entries("training.txt") if "--hash" in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_requirement_file_names_an_index_or_a_path(name: str) -> None:
    text = "\n".join(entry.partition("--hash")[0] for entry in entries(name))

    assert ADDRESS.findall(text) == []
    assert "://" not in (ROOT / "requirements" / name).read_text()


@pytest.mark.parametrize("name", ["build.txt", "dev.txt", "serving.txt"])
def test_nothing_but_training_installs_torch(name: str) -> None:
    heavy = {"onnx", "sentence-transformers", "torch", "transformers", "triton"}

    assert heavy & set(pins(name)) == set()


def test_training_installs_torch_first_and_leaves_its_accelerators_to_it() -> None:
    names = [canonicalize_name(found.name) for found in requirements("training.txt")]

    assert names[0] == "torch"
    assert pins("training.txt")["torch"] == {Version("2.13.0")}
    assert [name for name in names if re.match(r"nvidia-|cuda-|triton", name)] == []


@pytest.mark.parametrize("name", list(EXTRAS))
def test_locked_versions_satisfy_what_the_project_declares(name: str) -> None:
    locked = pins(name)

    for requirement in declared(EXTRAS[name]):
        versions = locked[canonicalize_name(requirement.name)]
        assert all(version in requirement.specifier for version in versions), requirement


@pytest.mark.parametrize("name", ["build.txt", "serving.txt", "training.txt"])
def test_what_two_environments_share_has_one_version(name: str) -> None:
    here, development = pins(name), pins("dev.txt")

    different = {key for key in here.keys() & development.keys() if here[key] != development[key]}

    assert different == set()


def test_the_build_backend_of_the_project_is_in_the_build_and_development_files() -> None:
    system = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]

    for line in system["requires"]:
        backend = Requirement(line)
        for name in ["build.txt", "dev.txt"]:
            versions = pins(name)[canonicalize_name(backend.name)]
            assert all(version in backend.specifier for version in versions)
