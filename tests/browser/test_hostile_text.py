"""Whatever a catalog says stays text."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Dialog, expect

from service.app import create_app
from service.models import GuardedEncoder
from tests.browser.conftest import PATIENCE_MS, WATCH
from tests.builders import sites
from tests.builders.access import authorized, publishable_key, services_of
from tests.builders.hostile import hostile_strings
from tests.builders.memory_records import MemoryRecords
from tests.builders.worlds import World, a_world, skill

STRINGS = 500
CARDS = 20
FIELDS = ("name", "provider", "description", "assessment", "keyword")


@pytest.fixture(scope="module")
def small_world(encoder: GuardedEncoder) -> World:
    made = a_world(MemoryRecords(), encoder)
    made.put(skill("s:sql", "SQL", "structured query language"))
    return made


def batches() -> Iterator[list[dict[str, object]]]:
    """Yield credentials, as many as one answer shows, each with five hostile texts."""
    texts = iter(hostile_strings(STRINGS))
    for _ in range(STRINGS // (CARDS * len(FIELDS))):
        yield [
            {
                "id": f"h-{place}",
                "name": next(texts),
                "provider": {"id": f"p-{place}", "name": next(texts), "type": "mooc"},
                "description": next(texts),
                "assessment": next(texts),
                "keywords": [next(texts)],
                "skills": [{"id": "s:sql"}],
            }
            for place in range(CARDS)
        ]


def test_500_hostile_texts_stay_texts(browser: Browser, small_world: World) -> None:
    services = services_of(small_world)
    pages: dict[str, sites.Page] = {}
    dialogs: list[Dialog] = []
    shown: list[str] = []

    def noted(dialog: Dialog) -> None:
        dialogs.append(dialog)
        dialog.dismiss()

    with (
        sites.other_site(pages) as other,
        sites.onramp_site(services) as api,
        TestClient(create_app(services), headers=authorized(services)) as client,
    ):
        key = publishable_key(services, other)
        pages["/"] = sites.embedding(api, f'key="{key}" goal="SQL" limit="{CARDS}"')
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(WATCH)
        page.on("dialog", noted)
        for batch in batches():
            lines = "\n".join(json.dumps(each) for each in batch)
            headers = {"Content-Type": "application/x-ndjson"}
            kept = client.post("/v1/credentials:bulk", content=lines, headers=headers)
            assert '"failed"' not in kept.text, kept.text
            page.goto(f"{other}/")
            expect(page.locator("ol.cards > li h3")).to_have_count(CARDS)
            for each in page.get_by_role("button", name="Details").all():
                each.click()
            expect(page.locator("p.description")).to_have_count(CARDS)

            names = page.locator("ol.cards > li h3").all_text_contents()
            assert sorted(names) == sorted(str(each["name"]) for each in batch)
            shown += names
            seen = page.evaluate("window.seen")
            assert (seen["ran"], seen["violations"], dialogs) == (0, [], [])
            assert page.evaluate("document.scripts.length") == 1
        page.close()

    assert len(set(shown)) == STRINGS // len(FIELDS)
