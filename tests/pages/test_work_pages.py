"""The pages behind the sign-in: who gets in, under which policy, and what they are told."""

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.domain.access import Scope
from service.domain.credential import CredentialKind, Status
from service.domain.job import Job
from service.domain.skill import Importance, StatedSkill
from service.models import GuardedEncoder
from service.pages.assets_served import ASSET_FOLDER
from service.wiring import Services
from tests.builders.access import (
    ADDRESS,
    bearer,
    page_client,
    publishable_key,
    secret_key,
    services_of,
)
from tests.builders.memory_records import MemoryRecords
from tests.builders.worlds import a_world, credential, job, learner, skill

NODE = shutil.which("node")
PAGES = ("/employers", "/admin")
REPORTS = (
    "catalog",
    "index",
    "search?q=welding",
    "plots/coverage",
    "plots/scores",
    "plots/latency",
)


def asking(record_id: str, *names: str) -> Job:
    needs = (StatedSkill(name=name, importance=Importance.REQUIRED) for name in names)
    return job(record_id, "Somebody", *needs)


@pytest.fixture(scope="module")
def services(encoder: GuardedEncoder) -> Services:
    world = a_world(MemoryRecords(), encoder)
    world.put(skill("s:sql", "SQL"), skill("s:weld", "weld metal"), skill("s:audit", "audit books"))
    world.put(
        credential(
            "c-1", "Welding I", "weld metal", kind=CredentialKind.COURSE, status=Status.ACTIVE
        ),
        credential("c-2", "Welding II", "weld metal", kind=CredentialKind.BADGE),
        credential("c-3", "SQL of old", "SQL", status=Status.CEASED),
        asking("j-1", "weld metal", "SQL"),
        asking("j-2", "weld metal"),
        learner("l-1", "weld metal"),
        learner("l-2", "SQL"),
    )
    return services_of(world)


@pytest.fixture
def page(services: Services) -> TestClient:
    return page_client(create_app(services))


@pytest.fixture(scope="module")
def admin(services: Services) -> TestClient:
    return TestClient(create_app(services), headers=bearer(secret_key(services, Scope.ADMIN)))


def of_table_file(folder: Path, call: str) -> str:
    """Return what an expression in JavaScript gives that uses the module of tables as files."""
    code = (ASSET_FOLDER / "work" / "table_file.js").read_text(encoding="utf-8")
    script = folder / "called.mjs"
    script.write_text(f"{code}\nprocess.stdout.write(eval({json.dumps(call)}));", encoding="utf-8")
    assert NODE is not None
    run = subprocess.run([NODE, script], capture_output=True, check=True)
    return run.stdout.decode()


def sign_in(page: TestClient, key: str, to: str = "") -> str:
    return page.post("/login", data={"key": key, "next": to}).headers["Location"]


@pytest.mark.parametrize("path", PAGES)
def test_who_has_not_signed_in_is_led_there_and_back(
    page: TestClient, services: Services, path: str
) -> None:
    led = page.get(path)
    form = page.get(f"/{led.headers['Location']}").text
    back = sign_in(page, secret_key(services, Scope.ADMIN), to=path.removeprefix("/"))

    assert (led.status_code, led.headers["Location"]) == (303, f"login?next={path[1:]}")
    assert f'name="next" value="{path[1:]}"' in form
    assert back == f".{path}"
    assert page.get(path).status_code == 200


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "admin/..", '"><script>'])
def test_a_sign_in_leads_to_no_other_page_than_ours(
    page: TestClient, services: Services, to: str
) -> None:
    form = page.get("/login", params={"next": to}).text

    assert sign_in(page, secret_key(services, Scope.ADMIN), to=to) == "./"
    assert to not in form


def test_who_may_not_is_told_what_is_missing_and_whom_to_ask(
    page: TestClient, services: Services
) -> None:
    key = secret_key(services, Scope.CATALOG_READ)
    sign_in(page, key)

    refused = [page.get(path) for path in PAGES]

    assert [answer.status_code for answer in refused] == [403, 403]
    for answer, scope in zip(refused, ("employer:match", "admin"), strict=True):
        assert f"<code>{scope}</code>" in answer.text
        assert f"<code>{key[:13]}</code>" in answer.text
        assert "<code>catalog:read</code>" in answer.text
        assert "Ask whoever runs Onramp" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_they_are_served_under_a_strict_policy_and_kept_nowhere(
    admin: TestClient, path: str
) -> None:
    served = admin.get(path)

    policy = served.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert served.headers["Cache-Control"] == "no-store"
    assert "://" not in served.text.replace("https://www.example.edu", "")
    assert not re.search(r"<style|<script(?![^>]* src=)| style=| on[a-z]+=", served.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_file_that_they_name_is_served_and_every_field_is_there(
    admin: TestClient, path: str
) -> None:
    page = admin.get(path).text
    named = {name.partition("#")[0] for name in re.findall(r'(?:src|href)="([^"]+)"', page)}
    entry = next(name for name in named if name.endswith(".js"))

    scripts = {entry.rpartition("/")[2]}
    while (
        more := {
            module
            for name in scripts
            for module in re.findall(r'from "\./([\w.]+)"', admin.get(f"/page/work/{name}").text)
        }
        - scripts
    ):
        scripts |= more
    read = {
        field
        for name in scripts
        for field in re.findall(r'\$\("([a-z-]+)"\)', admin.get(f"/page/work/{name}").text)
    }

    assert {admin.get(f"/{name.removeprefix('./')}").status_code for name in named} == {200}
    assert len(read) > 8
    # Those of a secret are made by the script.
    assert read - {"new-key-title"} <= set(re.findall(r'id="([a-z-]+)"', page))


def test_no_script_of_theirs_writes_markup(admin: TestClient) -> None:
    names = (
        "dom",
        "ask",
        "figure",
        "employers",
        "candidates",
        "job_skills",
        "admin",
        "keys",
        "key_form",
        "contacts",
    )
    scripts = "".join(admin.get(f"/page/work/{name}.js").text for name in names)

    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in scripts


@pytest.mark.parametrize("report", REPORTS)
def test_reports_are_for_administrators_alone(
    admin: TestClient, services: Services, report: str
) -> None:
    nobody = TestClient(create_app(services))
    somebody = bearer(secret_key(services, Scope.CATALOG_WRITE, Scope.EMPLOYER_MATCH))

    assert nobody.get(f"/page/admin/{report}").status_code == 401
    assert nobody.get(f"/page/admin/{report}", headers=somebody).status_code == 403
    assert admin.get(f"/page/admin/{report}").status_code == 200


def test_the_catalog_is_counted_by_kind_and_status_and_by_what_it_teaches(
    admin: TestClient,
) -> None:
    report = admin.get("/page/admin/catalog").json()
    plot = admin.get("/page/admin/plots/coverage").json()

    assert report["kinds"] == {"badge": 1, "course": 1, "unknown": 1}
    assert report["statuses"] == {"Active": 1, "Ceased": 1, "unknown": 1}
    assert report["jobs"] == 2
    # Two of three requirements of equal weight; what has ceased teaches nobody.
    assert report["share_taught"] == pytest.approx(2 / 3, abs=1e-6)
    assert plot["columns"] == ["Skill", "Jobs that ask for it", "Credentials that teach it"]
    assert plot["rows"] == [["weld metal", 2, 2], ["SQL", 1, 0]]
    assert plot["svg"].startswith("<svg")


def test_search_finds_credentials_by_their_words(admin: TestClient) -> None:
    found = admin.get("/page/admin/search", params={"q": "welding"}).json()["items"]

    assert {each["id"] for each in found} == {"c-1", "c-2"}
    assert found[0]["provider"] == "Lakefield"


def test_the_index_says_how_it_searches_and_how_far_it_is(admin: TestClient) -> None:
    report = admin.get("/page/admin/index").json()

    assert report["counts"]["credential"] == 3
    assert report["kinds"] == {"credential": "exact", "job": "exact", "learner": "exact"}
    assert report["sequence"] == report["store_sequence"] == 10


def test_scores_are_those_of_the_answers_that_were_noted(admin: TestClient) -> None:
    before = admin.get("/page/admin/plots/scores").json()
    answer = admin.post("/v1/matches/candidates", json={"job": {"id": "j-2"}}).json()

    after = admin.get("/page/admin/plots/scores").json()

    scores = [item["score"] for item in answer["items"]]
    counted = sum(row[2] for row in after["rows"]) - sum(row[2] for row in before["rows"])
    assert counted == len(scores) == 1
    assert after["rows"][min(9, int(scores[0] // 10))][2] >= 1


def test_neither_near_misses_nor_answers_of_other_kinds_count_among_the_scores(
    admin: TestClient,
) -> None:
    job = {"skills": [{"name": "SQL", "importance": "required"}, {"name": "weld metal"}]}
    goal = {"skills": [{"name": "weld metal"}]}
    asked = {"job": job, "near_misses": True}
    answer = admin.post("/v1/matches/candidates", json=asked).json()
    once = admin.get("/page/admin/plots/scores").json()

    admin.post("/v1/matches/candidates", json=asked)
    admin.post("/v1/pathways", json={"learner": {"skills": [{"name": "SQL"}], "goal": goal}})
    twice = admin.get("/page/admin/plots/scores").json()

    candidates = [sum(row[2] for row in plot["rows"]) for plot in (once, twice)]
    answers = [int(re.findall(r"last (\d+) answer", plot["says"])[0]) for plot in (once, twice)]
    assert len(answer["near_misses"]) >= 1
    assert candidates[1] - candidates[0] == len(answer["items"])
    assert answers[1] - answers[0] == 1


def test_latency_names_the_routes_that_were_asked(admin: TestClient) -> None:
    admin.get("/v1/meta")

    plot = admin.get("/page/admin/plots/latency").json()

    (row,) = [row for row in plot["rows"] if row[0] == "GET /v1/meta"]
    assert row[1] >= 1
    assert re.fullmatch(r"[\d,.]+ m?s", row[2])


POOL = [{"label": "SQL", "people": 3}, {"label": "weld metal", "people": 6}]


def test_fewer_than_five_people_are_not_counted_out(admin: TestClient) -> None:
    plot = admin.post("/page/plots/pool", json={"people": 12, "skills": POOL}).json()

    assert plot["rows"] == [["weld metal", 6, "50 %"], ["SQL", "fewer than 5", ""]]
    assert "fewer than 5" in plot["svg"]


def test_nor_are_the_few_who_do_not_cover_what_all_others_do(admin: TestClient) -> None:
    skills = [{"label": f"s{people}", "people": people} for people in (0, 5, 7, 8)]

    plot = admin.post("/page/plots/pool", json={"people": 8, "skills": skills}).json()

    assert [row[1:] for row in plot["rows"]] == [
        [8, "100 %"],
        ["all but fewer than 5", ""],
        ["all but fewer than 5", ""],
        [0, "0 %"],
    ]
    assert [row[0] for row in plot["rows"]][1:3] == ["s5", "s7"]


def test_no_more_people_cover_a_skill_than_there_are(admin: TestClient) -> None:
    skills = [{"label": "SQL", "people": 5}, {"label": "weld metal", "people": 90}]

    refused = admin.post("/page/plots/pool", json={"people": 5, "skills": skills})

    assert refused.status_code == 422
    assert refused.json()["errors"][0] == {
        "pointer": "/skills/1/people",
        "detail": "is more than there are in the pool: 5.",
    }


@pytest.mark.skipif(NODE is None, reason="node is missing")
@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("__proto__.method\nx", "“__proto__.method” is no field"),
        ("cost,cost.amount\n1,2", "“cost” and “cost.amount” cannot both be there"),
        ("id,id\na,b", "“id” stands there twice"),
        ('id;name;skills\nx;"a; b";"SQL; audit"', '"skills":[{"name":"SQL"},{"name":"audit"}]'),
        ('id,name\nx,"a, b"', '{"id":"x","name":"a, b"}'),
    ],
)
def test_a_table_becomes_records_or_is_refused_by_the_name_of_its_head(
    tmp_path: Path, table: str, said: str
) -> None:
    call = f"try {{ csvToLines({json.dumps(table)}) }} catch ({{ message }}) {{ message }}"

    assert said in of_table_file(tmp_path, call)


@pytest.mark.skipif(NODE is None, reason="node is missing")
def test_no_cell_that_goes_out_is_a_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    formulas = ["=1", "SQL; =1", " \uff1d1", "\uff0b1", "\n=1", "-1"]
    guarded = ["'=1", "SQL;' =1", "' \uff1d1", "'\uff0b1", "'\n=1", "'-1"]

    text = of_table_file(tmp_path, f"toCsv({json.dumps([[*formulas, -1, 'a-b', 'q'], ['a']])})")

    assert list(csv.reader(io.StringIO(text, newline=""))) == [[*guarded, "-1", "a-b", "q"], ["a"]]
    assert text.endswith('"q"\r\n"a"\r\n')


def test_of_a_pool_of_four_nothing_is_drawn(admin: TestClient) -> None:
    plot = admin.post("/page/plots/pool", json={"people": 4, "skills": POOL[:1]}).json()

    assert (plot["svg"], plot["rows"]) == (None, [])
    assert "from 5 people on" in plot["says"]


def test_a_gap_is_shown_before_and_after_a_credential(admin: TestClient) -> None:
    wish = {"skills": [{"name": "weld metal"}, {"name": "SQL"}]}
    asked = {"learner": {"skills": [{"name": "SQL"}], "goal": wish}, "credential": "c-1"}

    plot = admin.post("/page/plots/gap", json=asked).json()

    shown = {row[0]: row[2:] for row in plot["rows"]}
    assert shown["weld metal"][0] == "0 %"
    assert int(shown["weld metal"][1].removesuffix(" %")) > 50
    assert shown["SQL"][0] == shown["SQL"][1] != "0 %"
    assert "Welding I" in plot["title"]


def test_what_is_wrong_with_a_question_is_a_problem_in_words(admin: TestClient) -> None:
    unknown = admin.post("/page/plots/gap", json={"learner": {"id": "l-9"}, "credential": "c-1"})
    wrong = admin.post("/page/plots/gap", json={"learner": {"txt": "x"}, "credential": "c-1"})
    missing = admin.post("/page/plots/gap", json={"learner": {"id": "l-1"}, "credential": "c-9"})

    assert [each.status_code for each in (unknown, wrong, missing)] == [404, 422, 404]
    assert wrong.json()["errors"] == [
        {"pointer": "/learner/txt", "detail": "is not a field. Did you mean 'text'?"}
    ]


def test_a_page_of_anybodys_draws_nobody_of_the_store(services: Services) -> None:
    page = TestClient(create_app(services), headers={"Origin": ADDRESS})
    key = bearer(publishable_key(services, ADDRESS))
    inline = {"skills": [{"name": "SQL"}], "goal": {"skills": [{"name": "weld metal"}]}}

    stored = page.post(
        "/page/plots/gap", headers=key, json={"learner": {"id": "l-1"}, "credential": "c-1"}
    )
    typed = page.post("/page/plots/gap", headers=key, json={"learner": inline, "credential": "c-1"})
    pathway = page.post("/page/plots/pathway", headers=key, json={"learner": inline})

    assert [each.status_code for each in (stored, typed, pathway)] == [404, 200, 403]


def test_a_learner_who_signs_in_sees_no_other(services: Services) -> None:
    own = secret_key(services, Scope.LEARNER_READ, learner="l-1")
    page = TestClient(create_app(services), headers=bearer(own))

    answer = page.post("/page/plots/gap", json={"learner": {"id": "l-2"}, "credential": "c-1"})

    assert answer.status_code == 404


def test_a_pathway_is_drawn_over_its_weeks(admin: TestClient) -> None:
    goal = {"skills": [{"name": "weld metal"}]}
    asked = {"learner": {"skills": [{"name": "SQL"}], "goal": goal}}

    plot = admin.post("/page/plots/pathway", json=asked).json()

    assert plot["columns"][:2] == ["Step", "Credential"]
    assert plot["rows"]
    assert plot["rows"][0][1].startswith("Welding")


def test_a_pathway_keeps_to_limits_and_says_which(admin: TestClient) -> None:
    goal = {"skills": [{"name": "weld metal"}]}
    asked = {
        "learner": {"skills": [{"name": "SQL"}], "goal": goal},
        "each": {"delivery": "online"},
        "budget": {"amount": 1500, "currency": "USD"},
        "weeks": 1,
    }

    within = admin.post("/page/plots/pathway", json=asked).json()
    wrong = admin.post("/page/plots/pathway", json={**asked, "each": {"delivery": "by mail"}})

    # No credential here is said to be online.
    assert within["rows"] == []
    assert within["notes"] == ["All of it takes at most 1,500 USD, 1 week."]
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"].endswith("/each/delivery")


def test_the_demo_says_what_its_visitor_may_do(services: Services) -> None:
    demo = TestClient(create_app(services, is_demo=True), base_url=ADDRESS)

    for path in PAGES:
        assert "you may do everything here" in demo.get(path).text
