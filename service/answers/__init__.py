"""A question in: profile, retrieve, re-read, rank, explain. The one way to an answer."""

from service.answers.answers import Answers
from service.answers.desk import Desk
from service.answers.pathway_question import PathwayQuestion
from service.answers.pathways import Pathways
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
    "Meta",
    "PathwayQuestion",
    "Pathways",
    "RecommendQuestion",
    "UnknownMode",
]
