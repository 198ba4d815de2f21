"""The whole way on the command line: the sample in, recommendations and candidates out."""

from pathlib import Path
from typing import Any

import pytest

from service.api.examples import example
from service.domain.record import Kind
from tests.builders.command_line import Ran, onramp, read_lines_of, write_lines
from tests.builders.sample import FILES, SAMPLE

pytestmark = pytest.mark.slow

GOAL = "Medical Records Specialists"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store into which the sample was imported, file by file, by the command line."""
    folder = tmp_path_factory.mktemp("journey")
    for kind, name in FILES.items():
        ran = onramp("--data", folder, "--json", "import", f"{kind}s", SAMPLE / name)
        assert ran.code == 0, ran.err
        assert ran.json["created"] == len(sample(name))
        assert ran.json["bad"] == 0
    return folder


def sample(name: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = read_lines_of(SAMPLE / name)
    return lines


def asked(data: Path, *words: str | Path) -> Ran:
    return onramp("--data", data, "--json", *words)


def test_a_second_import_reports_no_change(data: Path) -> None:
    for kind in (Kind.CREDENTIAL, Kind.LEARNER):
        name = FILES[kind]
        ran = asked(data, "import", f"{kind}s", SAMPLE / name)

        counts = {key: ran.json[key] for key in ("created", "updated", "unchanged", "bad")}
        unchanged = len(sample(name))
        assert counts == {"created": 0, "updated": 0, "unchanged": unchanged, "bad": 0}


def test_a_stored_learner_is_told_which_credential_is_next_and_why(data: Path) -> None:
    answer = asked(data, "recommend", "--learner", "l-001", "--limit", "5").json

    best = answer["items"][0]
    ids = [item["id"] for item in answer["items"]]
    catalog = {line["id"]: line for line in sample("credentials.jsonl")}
    assert answer["gap"]["described_as"] == GOAL
    assert "rhen-nurse-aide" not in ids, "what is held is not recommended"
    assert best["skills"]["added"]
    reasons = {reason["skill"]: reason for reason in best["evidence"]}
    taught = {*best["skills"]["added"], *(b["from"] for b in best["skills"]["bridges"])}
    assert taught & reasons.keys()
    for item in answer["items"]:
        known = catalog[item["id"]]
        assert known["cost"]["amount"] <= 500
        assert known["duration"]["weeks"] <= 16
        assert {"online", "blended"} & set(known["delivery"])
        for reason in item["evidence"]:
            assert reason["record"] == f"credential:{item['id']}"
            if reason["span"] and reason["field"] in known:
                start, end = reason["span"]
                assert known[reason["field"]][start:end] == reason["text"]


def test_rules_on_credit_come_in_and_count_what_a_learner_brings(
    data: Path, tmp_path: Path
) -> None:
    policies = write_lines(tmp_path / "policies.jsonl", [example("credit_policy")])
    agreements = write_lines(tmp_path / "agreements.jsonl", [example("transfer_agreement")])

    first = asked(data, "import", "credit-policies", policies)
    again = asked(data, "import", "credit-policies", policies)
    agreed = asked(data, "import", "agreements", agreements)
    words = ("--policy", "harbor-2026", "--degree", "bachelor", "--program", "Health Studies")
    counted = asked(data, "credit", "--learner", "l-001", *words).json
    record = asked(data, "record", "--learner", "l-001").json

    assert [ran.json["created"] for ran in (first, again, agreed)] == [1, 0, 1]
    reasons = {item["id"] or item["name"]: item["award"]["reason"] for item in counted["items"]}
    assert reasons["rhen-nurse-aide"] == "not verified: its evidence is issued"
    assert reasons["Introduction to Computers"] == "it states no credits"
    assert counted["residency"]["remaining"] == 30
    assert [each["id"] for each in record["credentials"]] == ["rhen-nurse-aide"]


def test_limits_that_are_typed_replace_the_learners_own(data: Path) -> None:
    words = ("recommend", "--learner", "l-001", "--max-cost", "100USD", "--delivery", "online")

    answer = asked(data, *words).json

    assert "cost at most 100 USD" in answer["applied"]
    assert "delivery online" in answer["applied"]
    assert "duration.weeks at most 16" in answer["applied"]
    assert all(item["cost"]["amount"] <= 100 for item in answer["items"])


def test_a_stored_job_gets_candidates_with_what_each_covers_and_lacks(data: Path) -> None:
    answer = asked(data, "match", "--job", "j-001", "--limit", "5", "--near-misses").json

    people = [*answer["items"], *answer["near_misses"]]
    requirements = {each["skill"] for each in answer["requirements"]}
    assert people
    for person in people:
        assert set(person["covered"]) | set(person["missing"]) == requirements
        assert not set(person["covered"]) & set(person["missing"])
        said_by = {reason["record"] for reason in person["evidence"]}
        assert said_by == ({f"learner:{person['id']}"} if person["covered"] else set())
    assert all(not person["missing_required"] for person in answer["items"])
    assert all(person["missing_required"] for person in answer["near_misses"])


def test_lines_in_give_lines_out_and_a_bad_one_is_told(data: Path, tmp_path: Path) -> None:
    learners = write_lines(
        tmp_path / "learners.jsonl",
        [
            {"id": "n-1", "text": "I use Excel at a bank.", "goal": "data analyst"},
            {"id": "n-2", "skill": ["cooking"]},
            {"id": "n-3", "skills": ["Measure vital signs"], "goal": GOAL},
        ],
    )
    out = tmp_path / "out.jsonl"

    ran = asked(data, "recommend", "--learners", learners, "--limit", "3", "--out", out)

    lines = read_lines_of(out)
    assert ran.code == 1
    assert [line["learner"] for line in lines] == ["n-1", "n-2", "n-3"]
    assert all(1 <= len(lines[place]["items"]) <= 3 for place in (0, 2))
    assert all(item["skills"]["added"] for item in lines[0]["items"])
    assert lines[1]["line"] == 2
    assert lines[1]["error"]["field"] == "skill"
    assert f"{learners}:2 skill: " in ran.err
    one = asked(data, "recommend", "--text", "I use Excel at a bank.", "--goal", "data analyst")
    assert [item["id"] for item in one.json["items"][:3]] == [
        item["id"] for item in lines[0]["items"]
    ]


def test_jobs_that_are_not_in_the_store_get_its_learners(data: Path, tmp_path: Path) -> None:
    stored = [line for line in sample("jobs.jsonl") if line["id"] == "j-002"]
    titled = {"id": "n-1", "title": "Nursing Assistant"}
    jobs = write_lines(tmp_path / "jobs.jsonl", [*stored, titled])
    out = tmp_path / "out.jsonl"

    ran = asked(data, "match", "--jobs", jobs, "--limit", "4", "--out", out)

    first, second = read_lines_of(out)
    by_id = asked(data, "match", "--job", "j-002", "--limit", "4").json
    assert ran.code == 0
    assert [first["job"], second["job"]] == ["j-002", "n-1"]
    assert first["items"] == by_id["items"]
    assert "l-001" in [item["id"] for item in second["items"]]


def test_a_gap_and_an_explanation_agree_with_the_recommendation(data: Path) -> None:
    answer = asked(data, "recommend", "--learner", "l-001", "--limit", "1").json
    best = answer["items"][0]

    gap = asked(data, "gap", "--learner", "l-001").json
    words = ("explain", "--learner", "l-001", "--credential", best["id"])
    explained = asked(data, *words).json

    still_open = {each["requirement"]["skill"] for each in gap["open"]}
    assert still_open == set(answer["gap"]["open"])
    assert set(best["skills"]["added"]) <= still_open
    assert explained["credential"] == best
    assert explained["what_if"] is None


def test_what_if_tells_the_score_before_and_after(data: Path) -> None:
    best = asked(data, "recommend", "--learner", "l-001", "--limit", "1").json["items"][0]
    words = ("explain", "--learner", "l-001", "--credential", best["id"])

    held = asked(data, *words, "--what-if-add-credential", best["id"]).json
    shown = onramp("--data", data, *words, "--what-if-add-skill", best["skills"]["added"][0])

    # A skill that is inferred with little confidence adds to a requirement, and does not cover it.
    stated = {each["skill"] for each in best["evidence"] if each["source"] == "stated"}
    gained = set(held["what_if"]["gained"])
    assert gained
    assert set(best["skills"]["added"]) & stated <= gained <= set(held["missing"])
    assert held["what_if"]["score"]["before"] == best["score"]
    assert held["what_if"]["score"]["after"] < best["score"]
    assert "What if: score" in shown.out


def test_a_pathway_is_replayed_and_may_go_unlogged(data: Path) -> None:
    words = ("pathway", "--learner", "l-001", "--budget", "1500USD", "--seconds", "10")
    answer = asked(data, *words).json
    unlogged = asked(data, *words, "--no-log").json

    same = asked(data, "replay", answer["pathway_id"])
    missing = asked(data, "replay", unlogged["pathway_id"])

    assert answer["steps"] == unlogged["steps"]
    assert (same.code, same.json["verdict"], same.json["kind"]) == (0, "same", "pathway")
    assert missing.code == 1
    assert [each for each in unlogged["warnings"] if "cannot be replayed" in each]


def test_an_answer_is_replayed_until_what_it_was_made_from_changes(
    data: Path, tmp_path: Path
) -> None:
    answer = asked(data, "recommend", "--learner", "l-002", "--limit", "2").json
    best = answer["items"][0]
    same = asked(data, "replay", answer["recommendation_id"])
    changed = {"id": best["id"], "name": "Glass", "provider": "Lakefield", "skills": ["glass"]}
    before = [line for line in sample("credentials.jsonl") if line["id"] == best["id"]]
    asked(data, "import", "credentials", write_lines(tmp_path / "c.jsonl", [changed]))

    other = asked(data, "replay", answer["recommendation_id"])
    told = onramp("--data", data, "replay", answer["recommendation_id"])
    asked(data, "import", "credentials", write_lines(tmp_path / "b.jsonl", before))

    assert (same.code, same.json["verdict"]) == (0, "same")
    assert (other.code, other.json["verdict"]) == (4, "different")
    assert best["id"] in [each["id"] for each in other.json["changed"]["records"]]
    assert f"Changed: credential {best['id']}, revision " in told.out


def test_an_inline_learner_is_replayed_with_the_file_alone(data: Path, tmp_path: Path) -> None:
    learners = write_lines(tmp_path / "l.jsonl", sample("learners.jsonl")[:3])
    out = tmp_path / "out.jsonl"
    logged = asked(data, "recommend", "--learners", learners, "--out", out)
    decision = read_lines_of(out)[1]["recommendation_id"]

    without = asked(data, "replay", decision)
    given = asked(data, "replay", decision, "--record", learners)
    nobody = asked(data, "replay", "no-such-answer")

    assert (logged.code, "log" in logged.err) == (0, False)
    assert (without.code, without.json["verdict"]) == (5, "impossible")
    assert (given.code, given.json["verdict"]) == (0, "same")
    assert nobody.code == 1
    assert "There is no decision with the id 'no-such-answer'." in nobody.err


def test_a_bulk_run_without_the_log_says_so(data: Path, tmp_path: Path) -> None:
    learners = write_lines(tmp_path / "l.jsonl", sample("learners.jsonl")[:2])
    out = tmp_path / "out.jsonl"

    ran = asked(data, "recommend", "--learners", learners, "--out", out, "--no-log")

    assert "No decision was logged" in ran.err
    lines = read_lines_of(out)
    assert ["turned off" in " ".join(line["warnings"]) for line in lines] == [True, True]
    assert asked(data, "replay", lines[0]["recommendation_id"]).code == 1


def test_a_learner_is_explained_for_a_job(data: Path) -> None:
    ran = onramp("--data", data, "explain", "--learner", "l-001", "--job", "j-001")

    assert ran.code == 0
    assert "l-001" in ran.out
    assert "Missing" in ran.out
    assert "“" in ran.out


def test_what_is_not_there_is_named(data: Path) -> None:
    nobody = onramp("--data", data, "recommend", "--learner", "l-999")
    nothing = onramp("--data", data, "match", "--job", "j-999")

    assert (nobody.code, nobody.out) == (1, "")
    assert nobody.err == "onramp: There is no learner with the id 'l-999'.\n"
    assert nothing.err == "onramp: There is no job with the id 'j-999'.\n"


def test_a_dry_run_keeps_nothing_and_bad_lines_are_written_as_json_too(
    data: Path, tmp_path: Path
) -> None:
    lines = [{"id": "new-1", "name": "Bees", "provider": "X"}, {"id": "new-2", "provider": "X"}]
    file = write_lines(tmp_path / "c.jsonl", lines)
    faults = tmp_path / "faults.jsonl"
    words = ("import", "credentials", file, "--dry-run", "--errors-to", faults)

    ran = asked(data, *words)

    assert ran.code == 1
    assert (ran.json["created"], ran.json["bad"], ran.json["dry_run"]) == (1, 1, True)
    assert ran.err == f"{file}:2 name: is missing.\n"
    assert read_lines_of(faults) == [
        {"file": str(file), "line": 2, "field": "name", "reason": "is missing."}
    ]
    assert asked(data, "import", "credentials", file, "--dry-run").json["created"] == 1


def test_the_doctor_finds_a_healthy_store(data: Path) -> None:
    ran = asked(data, "doctor")

    states = {check["name"]: check["state"] for check in ran.json["checks"]}
    assert ran.code == 0, ran.out
    assert states["model"] == states["store"] == states["index"] == states["answer"] == "ok"


def test_the_demonstration_shows_both_answers_on_the_sample(data: Path) -> None:
    ran = onramp("--data", data, "demo", "--no-serve")

    assert ran.code == 0
    assert "Learner l-001" in ran.out
    assert "Limits: cost at most 500 USD" in ran.out
    assert "because it teaches" in ran.out
    assert "Job j-001" in ran.out
    assert "←" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


def test_init_of_a_store_that_is_there_says_what_it_holds(data: Path) -> None:
    found = asked(data, "init").json

    local = len(sample("skills.jsonl"))
    assert {kind: found["counts"][kind] for kind in ("credential", "job", "learner")} == {
        kind: len(sample(FILES[kind])) for kind in (Kind.CREDENTIAL, Kind.JOB, Kind.LEARNER)
    }
    assert found["counts"]["skill"] > local
    assert found["rederived"] == 0
