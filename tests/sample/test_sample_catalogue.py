"""The sample credentials and skills: enough of them, sound, and as uneven as a real catalog."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest

Record = dict[str, Any]

FIELDS = {
    "IT support and cloud",
    "agriculture and green jobs",
    "customer service and retail",
    "cybersecurity",
    "data and analytics",
    "early childhood education",
    "health records and nursing support",
    "hospitality and culinary",
    "human resources and project management",
    "logistics and supply chain",
    "manufacturing",
    "marketing and digital media",
    "office administration and bookkeeping",
    "skilled trades",
    "soft skills",
    "software and web development",
}
COPIED_RUN = 7  # words in a row: two texts that share so many were not written apart


@pytest.fixture(scope="module")
def credentials() -> list[Record]:
    return read("credentials.jsonl")


@pytest.fixture(scope="module")
def skills() -> list[Record]:
    return read("skills.jsonl")


def read(name: str) -> list[Record]:
    text = (files("service") / "sample" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def provider_name(credential: Record) -> str:
    provider = credential["provider"]
    return provider if isinstance(provider, str) else provider["name"]


def skill_refs(credential: Record) -> Iterator[Record]:
    needed = credential.get("prerequisites", {}).get("skills", [])
    for ref in [*credential.get("skills", []), *needed]:
        yield {"name": ref} if isinstance(ref, str) else ref


def required_credentials(credential: Record) -> list[str]:
    required: list[str] = credential.get("prerequisites", {}).get("credentials", [])
    return required


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    starts = range(len(words) - COPIED_RUN + 1)
    return {tuple(words[start : start + COPIED_RUN]) for start in starts}


def chain_lengths(credentials: list[Record]) -> dict[str, int]:
    """The number of steps that lead up to each credential; fails on a circle."""
    required = {credential["id"]: required_credentials(credential) for credential in credentials}
    lengths: dict[str, int] = {}
    while len(lengths) < len(required):
        ready = {
            credential: 1 + max((lengths[step] for step in steps), default=0)
            for credential, steps in required.items()
            if credential not in lengths and all(step in lengths for step in steps)
        }
        assert ready, "prerequisites go round in a circle"
        lengths |= ready
    return lengths


def test_the_catalog_is_large_and_mostly_microcredentials(credentials: list[Record]) -> None:
    kinds = Counter(credential.get("kind") for credential in credentials)

    assert len(credentials) >= 130
    assert kinds.most_common(1)[0][0] == "microcredential"
    assert {"badge", "certificate", "certification", "course", "degree"} <= set(kinds)


def test_ids_are_valid_and_unique(credentials: list[Record], skills: list[Record]) -> None:
    ids = [record["id"] for record in [*credentials, *skills]]

    assert [id_ for id_ in ids if not re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", id_)] == []
    assert len(set(ids)) == len(ids)


def test_no_two_credentials_have_the_same_name(credentials: list[Record]) -> None:
    names = Counter(credential["name"].casefold() for credential in credentials)

    assert [name for name, times in names.items() if times > 1] == []


def test_providers_are_many_and_of_all_four_types(credentials: list[Record]) -> None:
    providers = [credential["provider"] for credential in credentials]
    described = [provider for provider in providers if not isinstance(provider, str)]

    assert len({provider_name(credential) for credential in credentials}) >= 14
    assert {provider["type"] for provider in described} == {
        "higher_education",
        "mooc",
        "non_academic",
        "secondary",
    }


def test_a_provider_is_described_the_same_way_everywhere(credentials: list[Record]) -> None:
    descriptions = {json.dumps(credential["provider"]) for credential in credentials}

    assert len(descriptions) == len({provider_name(credential) for credential in credentials})


def test_every_field_of_work_has_several_credentials(credentials: list[Record]) -> None:
    keywords = Counter(
        word for credential in credentials for word in credential.get("keywords", [])
    )

    assert {field for field in FIELDS if keywords[field] < 5} == set()


def test_every_reference_leads_to_a_record(credentials: list[Record], skills: list[Record]) -> None:
    ids = {credential["id"] for credential in credentials}
    skill_ids = {skill["id"] for skill in skills}

    for credential in credentials:
        assert set(required_credentials(credential)) <= ids - {credential["id"]}
        assert set(credential.get("part_of", [])) <= ids - {credential["id"]}
        assert {ref["id"] for ref in skill_refs(credential) if "id" in ref} <= skill_ids
    for skill in skills:
        assert set(skill.get("broader", [])) <= skill_ids - {skill["id"]}


def test_some_credentials_are_the_third_step_of_a_chain(credentials: list[Record]) -> None:
    third = {id_ for id_, length in chain_lengths(credentials).items() if length >= 3}

    assert {"cla-cloud-architect", "gbt-welding-3", "mmi-cnc-3", "hrh-store-manager"} <= third


def test_statuses_and_deliveries_are_spread(credentials: list[Record]) -> None:
    statuses = {credential.get("status") for credential in credentials}
    deliveries = {way for credential in credentials for way in credential.get("delivery", [])}

    assert statuses == {None, "Active", "Suspended", "Ceased", "Developing"}
    assert deliveries == {"online", "in_person", "blended"}


def test_costs_and_weeks_are_spread(credentials: list[Record]) -> None:
    costs = [credential["cost"] for credential in credentials if "cost" in credential]
    amounts = [cost["amount"] for cost in costs if cost["currency"] == "USD"]
    weeks = [credential.get("duration", {}).get("weeks") for credential in credentials]
    short = [week for week in weeks if week is not None and week <= 52]

    assert {cost["currency"] for cost in costs} == {"USD", "EUR"}
    assert sum(amount == 0 for amount in amounts) >= 10
    for low, high in pairwise([0, 100, 300, 1000, 3000, 6000]):
        assert sum(low < amount <= high for amount in amounts) >= 3
    assert min(short) == 1
    assert max(short) == 52


@pytest.mark.parametrize(
    "key", ["cost", "duration", "delivery", "status", "skills", "description", "languages"]
)
def test_some_but_not_most_leave_it_unstated(credentials: list[Record], key: str) -> None:
    unstated = [credential["id"] for credential in credentials if key not in credential]

    assert 5 <= len(unstated) <= len(credentials) // 3


def test_descriptions_differ_in_length_and_language(credentials: list[Record]) -> None:
    lengths = sorted(len(credential.get("description", "")) for credential in credentials)
    spanish = [
        credential["id"] for credential in credentials if credential.get("languages") == ["es"]
    ]

    assert lengths[0] == 0
    assert sum(0 < length < 90 for length in lengths) >= 10
    assert sum(length > 500 for length in lengths) >= 5
    assert len(spanish) >= 2


def test_no_two_descriptions_share_a_long_run_of_words(
    credentials: list[Record], skills: list[Record]
) -> None:
    shared = Counter(
        run for record in [*credentials, *skills] for run in runs(record.get("description", ""))
    )

    assert [" ".join(run) for run, times in shared.items() if times > 1] == []


def test_the_college_has_a_framework_of_its_own(
    credentials: list[Record], skills: list[Record]
) -> None:
    used = {
        ref["id"] for credential in credentials for ref in skill_refs(credential) if "id" in ref
    }
    labels = Counter(skill["preferred_label"].casefold() for skill in skills)

    assert len(skills) == 30
    assert {skill["framework"] for skill in skills} == {"Lakefield Skills Framework"}
    assert {skill["type"] for skill in skills} == {"skill", "knowledge", "technology", "language"}
    assert max(labels.values()) == 1
    assert sum(skill.get("soft", False) for skill in skills) == 9
    assert sum("broader" in skill for skill in skills) >= 5
    assert {skill["id"] for skill in skills} - used == set()
