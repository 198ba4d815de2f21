"""Every kind of record has its formats, and files are read by the right one."""

from pathlib import Path

import pytest

from service.domain.job import Job
from service.domain.skill import Skill
from service.errors import InvalidQuestion
from service.standards.registry import ImportKind, format_of, formats_for, reader_for
from tests.builders.parsed import a_file, faults, records


def test_each_kind_has_the_formats_that_are_promised() -> None:
    names = {kind: [known.name for known in formats_for(kind)] for kind in ImportKind}

    assert names == {
        ImportKind.CREDENTIALS: ["native", "csv", "coursera", "edx", "udacity", "ibm"],
        ImportKind.LEARNERS: ["native", "csv"],
        ImportKind.JOBS: ["native", "csv", "jobposting", "onet"],
        ImportKind.SKILLS: ["native", "csv", "esco", "onet"],
        ImportKind.OCCUPATIONS: ["onet"],
    }
    assert all(known.help for kind in ImportKind for known in formats_for(kind))


@pytest.mark.parametrize(
    ("kind", "names", "found"),
    [
        (ImportKind.CREDENTIALS, ["a.jsonl", "b.NDJSON.gz"], "native"),
        (ImportKind.LEARNERS, ["a.csv", "b.tsv"], "csv"),
        (ImportKind.JOBS, ["a.html", "b.json"], "jobposting"),
    ],
)
def test_the_names_of_files_tell_their_format(
    kind: ImportKind, names: list[str], found: str
) -> None:
    assert format_of(kind, [Path(name) for name in names]) == found


@pytest.mark.parametrize("names", [["a.txt"], ["a.csv", "b.jsonl"], ["a.json"], ["folder"], []])
def test_names_that_tell_no_format_need_the_option(names: list[str]) -> None:
    with pytest.raises(InvalidQuestion, match="give --format: native, csv, esco, onet"):
        format_of(ImportKind.SKILLS, [Path(name) for name in names])


def test_a_format_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(InvalidQuestion) as caught:
        reader_for(ImportKind.JOBS, "jobposing")

    assert caught.value.reason == (
        "There is no format 'jobposing' for jobs. Did you mean 'jobposting'? "
        "There are native, csv, jobposting, onet."
    )


def test_a_column_map_goes_with_tables_alone() -> None:
    with pytest.raises(InvalidQuestion, match="--map and --separator go with --format csv"):
        reader_for(ImportKind.JOBS, "native", columns=["title=Title"])


def test_a_table_is_read_with_its_map(tmp_path: Path) -> None:
    path = a_file(tmp_path, "jobs.csv", "Nr,Job,Wants\nj1,Welder,weld/grind\n")
    reader = reader_for(
        ImportKind.JOBS, "csv", columns=["id=Nr", "title=Job", "skills=Wants"], separator="/"
    )

    (job,) = records(reader([path]))

    assert isinstance(job, Job)
    assert (job.id, job.title) == ("j1", "Welder")
    assert [skill.name for skill in job.skills] == ["weld", "grind"]


def test_whatever_the_format_an_id_stands_for_one_record(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "skills.jsonl",
        '{"id": "s1", "preferred_label": "weld"}\n{"id": "s1", "preferred_label": "bake"}\n',
    )

    parsed = list(reader_for(ImportKind.SKILLS, "native")([path]))

    assert [skill.preferred_label for skill in records(parsed) if isinstance(skill, Skill)] == [
        "weld"
    ]
    assert [(line, field) for line, field, _ in faults(parsed)] == [(2, "id")]


def test_reading_is_lazy_and_a_reader_can_be_used_again(tmp_path: Path) -> None:
    path = a_file(tmp_path, "skills.jsonl", '{"id": "s1", "preferred_label": "weld"}\nnonsense\n')
    reader = reader_for(ImportKind.SKILLS, "native")

    first = [len(item.faults) for item in reader([path])]
    second = [len(item.faults) for item in reader([path])]

    assert first == second == [0, 1]
