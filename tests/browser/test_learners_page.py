"""The page for learners: for everybody once it has a key, and it says so until then."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from service.domain.access import Scope
from service.wiring import Services
from tests.browser.conftest import PATIENCE_MS, WATCH
from tests.browser.test_looks import faults
from tests.builders import sites
from tests.builders.access import publishable_key, secret_key

ELSEWHERE = "https://careers.example.edu"

Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, browser_services: Services) -> Iterator[Opened]:
    """Open the page of a server of its own; ``key`` and ``demo`` say how it is served."""
    with ExitStack() as stack:

        def open_page(*, key: str | None = None, demo: bool = False, **wishes: object) -> Page:
            server = sites.onramp_site(browser_services, page_key=key, is_demo=demo)
            origin = stack.enter_context(server)
            context = browser.new_context(**wishes)  # type: ignore[arg-type]  # passed on
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            context.add_init_script(WATCH)
            page = context.new_page()
            page.goto(f"{origin}/")
            return page

        yield open_page


def answered(page: Page) -> None:
    expect(page.locator("ol.cards > li h3").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_a_key_it_says_what_a_visitor_and_an_administrator_do(
    opened: Opened, scheme: str
) -> None:
    page = opened(color_scheme=scheme)

    expect(page.get_by_role("heading", name="not open to visitors yet")).to_be_visible()
    origin = page.evaluate("location.origin")
    expect(page.get_by_text(f"--publishable --origin {origin} --label")).to_be_visible()
    expect(page.get_by_text("ONRAMP_PAGE_KEY=pk_")).to_be_visible()
    expect(page.locator("onramp-recommendations")).to_have_count(0)
    assert faults(page) == []


def test_with_a_key_a_visitor_gets_recommendations_whatever_pages_the_key_names(
    opened: Opened, browser_services: Services
) -> None:
    page = opened(key=publishable_key(browser_services, ELSEWHERE))

    goal = page.get_by_role("combobox", name="Where do you want to go?")
    goal.press_sequentially("medical rec")
    page.get_by_role("option", name="Medical Records Specialists").click()
    page.get_by_role("button", name="Show recommendations").click()
    answered(page)

    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.context.cookies() == []
    assert page.evaluate("window.seen.violations") == []
    assert faults(page) == []


def test_who_has_signed_in_asks_for_a_stored_learner_without_any_key_in_the_page(
    opened: Opened, browser_services: Services
) -> None:
    page = opened()
    page.get_by_role("link", name="sign in", exact=True).click()
    page.get_by_label("Key").fill(secret_key(browser_services, Scope.LEARNER_READ))
    page.get_by_role("button", name="Sign in").click()

    page.get_by_label("Who is asking?").select_option("l-001")
    page.get_by_role("button", name="Show recommendations").click()
    answered(page)

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_text("You cover 13%")).to_be_visible()


def test_the_demo_answers_for_its_learners_and_for_who_is_typed_in(
    opened: Opened, browser_services: Services
) -> None:
    page = opened(key=publishable_key(browser_services, ELSEWHERE), demo=True)

    page.get_by_label("Who is asking?").select_option("l-001")
    page.get_by_role("button", name="Show recommendations").click()
    expect(page.get_by_text("You cover 13%")).to_be_visible()
    page.get_by_label("Who is asking?").select_option("")
    page.get_by_role("combobox", name="Where do you want to go?").fill("welder")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Show recommendations").click()

    expect(page.get_by_text("You cover 0%")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_hidden()
