"""Pictures for the documentation: `python -m benchmarks.pictures docs/images` takes them.

Each shows the sample data. Look at every one before it is committed.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from benchmarks.widget import Site, open_site
from tests.builders import sites

# Pages are flat: so many colors look the same, and weigh a third.
_COLORS = 96
_GOAL = "medical records specialist"
_CMS = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Career center</title>
<link rel="stylesheet" href="/cms.css"></head><body><header>Lakefield Community College</header>
<main><h1>Career center</h1><p>Not sure what to learn next? Say where you want to go.</p>
<iframe title="Find your next credential" width="100%" height="640" src="FRAME"></iframe>
<p>Or come to room 12, weekdays from 9 to 4.</p></main></body></html>"""
_CMS_STYLE = """
body { margin: 0; font: 17px/1.5 Georgia, serif; color: #222; background: #fbf8f1 }
header { background: #5a1f33; color: #fff; padding: 14px 40px; font-size: 20px }
main { max-width: 920px; margin: 0 auto; padding: 8px 40px 24px }
iframe { border: 1px solid #c9bda6; background: #fff }
"""


def main() -> int:
    """Take every picture into a folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[], help="the names of some")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with open_site() as site:
        for name, take in {**_widget(site), **_pages(site), **_editor(site)}.items():
            if not chosen.only or name in chosen.only:
                take(chosen.folder / f"{name}.png")
    return 0


def _widget(site: Site) -> dict[str, Callable[[Path], None]]:
    """Return what takes each state of the widget."""

    def taker(attributes: str, wishes: dict[str, Any], act: Callable[[Page], None]) -> Any:
        def take(path: Path) -> None:
            page = site.open(attributes, **wishes)
            act(page)
            page.locator(".root").screenshot(path=path)
            page.context.close()
            lighten(path)

        return take

    return {f"widget-{name}": taker(*state) for name, state in _STATES.items()}


def _pages(site: Site) -> dict[str, Callable[[Path], None]]:
    """Return what takes each state of the page for learners."""

    def taker(act: Callable[[Page], None], **served: Any) -> Callable[[Path], None]:
        def take(path: Path) -> None:
            with sites.onramp_site(site.services, **served) as own:
                page = site.browser.new_page(viewport={"width": 1100, "height": 860})
                page.goto(f"{own}/")
                act(page)
                page.screenshot(path=path)
                page.close()
            lighten(path)

        return take

    return {
        "page": taker(_asked, page_key=site.key),
        "tour-learner": taker(_typing, page_key=site.key),
        "tour-no-key": taker(_without_key),
    }


def _editor(site: Site) -> dict[str, Callable[[Path], None]]:
    """Return what takes a page of a site that strips scripts, with the frame and refused."""

    def taker(at: str, act: Callable[[Page], None]) -> Callable[[Path], None]:
        def take(path: Path) -> None:
            frame = f"{site.api}/embed?key={site.key}&amp;goal=medical+records+specialist"
            # A college's own system has no strict policy.
            site.pages["/cms"] = sites.Page(_CMS.replace("FRAME", frame), "default-src * data:")
            site.pages["/cms.css"] = sites.Page(_CMS_STYLE, "default-src *", "text/css")
            page = site.browser.new_page(viewport={"width": 1100, "height": 880})
            page.goto(f"{site.other.replace('127.0.0.1', at)}/cms")
            act(page)
            page.screenshot(path=path)
            page.close()
            lighten(path)

        return take

    return {
        "tour-editor": taker("127.0.0.1", _framed),
        "tour-editor-refused": taker("localhost", _refused),
    }


def lighten(path: Path) -> None:
    """Write a picture anew with fewer colors."""
    with Image.open(path) as picture:
        flat = picture.convert("RGB").quantize(_COLORS, dither=Image.Dither.NONE)
    flat.save(path, optimize=True)


def _typing(page: Page) -> None:
    page.get_by_role("combobox", name="Where do you want").press_sequentially(
        "medical rec", delay=20
    )
    page.get_by_role("option").first.wait_for()


def _asked(page: Page) -> None:
    _typing(page)
    page.get_by_role("option").first.click()
    for skill in ("customer service", "use spreadsheets"):
        page.get_by_role("combobox", name="What can you do").fill(skill)
        page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Show recommendations").click()
    _results(page)
    page.evaluate("scrollTo(0, 0)")


def _without_key(page: Page) -> None:
    page.get_by_role("heading", name="not open to visitors").wait_for()


def _framed(page: Page) -> None:
    page.frame_locator("iframe").locator("ol.cards > li h3").first.wait_for()


def _refused(page: Page) -> None:
    page.frame_locator("iframe").get_by_text("cannot be shown").wait_for()


def _form(page: Page) -> None:
    page.get_by_role("combobox").nth(1).press_sequentially("customer", delay=20)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")


def _results(page: Page) -> None:
    page.locator("ol.cards > li h3").first.wait_for()


def _details(page: Page) -> None:
    _results(page)
    card = page.locator("ol.cards > li").first
    for fold in card.locator("summary").all()[1:]:
        fold.click()
    card.locator("button[aria-expanded]").click()
    card.locator("a").wait_for()


def _compared(page: Page) -> None:
    _results(page)
    boxes = page.locator("ol.cards input[type=checkbox]")
    for place in range(3):
        boxes.nth(place).check()
    page.locator("button.compare").first.click()


def _nothing(page: Page) -> None:
    page.get_by_text("Limits: cost, time and place").click()
    page.get_by_label("Budget").fill("1")
    page.get_by_label("Most weeks").fill("1")
    page.get_by_label("Most hours a week").fill("1")
    page.get_by_role("button", name="Show recommendations").click()
    page.get_by_role("heading", name="Nothing found").wait_for()


def _failed(page: Page) -> None:
    page.get_by_role("heading").last.wait_for()
    page.evaluate("""() => {
      document.querySelector("onramp-recommendations").fetch = async () => {
        throw new TypeError("offline");
      };
    }""")
    page.get_by_role("button", name="Show recommendations").click()
    page.get_by_role("button", name="Try again").wait_for()


def _loading(page: Page) -> None:
    page.get_by_role("heading").last.wait_for()
    page.evaluate("""() => {
      document.querySelector("onramp-recommendations").fetch = () => new Promise(() => {});
    }""")
    page.get_by_role("button", name="Show recommendations").click()
    page.locator(".skeleton").first.wait_for()


def _wrong(page: Page) -> None:
    page.get_by_role("alert").wait_for()


_DESK = {"width": 1000, "height": 900}
_PHONE = {"width": 360, "height": 740}
_TWO = f'goal="{_GOAL}" limit="2"'
_THREE = f'goal="{_GOAL}" limit="3"'
_STATES: dict[str, tuple[str, dict[str, Any], Callable[[Page], None]]] = {
    "form": ("", {"viewport": _DESK}, _form),
    "results": (_TWO, {"viewport": _DESK}, _results),
    "reasons": (f'goal="{_GOAL}" limit="1"', {"viewport": _DESK}, _details),
    "compare": (_THREE, {"viewport": _DESK}, _compared),
    "loading": (_TWO, {"viewport": _DESK}, _loading),
    "nothing": (_TWO, {"viewport": _DESK}, _nothing),
    "error": (_TWO, {"viewport": _DESK}, _failed),
    "wrong-attributes": ('lang="fr" limit="200" theme=" dark"', {"viewport": _DESK}, _wrong),
    "dark": (f'{_TWO} theme="dark"', {"viewport": _DESK}, _results),
    "contrast": (f'{_TWO} theme="contrast"', {"viewport": _DESK}, _results),
    "phone": (f'goal="{_GOAL}" limit="1"', {"viewport": _PHONE}, _results),
    "spanish": (f'{_TWO} lang="es"', {"viewport": _DESK}, _results),
}


if __name__ == "__main__":
    sys.exit(main())
