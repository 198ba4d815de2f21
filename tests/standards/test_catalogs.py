"""The ready maps, on rows of our own writing under the platforms' own headers."""

from pathlib import Path

import pytest

from service.domain.credential import CredentialKind, Delivery, Level, Provider, ProviderType
from service.domain.quantities import Duration
from service.domain.skill import StatedSkill
from service.errors import UnreadableFile
from service.standards.catalogs import CATALOGS, read_catalog
from service.standards.duration_words import parse_duration
from tests.builders.parsed import a_file, faults, the_credential

COURSERA = (
    "cred_id\ttitle\tpartner\tlevel\tcertificatetype\tduration\tcrediteligibility\trating"
    "\treviewcount\tskills\n"
)
EDX = "Course Name\tUniversity\tDifficulty Level\tCourse URL\tCourse Description\tSkills\n"
UDACITY = (
    "Course Name\tUniversity\tDifficulty Level\tCourse Rating\tCourse URL\tCourse Description"
    "\tSkills\n"
)
IBM = "COURSE_ID\tTITLE\tDESCRIPTION\n"


def test_a_row_of_coursera_becomes_a_credential(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "c.tsv.gz",
        COURSERA + "coursera-9001\tPottery &amp; Glaze\tHarbor College\tMixed"
        "\tProfessional Certificate\t3 - 6 Months\tTrue\t4.1\t12k"
        '\t"[""Clay"", ""Extract"", ""Transform"", ""Load"", ""Kilns, Large""]"\n',
    )

    credential = the_credential(read_catalog("coursera", [path]))

    assert credential.id == "coursera-9001"
    assert credential.name == "Pottery & Glaze"
    assert credential.provider == Provider(name="Harbor College", type=ProviderType.MOOC)
    assert credential.kind is CredentialKind.CERTIFICATE
    assert credential.level is None
    assert credential.duration == Duration(min_weeks=13, weeks=26)
    assert credential.skills == tuple(
        StatedSkill(name=name) for name in ("Clay", "Extract, Transform, Load", "Kilns, Large")
    )
    assert credential.credit_recommendations == ("Eligible for credit (Coursera)",)
    assert credential.delivery == (Delivery.ONLINE,)
    assert credential.regions == ("001",)
    assert (credential.languages, credential.cost, credential.description) == ((), None, None)


def test_words_of_a_duration_that_are_not_understood_are_kept(tmp_path: Path) -> None:
    row = "coursera-9002\tPottery\tHarbor\tBeginner\tDegree\tas long as it takes\tFalse\t\t\t[]\n"
    path = a_file(tmp_path, "c.tsv", COURSERA + row)

    credential = the_credential(read_catalog("coursera", [path]))

    assert credential.duration == Duration()
    assert credential.description == "Duration: as long as it takes"


@pytest.mark.parametrize(
    ("words", "duration"),
    [
        ("3 - 6 Months", {"min_weeks": 13.0, "weeks": 26.0}),
        ("1 - 4 Weeks", {"min_weeks": 1.0, "weeks": 4.0}),
        ("1 - 3 Months", {"min_weeks": 4.3, "weeks": 13.0}),
        ("1.5 – 3 years", {"min_weeks": 78.0, "weeks": 156.0}),  # noqa: RUF001 - as it is written
        ("2 or 3 years", {"min_weeks": 104.0, "weeks": 156.0}),
        ("18 a 24 meses", {"min_weeks": 78.0, "weeks": 104.0}),
        ("24 meses.", {"weeks": 104.0}),
        ("1 week", {"weeks": 1.0}),
        ("4-6 months to complete", {"min_weeks": 17.3, "weeks": 26.0}),
        ("Less Than 2 Hours", {"effort_hours": 2.0}),
        ("15+ hours of study/wk per course", None),
        ("3 mesh", None),
        ("", None),
    ],
)
def test_durations_in_words_become_weeks_or_hours(
    words: str, duration: dict[str, float] | None
) -> None:
    assert parse_duration(words) == duration


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (
            "c\tT\tP\tGuru\tCourse\t\tFalse\t\t\t[]",
            "level",
            "'Guru' is none of the levels known here.",
        ),
        ("c\tT\tP\t\tMedal\t\tFalse\t\t\t[]", "kind", "'Medal' is none of the types known here."),
        ("c\tT\tP\t\tCourse\t\tFalse\t\t\tClay; Kilns", "skills", "is not a JSON list of names."),
        ("c\tT\tP\t\tCourse\t\tFalse\t\t\t[1]", "skills", "is not a JSON list of names."),
        ("c\tT\t\t\tCourse\t\tFalse\t\t\t[]", "provider.name", "is blank."),
        ("c\tT\tP\t\tCourse", "", "has 5 cells, and the header has 10."),
    ],
)
def test_a_word_that_the_list_never_had_is_a_fault(
    tmp_path: Path, row: str, field: str, reason: str
) -> None:
    path = a_file(tmp_path, "c.tsv", f"{COURSERA}{row}\n")

    assert faults(read_catalog("coursera", [path])) == [(2, field, reason)]


def test_edx_keeps_the_long_description_and_the_subject_in_the_column_of_skills(
    tmp_path: Path,
) -> None:
    path = a_file(
        tmp_path,
        "e.tsv",
        EDX + "Glaze Basics\tHarbor College\tIntermediate\thttps://www.edx.example/glaze"
        '\tLearn to glaze.\t"Mix it.\nFire it. Art & Culture"\n',
    )

    credential = the_credential(read_catalog("edx", [path]))

    assert credential.id.startswith("edx:harbor-college-glaze-basics-")
    assert credential.provider == Provider(name="Harbor College", type=ProviderType.MOOC)
    assert credential.kind is CredentialKind.COURSE
    assert credential.level is Level.INTERMEDIATE
    assert credential.description == "Learn to glaze.\n\nMix it.\nFire it."
    assert credential.keywords == ("Art & Culture",)
    assert credential.skills == ()
    assert credential.url == "https://www.edx.example/glaze"


def test_a_row_of_edx_whose_columns_are_torn_is_a_fault(tmp_path: Path) -> None:
    row = "Glaze\tHarbor\tBeginner\tand then some words\tLearn.\tMix it. Design\n"
    path = a_file(tmp_path, "e.tsv", EDX + row)

    ((line, field, reason),) = faults(read_catalog("edx", [path]))

    assert (line, field) == (2, "url")
    assert reason.startswith("'and then some words' is not a web address")


def test_a_nanodegree_of_udacity_is_a_microcredential(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "u.tsv",
        UDACITY + "Kiln\ufffd Engineer\tSchool of Clay\tAdvanced\t4.6"
        "\thttps://www.udacity.example/course/kiln-engineer--nd901"
        "\tYou\ufffdll fire the potter\ufffds kiln \ufffd twice.\t\n",
    )

    credential = the_credential(read_catalog("udacity", [path]))

    assert credential.id == "udacity:nd901"
    assert credential.name == "Kiln\ufffd Engineer"
    assert credential.provider == Provider(name="Udacity", type=ProviderType.MOOC)
    assert credential.kind is CredentialKind.MICROCREDENTIAL
    assert credential.description == "You'll fire the potter's kiln \ufffd twice."
    assert credential.keywords == ("School of Clay",)


def test_another_course_of_udacity_is_a_course_even_without_level_and_description(
    tmp_path: Path,
) -> None:
    row = "Clay\tSchool of Clay\t\t\thttps://www.udacity.example/course/clay--ud9\t\t\n"
    path = a_file(tmp_path, "u.tsv", UDACITY + row)

    credential = the_credential(read_catalog("udacity", [path]))

    assert (credential.kind, credential.level) == (CredentialKind.COURSE, None)
    assert credential.description is None


def test_a_course_of_udacity_without_a_code_is_a_fault(tmp_path: Path) -> None:
    row = "Clay\tSchool of Clay\t\t\thttps://www.udacity.example/course/clay\t\t\n"
    path = a_file(tmp_path, "u.tsv", UDACITY + row)

    ((_, field, reason),) = faults(read_catalog("udacity", [path]))

    assert field == "url"
    assert reason.endswith("has no course code such as --ud123 at its end.")


def test_a_row_of_ibm_loses_its_doubled_spaces(tmp_path: Path) -> None:
    path = a_file(tmp_path, "i.tsv", IBM + 'PT01EN\tkilns  101 \t"fire it  \n  let it  cool"\n')

    credential = the_credential(read_catalog("ibm", [path]))

    assert credential.id == "ibm:PT01EN"
    assert credential.name == "kilns 101"
    assert credential.description == "fire it\nlet it cool"
    assert credential.provider == Provider(name="IBM Skills Network", type=ProviderType.MOOC)


@pytest.mark.parametrize("name", list(CATALOGS))
def test_a_list_of_another_platform_is_refused(tmp_path: Path, name: str) -> None:
    path = a_file(tmp_path, "x.tsv", "a\tb\n1\t2\n")

    with pytest.raises(UnreadableFile, match=r"there is no column .* There are: a, b\."):
        list(read_catalog(name, [path]))
