"""Pictures of signing in: `python -m benchmarks.entry_pictures docs/images` takes them.

The page that asks for a key, the one that says which scope is missing, and what an employer sees
of people who agreed. Each shows the sample data. Look at every one before it is committed.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from benchmarks.widget import open_site
from benchmarks.work_pictures import found, keep, opened
from service.domain.access import Scope
from service.domain.consent import Consents
from service.domain.ids import DEFAULT_TENANT, EmployerId, LearnerId
from service.domain.record import Kind
from service.wiring import Services
from tests.builders import sites
from tests.builders.access import secret_key
from tests.builders.consents import a_consent

_EMPLOYER: Final = EmployerId("lakeside-clinic")


def main() -> int:
    """Take every picture into a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.entry_pictures", description=__doc__
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with open_site() as site, sites.onramp_site(site.services) as origin:
        _let_everybody_agree(site.services)
        _take_all(site.browser, site.services, origin, folder)
    return 0


def _let_everybody_agree(services: Services) -> None:
    agreed = Consents(signed=(a_consent(),))
    for each in services.records.page(DEFAULT_TENANT, Kind.LEARNER, after=None, limit=1000):
        services.consenting.put(DEFAULT_TENANT, LearnerId(each.record.id), agreed)


def _take_all(browser: Browser, services: Services, origin: str, folder: Path) -> None:
    page = opened(browser, f"{origin}/employers")
    page.get_by_role("button", name="Sign in").wait_for()
    keep(page, folder / "sign-in.png")
    key = secret_key(services, Scope.EMPLOYER_MATCH, Scope.CATALOG_READ, party=_EMPLOYER)
    _sign_in(page, key)
    found(page)
    page.locator("#skill-list select").first.select_option("required")
    page.get_by_role("button", name="Find candidates").click()
    card = page.locator("#results li.card").first
    card.get_by_role("button", name="Ask for contact").click()
    card.get_by_text("You asked for contact").wait_for()
    card.get_by_text("Why (").click()
    keep(page, folder / "employers-no-names.png", of="#found", height=1150)
    page.goto(f"{origin}/admin")
    page.get_by_role("heading", name="Not with this key").wait_for()
    keep(page, folder / "refused.png")


def _sign_in(page: Page, key: str) -> None:
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    page.locator("#for-whom").wait_for()


if __name__ == "__main__":
    sys.exit(main())
