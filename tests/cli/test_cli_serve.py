"""Serving: the address is told, a taken port is named, and the end is in good order."""

import json
import signal
import socket
from pathlib import Path
from urllib.request import urlopen

import pytest

from service.cli.errors import CannotServe
from service.cli.serving import listen
from tests.builders.command_line import onramp
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
    with running("--data", tmp_path, "serve", "--port", "0") as program:
        address = address_of(program)
        with urlopen(f"{address}/health/ready") as answer:  # noqa: S310 - it is our own address
            ready = json.load(answer)

        code, out, err = interrupted(program, number)

    assert ready["status"] == "ready"
    assert (code, out, err) == (0, "Stopped.\n", "")


@pytest.mark.slow
def test_who_serves_to_other_machines_is_warned(tmp_path: Path) -> None:
    words = ("--data", tmp_path, "serve", "--port", "0", "--host", "0.0.0.0")  # noqa: S104 - to see
    with running(*words) as program:
        address_of(program)

        code, _, err = interrupted(program, signal.SIGINT)

    assert code == 0
    assert "there are no keys yet" in err
