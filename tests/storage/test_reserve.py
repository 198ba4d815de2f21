"""Space is kept back on the disk, and given up only so that a record can be removed."""

import logging
import shutil
import stat
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.errors import StoreFull
from service.matching.ports import RecordKey
from service.storage import SqliteStore
from service.storage.reserve import RESERVE_FILE, Reserve
from tests.builders.records import numbered_skills

SIZE = 100_000


def test_the_reserve_is_filled_with_the_first_write_and_only_its_owner_may_read_it(
    tmp_path: Path,
) -> None:
    with SqliteStore.open(tmp_path, create=True, reserve_bytes=SIZE) as store:
        store.commit(DEFAULT_TENANT, numbered_skills(1))

    kept = (tmp_path / RESERVE_FILE).stat()
    assert kept.st_size == SIZE
    # Real blocks: a file with holes would give nothing back.
    assert kept.st_blocks * 512 >= SIZE
    assert stat.S_IMODE(kept.st_mode) == 0o600


def test_a_store_without_a_reserve_has_no_file_of_it(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(DEFAULT_TENANT, numbered_skills(1))

    assert not (tmp_path / RESERVE_FILE).exists()


def test_where_less_is_free_than_is_kept_back_only_removing_goes_on(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(DEFAULT_TENANT, numbered_skills(2))
    more_than_there_is = shutil.disk_usage(tmp_path).free * 2
    with SqliteStore.open(tmp_path, create=True, reserve_bytes=more_than_there_is) as store:
        with pytest.raises(StoreFull, match=r"kept back .*ONRAMP_RESERVE_MB"):
            store.commit(DEFAULT_TENANT, numbered_skills(1, start=5))

        store.commit(DEFAULT_TENANT, [], [RecordKey(Kind.SKILL, "skill:000001")])

        assert store.counts(DEFAULT_TENANT)[Kind.SKILL] == 1


def test_a_reserve_that_was_released_is_filled_again_when_there_is_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reserve = Reserve(tmp_path, SIZE)
    reserve.check()

    with caplog.at_level(logging.WARNING), reserve.released():
        was_there = (tmp_path / RESERVE_FILE).exists()

    assert not was_there
    assert (tmp_path / RESERVE_FILE).stat().st_size == SIZE
    assert "released to erase a record" in caplog.text
