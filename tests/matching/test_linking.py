"""Linking, with the real model and the taxonomies that ship: words become the right skills."""

import pytest

from service.domain.ids import DEFAULT_TENANT, SkillId
from service.domain.skill import Importance, LinkMethod, LinkSource, StatedSkill
from service.matching.linking import (
    Calibration,
    SkillLinker,
    importance_in,
)
from service.matching.texts import TextField
from service.wiring import Services


def extracted(services: Services, text: str) -> dict[str, tuple[str, LinkMethod]]:
    found = services.answers.extract(DEFAULT_TENANT, text, limit=50)
    assert all(each.span and text[each.span.start : each.span.end] == each.text for each in found)
    return {each.label: (each.text, each.method) for each in found}


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("Build reports in Excel and SQL every week.", "SQL", "SQL"),
        ("You will program in Python.", "Python (computer programming)", "Python"),
        ("Strong project management required", "project management", "project management"),
    ],
)
def test_a_skill_that_a_text_names_is_found_by_its_name(
    sample_services: Services, text: str, label: str, words: str
) -> None:
    found = extracted(sample_services, text)

    assert found[label] == (words, LinkMethod.LABEL)


def test_a_statement_is_linked_to_what_it_means_and_not_only_to_what_it_says(
    sample_services: Services,
) -> None:
    found = extracted(sample_services, "Drive a forklift to load trucks in the warehouse")

    assert "operate forklift" in found
    assert found["operate forklift"][1] is LinkMethod.VECTOR


@pytest.mark.parametrize(
    "text",
    ["Excel at talking to people", "I go to work and rest at home", "Staff need access to a car"],
)
def test_an_everyday_word_is_no_technology(sample_services: Services, text: str) -> None:
    found = extracted(sample_services, text)

    by_name = {label for label, (_, method) in found.items() if method is LinkMethod.LABEL}
    assert by_name & {"Microsoft Excel", "Microsoft Access", "Go"} == set()


def test_the_plural_of_an_abbreviation_is_no_other_abbreviation(
    sample_services: Services,
) -> None:
    found = extracted(sample_services, "Talk to GPs and nurses about care")

    assert {words for words, method in found.values() if method is LinkMethod.LABEL} & {
        "GPs"
    } == set()


def test_a_stated_skill_is_never_replaced_by_an_inferred_one(sample_services: Services) -> None:
    linker = _linker(sample_services)
    stated = [StatedSkill(name="SQL", level=4)]

    plan = linker.plan(stated, [TextField("text", "I use SQL.")], stated_field="skills")
    links = linker.resolve(plan, [[] for _ in plan.texts]).links

    assert [(link.source, link.level, link.field) for link in links] == [
        (LinkSource.STATED, 4, "skills.0")
    ]


def test_a_stated_id_that_nobody_knows_is_reported_and_not_guessed(
    sample_services: Services,
) -> None:
    linker = _linker(sample_services)
    unknown = StatedSkill(id=SkillId("esco:nobody-knows"))

    linked = linker.resolve(linker.plan([unknown], [], stated_field="skills"), [])

    assert linked.links == ()
    assert linked.unlinked == ("esco:nobody-knows",)


def test_confidence_rises_with_the_cosine() -> None:
    calibration = Calibration(slope=10.0, intercept=-6.0)

    assert calibration.confidence(0.6) == pytest.approx(0.5)
    assert calibration.confidence(0.9) > 0.9 > calibration.confidence(0.7)


def test_what_is_nice_to_have_is_preferred() -> None:
    assert importance_in("Experience with SAP is a plus") is Importance.PREFERRED
    assert importance_in("Spanish preferred") is Importance.PREFERRED
    assert importance_in("Must drive") is None


def _linker(services: Services) -> SkillLinker:
    return services.tenants.get(DEFAULT_TENANT).linker
