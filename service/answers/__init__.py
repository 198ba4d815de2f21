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
from service.answers.soft_coverage import SoftCoverageReport

__all__ = [
    "Answers",
    "CandidatesQuestion",
    "Desk",
    "ExtractedSkill",
    "JobsQuestion",
    "Meta",
    "RecommendQuestion",
    "SoftCoverageReport",
    "UnknownMode",
]
