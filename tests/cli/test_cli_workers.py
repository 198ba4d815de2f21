"""Worker processes: each answers, what one takes in the others find, and all end together."""

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from tests.builders.command_line import made_key, onramp
from tests.builders.running import address_of, interrupted, running

pytestmark = pytest.mark.slow

PATIENCE_S = 60.0
CREDENTIAL = {"name": "Welding Basics", "provider": {"name": "Harbor College"}}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workers")
    assert onramp("--data", folder, "init").code == 0
    return folder


@pytest.fixture(scope="module")
def key(data: Path) -> str:
    return made_key(data)


def asked(address: str, key: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Ask on a connection of its own, which any of the workers may take."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    headers = {"content-type": "application/json", "authorization": f"Bearer {key}"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    found = answer.read()
    connection.close()
    return answer.status, json.loads(found) if found else None


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def workers_of(pid: int) -> list[psutil.Process]:
    """Return the worker processes; multiprocessing's own helper is none of them."""
    return [each for each in psutil.Process(pid).children() if _is_worker(each)]


def _is_worker(process: psutil.Process) -> bool:
    # One that has just died has no command line any more.
    with suppress(psutil.NoSuchProcess):
        return "spawn_main" in " ".join(process.cmdline())
    return False


def test_two_workers_answer_and_each_finds_what_the_other_took_in(data: Path, key: str) -> None:
    with running("--data", data, "serve", "--port", "0", "--workers", "2") as program:
        address = address_of(program)
        workers = workers_of(program.pid)
        used = {each.pid: sum(each.cpu_times()[:2]) for each in workers}

        taken = asked(address, key, "PUT", "/v1/credentials/c-1", CREDENTIAL)
        names = [asked(address, key, "GET", "/v1/credentials/c-1")[1]["name"] for _ in range(40)]
        gone = asked(address, key, "DELETE", "/v1/credentials/c-1")
        statuses = {asked(address, key, "GET", "/v1/credentials/c-1")[0] for _ in range(40)}

        code, out, err = interrupted(program, signal.SIGTERM)

    assert (len(workers), len(used)) == (2, 2)
    assert taken[0] in (200, 201)
    assert set(names) == {"Welding Basics"}
    assert gone[0] == 204
    assert statuses == {404}
    assert (code, out, err) == (0, "Stopped.\n", "")
    assert not any(each.is_running() for each in workers)


def test_a_worker_that_dies_is_replaced(data: Path, key: str) -> None:
    with running("--data", data, "serve", "--port", "0", "--workers", "2") as program:
        address = address_of(program)
        first, second = workers_of(program.pid)

        os.kill(first.pid, signal.SIGKILL)
        until(lambda: len(workers_of(program.pid)) == 2 and not first.is_running())
        ready = asked(address, key, "GET", "/health/ready")

        code, _, err = interrupted(program, signal.SIGINT)

    assert ready == (200, {"status": "ready"})
    assert second.pid != first.pid
    assert code == 0
    assert f"Worker process {first.pid} ended with exit code -9; another takes its place." in err


def test_workers_do_not_outlive_the_process_that_started_them(data: Path) -> None:
    with running("--data", data, "serve", "--port", "0", "--workers", "2") as program:
        address_of(program)
        workers = workers_of(program.pid)

        program.kill()
        program.wait()

        until(lambda: not any(each.is_running() for each in workers))


def test_what_keeps_a_worker_from_starting_is_said(tmp_path: Path) -> None:
    (tmp_path / "onramp.sqlite3").write_text("This is no database. " * 500)

    ran = onramp("--data", tmp_path, "serve", "--port", "0", "--workers", "2")

    assert ran.code == 1
    assert "A worker process did not start:" in ran.err
    assert "is damaged" in ran.err
