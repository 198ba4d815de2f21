from pathlib import Path

import pytest

from service.domain.ids import SkillId
from service.domain.skill import Skill, SkillType
from service.errors import UnreadableFile
from service.standards.esco import read_esco
from service.standards.reading import Fault
from tests.builders.taxonomies import (
    ESCO_COLUMNS,
    ESCO_URI,
    GROUP_UUID,
    SQL_UUID,
    an_esco_row,
    write_table,
)

SHARED_ESCO = Path(__file__).parents[3] / "shared" / "data" / "esco"


def read_one(tmp_path: Path, **values: str) -> Skill:
    table = write_table(tmp_path / "skills.tsv", [an_esco_row(**values)])
    (parsed,) = read_esco([table])
    assert isinstance(parsed.record, Skill), parsed.faults
    return parsed.record


def fault_of(tmp_path: Path, **values: str) -> Fault:
    table = write_table(tmp_path / "skills.tsv", [an_esco_row(**values)])
    (parsed,) = read_esco([table])
    assert parsed.record is None
    (fault,) = parsed.faults
    return fault


def test_a_skill_of_esco_is_read_with_all_that_is_said_of_it(tmp_path: Path) -> None:
    row = an_esco_row(altLabels="structured query language", description=" A language. ")
    table = write_table(tmp_path / "skills_en_assembled.tsv.gz", [row])

    (parsed,) = read_esco([tmp_path])

    assert (parsed.file, parsed.line) == (str(table), 2)
    assert parsed.record == Skill(
        id=SkillId(f"esco:{SQL_UUID}"),
        preferred_label="SQL",
        alt_labels=("structured query language",),
        description="A language.",
        type=SkillType.KNOWLEDGE,
        framework="ESCO",
        uri=ESCO_URI + SQL_UUID,
        broader=(SkillId("esco:isced-f-0613"),),
    )


@pytest.mark.parametrize(
    "joined", ["sea biology | aquatic  biology", '"sea biology\naquatic biology\n"']
)
def test_alternative_labels_are_told_apart_by_bars_and_by_lines(
    tmp_path: Path, joined: str
) -> None:
    skill = read_one(tmp_path, altLabels=joined)

    assert skill.alt_labels == ("sea biology", "aquatic biology")


def test_spaces_around_a_label_do_not_belong_to_it(tmp_path: Path) -> None:
    skill = read_one(tmp_path, preferredLabel="marine\u00a0biology ")

    assert skill.preferred_label == "marine biology"


def test_broader_names_skills_groups_and_fields_of_education(tmp_path: Path) -> None:
    uris = f"{ESCO_URI}{GROUP_UUID}|http://data.europa.eu/esco/isced-f/05"

    skill = read_one(tmp_path, broaderUris=uris)

    assert skill.broader == (f"esco:{GROUP_UUID}", "esco:isced-f-05")


@pytest.mark.parametrize(
    ("broader", "expected"),
    [
        ("http://data.europa.eu/esco/isced-f/0613", SkillType.KNOWLEDGE),
        (ESCO_URI + GROUP_UUID, SkillType.SKILL),
        ("", None),
    ],
)
def test_a_type_that_is_not_stated_follows_from_the_hierarchy(
    tmp_path: Path, broader: str, expected: SkillType | None
) -> None:
    skill = read_one(tmp_path, skillType="", broaderUris=broader)

    assert skill.type is expected


def test_transversal_skills_are_soft(tmp_path: Path) -> None:
    skill = read_one(tmp_path, collections="green|transversal")

    assert skill.soft


def test_a_language_is_no_soft_skill_although_it_is_transversal(tmp_path: Path) -> None:
    skill = read_one(tmp_path, collections="language", reuseLevel="transversal")

    assert (skill.type, skill.soft) == (SkillType.LANGUAGE, False)


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("uri", "http://data.europa.eu/esco/occupation/1", "uri"),
        ("preferredLabel", "  ", "preferred_label"),
        ("skillType", "talent", "skillType"),
        ("broaderUris", "elsewhere", "broaderUris"),
    ],
)
def test_a_row_that_breaks_a_rule_says_where(
    tmp_path: Path, column: str, value: str, field: str
) -> None:
    fault = fault_of(tmp_path, **{column: value})

    assert (fault.line, fault.field) == (2, field)
    assert fault.reason.endswith(".")


def test_a_bad_row_does_not_stop_the_reading(tmp_path: Path) -> None:
    table = tmp_path / "skills.tsv"
    write_table(table, [an_esco_row(uri="?"), an_esco_row()])
    with table.open("ab") as file:
        file.write(b"one value\n" + b"\xff\t" * 7 + b"\n")

    parsed = list(read_esco([table]))

    assert [each.record is not None for each in parsed] == [False, True, False, False]
    assert [fault.reason for each in parsed[2:] for fault in each.faults] == [
        "has 1 values, and the header 8 columns.",
        "has bytes that are not UTF-8; save the file as UTF-8.",
    ]


def test_a_row_after_one_of_two_lines_has_its_own_number(tmp_path: Path) -> None:
    rows = [an_esco_row(description='"one\ntwo"'), an_esco_row(uri="?")]

    _, second = read_esco([write_table(tmp_path / "skills.tsv", rows)])

    assert second.line == 4


def test_a_table_without_the_columns_is_refused_by_their_names(tmp_path: Path) -> None:
    table = write_table(tmp_path / "skills.tsv", [{"uri": "a", "preferredLabel": "b"}])

    with pytest.raises(UnreadableFile, match="no column skillType, reuseLevel, altLabels"):
        list(read_esco([table]))


def test_a_folder_without_the_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="there is no skills_en_assembled"):
        list(read_esco([tmp_path]))


@pytest.mark.slow
@pytest.mark.skipif(not SHARED_ESCO.exists(), reason="needs ESCO's tables in ../shared/data/esco")
def test_all_of_esco_is_read() -> None:
    skills = [parsed.record for parsed in read_esco([SHARED_ESCO])]

    known = [skill for skill in skills if isinstance(skill, Skill)]
    assert len(known) == len(skills) == len({skill.id for skill in known}) == 13_948
    assert sum(bool(skill.alt_labels) for skill in known) == 2_756
    assert sum(bool(skill.description) for skill in known) == 2_787
    assert sum(skill.soft for skill in known) == 95


def test_the_columns_are_those_of_the_table() -> None:
    assert tuple(an_esco_row()) == ESCO_COLUMNS
