"""A copy follows the file that it is made of, part by part, and nothing is missed."""

from pathlib import Path

import numpy as np
import pytest

from service.storage.copying import Pair

STEP = 2 * 1024 * 1024


@pytest.mark.parametrize("size", [0, 1, 100_000, STEP, 3 * STEP + 17])
@pytest.mark.parametrize("copied", [0, 1, 70_000, STEP - 1, 3 * STEP + 17])
def test_what_differs_is_found_and_taken_over_and_then_nothing_does(
    size: int, copied: int, tmp_path: Path
) -> None:
    drawn = np.random.default_rng(size + copied)
    body = bytearray(drawn.bytes(size))
    (tmp_path / "old").write_bytes(body)
    (tmp_path / "new").write_bytes(body[:copied])

    with (tmp_path / "old").open("rb+") as old, (tmp_path / "new").open("rb+") as new:
        pair = Pair(old.fileno(), new.fileno())
        pair.take_over(pair.differing(pair.steps()))
        for place in drawn.integers(0, size, 3).tolist() if size else []:
            old.seek(place)
            old.write(b"X")
        old.flush()
        changed = pair.differing(pair.steps())
        pair.take_over(changed)
        rest = pair.differing(pair.steps())

    assert (tmp_path / "old").read_bytes() == (tmp_path / "new").read_bytes()
    assert len(changed) <= 3
    assert rest == []
