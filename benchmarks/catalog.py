"""A made catalog to import: many credentials, each with statements of its own."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from service.domain.credential import Credential, Provider
from service.domain.ids import CredentialId
from service.domain.skill import StatedSkill
from service.matching.segments import segments_of
from service.matching.texts import text_fields

CREDENTIALS = 600
# Of these, one in so many also states skills by name.
_STATES_SKILLS = 3


class Field(NamedTuple):
    """A field of work: what is worked on, what is done with it, and where."""

    name: str
    things: tuple[str, ...]
    acts: tuple[str, ...]
    places: tuple[str, ...]
    skills: tuple[str, ...]


FIELDS = (
    Field(
        "office accounting",
        (
            *("supplier invoices", "the month-end close", "petty cash", "payroll runs"),
            *("bank statements", "expense claims", "a trial balance", "sales tax returns"),
        ),
        ("reconcile", "prepare", "check", "post", "correct", "archive"),
        ("a small firm", "a school office", "a hotel group", "a building contractor"),
        ("Payroll", "Reconcile bank accounts", "Spreadsheets", "QuickBooks"),
    ),
    Field(
        "data work",
        (
            *("survey responses", "a sales table", "sensor readings", "web logs"),
            *("a customer database", "quarterly figures", "open census files", "a star schema"),
        ),
        ("query", "clean", "chart", "summarize", "model", "document"),
        ("a city department", "an online shop", "a hospital network", "a sports league"),
        ("SQL", "Python", "Data visualization", "Statistics", "Microsoft Excel"),
    ),
    Field(
        "nursing support",
        (
            *("vital signs", "fluid charts", "wound dressings", "transfer belts"),
            *("meal trays", "hand-over notes", "call lights", "pressure sores"),
        ),
        ("measure", "record", "change", "watch", "report", "explain"),
        ("a rehabilitation ward", "a nursing home", "a home-care round", "a hospice"),
        ("First aid", "Measure vital signs", "Infection control"),
    ),
    Field(
        "metal work",
        (
            *("fillet welds", "a lathe chuck", "sheet-metal brackets", "pipe joints"),
            *("a milling fixture", "shop drawings", "hardened shafts", "cutting inserts"),
        ),
        ("set up", "measure", "grind", "clamp", "inspect", "cut"),
        ("a ship yard", "a tool room", "a pump factory", "a bicycle workshop"),
        ("Welding", "Read blueprints", "Precision measuring instruments"),
    ),
    Field(
        "kitchens",
        (
            *("a cold buffet", "allergen labels", "fish stock", "knife sets"),
            *("banquet orders", "a walk-in cooler", "yeast dough", "delivery slips"),
        ),
        ("plan", "store", "portion", "label", "taste", "cost"),
        ("a school canteen", "a hotel kitchen", "a food truck", "a bakery"),
        ("Food safety", "Menu planning", "Inventory control"),
    ),
    Field(
        "computer networks",
        (
            *("access switches", "a guest Wi-Fi", "firewall rules", "patch panels"),
            *("DNS records", "backup jobs", "VPN tunnels", "log alerts"),
        ),
        ("configure", "monitor", "secure", "trace", "replace", "audit"),
        ("a branch office", "a public library", "a port terminal", "a clinic"),
        ("Cisco IOS", "Linux", "Network security", "Help desk"),
    ),
    Field(
        "early childhood",
        (
            *("story circles", "play corners", "parent talks", "nap times"),
            *("counting games", "allergy plans", "outdoor trips", "language milestones"),
        ),
        ("lead", "observe", "plan", "adapt", "describe", "supervise"),
        ("a kindergarten", "an after-school club", "a family center", "a summer camp"),
        ("Child development", "Lesson planning", "Communication"),
    ),
    Field(
        "warehouses",
        (
            *("pick lists", "dangerous goods", "pallet racks", "cycle counts"),
            *("loading docks", "return parcels", "customs papers", "delivery windows"),
        ),
        ("schedule", "scan", "stack", "balance", "trace", "release"),
        ("a parcel hub", "a cold store", "a car-parts depot", "an army base"),
        ("Forklift operation", "Supply chain management", "Inventory control"),
    ),
    Field(
        "gardens and fields",
        (
            *("drip irrigation", "apple trees", "soil samples", "a spray log"),
            *("seed drills", "compost heaps", "green roofs", "pest traps"),
        ),
        ("lay out", "prune", "calibrate", "sample", "map", "maintain"),
        ("a vineyard", "a city park", "a grain farm", "a tree nursery"),
        ("Integrated pest management", "Crop production", "Plant propagation"),
    ),
    Field(
        "visual design",
        (
            *("a style guide", "clickable prototypes", "poster series", "icon sets"),
            *("user interviews", "packaging mock-ups", "color palettes", "photo essays"),
        ),
        ("sketch", "test", "refine", "present", "typeset", "critique"),
        ("a museum shop", "a design studio", "a news room", "a start-up"),
        ("Adobe Photoshop", "Typography", "User research"),
    ),
    Field(
        "energy in buildings",
        (
            *("rooftop panels", "a heat pump", "draft leaks", "inverter strings"),
            *("meter readings", "insulation boards", "a boiler room", "charging points"),
        ),
        ("size", "wire", "commission", "test", "balance", "survey"),
        ("an apartment block", "a dairy", "a town hall", "a row of houses"),
        ("Photovoltaics", "Electrical wiring", "Energy audits"),
    ),
    Field(
        "teams and clients",
        (
            *("a kick-off meeting", "angry callers", "project risks", "shift rosters"),
            *("board reports", "grant budgets", "feedback rounds", "sales pitches"),
        ),
        ("moderate", "calm", "track", "negotiate", "write up", "prioritize"),
        ("a call center", "a charity", "a retail chain", "a consulting office"),
        ("Project management", "Negotiation", "Public speaking", "Time management"),
    ),
)
LEVELS = ("First steps in", "Working in", "A year of", "Refresher for", "Night class:", "Badge:")
SENTENCES = (
    "Learn to {one} {a} and to {two} {b} the way {place} does.",
    "In week {number} you {one} {a} with a mentor from {place}.",
    "The holder can {one} {a}, and knows when to {two} {b} instead.",
    "Assessment: {two} {b} for {place} within {number} hours, watched by two examiners.",
    "No degree is asked for, only that you have tried to {one} {a} before.",
    "About {number} hours of practice until you {two} {b} on your own.",
    "Graduates {one} {a} at {place} and {two} {b} when things get busy.",
    "Tools of the trade for whoever has to {two} {b} in {place}.",
)
PROVIDERS = ("Harrow Bend College", "Open Trades Online", "Lakeside Skills Center", "Tern Academy")
_SENTENCES_EACH = (2, 3, 3, 3)


def make_catalog(count: int = CREDENTIALS, *, seed: int = 7) -> list[Credential]:
    """Return credentials of all fields in turn; the same for the same arguments.

    No two of them share a name or a statement of their descriptions.
    """
    chance = random.Random(seed)  # noqa: S311 - texts to measure on are no secret
    told: set[str] = set()
    return [_credential(row, FIELDS[row % len(FIELDS)], chance, told) for row in range(count)]


def statements(credentials: list[Credential]) -> list[str]:
    """Return every statement from which skills are inferred, repeated ones as often as told."""
    return [
        segment.text
        for credential in credentials
        for field in text_fields(credential)
        for segment in segments_of(field.text)
    ]


def _credential(row: int, field: Field, chance: random.Random, told: set[str]) -> Credential:
    length = chance.choice(_SENTENCES_EACH)
    stated = chance.sample(field.skills, 2) if row % _STATES_SKILLS == 0 else []
    return Credential(
        id=CredentialId(f"made-{row:04}"),
        name=_new_name(field, chance, told),
        provider=Provider(name=chance.choice(PROVIDERS)),
        description=" ".join(_new_sentences(field, chance, told, length)),
        skills=tuple(StatedSkill(name=name) for name in stated),
    )


def _new_name(field: Field, chance: random.Random, told: set[str]) -> str:
    return _new(chance.choice(LEVELS) + f" {field.name}: {{one}} {{a}}", field, chance, told)


def _new_sentences(
    field: Field, chance: random.Random, told: set[str], length: int
) -> Iterator[str]:
    for pattern in chance.sample(SENTENCES, length):
        yield _new(pattern, field, chance, told)


def _new(pattern: str, field: Field, chance: random.Random, told: set[str]) -> str:
    while (text := _filled(pattern, field, chance)) in told:
        pass
    told.add(text)
    return text


def _filled(pattern: str, field: Field, chance: random.Random) -> str:
    one, two = chance.sample(field.acts, 2)
    a, b = chance.sample(field.things, 2)
    place = chance.choice(field.places)
    return pattern.format(one=one, two=two, a=a, b=b, place=place, number=chance.randint(2, 30))
