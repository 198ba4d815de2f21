"""Which data sets each source of pairs reads, and which sources an open model may be made of."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from training.research import data_sets
from training.research.data_sets import DataSet
from training.research.pair import Source

SOURCES: Final[Mapping[Source, tuple[DataSet, ...]]] = MappingProxyType(
    {
        Source.SKILL_ALT_LABEL: (data_sets.ESCO,),
        Source.SKILL_DESCRIPTION: (data_sets.ESCO,),
        Source.OCCUPATION_ALT_TITLE: (data_sets.ONET,),
        Source.OCCUPATION_TASK: (data_sets.ONET,),
        Source.OCCUPATION_TECHNOLOGY: (data_sets.ONET,),
        Source.CREDENTIAL_SKILL: (data_sets.CREDENTIALS, data_sets.ESCO),
        Source.CREDENTIAL_DESCRIPTION: (data_sets.CREDENTIALS,),
        Source.ONET_DESCRIPTION: (data_sets.ONET,),
        Source.ONET_ACTIVITY: (data_sets.ONET,),
        Source.ONET_LEARNER: (data_sets.ONET,),
        Source.ESCO_TITLE: (data_sets.ESCO,),
        Source.ESCO_OCCUPATION_DESCRIPTION: (data_sets.ESCO,),
        Source.ESCO_OCCUPATION_SKILL: (data_sets.ESCO,),
        Source.SKILLSKAPE: (data_sets.SKILLSKAPE, data_sets.ESCO),
        Source.SKILL_SPAN: (data_sets.SKILLSPAN, data_sets.GREEN),
        Source.TECHWOLF: (data_sets.TECHWOLF, data_sets.ESCO),
        # Titles of the one set, with skills of the other.
        Source.LIKE_VACANCY: (data_sets.JOBBERT, data_sets.TECHWOLF, data_sets.ESCO),
        Source.JOBBERT: (data_sets.JOBBERT, data_sets.ESCO),
        Source.COURSERA: (data_sets.COURSERA,),
        Source.COURSE_DESCRIPTION: (data_sets.EDX_UDACITY, data_sets.IBM),
        Source.JOB_AD_PARTS: (data_sets.INDUSTRY_ADS, data_sets.SKILLSPAN),
        Source.WRITTEN_STATEMENT: (data_sets.WRITTEN, data_sets.ESCO),
        Source.WRITTEN_COURSE: (data_sets.WRITTEN, data_sets.ESCO),
        Source.WRITTEN_JOB: (data_sets.WRITTEN, data_sets.ESCO),
        Source.WRITTEN_AD: (data_sets.WRITTEN,),
        # Titles of our own, with tags of a catalog that may not be published.
        Source.WRITTEN_CREDENTIAL: (data_sets.WRITTEN, data_sets.COURSERA),
    }
)


def is_open(source: Source) -> bool:
    """Tell whether all that a source reads may be published."""
    return all(each.is_open for each in SOURCES[source])


def open_sources() -> tuple[Source, ...]:
    """Return the sources that an openly licensed model may be made of."""
    return tuple(source for source in Source if is_open(source))


def source_table(sources: Iterable[Source] = tuple(Source)) -> str:
    """Return a table of the data sets of some sources in Markdown, for a model's README."""
    return "\n".join(_lines(tuple(sources)))


def _lines(sources: tuple[Source, ...]) -> Iterator[str]:
    yield "| data set | license | openly licensed | pairs | attribution |"
    yield "|---|---|---|---|---|"
    for each in dict.fromkeys(found for source in sources for found in SOURCES[source]):
        names = ", ".join(f"`{source}`" for source in sources if each in SOURCES[source])
        answer = "yes" if each.is_open else "no"
        yield f"| {each.name} | {each.license} | {answer} | {names} | {each.attribution} |"
