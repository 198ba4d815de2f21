"""A question in: profile, retrieve, re-read, rank, explain. The one way to an answer."""

from service.answers.answers import Answers
from service.answers.decisions import (
    LOGGED_AFTER_S,
    GroupedDecisions,
    Pace,
    UnloggedDecisions,
)
from service.answers.desk import Desk
from service.answers.explain_question import ExplainQuestion, ProfileChange, WhatIf
from service.answers.explaining import Explaining
from service.answers.matching import Matching
from service.answers.pathway_question import PathwayQuestion
from service.answers.pathways import Pathways
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
from service.answers.reading import Reader
from service.answers.recommending import Recommender
from service.answers.replaying import Replaying
from service.answers.similar import Similar, SimilarAnswer, SimilarItem, SimilarQuestion
from service.answers.skills import (
    JudgedSkill,
    NormalName,
    NormalSkill,
    RecordSkills,
    SkillAnswers,
)
from service.answers.soft_coverage import SoftCoverageReport
from service.answers.suggesting import Suggestions
from service.matching.linking import MIN_STATED_CONFIDENCE
from service.matching.ports import RecordKey
from service.matching.similar import Strategy

__all__ = [
    "LOGGED_AFTER_S",
    "MIN_STATED_CONFIDENCE",
    "Answers",
    "CandidatesQuestion",
    "Desk",
    "Explain",
    "ExplainQuestion",
    "Explaining",
    "ExtractedSkill",
    "GroupedDecisions",
    "JobsQuestion",
    "JudgedSkill",
    "Matching",
    "Meta",
    "NormalName",
    "NormalSkill",
    "Pace",
    "PathwayQuestion",
    "Pathways",
    "Pool",
    "ProfileChange",
    "Reader",
    "RecommendQuestion",
    "Recommender",
    "RecordKey",
    "RecordSkills",
    "Replaying",
    "Similar",
    "SimilarAnswer",
    "SimilarItem",
    "SimilarQuestion",
    "SkillAnswers",
    "SoftCoverageReport",
    "Strategy",
    "Suggestions",
    "UnknownMode",
    "UnloggedDecisions",
    "WhatIf",
]
