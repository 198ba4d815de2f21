"""Records as text: what is encoded, and so what a model is trained on."""

from typing import NamedTuple, assert_never

from service.domain.credential import Credential
from service.domain.goal import Goal
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.record import Record
from service.domain.skill import EvidenceClass, Skill, StatedSkill

ALT_TITLES_IN_TEXT = 4


class TextField(NamedTuple):
    """A field of a record that says something about skills.

    ``evidence`` is the class of what the field shows, for learners.
    """

    field: str
    text: str
    evidence: EvidenceClass | None = None


def skill_text(skill: Skill) -> str:
    """Return the text of a skill: its preferred label, qualifiers in parentheses included."""
    return skill.preferred_label


def occupation_text(occupation: Occupation) -> str:
    """Return the text of an occupation: its title and its four shortest alternate titles."""
    shortest = sorted(occupation.alt_titles, key=lambda title: (len(title), title))
    return "; ".join((occupation.title, *shortest[:ALT_TITLES_IN_TEXT]))


def credential_text(credential: Credential) -> str:
    """Return the text of a credential: name, description, stated skills and keywords."""
    skills = "; ".join(_names(credential.skills))
    keywords = "; ".join(credential.keywords)
    return _sentences(credential.name, credential.description, skills, keywords)


def job_text(job: Job) -> str:
    """Return the text of a job: title, stated skills and text."""
    return _sentences(job.title, "; ".join(_names(job.skills)), job.text)


def learner_text(learner: Learner) -> str:
    """Return the text of a learner: what they say, can do, have learned and have done.

    A learner of whom only held credentials or a goal are known is rendered by these, so that
    nobody is without a text.
    """
    work = "; ".join(_sentences(each.title, each.text) for each in learner.experience)
    courses = "; ".join(course.name for course in learner.courses)
    text = _sentences(learner.text, "; ".join(_names(learner.skills)), courses, work)
    if text:
        return text
    held = "; ".join(held.id for held in learner.credentials)
    return held or (goal_text(learner.goal) if learner.goal else learner.id)


def goal_text(goal: Goal) -> str:
    """Return the text of a goal as its writer gave it."""
    return goal.text or goal.occupation or goal.job or "; ".join(_names(goal.skills))


def record_text(record: Record) -> str:
    """Return the text that stands for a record in the vector space; never empty."""
    match record:
        case Skill():
            return skill_text(record)
        case Occupation():
            return occupation_text(record)
        case Credential():
            return credential_text(record)
        case Job():
            return job_text(record)
        case Learner():
            return learner_text(record)
        case _:
            assert_never(record)


def text_fields(record: Record) -> list[TextField]:
    """Return the fields from which skills are inferred, the title first."""
    match record:
        case Credential():
            return _given(
                TextField("name", record.name), TextField("description", record.description or "")
            )
        case Job():
            return _given(TextField("title", record.title), TextField("text", record.text or ""))
        case Learner():
            return _learner_fields(record)
        case Occupation():
            tasks = [TextField(f"tasks.{row}", task) for row, task in enumerate(record.tasks)]
            return _given(TextField("title", record.title), *tasks)
        case Skill():
            return []
        case _:
            assert_never(record)


def _learner_fields(learner: Learner) -> list[TextField]:
    courses = [
        TextField(
            f"courses.{row}.name",
            course.name,
            EvidenceClass.GRADED if course.grade else EvidenceClass.SELF_STATED,
        )
        for row, course in enumerate(learner.courses)
    ]
    work = [
        TextField(f"experience.{row}.{part}", text or "", EvidenceClass.EXPERIENCE)
        for row, each in enumerate(learner.experience)
        for part, text in (("title", each.title), ("text", each.text))
    ]
    own = TextField("text", learner.text or "", EvidenceClass.SELF_STATED)
    return _given(own, *courses, *work)


def _given(*fields: TextField) -> list[TextField]:
    return [field for field in fields if field.text.strip()]


def _names(skills: tuple[StatedSkill, ...]) -> list[str]:
    return [skill.name for skill in skills if skill.name]


def _sentences(*parts: str | None) -> str:
    return ". ".join(part.strip().rstrip(".") for part in parts if part and part.strip())
