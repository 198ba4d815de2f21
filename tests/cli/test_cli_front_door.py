"""The options before the command, usage errors, and what nobody foresaw."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.cli.errors import FAILED, report
from service.cli.reference import reference
from service.standards.registry import ImportKind, formats_for
from tests.builders.command_line import ROOT, onramp, onramp_program

HEAVY = ("alembic", "embeddings", "faiss", "fastapi", "index", "numpy", "onnxruntime", "polars")


def test_the_page_on_the_command_line_is_made_from_the_commands_of_today() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")

    assert page == reference(), "run: python -m service.cli.reference docs/cli.md"


def test_help_is_shown_without_loading_the_model_or_the_store() -> None:
    program = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from service.cli.main import app\n"
        "assert 'export-pairs' in CliRunner().invoke(app, ['--help']).output\n"
        "assert '--max-cost' in CliRunner().invoke(app, ['recommend', '--help']).output\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_the_help_of_import_names_every_kind_and_every_format() -> None:
    told = " ".join(onramp("import", "--help").out.split())

    formats = {known.name for kind in ImportKind for known in formats_for(kind)}
    assert [kind for kind in ImportKind if kind not in told] == []
    assert [name for name in formats if name not in told] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["recomend"], "recomend"),
        (["recommend"], "give one of --learner, --text, --learners; none was given."),
        (["recommend", "--learner", "a", "--text", "b"], "not --learner and --text"),
        (["recommend", "--learners", "a.jsonl"], "--out: say where the lines go"),
        (["recommend", "--text", "b", "--out", "c"], "--out: it goes with a file of many"),
        (["recommend", "--text", "b", "--limit", "101"], "--limit"),
        (["recommend", "--text", "b", "--max-cost", "300"], "--max-cost: '300' is not an amount"),
        (["recommend", "--text", "b", "--region", "indiana"], "--region: 'indiana' is not"),
        (["recommend", "--text", "b", "--delivery", "post"], "--delivery"),
        (["match", "--text", "b", "--job", "j"], "--text: it goes with --title."),
        (["explain", "--learner", "l"], "give one of --credential, --job"),
        (["import", "badges", "a.jsonl"], "KIND: 'badges' is none of credentials, learners"),
        (["import", "credentials", "a.xyz"], "give --format: native, csv"),
        (["import", "credentials", "a.jsonl", "--format", "onet"], "no format 'onet'"),
        (["import", "credentials", "a.jsonl", "--map", "id=ID"], "go with --format csv"),
        (["serve", "--port", "70000"], "--port"),
    ],
)
def test_a_command_that_is_misused_says_how_and_ends_with_2(
    words: list[str], said: str, tmp_path: Path
) -> None:
    ran = onramp("--data", tmp_path, *words)

    assert ran.code == 2
    assert said in " ".join(ran.err.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ONRAMP_PORT", "tcp://10.0.0.1:80", "ONRAMP_PORT is 'tcp://10.0.0.1:80': "),
        ("ONRAMP_THREADS", "0", "ONRAMP_THREADS is '0': "),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_its_value(name: str, value: str, said: str) -> None:
    ran = onramp("doctor", env={name: value})

    assert ran.code == 2
    assert said in ran.err


def test_a_folder_without_a_store_is_told_to_who_wants_to_export(tmp_path: Path) -> None:
    ran = onramp("--data", tmp_path / "none", "export-pairs", "--out", tmp_path / "out")

    assert ran.code == 1
    assert ran.err.startswith("onramp: There is no store in ")
    assert "init" in ran.err
    assert not (tmp_path / "out").exists()


def test_the_version_is_that_of_the_package() -> None:
    ran = onramp_program("--version")

    assert ran.code == 0
    assert ran.out == "onramp 0.1.0\n"


def test_a_data_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    ran = onramp_program("--data", str(tmp_path / "file" / "below"), "init")

    assert ran.code == FAILED
    assert "cannot be the folder of a store: Not a directory" in ran.err
    assert "Traceback" not in ran.err


def test_a_fault_of_our_own_is_told_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        raise ZeroDivisionError("by nobody's leave")
    except ZeroDivisionError as error:
        report(error, debug=False)

    said = capsys.readouterr().err
    assert "a fault of Onramp's own: ZeroDivisionError: by nobody's leave" in said
    assert "--debug" in said
    assert "Traceback" not in said
