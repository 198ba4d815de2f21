"""What a page writes around the widget: its script's hash, its attributes, its styles, a frame."""

import json

from playwright.sync_api import expect

from service.widget import load_widget
from tests.browser.conftest import Center
from tests.browser.test_embedding import GOAL, answered, seen
from tests.builders import sites

FALLBACK = "Ask us at the desk."


def pinned(center: Center, integrity: str) -> sites.Page:
    """Return a page that takes this text of the script and no other."""
    page = sites.embedding(
        center.api, f'key="{center.key}" goal="nurse"', script=f"{load_widget().version}.js"
    )
    hashed = f'crossorigin integrity="{integrity}"'
    return page._replace(body=page.body.replace("crossorigin", hashed))


def test_a_pinned_script_runs_if_it_is_the_one_whose_hash_was_published(center: Center) -> None:
    page = center.open("", path="/unpinned")
    published = page.request.get(f"{center.api}/widget/integrity.json").json()["integrity"]
    center.pages["/pinned"] = pinned(center, published)
    center.pages["/changed"] = pinned(center, published[:-8] + "AAAAAAAA")

    page.goto(f"{center.other}/pinned")
    answered(page)
    page.goto(f"{center.other}/changed")

    expect(page.get_by_text(FALLBACK)).to_be_visible()
    assert page.evaluate("customElements.get('onramp-recommendations')") is None


def test_a_copy_of_the_script_asks_the_server_and_the_question_that_attributes_name(
    center: Center,
) -> None:
    attributes = f'src="{center.api}" mode="switch" limit="2" heading-level="2" goal="nurse"'
    page = center.open("", path="/first")
    policy = sites.strict_policy(center.api).replace("script-src", f"script-src {center.other}")
    script = load_widget().script.decode()
    center.pages["/copied/v1.js"] = sites.Page(script, policy, "text/javascript")
    copied = sites.embedding(center.other, f'key="{center.key}" {attributes}')
    body = copied.body.replace("/widget/v1.js", "/copied/v1.js")
    center.pages["/copy"] = sites.Page(body, policy)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))

    page.goto(f"{center.other}/copy")
    expect(page.locator("ol.cards > li h2")).to_have_count(2)

    expect(page.get_by_role("heading", level=1, name="2 credentials")).to_be_visible()
    (question,) = [json.loads(body) for body in asked if body]
    assert question["limit"] == 2
    assert question["goal"]["mode"] == "switch"
    assert seen(page)["violations"] == []


def test_a_page_gives_it_its_looks_and_changes_them_while_somebody_types(center: Center) -> None:
    style = """
      onramp-recommendations { --onramp-color-primary: rgb(122, 31, 61); --onramp-radius: 0 }
      onramp-recommendations::part(submit) { text-transform: uppercase }"""
    center.pages["/own.css"] = sites.Page(style, sites.strict_policy(center.api), "text/css")
    page = center.open('theme="light"', head='<link rel="stylesheet" href="/own.css">')
    submit = page.get_by_role("button", name="Show recommendations")
    page.get_by_role("combobox", name=GOAL).fill("nurse")

    expect(submit).to_have_css("background-color", "rgb(122, 31, 61)")
    expect(submit).to_have_css("text-transform", "uppercase")
    expect(submit).to_have_css("border-radius", "0px")
    page.evaluate("document.querySelector('onramp-recommendations').setAttribute('theme', 'dark')")

    expect(page.locator(".root")).to_have_css("color-scheme", "dark")
    expect(page.get_by_role("combobox", name=GOAL)).to_have_value("nurse")
    assert seen(page)["violations"] == []


def test_a_page_may_show_a_credential_in_its_own_way(center: Center) -> None:
    page = center.open('goal="nurse" limit="1"')
    answered(page)
    page.evaluate("document.addEventListener('onramp-select', (event) => event.preventDefault())")

    details = page.get_by_role("button", name="Details")
    details.click()

    expect(details).to_have_attribute("aria-expanded", "false")
    assert seen(page)["events"][-1][0] == "select"


def test_limits_that_nothing_meets_are_named_and_who_does_not_say_is_listed(
    center: Center,
) -> None:
    page = center.open('goal="medical records specialist"')
    answered(page)

    page.get_by_text("Limits: cost, time and place").click()
    for field in ("Budget", "Most weeks", "Most hours a week"):
        page.get_by_label(field).fill("1")
    page.get_by_role("button", name="Show recommendations").click()

    expect(page.get_by_role("heading", name="Nothing found")).to_be_focused()
    expect(page.get_by_text("No credential meets these limits. Loosen one.")).to_be_visible()
    expect(page.get_by_text("(not stated: Effort)").first).to_be_visible()


def test_a_site_that_the_key_is_not_for_cannot_frame_it_and_the_frame_says_so(
    center: Center,
) -> None:
    frame = f'<iframe title="Widget" src="{center.api}/embed?key={center.key}"></iframe>'
    body = f"<!doctype html><html lang='en'><title>Framed</title>{frame}</html>"
    center.pages["/thief"] = sites.Page(body, sites.strict_policy(center.api))
    page = center.open("", path="/mine")
    stranger = center.other.replace("127.0.0.1", "localhost")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    framed = page.frame_locator("iframe")

    page.goto(f"{stranger}/thief")
    expect(framed.get_by_text(f"not for {stranger}, but for")).to_be_visible()
    silent = body.replace("<iframe ", "<iframe referrerpolicy='no-referrer' ")
    center.pages["/silent"] = sites.Page(silent, sites.strict_policy(center.api))
    page.goto(f"{stranger}/silent")
    page.wait_for_load_state("networkidle")

    assert any("frame-ancestors" in text for text in refused)
    assert framed.locator("onramp-recommendations").count() == 0


def test_what_the_address_of_a_frame_says_in_vain_is_named(center: Center) -> None:
    page = center.open("", path="/framing")

    page.goto(f"{center.api}/embed?key={center.key}&language=es&limit=2")

    expect(page.get_by_role("alert")).to_contain_text("says “language”, which is not read.")
    expect(page.get_by_role("heading", name="Find your next credential")).to_be_visible()
