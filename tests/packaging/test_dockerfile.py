"""The image can be built from a clean checkout, holds the model and no torch, and is not root."""

import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import pytest
from pathspec import GitIgnoreSpec

from tests.packaging.dockerfile import Stage, is_sent, parse

ROOT = Path(__file__).parents[2]
STAGES = parse((ROOT / "Dockerfile").read_text())
BUILDER, RUNTIME = STAGES[0], STAGES[-1]
IGNORE = (ROOT / ".dockerignore").read_text()

# What a python:slim image has on its path.
OF_THE_BASE = {"chown", "mkdir", "pip", "python", "useradd"}


def sources(stage: Stage) -> list[str]:
    """Return the paths that a stage copies out of the checkout."""
    copies = [found for found in stage.all("COPY") if not found.flags]
    return [source for found in copies for source in found.words[:-1]]


def shipped_files() -> list[PurePosixPath]:
    """Return every file that the builder copies, as the build context holds them."""
    ignored = GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text().splitlines())
    found = (
        path.relative_to(ROOT)
        for source in sources(BUILDER)
        for path in [ROOT / source, *(ROOT / source).rglob("*")]
        if path.is_file()
    )
    return [
        PurePosixPath(path)
        for path in found
        if not ignored.match_file(path) and is_sent(PurePosixPath(path), IGNORE)
    ]


def available_in(stage: Stage) -> set[str]:
    """Return the commands that a stage can run: the base's, and those of a venv it made or took."""
    made = {
        f"{command[3]}/bin/{tool}"
        for found in stage.all("RUN")
        for command in found.commands
        if command[:3] == ["python", "-m", "venv"]
        for tool in ["pip", "python"]
    }
    return OF_THE_BASE | made


@pytest.mark.parametrize("source", [path for stage in STAGES for path in sources(stage)])
def test_every_copied_path_exists_in_a_clean_checkout(source: str) -> None:
    ignored = GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text().splitlines())

    assert (ROOT / source).exists()
    assert not ignored.match_file(source)
    assert is_sent(PurePosixPath(source), IGNORE)


def test_every_stage_that_is_copied_from_was_built_before() -> None:
    built: set[str] = set()
    for stage in STAGES:
        taken = {
            flag.removeprefix("--from=") for found in stage.all("COPY") for flag in found.flags
        }

        assert taken <= built
        built.add(stage.name)

    assert built == {"builder", "runtime"}


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_command_that_a_stage_runs_exists_in_it(stage: Stage) -> None:
    run = {command[0] for found in stage.all("RUN") for command in found.commands}

    assert run <= available_in(stage)
    assert len(run) > 0


def test_the_requirement_files_are_copied_before_they_are_installed_with_hashes() -> None:
    copied: set[str] = set()
    for instruction in BUILDER.instructions:
        if instruction.keyword == "COPY":
            copied |= set(instruction.words[:-1])
        for command in instruction.commands if instruction.keyword == "RUN" else []:
            files = {word for word in command if word.endswith(".txt")}

            assert files <= copied
            assert not files or "--require-hashes" in command


def test_the_builder_is_sent_the_model_and_everything_else_that_serving_reads() -> None:
    shipped = {str(path) for path in shipped_files()}

    needed = {
        str(path.relative_to(ROOT))
        for package in ["embeddings", "index", "service"]
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert shipped >= needed
    assert any(re.fullmatch(r"embeddings/models/.+\.onnx", path) for path in shipped)


def test_nothing_of_training_tests_or_environments_reaches_the_builder() -> None:
    outside = ["training/export.py", "tests/conftest.py", ".venv/bin/python", ".git/config", ".env"]

    assert [path for path in outside if is_sent(PurePosixPath(path), IGNORE)] == []


def test_there_is_no_torch_in_the_image() -> None:
    text = (ROOT / "Dockerfile").read_text()
    installed = set(re.findall(r"requirements/\S+\.txt", text))

    named = [
        line
        for file in installed
        for line in (ROOT / file).read_text().splitlines()
        if re.match(r"(torch|transformers|sentence-transformers|nvidia-.*)==", line)
    ]

    assert installed == {"requirements/build.txt", "requirements/serving.txt"}
    assert named == []


def test_the_image_runs_as_a_user_of_its_own_who_may_write_its_data() -> None:
    (user,) = RUNTIME.all("USER")
    created = [
        command[-1]
        for found in RUNTIME.all("RUN")
        for command in found.commands
        if command[0] == "useradd"
    ]
    owned = [
        command[1:]
        for found in RUNTIME.all("RUN")
        for command in found.commands
        if command[0] == "chown"
    ]
    (volume,) = RUNTIME.all("VOLUME")

    assert user.rest not in {"root", "0"}
    assert created == [user.rest]
    assert owned == [[user.rest, volume.rest]]


def test_the_image_starts_a_command_that_the_project_installs() -> None:
    (command,) = RUNTIME.all("CMD")
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    module, _, function = scripts[command.words[0]].partition(":")
    (environment,) = RUNTIME.all("ENV")

    spec = find_spec(module)

    assert function == "main"
    assert spec is not None
    assert "PATH=/opt/venv/bin:$PATH" in environment.words


def test_the_command_line_knows_what_the_image_asks_of_it() -> None:
    (command,) = RUNTIME.all("CMD")
    _, *words = command.words
    serve = words.index("serve")

    before = onramp_help()
    after = onramp_help("serve")

    assert all(word in before for word in words[:serve] if word.startswith("--"))
    assert all(word in after for word in words[serve:] if word.startswith("--"))


def test_the_health_check_asks_the_port_that_is_served() -> None:
    (command,) = RUNTIME.all("CMD")
    (health,) = RUNTIME.all("HEALTHCHECK")
    (exposed,) = RUNTIME.all("EXPOSE")
    port = command.words[command.words.index("--port") + 1]

    check = health.rest.partition("CMD ")[2]

    assert exposed.rest == port
    assert f"http://127.0.0.1:{port}/health/ready" in check
    assert re.match(r'\["python", "-c"', check)


def onramp_help(*words: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "service", *words, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "200", "NO_COLOR": "1", "PATH": "/usr/bin"},
    ).stdout
