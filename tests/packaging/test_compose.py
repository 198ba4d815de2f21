"""The compose file: Onramp hardened behind Caddy, each told what the other expects."""

import re
import shlex
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types

from service.api.middleware import BULK_LIMIT
from service.cli.stopping import STOP_S
from service.settings import PREFIX, LogFormat, Settings
from tests.builders.command_line import onramp
from tests.packaging.dockerfile import parse

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
CADDYFILE = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
IMAGE = parse((ROOT / "Dockerfile").read_text())[-1]
ONRAMP = COMPOSE["services"]["onramp"]
CADDY = COMPOSE["services"]["caddy"]


def test_there_are_onramp_and_what_brings_tls() -> None:
    assert COMPOSE["services"].keys() == {"onramp", "caddy"}
    assert (DEPLOY / ONRAMP["build"] / "Dockerfile").is_file()


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_container_can_do_no_more_than_it_has_to(name: str) -> None:
    container = COMPOSE["services"][name]

    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert all("noexec" in each and "size=" in each for each in container["tmpfs"])
    assert container["restart"] == "unless-stopped"
    assert not container.get("privileged")


def test_caddy_may_bind_low_ports_and_nothing_else() -> None:
    assert "cap_add" not in ONRAMP
    assert CADDY["cap_add"] == ["NET_BIND_SERVICE"]
    assert {each.partition(":")[0] for each in CADDY["ports"]} == {"80", "443"}


def test_onramp_runs_as_the_user_of_the_image_and_keeps_its_data_in_a_volume() -> None:
    (volume,) = IMAGE.all("VOLUME")
    (port,) = IMAGE.all("EXPOSE")
    created = [word for found in IMAGE.all("RUN") for each in found.commands for word in each]

    assert ONRAMP["user"] in created
    assert ONRAMP["volumes"] == [f"data:{volume.rest}"]
    assert "data" in COMPOSE["volumes"]
    assert ONRAMP["expose"] == [port.rest]


def test_onramp_is_reached_through_caddy_alone_and_reaches_nobody() -> None:
    assert "ports" not in ONRAMP
    assert ONRAMP["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert set(CADDY["networks"]) == {"inside", "outside"}


def test_health_is_asked_as_the_image_asks_it_and_caddy_waits_for_it() -> None:
    (health,) = IMAGE.all("HEALTHCHECK")
    asked = ONRAMP["healthcheck"]["test"]

    assert asked[0] == "CMD"
    assert asked[-1] in health.rest
    assert CADDY["depends_on"] == {"onramp": {"condition": "service_healthy"}}
    assert "health_uri /health/ready" in CADDYFILE


def test_what_is_set_are_settings() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}

    [inside] = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert ONRAMP["environment"].keys() <= known
    # Caddy alone is there, and tells who asks.
    assert ONRAMP["environment"]["ONRAMP_PROXIES"] == inside["subnet"]
    assert ONRAMP["environment"]["ONRAMP_HOSTS"] == CADDY["environment"]["ONRAMP_SITE"]
    assert ONRAMP["environment"]["ONRAMP_LOG_FORMAT"] == LogFormat.JSON


def test_the_pepper_is_passed_on_where_it_is_given() -> None:
    # A name alone: compose takes the value from where it runs, and sets nothing if there is none.
    assert ONRAMP["environment"]["ONRAMP_PEPPER"] is None


def test_what_may_be_given_from_outside_is_what_the_page_says() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    given = {*re.findall(r"\$\{(ONRAMP_\w+)", text), "ONRAMP_PEPPER"}
    (line,) = re.findall(r"^(`ONRAMP_.*) are taken from where compose runs", PAGE, re.MULTILINE)

    assert {*re.findall(r"ONRAMP_\w+", line), "ONRAMP_SITE"} == given


def test_the_first_key_is_made_in_the_container_as_the_page_says(tmp_path: Path) -> None:
    (line,) = re.findall(r"^docker compose (.*keys create.*)$", PAGE, re.MULTILINE)
    flag, file, verb, service, program, *words = shlex.split(line)
    (volume,) = IMAGE.all("VOLUME")

    assert (flag, ROOT / file, verb) == ("--file", DEPLOY / "compose.yaml", "exec")
    assert (COMPOSE["services"][service], program) == (ONRAMP, "onramp")
    assert words[:2] == ["--data", volume.rest]

    made = onramp("--data", tmp_path, *words[2:], env={"ONRAMP_PEPPER": "p" * 32})

    assert (made.code, made.out[:3]) == (0, "sk_")
    assert not (tmp_path / "pepper").exists()


def test_a_stop_has_the_time_that_it_takes() -> None:
    assert int(ONRAMP["stop_grace_period"].removesuffix("s")) > STOP_S + 2


def test_caddy_serves_the_site_passes_bulk_bodies_on_and_keeps_figures_inside() -> None:
    (site,) = re.findall(r"^\{\$(\w+):localhost\} \{$", CADDYFILE, re.MULTILINE)
    (port,) = IMAGE.all("EXPOSE")
    (size,) = re.findall(r"max_size (\d+)MB", CADDYFILE)
    (closed,) = re.findall(r"@(\w+) path /metrics", CADDYFILE)

    assert site in CADDY["environment"]
    assert f"reverse_proxy onramp:{port.rest} {{" in CADDYFILE
    assert int(size) * 1_000_000 >= BULK_LIMIT
    assert f"respond @{closed} 404" in CADDYFILE
    assert "read_header 10s" in CADDYFILE
    assert CADDYFILE.count("{") == CADDYFILE.count("}")
    assert "./Caddyfile:/etc/caddy/Caddyfile:ro" in CADDY["volumes"]
