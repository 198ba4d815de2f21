"""A question in: profile, retrieve, re-read, rank, explain. The one way to an answer."""

from service.answers.answers import Answers
from service.answers.desk import Desk
from service.answers.matching import Matching
from service.answers.people import Pool
from service.answers.questions import (
    CandidatesQuestion,
    Explain,
    ExtractedSkill,
    JobsQuestion,
    Meta,
    RecommendQuestion,
    UnknownMode,
)
from service.answers.recommending import Recommender
from service.answers.soft_coverage import SoftCoverageReport

__all__ = [
    "Answers",
    "CandidatesQuestion",
    "Desk",
    "Explain",
    "ExtractedSkill",
    "JobsQuestion",
    "Matching",
    "Meta",
    "Pool",
    "RecommendQuestion",
    "Recommender",
    "SoftCoverageReport",
    "UnknownMode",
]
