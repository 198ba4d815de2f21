"""A person's word, names and likeness over HTTP: values, and problems that say where."""

import pytest
from fastapi.testclient import TestClient

Problem = tuple[int, str, list[str]]

EHR = "lakefield:ehr"
RECORD = "/v1/credentials/c-judged"


@pytest.fixture
def judged(client: TestClient) -> str:
    body = {"name": "Health records", "provider": "Lakefield", "skills": [{"id": EHR}]}
    client.put(RECORD, json=body)
    return RECORD


def test_a_word_is_kept_listed_and_taken_back(client: TestClient, judged: str) -> None:
    body = {"verdict": "rejected", "note": "It only mentions it."}
    before = client.get(f"{judged}/skills").json()

    put = client.put(f"{judged}/skills/{EHR}", json=body)
    same = client.put(f"{judged}/skills/{EHR}", json=body)
    listed = client.get(f"{judged}/skills")
    gone = client.delete(f"{judged}/skills/{EHR}")
    after = client.get(f"{judged}/skills").json()

    revision = before["revision"] + 1
    assert put.json() == {
        "id": "c-judged",
        "status": "updated",
        "revision": revision,
        "warnings": [],
    }
    assert listed.headers["ETag"].startswith(f'"{revision}-')
    assert same.json()["status"] == "unchanged"
    assert listed.json()["skills"][-1] == {
        "skill": EHR,
        "label": "work in an electronic health record",
        "verdict": "rejected",
        "note": "It only mentions it.",
        "link": None,
    }
    assert (gone.status_code, gone.content) == (204, b"")
    assert after == {**before, "revision": revision + 1}


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        (
            f"/v1/learners/l-404/skills/{EHR}",
            {"verdict": "confirmed"},
            (404, "There is no learner with the id 'l-404'.", []),
        ),
        (
            f"{RECORD}/skills/s:none",
            {"verdict": "confirmed"},
            (404, "There is no skill with the id 's:none'.", []),
        ),
        (
            f"{RECORD}/skills/{EHR}",
            {"verdict": "maybe"},
            (422, "verdict: 'maybe' is not one of confirmed, rejected.", ["/verdict"]),
        ),
        (f"{RECORD}/skills/{EHR}", {"note": "x"}, (422, "verdict: is missing.", ["/verdict"])),
    ],
)
def test_a_word_that_cannot_be_kept_is_refused_with_what_and_where(
    client: TestClient, judged: str, path: str, body: dict[str, str], problem: Problem
) -> None:
    before = client.get(f"{judged}/skills").json()

    refused = client.put(path, json=body)

    told = refused.json()
    pointers = [fault["pointer"] for fault in told["errors"]]
    assert (refused.status_code, told["detail"], pointers) == problem
    assert client.get(f"{judged}/skills").json() == before


def test_skills_have_no_skills_to_judge(client: TestClient) -> None:
    assert client.put(f"/v1/skills/{EHR}/skills/{EHR}", json={}).status_code == 404


def test_every_fault_of_names_and_examples_has_its_pointer(client: TestClient) -> None:
    names = client.post(
        "/v1/skills/normalize", json={"names": ["a", "\u200b"], "min_confidence": 0.05}
    )
    like = client.post(
        "/v1/similar", json={"positive": [{"kind": "person", "id": "x"}], "kind": "learner"}
    )
    none = client.post("/v1/similar", json={"positive": [], "kind": "job"})

    assert [fault["pointer"] for fault in names.json()["errors"]] == ["/names/1", "/min_confidence"]
    assert [fault["pointer"] for fault in like.json()["errors"]] == ["/positive/0/kind", "/kind"]
    assert [fault["pointer"] for fault in none.json()["errors"]] == ["/positive"]
    assert {names.status_code, like.status_code, none.status_code} == {422}
