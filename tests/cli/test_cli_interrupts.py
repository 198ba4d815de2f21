"""Ctrl-C: what is under way is kept, and the same command goes on from there."""

import signal
import time
from pathlib import Path

import pytest

from service.cli.interrupts import stopping
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.storage import SqliteStore
from tests.builders.command_line import onramp_program, write_lines
from tests.builders.running import interrupted, running

LINES = 2000
WAIT_S = 60


def test_the_first_interrupt_is_a_wish_and_the_second_is_obeyed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with stopping("soon") as stop:
        signal.raise_signal(signal.SIGINT)

        assert stop.wanted
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    assert "Stopping soon; press Ctrl-C again" in capsys.readouterr().err


def test_without_an_interrupt_the_next_one_is_as_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)

    with stopping("soon") as stop:
        pass

    assert not stop.wanted
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.slow
def test_an_interrupted_import_keeps_what_it_says_and_goes_on_when_run_again(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    lines = [
        {"id": f"c-{number:05d}", "name": f"Databases {number}", "provider": "Lakefield"}
        for number in range(LINES)
    ]
    file = write_lines(tmp_path / "c.jsonl", lines)
    words = ("--data", data, "import", "credentials", file)
    assert onramp_program("--data", data, "init").code == 0

    with SqliteStore.open(data, create=False) as store, running(*words) as program:
        wait_for_a_credential(store)
        code, _, err = interrupted(program, signal.SIGINT)
        kept = credentials_in(store)
    again = onramp_program("--data", data, "--json", "import", "credentials", file)

    assert code == 130
    assert 0 < kept < LINES
    assert f"Interrupted: {kept:,} records are kept. Run the same command again" in err
    assert again.code == 0
    assert again.json["unchanged"] == kept
    assert again.json["created"] == LINES - kept


def credentials_in(store: SqliteStore) -> int:
    return store.counts(DEFAULT_TENANT).get(Kind.CREDENTIAL, 0)


def wait_for_a_credential(store: SqliteStore) -> None:
    deadline = time.monotonic() + WAIT_S
    while not credentials_in(store):
        assert time.monotonic() < deadline, "the import did not begin"
        time.sleep(0.02)
