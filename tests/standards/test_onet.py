from pathlib import Path

import pytest

from service.domain.ids import JobId, OccupationId, SkillId
from service.domain.job import ImportanceFigure, Job, Occupation
from service.domain.skill import Skill, SkillType
from service.errors import InvalidRecord, UnreadableFile
from service.standards.onet import read_onet_jobs, read_onet_occupations, read_onet_skills
from service.standards.shipped import load_esco
from service.standards.technologies import Technologies, technology_id
from tests.builders.parsed import Found, faults, records, the_job, the_record
from tests.builders.taxonomies import CODE, TITLE, a_figure, a_task, a_technology, an_onet_folder

SHARED_ONET = Path(__file__).parents[3] / "shared" / "data" / "onet"

needs_onet = pytest.mark.skipif(
    not SHARED_ONET.exists(), reason="needs O*NET's tables in ../shared/data/onet"
)


def test_an_occupation_gathers_what_all_tables_say_of_it(tmp_path: Path) -> None:
    occupation = the_record(read_onet_occupations([an_onet_folder(tmp_path)]))

    assert occupation == Occupation(
        id=OccupationId(f"onet:{CODE}"),
        title=TITLE,
        code=CODE,
        alt_titles=("Health Information Clerk", "Coder (CDR)", "CDR", "Medical Coder"),
        description="Compile and keep medical records.",
        tasks=("Review records.", "Release information.", "Code data."),
        technologies=("Epic Systems", "Structured query language SQL", "Web browser software"),
        knowledge=(ImportanceFigure(element="Administrative", value=4.25),),
        general_skills=(ImportanceFigure(element="Active Listening", value=3.5),),
        framework="O*NET 29.3",
    )


@pytest.mark.parametrize("value", ["5.01", "0.99", "nan", "high", ""])
def test_a_figure_off_the_scale_is_a_fault_and_the_occupation_comes_without_it(
    tmp_path: Path, value: str
) -> None:
    folder = an_onet_folder(tmp_path, skills=[a_figure("Writing", "IM", value)])

    fault, occupation = read_onet_occupations([folder])

    assert faults([fault]) == [Found(2, "Data Value", f"{value!r} is not a number from 1 to 5.")]
    assert isinstance(occupation.record, Occupation)
    assert occupation.record.general_skills == ()


def test_a_row_of_an_occupation_that_there_is_not_is_a_fault(tmp_path: Path) -> None:
    stray = a_task("Sing.", "Core") | {"O*NET-SOC Code": "99-9999.00"}
    folder = an_onet_folder(tmp_path, task_statements=[stray])

    found = faults(read_onet_occupations([folder]))

    reason = "there is no occupation with the code '99-9999.00'."
    assert found == [Found(2, "O*NET-SOC Code", reason)]


def test_a_folder_that_lacks_a_table_is_refused_by_its_name(tmp_path: Path) -> None:
    folder = an_onet_folder(tmp_path)
    (folder / "knowledge.tsv.gz").unlink()

    with pytest.raises(UnreadableFile, match=r"there is no knowledge\.tsv\.gz"):
        list(read_onet_occupations([folder]))


def test_a_code_of_another_classification_is_a_fault(tmp_path: Path) -> None:
    row = {"O*NET-SOC Code": "2511", "Title": "Analyst", "Description": "-"}
    folder = an_onet_folder(tmp_path, occupation_data=[row])

    found = faults(read_onet_jobs([folder]))

    assert found == [Found(2, "O*NET-SOC Code", "'2511' is not a code such as 29-2072.00.")]


def test_an_occupation_is_a_job_that_names_it(tmp_path: Path) -> None:
    job = the_job(read_onet_jobs([an_onet_folder(tmp_path)]))

    assert job == Job(
        id=JobId(f"onet-job:{CODE}"),
        title=TITLE,
        text="Compile and keep medical records.",
        occupation=f"onet:{CODE}",
        language="en",
    )


def test_each_technology_is_a_skill_once(tmp_path: Path) -> None:
    rows = [a_technology("Epic Systems"), a_technology("Epic Systems", hot="Y")]

    skill = the_record(read_onet_skills([an_onet_folder(tmp_path, technology_skills=rows)]))

    assert skill == Skill(
        id=SkillId("onet-tech:epic-systems"),
        preferred_label="Epic Systems",
        type=SkillType.TECHNOLOGY,
        framework="O*NET",
    )


def test_two_technologies_that_would_share_an_id_are_a_fault(tmp_path: Path) -> None:
    rows = [a_technology("Epic Systems"), a_technology("Epic  systems!")]

    _, second = read_onet_skills([an_onet_folder(tmp_path, technology_skills=rows)])

    assert faults([second]) == [
        Found(
            3,
            "id",
            "'Epic  systems!' has the id of another technology, onet-tech:epic-systems.",
        )
    ]


def test_signs_tell_programming_languages_apart() -> None:
    ids = [technology_id(name) for name in ("C", "C++", "C#")]

    assert ids == ["onet-tech:c", "onet-tech:c-plus-plus", "onet-tech:c-sharp"]


def test_a_name_without_letters_gives_no_id() -> None:
    with pytest.raises(InvalidRecord, match="gives no id"):
        technology_id("***")


@pytest.mark.parametrize(
    ("technology", "label"),
    [
        ("Python", "Python (computer programming)"),
        ("Structured query language SQL", "SQL"),
        ("The MathWorks MATLAB", "MATLAB"),
        ("Apache Hadoop", "Hadoop"),
        ("C++", "C++"),
    ],
)
def test_a_technology_that_esco_has_is_the_same_as_escos(technology: str, label: str) -> None:
    esco = load_esco()

    skill = Technologies(esco).skill(technology)

    assert {each.id: each.preferred_label for each in esco}[skill.same_as or skill.id] == label


@pytest.mark.parametrize(
    "technology",
    # A tool is not the knowledge of its field, nor another product that ends in the same letters.
    ["Accounting software", "Windent SQL", "Schlumberger ECLIPSE", "Microsoft Project"],
)
def test_a_technology_that_only_sounds_like_escos_is_its_own(technology: str) -> None:
    skill = Technologies(load_esco()).skill(technology)

    assert skill.same_as is None


@pytest.mark.slow
@needs_onet
def test_all_of_onet_is_read() -> None:
    occupations = records(read_onet_occupations([SHARED_ONET]))
    jobs = records(read_onet_jobs([SHARED_ONET]))
    skills = records(read_onet_skills([SHARED_ONET]))

    assert (len(occupations), len(jobs), len(skills)) == (1_016, 1_016, 8_775)
    assert len({skill.id for skill in skills}) == 8_775
    with_tasks = [each for each in occupations if isinstance(each, Occupation) and each.tasks]
    assert len(with_tasks) == 923
