"""A real Chromium, Onramp on one port, and a career center's page on another."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from service.settings import Settings
from service.storage.sqlite import STORE_FILE
from service.wiring import Services, open_services
from tests.builders import sites
from tests.builders.access import publishable_key

# A slow machine is no failure.
PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)

CHROMIUM = shutil.which("chromium")
_HERE = Path(__file__).parent

# Tells, in every page, what a strict policy kept out, and what ran that should not have.
WATCH = """
window.seen = { violations: [], ran: 0, events: [] };
document.addEventListener("securitypolicyviolation", (event) => {
  window.seen.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
for (const name of ["ready", "results", "select", "error"]) {
  document.addEventListener(`onramp-${name}`, ({ detail }) => {
    window.seen.events.push([name, detail]);
  });
}
window.ran = () => { window.seen.ran += 1; };
"""


class Center(NamedTuple):
    """What a test drives: the origins, the key of the page, and the page itself."""

    api: str
    other: str
    key: str
    pages: dict[str, sites.Page]
    open: Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here; without Chromium nothing of it can run."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="chromium is missing"))


@pytest.fixture(scope="session")
def browser_services(
    sample_services: Services, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("browser")
    shutil.copy(sample_services.settings.data / STORE_FILE, folder / STORE_FILE)
    with open_services(Settings(data=folder)) as services:
        yield services


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Chromium's sandbox needs what a container's root does not have.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def center(browser_services: Services, browser: Browser) -> Iterator[Center]:
    pages: dict[str, sites.Page] = {}
    contexts: list[BrowserContext] = []
    with sites.other_site(pages) as other, sites.onramp_site(browser_services) as api:
        key = publishable_key(browser_services, other)

        def opened(attributes: str, *, path: str = "/", **wishes: object) -> Page:
            head = str(wishes.pop("head", ""))
            pages[path] = sites.embedding(api, f'key="{key}" {attributes}', head=head)
            context = browser.new_context(**wishes)  # type: ignore[arg-type]  # passed on
            contexts.append(context)
            context.set_default_timeout(PATIENCE_MS)
            context.add_init_script(WATCH)
            page = context.new_page()
            page.goto(f"{other}{path}")
            return page

        yield Center(api, other, key, pages, opened)
        for context in contexts:
            context.close()
