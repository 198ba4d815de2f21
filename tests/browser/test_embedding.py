"""The widget on a career center's page: another origin, a strict policy, a keyboard."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Center
from tests.builders import sites

GOAL = "Where do you want to go?"
SKILLS = "What can you do already?"
_FOCUSED = """() => {
  const root = document.querySelector("onramp-recommendations").shadowRoot;
  const focused = root.activeElement;
  if (!focused) return null;
  const { width, height, top, bottom } = focused.getBoundingClientRect();
  const outline = getComputedStyle(focused).outlineStyle;
  return { tag: focused.tagName, id: focused.id, text: focused.textContent.trim(), outline,
    type: focused.type ?? "", width, height, isSeen: bottom > 0 && top < innerHeight };
}"""


def seen(page: Page) -> dict[str, Any]:
    """Return what the page has noted of events, of code that ran and of what was kept out."""
    noted: dict[str, Any] = page.evaluate("window.seen")
    return noted


def answered(page: Page) -> None:
    expect(page.locator("ol.cards > li h3").first).to_be_visible()


def tabbed(page: Page, most: int = 60) -> list[dict[str, Any]]:
    """Press Tab through the widget; return what had the focus, in order."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None and stops:
            break
        if focused is not None:
            stops.append(focused)
    return stops


def test_a_visitor_gets_recommendations_by_keyboard_alone(center: Center) -> None:
    page = center.open("", viewport={"width": 1100, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("heading", name="Find your next credential").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type("medical records spec")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("combobox", name=GOAL)).to_have_attribute(
        "aria-activedescendant", "goal-0"
    )
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("customer serv")
    expect(page.get_by_role("option", name="customer service", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[role=option]")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove customer serv")).to_be_visible()
    page.keyboard.press("Enter")
    answered(page)

    expect(page.get_by_role("heading", name="Medical Records Specialists")).to_be_visible()
    expect(page.get_by_role("heading", name="5 credentials for your next step")).to_be_focused()
    stops = tabbed(page)
    assert [stop["text"] for stop in stops].count("Details") == 5
    assert [stop["type"] for stop in stops].count("checkbox") == 5
    assert all(stop["isSeen"] and stop["outline"] != "none" for stop in stops)
    assert all(stop["height"] >= 24 for stop in stops), "targets can be hit"
    noted = seen(page)
    assert noted["violations"] == []
    assert [name for name, _ in noted["events"]] == ["ready", "results"]
    results = noted["events"][1][1]
    assert [item["rank"] for item in results["items"]] == [1, 2, 3, 4, 5]
    assert all(url.startswith(center.api) for url in asked), "no third party is asked"
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_two_credentials_are_compared_and_one_is_looked_at(center: Center) -> None:
    page = center.open('goal="medical records specialist"')
    answered(page)

    page.get_by_role("checkbox", name="Compare").nth(0).check()
    page.get_by_role("checkbox", name="Compare").nth(1).check()
    page.get_by_role("button", name="Compare 2 now").first.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Side by side")).to_be_focused()
    titles = page.locator("ol.cards h3").all_inner_texts()
    assert page.get_by_role("columnheader").all_inner_texts() == titles[:2]
    assert page.get_by_role("rowheader").all_inner_texts()[:3] == ["Provider", "Score", "Cost"]
    page.get_by_role("button", name="Close the comparison").press("Enter")
    expect(page.get_by_role("button", name="Compare 2 now").first).to_be_focused()

    page.get_by_role("button", name="Details").first.press("Enter")
    link = page.get_by_role("link", name="Go to the provider")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    name, detail = seen(page)["events"][-1]
    assert name == "select"
    assert detail["name"] == titles[0]


def test_a_fourth_is_not_compared(center: Center) -> None:
    page = center.open('goal="medical records specialist"')
    answered(page)
    boxes = page.get_by_role("checkbox", name="Compare")

    for place in range(3):
        boxes.nth(place).check()

    expect(boxes.nth(3)).to_be_disabled()
    expect(page.get_by_text("Three is the most.").first).to_be_visible()
    boxes.nth(0).uncheck()
    expect(boxes.nth(3)).to_be_enabled()


def test_skills_are_read_out_of_a_text_and_limits_are_kept(center: Center) -> None:
    page = center.open('goal="medical records specialist"')
    answered(page)

    page.get_by_text("Or describe it in your own words").first.click()
    page.get_by_role("textbox", name="Or describe it").fill(
        "I write SQL queries and answer the telephone."
    )
    page.get_by_role("button", name="Find skills in it").click()
    expect(page.get_by_role("button", name="Remove SQL")).to_be_visible()
    page.get_by_text("Limits: cost, time and place").click()
    page.get_by_label("Budget").fill("400")
    page.get_by_label("Most weeks").fill("12")
    page.get_by_role("button", name="Show recommendations").click()
    expect(page.locator("[aria-busy]")).to_have_count(0)
    answered(page)

    page.get_by_text("How this list was made").click()
    expect(page.get_by_text("cost at most 400 USD")).to_be_visible()
    expect(page.get_by_text("duration.weeks at most 12")).to_be_visible()


def test_what_is_wrong_in_the_form_is_said_at_its_field(center: Center) -> None:
    page = center.open("")

    page.get_by_role("button", name="Show recommendations").click()

    goal = page.get_by_role("combobox", name=GOAL)
    expect(goal).to_be_focused()
    expect(goal).to_have_attribute("aria-invalid", "true")
    expect(goal).to_have_accessible_description(
        "An occupation from the list, or your own words. Say where you want to go, or name a skill."
    )
    goal.fill("nurse")
    # Suggestions, which would cover what is below, go with the focus.
    goal.blur()
    page.get_by_text("Limits: cost, time and place").click()
    page.get_by_label("Most weeks").fill("-3")
    page.get_by_role("button", name="Show recommendations").click()
    expect(page.get_by_text("Write a number from 1 to 520, or leave it empty.")).to_be_visible()


def test_wrong_attributes_are_named_with_what_is_allowed(center: Center) -> None:
    page = center.open('lang="fr" limit="200" theme=" dark" data-goal="nurse" mode="up" src="here"')

    notice = page.get_by_role("alert")
    for words in (
        'data-goal="nurse" is not read; the attribute is called goal.',
        'lang="fr" is not known; write one of en, es.',
        'limit="200" is not a whole number from 1 to 20.',
        'theme=" dark" has a space at its beginning or end; write theme="dark".',
        'mode="up" is not known; write one of advance, switch, build.',
        'src="here" is not the address of a server',
    ):
        expect(notice).to_contain_text(words)
    expect(page.get_by_text("Ask us at the desk.")).to_be_visible()
    ((name, detail),) = [each for each in seen(page)["events"] if each[0] == "error"]
    assert name == "error"
    assert detail["attributes"] == ["data-goal", "src", "mode", "lang", "theme", "limit"]


def test_a_secret_key_is_told_apart_and_never_sent(center: Center) -> None:
    asked: list[str] = []
    center.pages["/secret"] = sites.embedding(center.api, 'key="sk_not_for_pages" goal="nurse"')
    page = center.open("", path="/other")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{center.other}/secret")

    expect(page.get_by_role("alert")).to_contain_text("must never stand in a page")
    assert not [url for url in asked if "/v1/" in url]


def test_a_page_that_the_key_is_not_for_says_so(center: Center) -> None:
    other_name = center.other.replace("127.0.0.1", "localhost")
    page = center.open('goal="nurse"', path="/named")

    page.goto(f"{other_name}/named")

    expect(page.get_by_role("heading", name="That did not work")).to_be_visible()
    name, detail = seen(page)["events"][-1]
    assert name == "error"
    assert detail["status"] in (0, 403)


def test_a_busy_server_is_asked_again_when_it_wants(center: Center) -> None:
    page = center.open("")
    page.get_by_role("button", name="Show recommendations").wait_for()
    # By the method that a page may override, as the documentation says.
    page.evaluate(
        """() => {
          const widget = document.querySelector("onramp-recommendations");
          const said = JSON.stringify({ status: 429, detail: "60 a minute.", errors: [] });
          const headers = { "Content-Type": "application/problem+json", "Retry-After": "2" };
          widget.fetch = async () => {
            delete widget.fetch;
            return new Response(said, { status: 429, headers });
          };
          widget.setAttribute("goal", "nurse");
        }"""
    )

    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_disabled()
    expect(page.get_by_text("Too many questions in a short time.").first).to_be_visible()
    expect(page.get_by_text("60 a minute.").first).to_be_visible()
    expect(again).to_be_enabled()
    again.click()
    answered(page)


def test_without_the_script_the_page_keeps_what_stands_in_the_element(center: Center) -> None:
    center.pages["/gone"] = sites.embedding(center.api, "", script="gone.js")
    page = center.open("", path="/there")

    page.goto(f"{center.other}/gone")

    expect(page.get_by_text("Ask us at the desk.")).to_be_visible()


def test_a_widget_far_below_asks_nothing_until_it_is_near(center: Center) -> None:
    far = "".join("<br>" for _ in range(400))
    page = center.open("", path="/plain")
    body = center.pages["/plain"].body.replace("<h1>", f"{far}<h1>")
    center.pages["/far"] = sites.Page(
        body.replace("<onramp-recommendations ", '<onramp-recommendations goal="nurse" '),
        center.pages["/plain"].policy,
    )

    page.goto(f"{center.other}/far")
    page.wait_for_load_state("networkidle")
    before = seen(page)["events"]
    page.get_by_text("Ask us at the desk.").scroll_into_view_if_needed()
    answered(page)

    assert before == []
    assert [name for name, _ in seen(page)["events"]] == ["ready", "results"]


def test_it_speaks_spanish_and_counts_as_spanish_does(center: Center) -> None:
    page = center.open('lang="es-MX" goal="medical records specialist" limit="1"')
    answered(page)

    expect(page.get_by_role("heading", name="1 credencial para tu próximo paso")).to_be_visible()
    expect(page.get_by_text("10 semanas")).to_be_visible()
    expect(page.get_by_text("3 horas semestrales")).to_be_visible()
    assert page.locator(".root").get_attribute("lang") == "es-MX"


def test_a_frame_tells_its_height_to_the_page_that_it_is_for(center: Center) -> None:
    source = f"{center.api}/embed?key={center.key}&goal=nurse&origin={center.other}"
    frame = f'<iframe title="Recommendations" src="{source}" width="600" height="300"></iframe>'
    body = f"<!doctype html><html lang='en'><title>Framed</title><h1>Center</h1>{frame}</html>"
    center.pages["/framed"] = sites.Page(body, sites.strict_policy(center.api))
    page = center.open("", path="/before")
    page.add_init_script(
        """window.heights = [];
        addEventListener("message", ({ data, origin }) => {
          if (data.type === "onramp-height") window.heights.push([origin, data.height]);
        });"""
    )

    page.goto(f"{center.other}/framed")
    expect(page.frame_locator("iframe").locator("ol.cards > li h3").first).to_be_visible()

    # Waiting by a function in the page is an `eval`, which the page's policy forbids.
    while page.evaluate("window.heights.at(-1)?.[1] ?? 0") < 900:
        page.wait_for_timeout(100)
    heights = page.evaluate("window.heights")
    assert {origin for origin, _ in heights} == {center.api}
    assert seen(page)["violations"] == []


def test_an_address_that_is_not_of_the_web_is_no_link(center: Center) -> None:
    page = center.open('goal="nurse" limit="1"')
    answered(page)
    page.evaluate(
        """() => {
          const widget = document.querySelector("onramp-recommendations");
          const said = JSON.stringify({ url: "javascript:ran()", description: "As text." });
          const headers = { "Content-Type": "application/json" };
          widget.fetch = async () => new Response(said, { headers });
        }"""
    )

    page.get_by_role("button", name="Details").click()

    expect(page.locator("p.description")).to_have_text("As text.")
    assert page.locator("ol.cards a").count() == 0
