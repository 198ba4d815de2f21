"""Serving: the address is told, a taken port is named, and the end is in good order."""

import json
import signal
import socket
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from service.cli.errors import CannotServe
from service.cli.serving import listen
from tests.builders.command_line import made_key, onramp
from tests.builders.running import address_of, interrupted, running


def test_a_taken_port_is_named_before_anything_slow_is_done(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ran = onramp("--data", tmp_path / "data", "serve", "--port", str(port))

    assert ran.code == 1
    assert ran.err.startswith(f"onramp: Port {port} on 127.0.0.1 cannot be had (Address already")
    assert "--port" in ran.err
    assert not (tmp_path / "data").exists()


def test_an_address_that_is_none_is_named() -> None:
    with (
        pytest.raises(CannotServe, match=r"'256\.1\.1\.1' is no address to serve on"),
        listen("256.1.1.1", 0),
    ):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_ends_in_good_order_when_it_is_told_to(
    number: signal.Signals, tmp_path: Path
) -> None:
    made_key(tmp_path)
    with running("--data", tmp_path, "serve", "--port", "0") as program:
        address = address_of(program)
        with urlopen(f"{address}/health/ready") as answer:  # noqa: S310 - it is our own address
            ready = json.load(answer)

        code, out, err = interrupted(program, number)

    assert ready["status"] == "ready"
    assert (code, out, err) == (0, "Stopped.\n", "")


@pytest.mark.slow
def test_who_serves_without_a_key_is_told_how_to_make_one(tmp_path: Path) -> None:
    words = ("--data", tmp_path, "serve", "--port", "0", "--host", "0.0.0.0")  # noqa: S104 - to see
    with running(*words) as program:
        address = address_of(program)
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{address.replace('0.0.0.0', '127.0.0.1')}/v1/meta")  # noqa: S310, S104 - ours

        code, _, err = interrupted(program, signal.SIGINT)

    assert code == 0
    assert refused.value.code == 401
    refused.value.close()
    assert f"onramp --data {tmp_path} keys create --scope admin" in err


def test_the_demo_serves_on_no_address_that_others_reach(tmp_path: Path) -> None:
    ran = onramp("--data", tmp_path / "data", "demo", env={"ONRAMP_HOST": "0.0.0.0"})  # noqa: S104 - to see

    assert ran.code == 1
    assert "The demo answers without a key, so it serves on this machine alone" in ran.err
    assert not (tmp_path / "data").exists()
