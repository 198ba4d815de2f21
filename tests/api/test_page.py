import re

import pytest
from fastapi.testclient import TestClient

from service.pages.routes import ASSETS

NAMESPACE = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.file)
def test_the_page_and_its_files_are_served_under_a_strict_policy(
    client: TestClient, asset: tuple[str, str, str]
) -> None:
    path, _file, media_type = asset

    served = client.get(path)

    assert served.status_code == 200
    assert served.headers["Content-Type"].startswith(media_type)
    assert served.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in served.headers["Content-Security-Policy"]
    assert served.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.file)
def test_nothing_on_the_page_comes_from_elsewhere(
    client: TestClient, asset: tuple[str, str, str]
) -> None:
    text = client.get(asset[0]).text.replace(NAMESPACE, "")

    assert "://" not in text
    assert not re.search(r"""(src|href|url\()\s*=?\s*["']?//""", text)


def test_every_file_that_the_page_names_is_served(client: TestClient) -> None:
    page = client.get("/").text

    named = set(re.findall(r'(?:src|href)="([^"#]+)"', page))

    assert named == {
        *("page/page.js", "page/style.css", "page/icon.svg"),
        *("page/work/learner_plots.js", "page/work/work.css"),
        *("widget/v1.js", "openapi.json", "login", "./", "employers", "admin"),
    }
    statuses = {client.get(f"/{name.removeprefix('./')}").status_code for name in named}
    assert statuses == {200}


def test_the_script_writes_text_and_never_markup(client: TestClient) -> None:
    script = client.get("/page/page.js").text

    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in script


def test_every_field_that_the_script_reads_is_on_the_page(client: TestClient) -> None:
    page = client.get("/").text
    script = client.get("/page/page.js").text + client.get("/page/work/learner_plots.js").text

    read = set(re.findall(r'\$\("([a-z-]+)"\)', script))

    assert len(read) > 8
    assert read <= set(re.findall(r'id="([a-z-]+)"', page))


def test_the_learners_side_is_the_widget_that_everybody_embeds(client: TestClient) -> None:
    page = client.get("/").text

    assert '<script src="widget/v1.js" type="module"></script>' in page
    assert page.count("<onramp-recommendations") == 1


def test_every_input_has_a_label(client: TestClient) -> None:
    page = client.get("/").text

    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        identity = re.search(r'id="([^"]+)"', tag)
        assert identity is not None
        wrapped = re.search(rf'<label class="check">\s*<input id="{identity[1]}"', page)
        assert wrapped or f'for="{identity[1]}"' in page
