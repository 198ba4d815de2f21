"""The widget for everybody: without a fault of accessibility, at any width, in any theme."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Center

THEMES = ("light", "dark", "contrast")
GOAL = 'goal="medical records specialist" limit="3"'
_OPEN_ALL = """() => {
  const root = document.querySelector("onramp-recommendations").shadowRoot;
  for (const each of root.querySelectorAll("details")) each.open = true;
}"""
_WIDER = """() => {
  const root = document.querySelector("onramp-recommendations").shadowRoot;
  const over = [...root.querySelectorAll("*")].filter((each) => {
    if (each.closest(".scroll, .unseen, [hidden]")) return false;
    const { right, left, width } = each.getBoundingClientRect();
    return width > 0 && (right > innerWidth + 1 || left < -1);
  });
  return over.map((each) => `${each.tagName}.${each.className} ${each.textContent.slice(0, 40)}`);
}"""


def faults(page: Page) -> list[str]:
    """Return what axe finds on the page, as one line each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found
        for node in each["nodes"]
    ]


def opened(center: Center, attributes: str, **wishes: object) -> Page:
    """Open the widget with its results, everything unfolded, two credentials compared."""
    page = center.open(attributes, **wishes)
    expect(page.locator("ol.cards > li h3").first).to_be_visible()
    boxes = page.locator("ol.cards input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator("button.compare").first.click()
    page.locator("ol.cards button[aria-expanded]").first.click()
    expect(page.locator("a[href]").first).to_be_visible()
    page.evaluate(_OPEN_ALL)
    return page


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_the_results(center: Center, theme: str) -> None:
    page = opened(center, f'{GOAL} theme="{theme}"')

    assert faults(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_the_form_its_suggestions_and_its_errors(
    center: Center, theme: str
) -> None:
    page = center.open(f'theme="{theme}" heading-level="2"')
    page.get_by_role("button", name="Show recommendations").click()
    page.evaluate(_OPEN_ALL)
    page.get_by_role("combobox", name="What can you do already?").press_sequentially("custom")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")

    assert faults(page) == []


def test_axe_finds_nothing_where_the_system_is_dark_or_wants_contrast(center: Center) -> None:
    page = opened(center, GOAL, color_scheme="dark")

    dark = faults(page)
    page.emulate_media(color_scheme="light", contrast="more")
    contrast = faults(page)

    assert (dark, contrast) == ([], [])


def test_axe_finds_nothing_where_something_went_wrong(center: Center) -> None:
    page = center.open('lang="fr"')
    expect(page.get_by_role("alert")).to_be_visible()

    assert faults(page) == []


# A window of 1280 pixels at 400 % is one of 320.
@pytest.mark.parametrize(("width", "scale"), [(320, 1), (320, 4)])
def test_nothing_is_cut_off_on_a_phone_or_at_400_percent(
    center: Center, width: int, scale: int
) -> None:
    page = opened(center, GOAL, viewport={"width": width, "height": 256}, device_scale_factor=scale)

    assert page.evaluate(_WIDER) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_mirrored_where_the_page_is_written_from_right_to_left(center: Center) -> None:
    page = opened(center, f'{GOAL} dir="rtl"', viewport={"width": 1100, "height": 900})

    form, side = page.locator("form"), page.locator(".side")
    first, second = form.bounding_box(), side.bounding_box()
    assert first is not None
    assert second is not None
    assert first["x"] > second["x"] + second["width"] - 1
    assert page.evaluate(_WIDER) == []


def test_nothing_moves_for_whoever_wants_less_motion(center: Center) -> None:
    page = center.open(GOAL, reduced_motion="reduce")
    expect(page.locator("ol.cards > li").first).to_be_attached()

    moving = page.evaluate(
        """document.querySelector("onramp-recommendations").shadowRoot.getAnimations().length"""
    )

    assert moving == 0


def test_forced_colors_keep_bars_and_choices_visible(center: Center) -> None:
    page = opened(center, GOAL, forced_colors="active")

    bar = page.locator(".bar").first.evaluate("bar => getComputedStyle(bar).borderTopWidth")
    chip = page.locator(".chips li").first.evaluate("chip => getComputedStyle(chip).borderTopColor")

    assert bar == "1px"
    assert chip == "rgb(0, 0, 0)"
    assert faults(page) == []
