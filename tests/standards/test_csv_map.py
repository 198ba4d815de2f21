"""Tables with a column map become records; what does not fit is a fault of its line."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from service.domain.credential import (
    CredentialKind,
    Delivery,
    Provider,
    ProviderType,
    Status,
)
from service.domain.goal import Goal
from service.domain.ids import SkillId
from service.domain.learner import Course, Learner
from service.domain.quantities import CreditUnit, CreditValue, Duration, Money
from service.domain.record import Kind
from service.domain.skill import Skill, StatedSkill
from service.errors import InvalidQuestion, UnreadableFile
from service.standards.column_map import Source, parse_column_map
from service.standards.csv_map import read_table
from service.standards.reading import Parsed, refuse_repeats
from tests.builders.parsed import (
    a_file,
    faults,
    records,
    the_credential,
    the_job,
    the_learner,
    the_skill,
)

CATALOG = ["id=Code", "name=Title", "provider=School", "duration.weeks=Weeks"]


def read(kind: Kind, path: Path, *entries: str, separator: str | None = None) -> list[Parsed]:
    return list(read_table(kind, [path], parse_column_map(entries), separator=separator))


def test_mapped_columns_and_constants_fill_a_credential(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "catalog.csv",
        "Code,Title,School,Skills,Price,Weeks,Mode,State,Ignored\n"
        'c1,"Welding, part I",Lakeside,"weld; grind|measure",240.50,8,Online;In-Person,ACTIVE,x\n',
    )

    credential = the_credential(
        read(
            Kind.CREDENTIAL,
            path,
            *CATALOG,
            "skills=Skills",
            "cost.amount=Price",
            "cost.currency==USD",
            "delivery=Mode",
            "status=State",
            "kind==Course",
            "provider.type==higher_education",
            "credit.units==SemesterHour",
            "credit.value==3",
        )
    )

    assert credential.id == "c1"
    assert credential.name == "Welding, part I"
    assert credential.provider == Provider(name="Lakeside", type=ProviderType.HIGHER_EDUCATION)
    assert credential.skills == tuple(
        StatedSkill(name=name) for name in ("weld", "grind", "measure")
    )
    assert credential.cost == Money(amount=240.5, currency="USD")
    assert credential.duration == Duration(weeks=8)
    assert credential.delivery == (Delivery.ONLINE, Delivery.IN_PERSON)
    assert credential.status is Status.ACTIVE
    assert credential.kind is CredentialKind.COURSE
    assert credential.credit == (CreditValue(units=CreditUnit.SEMESTER_HOUR, value=3),)


@pytest.mark.parametrize(
    "table",
    [
        "Code\tTitle\tSchool\tWeeks\nc1\tWelding\tLakeside\t8\n",
        "Code;Title;School;Weeks\nc1;Welding;Lakeside;8\n",
        "\ufeffCode,Title,School,Weeks\r\nc1,Welding,Lakeside,8\r\n\r\n,,,\r\n",
    ],
)
def test_the_header_tells_what_separates_the_cells(tmp_path: Path, table: str) -> None:
    credential = the_credential(
        read(Kind.CREDENTIAL, a_file(tmp_path, "c.csv.gz", table), *CATALOG)
    )

    assert (credential.name, credential.duration.weeks) == ("Welding", 8)


def test_a_blank_cell_is_unknown_and_its_constant_goes_with_it(tmp_path: Path) -> None:
    path = a_file(tmp_path, "c.csv", "Code,Title,School,Price,Weeks\nc1,Welding,Lakeside, ,\n")

    credential = the_credential(
        read(Kind.CREDENTIAL, path, *CATALOG, "cost.amount=Price", "cost.currency==USD")
    )

    assert credential.cost is None
    assert credential.duration == Duration()


def test_the_separator_of_lists_can_be_told(tmp_path: Path) -> None:
    path = a_file(tmp_path, "s.csv", "id,preferred_label,alt_labels\ns1,weld,join; fuse / melt\n")

    skill = the_skill(read(Kind.SKILL, path, separator="/"))

    assert skill == Skill(
        id=SkillId("s1"), preferred_label="weld", alt_labels=("join; fuse", "melt")
    )


def test_columns_that_go_by_the_names_of_fields_need_no_map(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "jobs.csv",
        "id,title,employer,remote,salary.min,salary.currency,salary.period,posted\n"
        "j1,Welder,Shipyard,yes,18.5,USD,hour,2025-06-02\n",
    )

    job = the_job(read(Kind.JOB, path))

    assert job.remote is True
    assert job.salary is not None
    assert (job.salary.min, job.salary.max) == (18.5, None)
    assert job.posted == date(2025, 6, 2)


def test_a_learner_has_one_row_for_each_course_in_any_order(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "transcripts.csv",
        "Student,Course,Grade,Completed,Goal,Weeks\n"
        "ada,Algebra,A,2024-01-15,Data analyst,8\n"
        "bob,Welding,B,,onet:51-4121.00,\n"
        "ada,Statistics,B+,2024-05-15,,\n"
        "ada,SQL,,,Data analyst,8\n",
    )

    parsed = read(
        Kind.LEARNER,
        path,
        "id=Student",
        "courses.name=Course",
        "courses.grade=Grade",
        "courses.date=Completed",
        "courses.provider==Lakeside",
        "goal=Goal",
        "constraints.max_weeks=Weeks",
    )

    ada, bob = records(parsed)
    assert isinstance(ada, Learner)
    assert isinstance(bob, Learner)
    assert ada.courses == (
        Course(name="Algebra", grade="A", date=date(2024, 1, 15), provider="Lakeside"),
        Course(name="Statistics", grade="B+", date=date(2024, 5, 15), provider="Lakeside"),
        Course(name="SQL", provider="Lakeside"),
    )
    assert ada.goal == Goal(text="Data analyst")
    assert ada.constraints.max_weeks == 8
    assert bob.goal == Goal(occupation="onet:51-4121.00")


def test_a_fault_in_a_later_row_of_a_learner_names_that_row(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "transcripts.csv",
        "id,courses.name,courses.date,text\n"
        "ada,Algebra,2024-01-15,I count.\n"
        "ada,Statistics,15.5.2024,I count.\n"
        "ada,SQL,,I weld.\n",
    )

    assert faults(read(Kind.LEARNER, path)) == [
        (4, "text", "differs from line 2, which has the same id."),
        (
            3,
            "courses.1.date",
            "'15.5.2024' is not a date such as 2025-06-30. Column: courses.date.",
        ),
    ]


def digits(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]


def test_a_record_without_an_id_gets_one_that_stays_the_same(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "c.csv",
        "name,provider\nWelding I,Lakeside\nWelding  I,Lakeside\nWelding I,Harbor\nÉtudes,École\n",
    )

    ids = [record.id for record in records(read(Kind.CREDENTIAL, path))]

    assert ids == [
        f"lakeside-welding-i-{digits('Lakeside', 'Welding I')}",
        f"lakeside-welding-i-{digits('Lakeside', 'Welding I')}",
        f"harbor-welding-i-{digits('Harbor', 'Welding I')}",
        f"ecole-etudes-{digits('École', 'Études')}",
    ]


def test_the_same_provider_and_name_twice_is_a_fault_unless_the_rows_are_the_same(
    tmp_path: Path,
) -> None:
    path = a_file(
        tmp_path,
        "c.csv",
        "name,provider,level\nWelding,Lakeside,beginner\nWelding,Lakeside,beginner\n"
        "Welding,Lakeside,advanced\n",
    )

    parsed = list(refuse_repeats(read(Kind.CREDENTIAL, path)))

    assert len(records(parsed)) == 2
    ((line, field, reason),) = faults(parsed)
    assert (line, field) == (4, "id")
    assert reason.endswith(f"stands already with other content: {path}, line 2.")


def test_faults_name_line_field_and_column_and_good_rows_are_read(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "c.csv",
        "Code,Title,School,Weeks\n"
        "c1,Welding,Lakeside,ten\n"
        "c2,Baking,Lakeside\n"
        'c3,"two\nlines",Lakeside,5\n'
        'c4,"open"quote,Lakeside,5\n'
        "c5,,Lakeside,1e400\n"
        "c6,Brewing,Lakeside,6,,\n"
        "c7,Brewing,Lakeside,6,surplus\n",
    )

    parsed = read(Kind.CREDENTIAL, path, *CATALOG)

    assert [(record.id, item.line) for item in parsed if (record := item.record)] == [
        ("c3", 4),
        ("c6", 8),
    ]
    assert faults(parsed) == [
        (2, "duration.weeks", "'ten' is not a number. Column: Weeks."),
        (3, "", "has 3 cells, and the header has 4."),
        (6, "", "cannot be split into cells (',' expected after '\"')."),
        (7, "name", "is missing. Column: Title."),
        (7, "duration.weeks", "'1e400' is not a number. Column: Weeks."),
        (9, "", "has 5 cells, and the header has 4."),
    ]


def test_a_fault_inside_a_list_names_the_column_of_the_list(tmp_path: Path) -> None:
    path = a_file(tmp_path, "c.csv", f"id,title,Wants\nj1,Welder,weld;{'x' * 1001}\n")

    parsed = read(Kind.JOB, path, "id=id", "title=title", "skills=Wants")

    assert faults(parsed) == [
        (2, "skills.1.name", "is 1,001 characters long; 1,000 are allowed. Column: Wants.")
    ]


def test_hostile_cells_are_faults_of_their_rows(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "c.csv",
        b"Code,Title,School,Weeks\n"
        b"c1,\xff,Lakeside,5\n"
        b"c2,a\x00b,Lakeside,5\n"
        b"c3," + b"x" * 140_000 + b",Lakeside,5\n"
        b"c4," + b"x," * 600_000 + b"\n"
        b"c5,Welding,Lakeside,5\n"
        b'c6,"never closed,Lakeside,5\nc7,Welding,Lakeside,5\n',
    )

    parsed = read(Kind.CREDENTIAL, path, *CATALOG)

    assert [record.id for record in records(parsed)] == ["c5"]
    assert [(line, reason) for line, _, reason in faults(parsed)] == [
        (2, "has bytes that are not UTF-8; save the file as UTF-8."),
        (3, "has a NUL character in it; take it out. Column: Title."),
        (4, "cannot be split into cells (field larger than field limit (131072))."),
        (5, "is longer than 1,000,000 characters; no record needs as much."),
        (7, "cannot be split into cells (unexpected end of data); lines 7 to 8 are skipped."),
    ]


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    path = a_file(tmp_path, "c.csv", "Code,Titles,School,Weeks\nc1,Welding,Lakeside,8\n")

    with pytest.raises(UnreadableFile) as caught:
        read(Kind.CREDENTIAL, path, *CATALOG)

    assert caught.value.reason == (
        "there is no column Title. Did you mean 'Titles'? There are: Code, Titles, School, Weeks."
    )


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("Code,Title,Code\n", "there are two columns with the name 'Code'."),
        ("\nc1\n", "the first line is not a header of column names."),
        ("", "the file is empty."),
    ],
)
def test_a_table_without_a_clear_header_is_refused(tmp_path: Path, table: str, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(Kind.CREDENTIAL, a_file(tmp_path, "c.csv", table), *CATALOG)

    assert caught.value.reason == reason


def test_without_a_map_a_column_of_another_name_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, "c.csv", "name,provider,cost.amounts\nWelding,Lakeside,5\n")

    with pytest.raises(UnreadableFile, match=r"Did you mean 'cost\.amount'") as caught:
        read(Kind.CREDENTIAL, path)

    assert "--map FIELD=COLUMN" in caught.value.reason


@pytest.mark.parametrize(
    ("kind", "entries", "reason"),
    [
        (Kind.CREDENTIAL, ["heading=a"], "there is no field 'heading' to map."),
        (Kind.CREDENTIAL, ["names=a"], "there is no field 'names' to map. Did you mean 'name'?"),
        (
            Kind.CREDENTIAL,
            ["provider=a", "provider.name=b"],
            "'provider' and 'provider.name' fill the same field; map one of them.",
        ),
        (
            Kind.CREDENTIAL,
            ["skills=a", "skills.name=b"],
            "'skills' and 'skills.name' fill the same field; map one of them.",
        ),
        (Kind.LEARNER, ["text=a"], "a learner needs an id; map one: id=COLUMN."),
    ],
)
def test_a_map_that_does_not_fit_is_refused(
    tmp_path: Path, kind: Kind, entries: list[str], reason: str
) -> None:
    path = a_file(tmp_path, "c.csv", "a,b\n1,2\n")

    with pytest.raises(InvalidQuestion) as caught:
        read(kind, path, *entries)

    assert caught.value.reason.startswith(reason)
    assert caught.value.field == "map"


def test_a_map_is_written_as_field_and_column_or_constant() -> None:
    assert parse_column_map(["name=Course = Title", "kind==course", " id = Code "]) == {
        "name": Source("Course = Title"),
        "kind": Source("course", constant=True),
        "id": Source("Code"),
    }


@pytest.mark.parametrize("entry", ["name", "=Title", "name=", "name==", ""])
def test_what_is_no_map_is_refused(entry: str) -> None:
    with pytest.raises(InvalidQuestion, match="write FIELD=COLUMN, or FIELD==constant"):
        parse_column_map([entry])


def test_a_field_is_mapped_once() -> None:
    with pytest.raises(InvalidQuestion, match="'name' is mapped twice"):
        parse_column_map(["name=a", "name=b"])


def test_several_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    first = a_file(tmp_path, "a.csv", "id,title\nj1,Welder\n")
    second = a_file(tmp_path, "b.tsv", "title\tid\nBaker\tj2\n")

    parsed = list(read_table(Kind.JOB, [first, second], {}))

    assert [(item.file, item.record.id) for item in parsed if item.record] == [
        (str(first), "j1"),
        (str(second), "j2"),
    ]


def test_a_skill_with_its_level_is_a_row_of_its_own(tmp_path: Path) -> None:
    path = a_file(tmp_path, "l.csv", "id,skills.name,skills.level\nada,weld,3\nada,grind,\n")

    learner = the_learner(read(Kind.LEARNER, path))

    assert learner.skills == (StatedSkill(name="weld", level=3), StatedSkill(name="grind"))
