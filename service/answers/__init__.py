"""A question in: profile, retrieve, re-read, rank, explain. The one way to an answer."""

from service.answers.answers import Answers
from service.answers.decisions import GroupedDecisions, UnloggedDecisions
from service.answers.desk import Desk
from service.answers.explain_question import ExplainQuestion, ProfileChange, WhatIf
from service.answers.explaining import Explaining
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
from service.answers.replaying import Replaying

__all__ = [
    "Answers",
    "CandidatesQuestion",
    "Desk",
    "ExplainQuestion",
    "Explaining",
    "ExtractedSkill",
    "GroupedDecisions",
    "JobsQuestion",
    "Meta",
    "PathwayQuestion",
    "Pathways",
    "ProfileChange",
    "RecommendQuestion",
    "Replaying",
    "UnknownMode",
    "UnloggedDecisions",
    "WhatIf",
]
