"""The pages for employers and administrators, as people use them."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from service.domain.access import Scope
from service.domain.ids import EmployerId
from service.models import GuardedEncoder
from service.wiring import Services
from tests.browser.conftest import WATCH
from tests.browser.test_looks import faults
from tests.builders import sites
from tests.builders.access import secret_key, services_of
from tests.builders.consents import a_consent, agreed
from tests.builders.hostile import hostile_strings
from tests.builders.memory_records import MemoryRecords
from tests.builders.worlds import a_world, credential, learner, skill

AD = """Medical Records Clerk

You check patient charts, know medical terminology and keep patient data confidential.
Spreadsheets are a plus."""
TABLE = b"""id,name,provider.name,cost.amount,cost.currency,kind
x-import,"Welding, from the start",Harbor College,120,USD,microcredential
x-wrong,,Harbor College,much,USD,nonsense
"""
EMPLOYER = (Scope.EMPLOYER_MATCH, Scope.CATALOG_READ)
_WIDER = """() => [...document.querySelectorAll("body *")].filter((each) => {
  if (each.closest(".scroll, .unseen, [hidden], details:not([open])")) return false;
  const { right, left, width } = each.getBoundingClientRect();
  return width > 0 && (right > innerWidth + 1 || left < -1);
}).map((each) => `${each.tagName}.${each.className} ${each.textContent.slice(0, 40)}`)"""
_OPEN_ALL = "() => { for (const each of document.querySelectorAll('details')) each.open = true; }"

Opened = Callable[..., Page]


class Gate:
    """Holds requests back until it is opened."""

    def __init__(self) -> None:
        self._held: list[Route] = []
        self._is_open = False

    def hold(self, route: Route) -> None:
        """Let a request pass, now or later."""
        if self._is_open:
            route.continue_()
        else:
            self._held.append(route)

    def open(self) -> None:
        """Let all pass."""
        self._is_open = True
        for route in self._held:
            route.continue_()


@pytest.fixture(scope="module")
def site(browser_services: Services) -> Iterator[str]:
    with sites.onramp_site(browser_services) as origin:
        yield origin


@pytest.fixture
def opened(browser: Browser, browser_services: Services, site: str) -> Iterator[Opened]:
    """Open a page as somebody who signs in with a key of these scopes on the way."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, *scopes: Scope, **wishes: object) -> Page:
        context = browser.new_context(**wishes)  # type: ignore[arg-type]  # passed on
        contexts.append(context)
        page = entered(context, f"{site}/{path}", secret_key(browser_services, *scopes))
        expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()


def entered(context: BrowserContext, address: str, key: str) -> Page:
    context.set_default_timeout(30_000)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    return page


def found(page: Page, ad: str = AD) -> None:
    """Paste an ad, mark its first skill as required, and find candidates."""
    page.get_by_label("Job ad").fill(ad)
    page.get_by_role("button", name="Find its skills").click()
    first = page.locator("#skill-list li").first
    expect(first).to_be_visible(timeout=90_000)
    first.get_by_label("Importance").select_option("required")
    page.get_by_role("button", name="Find candidates").click()
    expect(page.locator("#results figure")).to_be_visible()


def settled(page: Page) -> None:
    """Wait until every part of the administrators' page is there."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("figure")).to_have_count(3)


def test_an_employer_pastes_an_ad_edits_its_skills_and_takes_the_candidates_along(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened("employers", *EMPLOYER)
    page.get_by_label("Job ad").fill(AD)
    page.get_by_role("button", name="Find its skills").click()
    expect(page.get_by_role("heading", name="What it asks for")).to_be_focused()
    names = page.locator("#skill-list .label")
    expect(names.filter(has_text=re.compile("^medical terminology$"))).to_be_visible()

    gone = names.last.inner_text()
    page.get_by_role("button", name=f"Remove {gone}").click()
    page.get_by_label("Add a skill").fill("customer service")
    page.keyboard.press("Enter")
    confidentiality = page.locator("#skill-list li").filter(has_text="confidentiality")
    confidentiality.get_by_label("Importance").select_option("required")
    confidentiality.get_by_label("Weight").select_option("0.5")
    page.get_by_role("button", name="Find candidates").click()

    expect(page.locator("#found-title")).to_be_focused()
    expect(page.locator("#results ol").first.locator("li.card").first).to_contain_text("Covered")
    expect(page.locator("#results")).to_contain_text("One credential away")
    expect(page.locator("#results figure svg[role=img]")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    kept = tmp_path / "candidates.csv"
    download.value.save_as(kept)
    with kept.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["list"] for row in rows} == {"candidate", "near miss"}
    assert all(float(row["score"]) <= 100 for row in rows)
    asked = "; ".join(row["covered"] + "; " + row["missing"] for row in rows)
    assert gone not in asked.split("; ")
    assert page.evaluate("window.seen.violations") == []


def test_an_administrator_makes_a_key_sees_it_once_and_revokes_it(
    opened: Opened, browser: Browser, site: str
) -> None:
    page = opened("admin", Scope.ADMIN)
    page.get_by_label("What it is for").fill("The career center")
    page.get_by_label("learner:read").check()
    page.get_by_label("employer:match").check()
    page.get_by_label("An employer, who sees").check()
    expect(page.get_by_label("learner:read")).to_be_disabled()
    page.get_by_label("The employer's id").fill("acme")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="The key “The career center”")).to_be_focused()
    expect(page.locator("#key-list tr").filter(has_text="The career center")).to_contain_text(
        "employer:match · for acme"
    )
    secret = page.locator("#secret").inner_text()
    other = browser.new_context()
    theirs = entered(other, f"{site}/employers", secret)
    expect(theirs.get_by_role("heading", name="Who fits the job, and why")).to_be_visible()
    expect(theirs.locator("#for-whom")).to_contain_text("You ask for acme")

    row = page.locator("#key-list tr").filter(has_text="The career center")
    row.get_by_role("button", name="Revoke").click()
    row.get_by_role("button", name="for good").click()
    expect(row).to_contain_text("revoked")
    theirs.reload()

    expect(theirs.get_by_role("heading", name="Sign in")).to_be_visible()
    other.close()
    page.reload()
    settled(page)
    assert secret not in page.content()


def test_an_employer_sees_who_agreed_by_no_name_and_asks_for_contact(
    browser: Browser, encoder: GuardedEncoder
) -> None:
    world = a_world(MemoryRecords(), encoder)
    world.put(skill("s:sql", "SQL"), learner("l-1", "SQL"), learner("l-2", "SQL"))
    agreed(world, "l-1", a_consent())
    services = services_of(world)
    key = secret_key(services, Scope.EMPLOYER_MATCH, Scope.CATALOG_READ, party=EmployerId("acme"))

    with sites.onramp_site(services) as origin:
        context = browser.new_context()
        page = entered(context, f"{origin}/employers", key)
        expect(page.locator("#for-whom")).to_contain_text("You ask for acme")
        found(page, "SQL")
        card = page.locator("#results li.card")
        expect(card).to_have_count(1)
        expect(card.get_by_role("heading", name="Candidate 1", exact=True)).to_be_visible()
        card.get_by_text("Why (1 reason)").click()
        expect(card.locator(".reasons li")).to_have_text(re.compile(r"^SQL: .*strength \d+ %"))
        expect(page.locator("#results")).to_contain_text("In all, fewer than 5 people have every")
        card.get_by_role("button", name="Ask for contact").click()
        expect(card).to_contain_text("You asked for contact. They have not answered yet.")
        assert faults(page) == []
        page.get_by_role("button", name="Find candidates").click()
        expect(card.locator(".contact")).to_contain_text("You asked for contact")

        assert "l-1" not in page.locator("#results").inner_text()
        page.get_by_role("link", name="Learners").click()
        expect(page.locator("#meta")).to_contain_text("0 credentials, 0 jobs")
        context.close()


def test_an_import_says_of_each_line_what_became_of_it(opened: Opened) -> None:
    page = opened("admin", Scope.ADMIN)
    table = {"name": "catalog.csv", "mimeType": "text/csv", "buffer": TABLE}
    page.get_by_label("File", exact=True).set_input_files(table)  # type: ignore[arg-type]  # a file
    page.get_by_role("button", name="Import").click()

    faulty = page.locator("#import-results tbody tr")
    expect(faulty).to_have_count(1)
    expect(faulty).to_contain_text("3x-wrong")
    for said in ("/name is missing", "/cost/amount", "'nonsense' is not one of"):
        expect(faulty).to_contain_text(said)
    page.get_by_label("Search credentials").fill("welding from the start")
    page.get_by_role("button", name="Search").click()

    expect(page.locator("#search-results tbody tr").first).to_contain_text(
        "Welding, from the start"
    )


@pytest.mark.parametrize(
    ("path", "form", "button"),
    [("employers", "ad", "Find its skills"), ("admin", "search", "Search")],
)
def test_a_form_whose_scripts_are_still_on_their_way_keeps_what_is_typed_into_it(
    opened: Opened, path: str, form: str, button: str
) -> None:
    page = opened(path, Scope.ADMIN, *EMPLOYER)
    gate = Gate()
    page.route("**/work/dom.js", gate.hold)
    page.reload(wait_until="commit")
    field = page.locator(f"#{form} :is(textarea, input)").first
    field.fill("Welder")
    field.press("Control+Enter")
    field.press("Enter")
    sends = page.get_by_role("button", name=button, exact=True)
    expect(sends).to_be_disabled()
    assert field.input_value().strip() == "Welder"

    gate.open()

    expect(sends).to_be_enabled()
    assert field.input_value().strip() == "Welder"
    assert page.url.endswith(path)


def test_who_may_not_is_told_and_can_sign_out(opened: Opened) -> None:
    page = opened("admin", *EMPLOYER)

    expect(page.get_by_role("heading", name="Not with this key")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_session_that_has_ended_is_said_in_words_and_one_begun_elsewhere_goes_on_here(
    opened: Opened, browser_services: Services, site: str
) -> None:
    page = opened("employers", *EMPLOYER)
    # By then the page knows its session.
    expect(page.locator("#for-whom")).to_be_visible()
    page.context.clear_cookies()
    page.get_by_label("Job ad").fill(AD)

    page.get_by_role("button", name="Find its skills").click()

    expect(page.get_by_role("alert")).to_contain_text("Your session has ended")
    expect(page.get_by_label("Job ad")).to_have_value(AD)
    link = page.get_by_role("alert").get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", "login?next=employers")
    other = page.context.new_page()
    other.goto(f"{site}/login?next=employers")
    other.get_by_label("Key").fill(secret_key(browser_services, *EMPLOYER))
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("navigation", name="Pages")).to_be_visible()

    page.get_by_role("button", name="Find its skills").click()

    expect(page.locator("#skill-list li").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off_on_a_phone(opened: Opened, scheme: str) -> None:
    small = {"width": 320, "height": 600}
    employers = opened("employers", *EMPLOYER, color_scheme=scheme, viewport=small)
    found(employers)
    admin = opened("admin", Scope.ADMIN, color_scheme=scheme, viewport=small)
    settled(admin)

    for page in (employers, admin):
        page.evaluate(_OPEN_ALL)
        assert faults(page) == []
        assert page.evaluate(_WIDER) == []
        page.set_viewport_size({"width": 1180, "height": 900})
        assert faults(page) == []
        assert page.evaluate("window.seen.violations") == []


def test_a_learner_sees_the_gap_and_the_pathway_drawn(opened: Opened) -> None:
    page = opened("employers", Scope.LEARNER_READ, Scope.CATALOG_READ, *EMPLOYER)
    page.get_by_role("link", name="Learners").click()
    page.get_by_label("Who is asking?").select_option("l-001")
    page.get_by_text("Limits: cost, time and place").click()
    page.locator("onramp-recommendations").get_by_label("Budget").fill("900")
    page.get_by_role("button", name="Show recommendations").click()

    page.get_by_role("button", name="Draw my gap").click()
    gap = page.locator("#gap-picture figure")
    expect(gap).to_contain_text("you can show 13 % today")
    expect(gap.locator("svg")).to_be_visible()
    expect(page.get_by_label("Budget in all")).to_have_value("900")
    page.get_by_role("button", name="Draw my pathway").click()
    expect(page.locator("#pathway-picture svg")).to_be_visible()
    expect(page.locator("#pathway-picture")).to_contain_text("All of it takes at most 900 USD")
    gap.get_by_text("As a table").click()

    expect(gap.locator("tbody tr").first).to_be_visible()
    page.evaluate(_OPEN_ALL)
    assert faults(page) == []
    # Nobody is named in an address.
    visited = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert [each for each in visited if "page/plots" in each and "?" in each] == []


def test_whatever_an_ad_a_candidate_or_a_credential_says_stays_text(
    browser: Browser, encoder: GuardedEncoder
) -> None:
    texts = hostile_strings(60)
    world = a_world(MemoryRecords(), encoder)
    world.put(
        *(skill(f"s:{at}", text) for at, text in enumerate(texts[:12])), skill("s:sql", "SQL")
    )
    world.put(*(credential(f"c-{at}", text, "SQL") for at, text in enumerate(texts[12:24])))
    people = (learner(f"l-{at}", "SQL", text=text) for at, text in enumerate(texts[24:36]))
    world.put(*people)
    services = services_of(world)
    ad = "\n".join(["SQL", *texts])
    lines = "\n".join(json.dumps({"id": text, "name": text}) for text in texts)

    with sites.onramp_site(services) as origin:
        context = browser.new_context()
        page = entered(context, f"{origin}/employers", secret_key(services, Scope.ADMIN))
        found(page, ad)
        page.evaluate(_OPEN_ALL)
        page.get_by_role("link", name="Administration").click()
        settled(page)
        upload = {"name": "x.jsonl", "mimeType": "text/plain", "buffer": lines.encode()}
        page.get_by_label("File", exact=True).set_input_files(upload)  # type: ignore[arg-type]  # a file
        page.get_by_role("button", name="Import").click()
        expect(page.locator("#import-results tbody tr")).to_have_count(len(texts))
        page.get_by_label("What it is for").fill(texts[0])
        page.get_by_label("reports:read").check()
        page.get_by_role("button", name="Make it").click()
        expect(page.locator("#key-list")).to_contain_text(texts[0])

        assert page.evaluate("window.seen.ran") == 0
        assert page.evaluate("window.seen.violations") == []
        context.close()
