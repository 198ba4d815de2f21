"""What docs/formats.md shows and the published schemas say is what the product takes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

from service.domain.credit import RuleKind
from service.domain.record import Kind
from service.standards.native import (
    BODIES,
    RULE_BODIES,
    body_of,
    parse_body,
    parse_rule,
    parse_text,
    rule_body_of,
)
from service.standards.native.publishing import (
    PUBLISHED,
    PublishedKind,
    publish,
    schema_file,
    schema_text,
    with_tables,
)
from service.standards.registry import ImportKind, formats_for

DOCS = Path(__file__).parents[2] / "docs"
REMEDY = "run: python -m service.standards.native docs"


def page() -> str:
    return (DOCS / "formats.md").read_text(encoding="utf-8")


def example(kind: PublishedKind) -> Any:
    section = page().partition(f"### {kind.capitalize()}\n")[2]
    found = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize("kind", list(PUBLISHED))
def test_the_published_schema_is_that_of_the_models(kind: PublishedKind) -> None:
    published = (DOCS / "schemas" / schema_file(kind)).read_text(encoding="utf-8")

    assert published == schema_text(kind), REMEDY
    Draft202012Validator.check_schema(json.loads(published))


def test_the_tables_of_fields_are_those_of_the_models() -> None:
    assert page() == with_tables(page()), REMEDY
    assert "| `skills[].min_level` | whole number | " in page()
    assert "| `provider` | text or object, required | " in page()


@pytest.mark.parametrize("kind", list(BODIES))
def test_the_example_is_taken_obeys_the_schema_and_shows_every_field(kind: Kind) -> None:
    shown = example(kind)

    record, problems = parse_body(kind, shown)

    assert problems == ()
    assert record is not None
    Draft202012Validator(json.loads(schema_text(kind))).validate(shown)
    unshown = {"text"} if kind is Kind.JOB else set()
    assert set(BODIES[kind].model_fields) - shown.keys() <= unshown
    assert parse_body(kind, body_of(record).to_json()).record == record


@pytest.mark.parametrize("kind", list(RULE_BODIES))
def test_the_example_of_a_rule_is_taken_obeys_the_schema_and_shows_every_field(
    kind: RuleKind,
) -> None:
    shown = example(kind)

    rule, problems = parse_rule(kind, shown)

    assert problems == ()
    assert rule is not None
    Draft202012Validator(json.loads(schema_text(kind))).validate(shown)
    assert set(RULE_BODIES[kind].model_fields) == shown.keys()
    assert parse_rule(kind, rule_body_of(rule).to_json()).rule == rule


def test_the_shortest_records_of_the_page_are_taken() -> None:
    shortest = re.findall(r"The least that will do: `(.*?)`\.", page())

    read = [
        parse_text(kind, text)
        for kind, text in zip([Kind.CREDENTIAL, Kind.LEARNER, Kind.JOB], shortest, strict=True)
    ]

    assert [problems for _, problems in read] == [(), (), ()]


def test_the_page_lists_every_format() -> None:
    for kind in ImportKind:
        names = ", ".join(f"`{known.name}`" for known in formats_for(kind))

        assert f"| `{kind}` | {names} |" in page()


def test_publishing_writes_schemas_and_tables(tmp_path: Path) -> None:
    (tmp_path / "formats.md").write_text(
        "# Formats\n<!-- fields: skill -->\nold\n<!-- end of fields -->\nafter\n"
    )

    publish(tmp_path)

    written = (tmp_path / "formats.md").read_text(encoding="utf-8")
    assert "old" not in written
    assert "| `preferred_label` | text, required | The skill's name. |" in written
    assert written.endswith("<!-- end of fields -->\nafter\n")
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == {
        "credential.schema.json",
        "learner.schema.json",
        "job.schema.json",
        "skill.schema.json",
        "credit-policy.schema.json",
        "transfer-agreement.schema.json",
    }
