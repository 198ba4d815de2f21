"""A list of recommendations over HTTP: what may be wished of it, and what is refused."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

PATH = "/v1/recommendations/credentials"
ASKED = {"learner": {"text": "I keep the books."}, "goal": "data analyst"}


def ask(client: TestClient, **wishes: Any) -> Any:
    response = client.post(PATH, json={**ASKED, **wishes})
    assert response.status_code == 200, response.text
    return response.json()


def ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer["items"]]


def test_pinned_items_come_first_and_excluded_ones_never(client: TestClient) -> None:
    plain = ids(ask(client, limit=5))

    wished = ask(client, limit=5, pinned=[plain[3]], exclude=[plain[0]])

    assert wished["items"][0]["id"] == plain[3]
    assert wished["items"][0]["pinned"] is True
    assert plain[0] not in ids(wished)


def test_a_score_can_be_added_up_from_what_is_shown(client: TestClient) -> None:
    weights = {"gap": 0.5, "demand": 0.1, "relevance": 0.1, "credit": 0.1, "cost": 0.1, "time": 0.1}

    answer = ask(client, weights=weights)

    assert answer["weights"] == weights
    for item in answer["items"]:
        assert item["components"].keys() == weights.keys()
        total = 100 * sum(weights[name] * share for name, share in item["components"].items())
        assert item["score"] == pytest.approx(total, abs=0.06)


def test_a_weight_that_is_left_out_keeps_its_default(client: TestClient) -> None:
    assert ask(client, weights={"cost": 0})["weights"] == {
        **ask(client)["weights"],
        "cost": 0.0,
    }


def test_each_hop_of_a_trace_can_be_fetched(client: TestClient) -> None:
    answer = ask(client, limit=3)

    for item in answer["items"]:
        assert item["trace"]
        for hop in item["trace"]:
            assert hop["credential"] == item["id"]
            assert hop["skill"] in item["skills"]["added"]
            assert client.get(f"/v1/skills/{hop['skill']}").status_code == 200
            if hop["job"]:
                assert client.get(f"/v1/jobs/{hop['job']}").status_code == 200


def test_full_explanations_say_what_is_unlocked(client: TestClient) -> None:
    short, full = ask(client, limit=3), ask(client, limit=3, explain="full")

    assert [item["unlocks"] for item in short["items"]] == [None] * 3
    for item in full["items"]:
        assert item["unlocks"]["at"] == 50
        assert len(item["unlocks"]["sample"]) == min(item["unlocks"]["jobs"], 20)


def test_no_more_of_one_provider_come_than_are_wished(client: TestClient) -> None:
    answer = ask(client, limit=8, diversify={"by": "provider", "max_per_group": 1})

    providers = [item["provider"]["name"] for item in answer["items"]]
    assert len(providers) == len(set(providers)) > 1


def test_limits_are_given_up_in_order_and_each_break_is_named(client: TestClient) -> None:
    cost = {"field": "cost", "lte": {"amount": 0, "currency": "USD"}}
    limits = {"all": [cost, {"field": "duration.weeks", "lte": 1}]}

    strict = ask(client, filter=limits)
    relaxed = ask(client, filter=limits, relax=["duration.weeks", "cost"])

    assert strict["relaxed"] == []
    assert relaxed["relaxed"] == ["duration.weeks at most 1", "cost at most 0 USD"]
    assert len(relaxed["items"]) == 10
    assert all(set(item["breaks"]) <= set(relaxed["relaxed"]) for item in relaxed["items"])
    assert any(item["breaks"] for item in relaxed["items"])


@pytest.mark.parametrize(
    ("wishes", "pointer"),
    [
        ({"weights": {"gap": 1.5}}, "/weights/gap"),
        ({"weights": {"price": 0.5}}, "/weights/price"),
        ({"weights": dict.fromkeys(["gap", "demand", "relevance", "credit", "cost", "time"], 0)},
         "/weights"),
        ({"pinned": ["no id"]}, "/pinned/0"),
        ({"pinned": ["c-nowhere"]}, "/pinned/0"),
        ({"relax": ["price"]}, "/relax/0"),
        ({"relax": ["cost", "cost"]}, "/relax/1"),
        ({"diversify": {"max_per_group": 0}}, "/diversify/max_per_group"),
        ({"diversify": {"by": "color"}}, "/diversify/by"),
        ({"explain": "long"}, "/explain"),
        ({"unlocks": "yes"}, "/unlocks"),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_met_is_refused_with_its_place(
    client: TestClient, wishes: dict[str, Any], pointer: str
) -> None:
    response = client.post(PATH, json={**ASKED, **wishes})

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]
