"""The research sets, each read as pairs; sources without a reader come from the store."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from training.research import courses, like_vacancies, taxonomies, vacancies, written
from training.research.pair import Pair, Source
from training.research.vocabulary import Vocabulary

Reader = Callable[[Path, Vocabulary], Iterator[Pair]]

READERS: Final[Mapping[Source, Reader]] = MappingProxyType(
    {
        Source.ONET_DESCRIPTION: taxonomies.onet_descriptions,
        Source.ONET_ACTIVITY: taxonomies.onet_activities,
        Source.ONET_LEARNER: taxonomies.onet_learners,
        Source.ESCO_TITLE: taxonomies.esco_titles,
        Source.ESCO_OCCUPATION_DESCRIPTION: taxonomies.esco_descriptions,
        Source.ESCO_OCCUPATION_SKILL: taxonomies.esco_occupation_skills,
        Source.SKILLSKAPE: vacancies.skillskape,
        Source.SKILL_SPAN: vacancies.skill_spans,
        Source.TECHWOLF: vacancies.techwolf,
        Source.LIKE_VACANCY: like_vacancies.like_vacancies,
        Source.JOBBERT: vacancies.jobbert,
        Source.JOB_AD_PARTS: vacancies.job_ad_parts,
        Source.COURSERA: courses.coursera,
        Source.COURSE_DESCRIPTION: courses.course_descriptions,
        Source.WRITTEN_STATEMENT: written.statements,
        Source.WRITTEN_COURSE: written.courses,
        Source.WRITTEN_JOB: written.jobs,
        Source.WRITTEN_AD: written.ads,
        Source.WRITTEN_CREDENTIAL: written.credentials,
    }
)
