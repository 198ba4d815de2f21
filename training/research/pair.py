"""A pair of texts to train on, and where it comes from."""

from enum import StrEnum
from typing import Final, NamedTuple


class Source(StrEnum):
    """What makes the two texts of a pair belong together.

    The first seven come from the store (``onramp export-pairs``), the others from research sets
    and from the project's own writing.
    """

    SKILL_ALT_LABEL = "skill_alt_label"
    SKILL_DESCRIPTION = "skill_description"
    OCCUPATION_ALT_TITLE = "occupation_alt_title"
    OCCUPATION_TASK = "occupation_task"
    OCCUPATION_TECHNOLOGY = "occupation_technology"
    CREDENTIAL_SKILL = "credential_skill"
    CREDENTIAL_DESCRIPTION = "credential_description"

    ONET_DESCRIPTION = "onet_description"
    ONET_ACTIVITY = "onet_activity"
    ONET_LEARNER = "onet_learner"
    ESCO_TITLE = "esco_title"
    ESCO_OCCUPATION_DESCRIPTION = "esco_occupation_description"
    ESCO_OCCUPATION_SKILL = "esco_occupation_skill"
    SKILLSKAPE = "skillskape"
    SKILL_SPAN = "skill_span"
    TECHWOLF = "techwolf"
    LIKE_VACANCY = "like_vacancy"
    JOBBERT = "jobbert"
    COURSERA = "coursera"
    COURSE_DESCRIPTION = "course_description"
    JOB_AD_PARTS = "job_ad_parts"

    WRITTEN_STATEMENT = "written_statement"
    WRITTEN_COURSE = "written_course"
    WRITTEN_JOB = "written_job"
    WRITTEN_AD = "written_ad"
    WRITTEN_CREDENTIAL = "written_credential"


# A title with many labels of a closed list: what it has is learned as a set, and what is common
# to most titles counts. Elsewhere a text is told from the others of its batch.
SETS: Final = frozenset(
    {
        Source.OCCUPATION_TECHNOLOGY,
        Source.TECHWOLF,
        Source.LIKE_VACANCY,
        Source.COURSERA,
        Source.WRITTEN_CREDENTIAL,
    }
)
# Whole paragraphs; the others are titles and sentences.
LONG: Final = frozenset(
    {
        Source.ONET_LEARNER,
        Source.COURSE_DESCRIPTION,
        Source.JOB_AD_PARTS,
        Source.WRITTEN_AD,
    }
)


class Pair(NamedTuple):
    """Two texts that belong near each other.

    ``group`` names the record that the pair comes from: pairs of one group are never each
    other's negatives. ``weight`` in (0, 1] is how sure it is that the texts belong together.
    """

    anchor: str
    positive: str
    source: Source
    group: str
    weight: float = 1.0
