from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

GLASS = "t:blow-glass"
KILN = "t:run-kiln"
LABELS = {GLASS: "blow scientific glass", KILN: "run an annealing kiln"}


def credential(id: str, *skills: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "name": f"Workshop {id}",
        "provider": "Lakefield",
        "skills": [{"id": skill} for skill in skills],
        **more,
    }


WORLD: list[tuple[str, dict[str, Any]]] = [
    ("skills", {"id": GLASS, "preferred_label": LABELS[GLASS]}),
    ("skills", {"id": KILN, "preferred_label": LABELS[KILN]}),
    (
        "credentials",
        credential(
            "t-both",
            GLASS,
            KILN,
            cost={"amount": 900, "currency": "USD"},
            duration={"weeks": 10, "effort_hours": 60},
            credit=[{"units": "SemesterHour", "value": 2}],
        ),
    ),
    ("credentials", credential("t-glass", GLASS, cost={"amount": 200, "currency": "USD"})),
    ("credentials", credential("t-priceless", KILN)),
    ("learners", {"id": "t-ada", "skills": [{"id": GLASS, "evidence": "verified"}]}),
    ("learners", {"id": "t-bob", "text": "I keep bees.", "goal": {"skills": [{"id": KILN}]}}),
    (
        "jobs",
        {
            "id": "t-job",
            "title": "Glassblower",
            "skills": [
                {"id": GLASS, "importance": "required"},
                {"id": KILN, "importance": "preferred"},
            ],
        },
    ),
]


@pytest.fixture(scope="module")
def glassworks(client: TestClient) -> Iterator[TestClient]:
    """The sample and a trade of its own, of which nothing else in the store knows."""
    for plural, record in WORLD:
        assert client.put(f"/v1/{plural}/{record['id']}", json=record).status_code == 201
    yield client
    for plural, record in WORLD:
        assert client.delete(f"/v1/{plural}/{record['id']}").status_code == 204


def recommend(client: TestClient, **body: Any) -> Any:
    response = client.post("/v1/recommendations/credentials", json=body)
    assert response.status_code == 200, response.text
    return response.json()


TEAMWORK = "esco:60c78287-22eb-4103-9c8c-28deaa460da0"


def ids(items: list[Any]) -> list[str]:
    return [item["id"] for item in items]


GOAL = {"skills": [{"id": GLASS}, {"id": KILN}]}


def test_what_adds_most_comes_first_and_says_why(glassworks: TestClient) -> None:
    answer = recommend(glassworks, learner={"text": "I keep bees."}, goal=GOAL, limit=2)

    first = answer["items"][0]
    assert first["id"] == "t-both"
    assert first["rank"] == 1
    assert first["components"]["gap"] == pytest.approx(1, abs=0.005)
    assert first["name"] == "Workshop t-both"
    assert first["provider"] == {"id": None, "name": "Lakefield", "type": None}
    assert sorted(first["skills"]["added"]) == [GLASS, KILN]
    assert first["skills"]["held"] == first["skills"]["open"] == []
    assert first["cost"] == {"amount": 900.0, "currency": "USD"}
    assert first["duration"]["weeks"] == 10
    assert (first["credit"]["units"], first["credit"]["value"]) == ("SemesterHour", 2.0)
    reasons = {reason["skill"]: reason for reason in first["evidence"]}
    assert reasons[GLASS]["source"] == "stated"
    assert reasons[GLASS]["record"] == "credential:t-both"
    assert reasons[GLASS]["field"] == "skills.0"
    assert reasons[GLASS]["confidence"] == 1
    assert {skill: answer["labels"][skill] for skill in LABELS} == LABELS
    assert answer["score_meaning"].startswith("Of 100 recommendations with such a score, so many ")
    assert answer["recommendation_id"]
    assert answer["model_version"]


def test_what_the_learner_shows_is_held_and_not_added(glassworks: TestClient) -> None:
    answer = recommend(glassworks, learner={"id": "t-ada"}, goal=GOAL)

    both = next(item for item in answer["items"] if item["id"] == "t-both")
    assert both["skills"]["added"] == [KILN]
    assert both["skills"]["held"] == [GLASS]
    assert "t-glass" not in ids(answer["items"])
    assert answer["gap"]["held"] == [GLASS]
    assert answer["gap"]["open"] == [KILN]
    assert 0.4 < answer["gap"]["coverage"] < 0.6


def test_a_stored_learner_brings_their_own_goal(glassworks: TestClient) -> None:
    answer = recommend(glassworks, learner={"id": "t-bob"}, limit=2)

    assert answer["gap"]["open"] == [KILN]
    assert answer["gap"]["inferred"] is False
    assert sorted(ids(answer["items"])) == ["t-both", "t-priceless"]


def test_a_filter_holds_and_an_unknown_cost_stands_apart(glassworks: TestClient) -> None:
    filter_ = {"all": [{"field": "cost", "lte": {"amount": 300, "currency": "USD"}}]}

    answer = recommend(glassworks, learner={"text": "I keep bees."}, goal=GOAL, filter=filter_)

    assert answer["items"][0]["id"] == "t-glass"
    assert "t-both" not in ids(answer["items"])
    apart = {item["id"]: item["missing"] for item in answer["unknown_constraints"]}
    assert apart["t-priceless"] == ["cost"]
    assert "t-priceless" not in ids(answer["items"])
    assert "cost at most 300 USD" in answer["applied"]
    assert "status Active or unstated" in answer["applied"]


def test_unknown_costs_are_included_if_asked_for(glassworks: TestClient) -> None:
    filter_ = {"all": [{"field": "cost", "lte": {"amount": 300, "currency": "USD"}}]}

    answer = recommend(
        glassworks, learner={"text": "x"}, goal=GOAL, filter=filter_, unknown="include"
    )

    assert {"t-glass", "t-priceless"} <= set(ids(answer["items"]))
    assert answer["unknown_constraints"] == []


def test_a_credential_that_is_held_is_left_out_unless_asked_for(glassworks: TestClient) -> None:
    learner = {"text": "I keep bees.", "credentials": ["t-both"]}
    goal = {"skills": [{"id": GLASS}]}

    without = recommend(glassworks, learner=learner, goal=goal)

    assert "t-both" not in ids(without["items"])
    assert any("t-both" in rule for rule in without["applied"])


def test_limit_and_threshold_bound_the_page(glassworks: TestClient) -> None:
    learner = {"text": "I keep bees."}

    one = recommend(glassworks, learner=learner, goal=GOAL, limit=1)
    best = recommend(glassworks, learner=learner, goal=GOAL, threshold=98)

    assert ids(one["items"]) == ["t-both"]
    assert ids(best["items"]) == ["t-both"]


def test_the_same_question_has_the_same_answer(glassworks: TestClient) -> None:
    body = {"learner": {"text": "I weld and I keep bees."}, "goal": "welder"}

    first, second = recommend(glassworks, **body), recommend(glassworks, **body)

    assert first.pop("recommendation_id") != second.pop("recommendation_id")
    assert first == second


def test_nothing_of_an_inline_learner_is_kept(glassworks: TestClient) -> None:
    recommend(glassworks, learner={"id": "t-passing", "text": "I weld."}, goal="welder")

    assert glassworks.get("/v1/learners/t-passing").status_code == 404
    assert glassworks.get("/v1/learners/inline").status_code == 404


def test_who_shows_the_required_skill_is_the_candidate(glassworks: TestClient) -> None:
    response = glassworks.post("/v1/matches/candidates", json={"job": {"id": "t-job"}, "limit": 3})

    answer = response.json()
    assert ids(answer["items"]) == ["t-ada"]
    ada = answer["items"][0]
    assert ada["covered"] == [GLASS]
    assert KILN in ada["missing"]
    assert ada["missing_required"] == []
    assert ada["evidence"][0]["record"] == "learner:t-ada"
    stated = [asked["skill"] for asked in answer["requirements"] if asked["source"] == "stated"]
    assert stated == [GLASS, KILN]
    assert answer["labels"][KILN] == LABELS[KILN]


def test_a_candidates_skill_comes_with_all_that_shows_it_and_what_it_counts(
    glassworks: TestClient,
) -> None:
    answer = glassworks.post("/v1/matches/candidates", json={"job": {"id": "t-job"}}).json()

    reason = answer["items"][0]["evidence"][0]
    piece = reason["pieces"][0]
    assert (reason["shown_by"], reason["date"], reason["strength"]) == ("verified", None, 1.0)
    assert (piece["field"], piece["class_weight"], piece["contribution"]) == ("skills.0", 1.0, 1.0)
    assert answer["items"][0]["soft"] == {"covered": [], "missing": []}
    assert answer["items"][0]["components"]["soft"] == 0.0


def test_soft_skills_that_jobs_ask_for_are_reported_with_what_assesses_them(
    client: TestClient,
) -> None:
    body = {"title": "Crew member", "skills": [{"id": TEAMWORK}]}
    client.put("/v1/jobs/t-crew", json=body)

    report = client.get("/v1/skills/soft-coverage").json()
    client.delete("/v1/jobs/t-crew")

    asked = {each["skill"]: each for each in report["skills"]}
    assert asked[TEAMWORK]["jobs"] >= 1
    assert report["labels"][TEAMWORK] == "work in teams"
    assert 0 <= report["share_without"] <= 1


def test_an_inline_job_is_matched_and_near_misses_come_if_asked_for(
    glassworks: TestClient,
) -> None:
    both = [{"id": GLASS, "importance": "required"}, {"id": KILN, "importance": "required"}]
    job = {"title": "Glassblower", "skills": both}

    silent = glassworks.post("/v1/matches/candidates", json={"job": job}).json()
    asked = glassworks.post("/v1/matches/candidates", json={"job": job, "near_misses": True}).json()

    assert silent["items"] == silent["near_misses"] == []
    assert silent["near_miss_count"] >= 1
    assert asked["near_misses"][0]["id"] == "t-ada"
    assert asked["near_misses"][0]["missing_required"] == [KILN]


def test_a_learner_finds_the_job_they_fit(glassworks: TestClient) -> None:
    answer = glassworks.post("/v1/matches/jobs", json={"learner": {"id": "t-ada"}}).json()

    assert answer["items"][0]["id"] == "t-job"
    assert answer["items"][0]["covered"] == [GLASS]
    assert KILN in answer["items"][0]["missing"]


def test_the_gap_weighs_what_is_held_against_what_is_open(glassworks: TestClient) -> None:
    response = glassworks.post("/v1/skills/gap", json={"learner": {"id": "t-ada"}, "goal": GOAL})

    gap = response.json()
    assert [row["requirement"]["skill"] for row in gap["held"]] == [GLASS]
    assert [row["requirement"]["skill"] for row in gap["open"]] == [KILN]
    assert gap["held"][0]["covered"] > gap["open"][0]["covered"]
    assert gap["labels"][GLASS] == LABELS[GLASS]


def test_skills_are_found_in_a_text_with_the_words_that_name_them(client: TestClient) -> None:
    text = "I write SQL queries."

    response = client.post("/v1/skills/extract", json={"text": text, "limit": 3})

    best = response.json()["skills"][0]
    start, end = best["span"]
    assert best["label"] == "SQL"
    assert text[start:end] == best["text"] == "SQL"
    assert len(response.json()["skills"]) <= 3
