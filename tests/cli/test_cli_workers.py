"""Worker processes: each answers, what one takes in the others find, and all end together."""

import json
import os
import signal
import time
from collections import Counter
from contextlib import closing, suppress
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.builders import waiting
from tests.builders.command_line import made_key, onramp
from tests.builders.running import address_of, interrupted, running

pytestmark = pytest.mark.slow

until = partial(waiting.until, patience_s=60.0, every_s=0.05)
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
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=30)) as connection:
        return asked_on(connection, key, method, path, body)


def asked_on(
    connection: HTTPConnection, key: str, method: str, path: str, body: object = None
) -> tuple[int, Any]:
    """Ask on a connection that stays open."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {key}"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    found = answer.read()
    return answer.status, json.loads(found) if found else None


def counted(address: str, method: str) -> dict[str, float]:
    """Return how many requests for one credential each worker has answered."""
    with urlopen(f"{address}/metrics") as answer:  # noqa: S310 - it is our own address
        text = answer.read().decode()
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = sample.labels
            if (
                sample.name == "onramp_http_requests_total"
                and labels["route"] == "/v1/credentials/{id}"
                and labels["method"] == method
            ):
                found[labels["worker"]] = found.get(labels["worker"], 0) + sample.value
    return found


def workers_of(pid: int) -> list[psutil.Process]:
    """Return the worker processes; multiprocessing's own helper is none of them."""
    return [each for each in psutil.Process(pid).children() if _is_worker(each)]


def _is_worker(process: psutil.Process) -> bool:
    # One that has just died has no command line any more.
    with suppress(psutil.NoSuchProcess):
        return "spawn_main" in " ".join(process.cmdline())
    return False


def test_two_workers_answer_and_each_finds_what_the_other_took_in(data: Path, key: str) -> None:
    words = ("--data", data, "serve", "--port", "0", "--workers", "2")
    with running(*words, log_level="info") as program:
        address = address_of(program)
        workers = workers_of(program.pid)
        used = {each.pid: sum(each.cpu_times()[:2]) for each in workers}

        # Of those that are open at once each worker has its share, once all of them serve.
        places = [HTTPConnection(urlsplit(address).netloc, timeout=30) for _ in range(4)]
        until(lambda: min(spread(places, workers)) == 2)

        taken = asked(address, key, "PUT", "/v1/credentials/c-1", CREDENTIAL)
        names = [
            asked_on(each, key, "GET", "/v1/credentials/c-1")[1]["name"] for each in places * 10
        ]
        gone = asked(address, key, "DELETE", "/v1/credentials/c-1")
        statuses = {asked_on(each, key, "GET", "/v1/credentials/c-1")[0] for each in places * 10}
        for each in places:
            each.close()
        # What the other worker counted is known a second later.
        until(lambda: sum(counted(address, "GET").values()) == 80)
        by_worker = counted(address, "GET")

        code, out, err = interrupted(program, signal.SIGTERM)

    assert (len(workers), len(used)) == (2, 2)
    assert taken[0] in (200, 201)
    assert set(names) == {"Welding Basics"}
    assert gone[0] == 204
    assert statuses == {404}
    assert (code, out) == (0, "Stopped.\n")
    assert by_worker.keys() == {"0", "1"}
    lines = [json.loads(line) for line in err.splitlines()]
    assert {(line["event"], line["level"]) for line in lines} == {("request", "info")}
    assert Counter((line["method"], line["status"]) for line in lines) == {
        ("PUT", 201): 1,
        ("GET", 200): 40,
        ("DELETE", 204): 1,
        ("GET", 404): 40,
    }
    assert not any(each.is_running() for each in workers)


def test_connections_that_are_kept_are_spread_over_the_workers(data: Path) -> None:
    with running("--data", data, "serve", "--port", "0", "--workers", "2") as server:
        place = urlsplit(address_of(server)).netloc

        fewest = sorted(min(kept_by_each(server.pid, place, count=8)) for _ in range(5))

    # A turn that is left to the other for too long is taken, so one round may be uneven; where
    # nobody leaves a turn to the other, one has all eight in most rounds.
    assert fewest[len(fewest) // 2] >= 3


def test_clients_whom_one_worker_had_all_alone_come_to_the_other(data: Path) -> None:
    with running("--data", data, "serve", "--port", "0", "--workers", "2") as server:
        place = urlsplit(address_of(server)).netloc
        workers = workers_of(server.pid)
        workers[1].suspend()
        kept = [HTTPConnection(place, timeout=30) for _ in range(8)]
        alone = spread(kept, workers)
        workers[1].resume()

        until(lambda: min(spread(kept, workers)) >= 3)
        for connection in kept:
            connection.close()

    assert alone == [8, 0]


def kept_by_each(server: int, place: str, *, count: int) -> list[int]:
    """Open connections that stay open, and return how many of them each worker has."""
    kept = [HTTPConnection(place, timeout=30) for _ in range(count)]
    try:
        return spread(kept, workers_of(server))
    finally:
        for connection in kept:
            connection.close()


def spread(kept: list[HTTPConnection], workers: list[psutil.Process]) -> list[int]:
    """Ask on each connection; return how many connections each worker has then.

    One that was ended with an answer is opened anew.
    """
    for connection in kept:
        connection.request("GET", "/health/live")
        assert connection.getresponse().read()
    return [
        sum(each.status == psutil.CONN_ESTABLISHED for each in worker.net_connections("tcp"))
        for worker in workers
    ]


def test_a_key_that_is_revoked_opens_nothing_in_any_worker_a_second_later(
    data: Path, key: str
) -> None:
    assert onramp("--data", data, "tenants", "add", "harbor").code == 0
    own = made_key(
        data, "--tenant", "harbor", "--scope", "catalog:read", "--scope", "catalog:write"
    )
    with running("--data", data, "serve", "--port", "0", "--workers", "2") as program:
        address = address_of(program)
        taken = asked(address, own, "PUT", "/v1/credentials/c-2", CREDENTIAL)
        seen = {asked(address, own, "GET", "/v1/credentials/c-2")[0] for _ in range(20)}
        elsewhere = {asked(address, key, "GET", "/v1/credentials/c-2")[0] for _ in range(20)}

        revoked = asked(address, key, "DELETE", f"/v1/keys/{own[:13]}")
        time.sleep(1.0)
        after = {asked(address, own, "GET", "/v1/credentials/c-2")[0] for _ in range(40)}

        code, _, err = interrupted(program, signal.SIGTERM)

    assert (taken[0], seen, elsewhere) == (201, {200}, {404})
    assert (revoked[0], after) == (204, {401})
    assert (code, err) == (0, "")


def test_a_worker_that_dies_is_replaced(data: Path, key: str) -> None:
    with running("--data", data, "serve", "--port", "0", "--workers", "2") as program:
        address = address_of(program)
        first, second = workers_of(program.pid)
        opened = psutil.Process(program.pid).num_fds()

        os.kill(first.pid, signal.SIGKILL)
        until(lambda: len(workers_of(program.pid)) == 2 and not first.is_running())
        # What the one that is gone had of pipes and handles is closed.
        until(lambda: psutil.Process(program.pid).num_fds() == opened)
        ready = asked(address, key, "GET", "/health/ready")

        code, _, err = interrupted(program, signal.SIGINT)

    assert ready == (200, {"status": "ready", "tenants_in_trouble": 0})
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


def test_what_keeps_a_worker_from_starting_is_said(data: Path) -> None:
    half = {"ONRAMP_OIDC_ISSUER": "https://sign-in.example"}

    ran = onramp("--data", data, "serve", "--port", "0", "--workers", "2", env=half)

    assert ran.code == 1
    assert "A worker process did not start:" in ran.err
    assert "ONRAMP_OIDC_JWKS go together" in ran.err


def test_a_damaged_store_is_said_before_any_worker_is_started(tmp_path: Path) -> None:
    (tmp_path / "onramp.sqlite3").write_text("This is no database. " * 500)

    ran = onramp("--data", tmp_path, "serve", "--port", "0", "--workers", "2")

    assert ran.code == 1
    assert "is damaged" in ran.err
