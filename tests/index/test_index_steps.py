"""A save tells its steps, so that a test can end the process at any of them."""

from pathlib import Path

from index import ExactIndex, listen
from tests.builders.vectors import numbered, unit_vectors


def test_a_save_tells_its_steps_in_their_order_and_the_manifest_comes_last(tmp_path: Path) -> None:
    steps: list[str] = []
    listen(steps.append)

    ExactIndex.build(numbered(3), unit_vectors(3)).save(tmp_path, metadata={})

    a_file = ["index.before-fsync", "index.before-rename", "index.after-rename"]
    assert steps == [*a_file, *a_file, "index.before-manifest", *a_file, "index.after-manifest"]
