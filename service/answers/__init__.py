"""A question in: profile, retrieve, re-read, rank, explain. The one way to an answer."""

from service.answers.answers import Answers
from service.answers.desk import Desk
from service.answers.matching import Matching
from service.answers.people import Pool
from service.answers.questions import (
    CandidatesQuestion,
    ExtractedSkill,
    JobsQuestion,
    Meta,
    RecommendQuestion,
    UnknownMode,
)

__all__ = [
    "Answers",
    "CandidatesQuestion",
    "Desk",
    "ExtractedSkill",
    "JobsQuestion",
    "Matching",
    "Meta",
    "Pool",
    "RecommendQuestion",
    "UnknownMode",
]
