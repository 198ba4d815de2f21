"""Every source says which data sets it reads, and what may be done with them."""

from training.research.pair import Source
from training.research.sources import SOURCES, is_open, open_sources, source_table

CLOSED = {
    Source.CREDENTIAL_SKILL,
    Source.CREDENTIAL_DESCRIPTION,
    Source.LIKE_VACANCY,
    Source.JOBBERT,
    Source.COURSERA,
    Source.COURSE_DESCRIPTION,
    Source.JOB_AD_PARTS,
    Source.WRITTEN_CREDENTIAL,
}


def test_every_source_has_its_data_sets() -> None:
    assert set(SOURCES) == set(Source)
    assert all(SOURCES.values())


def test_a_source_is_open_if_all_that_it_reads_is() -> None:
    assert set(open_sources()) == set(Source) - CLOSED
    assert is_open(Source.SKILLSKAPE)
    assert not is_open(Source.JOB_AD_PARTS)


def test_the_table_names_each_data_set_once_with_its_license_and_sources() -> None:
    lines = source_table().splitlines()

    assert lines[0] == "| data set | license | openly licensed | pairs | attribution |"
    assert len(lines) == 2 + len({each for sets in SOURCES.values() for each in sets})
    assert all(line.count("|") == 6 for line in lines)
    (skillspan,) = (line for line in lines if line.startswith("| SkillSpan"))
    assert skillspan == (
        "| SkillSpan (train) | MIT, © 2023 Mike Zhang | yes | `skill_span`, `job_ad_parts` "
        "| Zhang et al. 2022, SkillSpan, NAACL. |"
    )


def test_the_table_can_be_of_some_sources_alone() -> None:
    table = source_table([Source.COURSERA, Source.WRITTEN_CREDENTIAL])

    assert table.splitlines()[2:] == [
        "| Coursera credentials | none stated | no | `coursera`, `written_credential` "
        "| Coursera catalog metadata. |",
        "| The project's own writing (`training/written/`) | Apache-2.0 | yes "
        "| `written_credential` | The Onramp contributors. |",
    ]
