"""Cases that are made from the API's description, and what it must never answer."""

import shutil
from pathlib import Path

import pytest

from benchmarks.fuzz import Outcome, fuzz, fuzzed_app, key_for_all, read_as_ids, with_lines
from service.app import create_app
from service.settings import Settings
from service.storage import STORE_FILE
from service.wiring import Services, open_services

CASES = 5_000


def test_lines_are_described_as_lists_of_what_is_in_a_line(api_services: Services) -> None:
    document = create_app(api_services).openapi()

    described = with_lines(document)["paths"]["/v1/jobs:bulk"]["post"]["requestBody"]["content"]

    assert described["application/x-ndjson"]["schema"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/JobBody"},
    }


def test_a_path_that_is_an_ids_as_well_is_known() -> None:
    paths = ["/v1/skills", "/v1/skills/{id}", "/v1/skills/gap", "/v1/keys/{id}", "/v1/keys/{id}:on"]

    assert read_as_ids(paths) == ["/v1/keys/{id}:on", "/v1/skills/gap"]


def test_rounds_that_were_done_are_not_done_again(tmp_path: Path) -> None:
    done = Outcome(seeds=[1, 2], findings={"what": "how"}, seconds=2.5)
    done.phases["coverage"] += 7

    done.keep(tmp_path / "fuzz.json")
    found = Outcome.read(tmp_path / "fuzz.json")

    assert found == done
    assert found.cases == 7
    assert Outcome.read(tmp_path / "none.json") == Outcome()


@pytest.mark.slow
def test_no_case_meets_a_server_error_or_an_answer_that_is_not_described(
    api_services: Services, tmp_path: Path
) -> None:
    # The pepper too, if other tests have made keys before.
    for each in api_services.settings.data.glob("pepper"):
        shutil.copy(each, tmp_path)
    shutil.copy(api_services.settings.data / STORE_FILE, tmp_path / STORE_FILE)
    with open_services(Settings(data=tmp_path)) as services:
        outcome = fuzz(fuzzed_app(services), key_for_all(services), cases=CASES)

    assert outcome.findings == {}
    assert outcome.cases >= CASES
    assert {"coverage", "examples", "fuzzing"} <= outcome.phases.keys()
