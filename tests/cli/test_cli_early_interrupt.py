"""Ctrl-C before the work begins: said in one sentence, and never called a fault."""

import pytest

from service.cli.errors import was_interrupted
from service.errors import StoreProblem
from service.storage import SqliteStore


def test_an_import_error_that_ctrl_c_caused_counts_as_an_interruption() -> None:
    broken = ImportError("initialization failed")
    broken.__context__ = KeyboardInterrupt()

    assert was_interrupted(broken)
    assert not was_interrupted(ImportError("no module named x"))


def test_a_data_folder_that_is_a_file_is_told_as_such(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("x") / "catalog.jsonl"
    file.write_text("{}")

    with pytest.raises(StoreProblem, match="cannot be the folder of a store"):
        SqliteStore.open(file, create=True)
