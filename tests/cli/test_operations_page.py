"""The page on operations says what the code does: settings, figures and fields of the log."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types
from prometheus_client import CollectorRegistry, ProcessCollector

from service.answers.vitals import Vitals
from service.api.metrics import Board, RequestFigures, ServiceFigures
from service.domain.record import Kind
from service.logs import FIELDS
from service.settings import PREFIX, Settings

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    (table,) = re.findall(rf"^{re.escape(heading)}\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [
        [cell.strip() for cell in row.strip().strip("|").split("|")] for row in table.splitlines()
    ]


def shown_default(name: str) -> str:
    default = Settings.model_fields[name].default
    if default is None:
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def known_figures() -> set[str]:
    """Return the names of every figure that a running service has."""
    vitals = Vitals(
        indexed=dict.fromkeys(Kind, 0),
        index_sequence=0,
        store_sequence=0,
        decisions_waiting=0,
        tenants_open=0,
        tenants_in_trouble=0,
        is_read_only=False,
    )
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(ServiceFigures(lambda: vitals, version="1"))
    RequestFigures(registry).count("/v1/meta", "GET", 200, 0.1)
    return {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in Board(registry).collect()
    }


def test_the_page_lists_every_setting_with_its_name_in_a_file_and_its_default() -> None:
    listed = {
        row[0].strip("`"): row for row in rows("| variable | in the file | default | what it is |")
    }

    assert list(listed) == [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name in Settings.model_fields:
        _, in_file, default, _ = listed[f"{PREFIX}{name.upper()}"]
        assert in_file == ("" if name == "config" else f"`{name}`")
        assert default == shown_default(name)


def test_the_file_that_is_shown_is_one() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)

    assert Settings(**tomllib.loads(text)).workers == 2


def test_the_page_lists_every_field_that_a_line_may_have() -> None:
    listed = {
        name for row in rows("| field | what it is |") for name in re.findall(r"`(\w+)`", row[0])
    }

    assert listed == {"timestamp", "level", "logger", "event", "exception", *FIELDS}


def test_the_page_lists_every_figure() -> None:
    listed = {
        name
        for row in rows("| figure | labels | what it is |")
        for name in re.findall(r"`(\w+)`", row[0])
    }

    assert {name for name in known_figures() if name.startswith("onramp_")} == {
        name for name in listed if name.startswith("onramp_")
    }
    assert {name for name in listed if name.startswith("process_")} <= known_figures()


def test_every_alert_asks_for_figures_that_there_are() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (group,) = yaml.safe_load(text)["groups"]

    asked = {
        name.removesuffix("_bucket")
        for rule in group["rules"]
        for name in re.findall(r"onramp_\w+", rule["expr"])
    }

    assert len(group["rules"]) >= 8
    assert asked <= known_figures()


@pytest.mark.parametrize("named", ["deploy/compose.yaml", "/health/ready", "onramp config show"])
def test_the_page_tells_how_to_run_it(named: str) -> None:
    assert named in PAGE
