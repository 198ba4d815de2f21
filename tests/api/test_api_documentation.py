import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
ADDRESS = "http://127.0.0.1:8000"
BULK = ":bulk"
BATCH = ":batch"


def commands() -> list[list[str]]:
    """Return the words of every curl command that the document shows, in its order."""
    text = DOCUMENT.read_text(encoding="utf-8")
    shown = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).replace("\\\n", " ")
    return [shlex.split(f"curl {command}") for command in re.split(r"\bcurl\b", shown)[1:]]


def send(client: TestClient, words: list[str]) -> Any:
    options = dict(pairwise(words))
    url = next(word for word in words if word.startswith(ADDRESS))
    headers = [value for option, value in pairwise(words) if option == "-H"]
    method = options.get("-X", "POST" if "-d" in options else "GET")
    return client.request(
        method,
        url.removeprefix(ADDRESS),
        content=options.get("-d"),
        headers=[(name, value) for name, _, value in (each.partition(": ") for each in headers)],
    )


def test_every_command_that_is_shown_does_what_is_said(client: TestClient) -> None:
    shown = [words for words in commands() if not {BULK, BATCH} & _marks(words)]

    statuses = [send(client, words).status_code for words in shown]

    # The operation is one that the page made up, and the event's answer somebody else's.
    operation, event, fault = [404], [422], [422]
    kept = [201, 200, 200, 204, 200, 200, 204]
    assert statuses == [200] * 16 + kept + operation + event + fault


def _marks(words: list[str]) -> set[str]:
    """Return which of the marks of routes for many the command's address has."""
    return {mark for mark in (BULK, BATCH) if mark in str(words)}


def test_the_batch_that_is_shown_is_answered(client: TestClient) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    lines = re.findall(r"printf '%s\\n' (.*) \|", text)[0]
    headers = {"Content-Type": "application/x-ndjson"}

    answer = client.post(
        f"/v1/matches/candidates{BATCH}", content="\n".join(shlex.split(lines)), headers=headers
    )

    statuses = [json.loads(line).get("status") for line in answer.text.splitlines()]
    assert statuses == [200, 200, None]


@pytest.mark.parametrize("language", ["json", ""])
def test_the_output_that_is_shown_is_the_output(client: TestClient, language: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    [output] = re.findall(rf"```{language}\n({{.*?)```", text, re.DOTALL)
    if language:
        answer = send(client, commands()[-1]).text + "\n"
    else:
        [_, lines] = re.findall(r"printf '%s\\n' (.*) \|", text)
        body = "\n".join(shlex.split(lines))
        headers = {"Content-Type": "application/x-ndjson"}
        answer = client.post(f"/v1/credentials{BULK}", content=body, headers=headers).text
        client.delete("/v1/credentials/c-901")

    assert [json.loads(line) for line in answer.splitlines()] == [
        json.loads(line) for line in output.splitlines()
    ]
