import base64
import gzip
import hashlib
import re
from importlib.metadata import version

import pytest
from fastapi.testclient import TestClient

from service.widget import load_widget
from service.wiring import Services
from tests.builders.access import publishable_key

PINNED = f"/widget/{version('onramp')}.js"
CENTER = "https://careers.example.edu"


@pytest.mark.parametrize(
    ("path", "kept"), [("/widget/v1.js", "max-age=3600"), (PINNED, "immutable")]
)
def test_the_widget_is_one_script_that_any_page_may_load(
    client: TestClient, path: str, kept: str
) -> None:
    served = client.get(path, headers={"Origin": "https://anywhere.example"})

    assert served.status_code == 200
    assert served.headers["Content-Type"].startswith("text/javascript")
    assert served.headers["Access-Control-Allow-Origin"] == "*"
    assert kept in served.headers["Cache-Control"]
    assert served.content == load_widget().script


def test_the_script_comes_packed_where_the_browser_can_unpack_it(client: TestClient) -> None:
    packed = client.get(PINNED, headers={"Accept-Encoding": "gzip"})
    plain = client.get(PINNED, headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content
    assert gzip.decompress(load_widget().zipped) == plain.content


def test_the_published_hash_is_that_of_the_pinned_script(client: TestClient) -> None:
    said = client.get("/widget/integrity.json").json()

    digest = hashlib.sha384(client.get(said["path"]).content).digest()

    assert said["path"] == PINNED
    assert said["integrity"] == f"sha384-{base64.b64encode(digest).decode()}"


def test_a_script_that_is_still_the_same_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/widget/v1.js").headers["ETag"]

    again = client.get("/widget/v1.js", headers={"If-None-Match": tag})

    assert again.status_code == 304
    assert again.content == b""


def test_the_page_for_a_frame_is_framed_by_its_keys_pages_alone(
    client: TestClient, api_services: Services
) -> None:
    key = publishable_key(api_services, CENTER, "https://www.example.edu")

    policy = client.get("/embed", params={"key": key, "goal": "nurse"}).headers[
        "Content-Security-Policy"
    ]

    assert policy.endswith(f"frame-ancestors {CENTER} https://www.example.edu")
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy


def test_without_a_key_the_page_is_in_no_other_sites_frame(client: TestClient) -> None:
    policy = client.get("/embed").headers["Content-Security-Policy"]

    assert policy.endswith("frame-ancestors 'self'")


@pytest.mark.parametrize("key", ["pk_nonsense", ""])
def test_a_key_that_opens_nothing_gets_no_page_but_a_sentence(client: TestClient, key: str) -> None:
    answer = client.get("/embed", params={"key": key})

    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.startswith("This widget cannot be shown. ")


def test_every_file_that_the_frame_names_is_served(client: TestClient) -> None:
    page = client.get("/embed").text

    named = set(re.findall(r'(?:src|href)="([^"#]+)"', page))

    assert named == {"embed/embed.css", "widget/v1.js", "embed/embed.js"}
    assert {client.get(f"/{name}").status_code for name in named} == {200}


def test_a_page_of_our_own_asks_with_a_key_of_other_origins(
    client: TestClient, api_services: Services
) -> None:
    key = publishable_key(api_services, CENTER)
    asked = {"q": "nur", "kind": "occupation"}
    headers = {"Authorization": f"Bearer {key}"}

    ours = client.get(
        "/v1/suggestions", params=asked, headers={**headers, "Sec-Fetch-Site": "same-origin"}
    )
    theirs = client.get(
        "/v1/suggestions", params=asked, headers={**headers, "Sec-Fetch-Site": "cross-site"}
    )

    assert ours.status_code == 200
    assert theirs.status_code == 403


@pytest.mark.parametrize(
    ("dest", "referer", "status"),
    [
        ("iframe", "https://elsewhere.example/", 403),
        ("iframe", f"{CENTER}/", 200),
        ("iframe", None, 200),
        ("document", "https://elsewhere.example/", 200),
    ],
)
def test_a_frame_of_another_site_gets_a_sentence_where_the_browser_tells_whose_it_is(
    client: TestClient, api_services: Services, dest: str, referer: str | None, status: int
) -> None:
    key = publishable_key(api_services, CENTER)
    headers = {"Sec-Fetch-Dest": dest, **({"Referer": referer} if referer else {})}

    answer = client.get("/embed", params={"key": key}, headers=headers)

    assert answer.status_code == status
    assert (f"but for {CENTER}." in answer.text) == (status == 403)
