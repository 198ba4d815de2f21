"""A question in: profile, retrieve, re-read, rank, explain. The one way to an answer."""

from service.answers.answers import Answers
from service.answers.desk import Desk
from service.answers.questions import (
    CandidatesQuestion,
    ExtractedSkill,
    JobsQuestion,
    Meta,
    RecommendQuestion,
    UnknownMode,
)
from service.answers.similar import Similar, SimilarAnswer, SimilarItem, SimilarQuestion
from service.answers.skills import (
    JudgedSkill,
    NormalName,
    NormalSkill,
    RecordSkills,
    SkillAnswers,
)
from service.matching.linking import MIN_STATED_CONFIDENCE
from service.matching.ports import RecordKey
from service.matching.similar import Strategy

__all__ = [
    "MIN_STATED_CONFIDENCE",
    "Answers",
    "CandidatesQuestion",
    "Desk",
    "ExtractedSkill",
    "JobsQuestion",
    "JudgedSkill",
    "Meta",
    "NormalName",
    "NormalSkill",
    "RecommendQuestion",
    "RecordKey",
    "RecordSkills",
    "Similar",
    "SimilarAnswer",
    "SimilarItem",
    "SimilarQuestion",
    "SkillAnswers",
    "Strategy",
    "UnknownMode",
]
