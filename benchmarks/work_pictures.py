"""Pictures of the pages behind the sign-in: `python -m benchmarks.work_pictures docs/images`.

Each shows the sample data, as the demo does. Look at every one before it is committed.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from benchmarks.pictures import lighten
from benchmarks.widget import open_site
from tests.builders import sites

_AD: Final = """Medical Records Clerk

You check patient charts for completeness, scan incoming documents and answer requests for release \
of information. You know medical terminology, keep patient data confidential and enter diagnosis \
codes in our electronic health record. Spreadsheets are a plus."""
_TABLE: Final = b"""id,name,provider.name,cost.amount,cost.currency,kind
x-1,Welding basics,Harbor College,120,USD,microcredential
x-2,,Harbor College,much,USD,nonsense
"""
_SKILLS_LEFT: Final = 6
_WIDE: Final = 1100
_PATIENCE_MS: Final = 120_000


def main() -> int:
    """Take every picture into a folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.work_pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    with open_site() as site, sites.onramp_site(site.services, is_demo=True) as origin:
        take_all(site.browser, origin, chosen.folder)
    return 0


def take_all(browser: Browser, origin: str, folder: Path) -> None:
    """Take every picture of the pages of a server into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _employers(opened(browser, f"{origin}/employers"), folder)
    _learner(opened(browser, f"{origin}/"), folder)
    _admin(opened(browser, f"{origin}/admin"), folder)
    dark = opened(browser, f"{origin}/admin", color_scheme="dark")
    _settled(dark)
    keep(dark, folder / "admin-dark.png", height=1500)
    phone = opened(browser, f"{origin}/employers", width=320, color_scheme="dark")
    found(phone)
    keep(phone, folder / "employers-phone.png", height=1400)


def opened(browser: Browser, address: str, *, width: int = _WIDE, **wishes: str) -> Page:
    """Return a page of its own at an address, so wide, with what else the visitor wishes."""
    size = {"width": width, "height": 860}
    context = browser.new_context(viewport=size, **wishes)  # type: ignore[arg-type]  # passed on
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    page.goto(address)
    return page


def found(page: Page) -> None:
    """Paste the ad, and wait until its skills are there."""
    page.get_by_label("Job ad").fill(_AD)
    page.get_by_role("button", name="Find its skills").click()
    page.locator("#skill-list li").first.wait_for()


def _employers(page: Page, folder: Path) -> None:
    found(page)
    for _ in range(page.locator("#skill-list li").count() - _SKILLS_LEFT):
        page.locator("#skill-list li button").last.click()
    page.locator("#skill-list select").first.select_option("required")
    page.evaluate("scrollTo(0, 0)")
    keep(page, folder / "employers-skills.png")
    page.get_by_role("button", name="Find candidates").click()
    page.locator("#results figure").wait_for()
    keep(page, folder / "employers-candidates.png", of="#found", height=1250)


def _learner(page: Page, folder: Path) -> None:
    page.get_by_label("Who is asking?").select_option("l-001")
    page.get_by_role("button", name="Show recommendations").click()
    page.get_by_role("button", name="Draw my gap").click()
    page.locator("#gap-picture figure").wait_for()
    page.get_by_role("button", name="Draw my pathway").click()
    page.locator("#pathway-picture figure").wait_for()
    keep(page, folder / "learner-pictures.png", of="#pictures")


def _admin(page: Page, folder: Path) -> None:
    _settled(page)
    keep(page, folder / "admin-light.png", height=1500)
    keep(page, folder / "admin-answers.png", of="#answers")
    table = {"name": "catalog.csv", "mimeType": "text/csv", "buffer": _TABLE}
    page.get_by_label("File", exact=True).set_input_files(table)  # type: ignore[arg-type]  # a file
    page.get_by_role("button", name="Import", exact=True).click()
    page.locator("#import-results table").wait_for()
    keep(page, folder / "admin-imports.png", of="#imports")
    page.get_by_label("What it is for").fill("The career center")
    page.get_by_label("employer:match").check()
    page.get_by_label("An employer, who sees").check()
    page.get_by_label("The employer's id").fill("lakeside-clinic")
    page.get_by_role("button", name="Make it").click()
    page.locator("#secret").wait_for()
    # Not even a key of a store that is gone by then.
    page.evaluate("document.getElementById('secret').textContent = `sk_${'x'.repeat(40)}`")
    keep(page, folder / "admin-keys.png", of="#keys")


def _settled(page: Page) -> None:
    for part in ("#coverage", "#scores", "#latency"):
        page.locator(f"{part} figure").wait_for()
    page.locator("#key-list > *").first.wait_for()
    page.locator("#index-facts .fact").first.wait_for()


def keep(page: Page, path: Path, *, of: str = "body", height: float = 10_000) -> None:
    """Keep a part of the page at its whole width, and at most so high."""
    box = page.locator(of).bounding_box()
    size = page.viewport_size
    if box is None or size is None:
        raise ValueError(f"There is no {of} on the page.")
    top = max(0.0, box["y"] + page.evaluate("scrollY") - 16)
    clip = {"x": 0, "y": top, "width": size["width"], "height": min(height, box["height"] + 32)}
    page.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]  # a rectangle
    lighten(path)


if __name__ == "__main__":
    sys.exit(main())
