"""What an explanation looks like as JSON."""

from typing import Any

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.api import match_types as match
from service.api import shape_types as shape
from service.api.shapes import (
    asked_json,
    goal_json,
    item_json,
    versions_json,
)
from service.domain.answer import Recommendation
from service.domain.explanation import Explanation as Explained
from service.domain.explanation import Pair

_DIGITS = 4


class BeforeAfter(TypedDict):
    """A figure as it is, and as it would be."""

    before: float
    after: float


class WhatIf(TypedDict):
    """The same pair with the learner changed; `gained` is missing now and would be covered."""

    credential: shape.RecommendedCredential | None
    job: match.MatchItem | None
    score: BeforeAfter
    components: dict[str, BeforeAfter]
    covered: list[str]
    missing: list[str]
    gained: list[str]
    lost: list[str]


class Explanation(shape.Versions):
    """Why one credential, or one job, has its score for one learner.

    `covered` and `missing` are what the goal, or the job, asks for. The item's `rank` is 1, since
    it is looked at alone.
    """

    explanation_id: str
    learner: str
    credential: shape.RecommendedCredential | None
    job: match.MatchItem | None
    covered: list[str]
    missing: list[str]
    gap: shape.GapSummary | None
    requirements: list[shape.Asked]
    what_if: WhatIf | None
    warnings: list[str]
    labels: dict[str, str]
    score_meaning: str


def explanation_json(answer: Explained) -> dict[str, Any]:
    """Return the answer as the JSON object that ``Explanation`` describes."""
    found = answer.found
    return {
        "explanation_id": answer.explanation_id,
        **versions_json(answer.versions),
        "learner": answer.learner,
        **_item(found),
        "covered": list(found.covered),
        "missing": list(found.missing),
        "gap": goal_json(answer.gap) if answer.gap else None,
        "requirements": asked_json(answer.requirements),
        "what_if": _what_if(answer, answer.what_if) if answer.what_if else None,
        "warnings": list(answer.warnings),
        "labels": {str(skill): label for skill, label in answer.labels.items()},
        "score_meaning": answer.score_meaning,
    }


def _what_if(answer: Explained, other: Pair) -> dict[str, Any]:
    now, then = answer.found.item, other.item
    names = dict.fromkeys((*now.components, *then.components))
    return {
        **_item(other),
        "score": {"before": now.score, "after": then.score},
        "components": {
            name: {
                "before": round(now.components.get(name, 0.0), _DIGITS),
                "after": round(then.components.get(name, 0.0), _DIGITS),
            }
            for name in names
        },
        "covered": list(other.covered),
        "missing": list(other.missing),
        "gained": list(answer.gained),
        "lost": list(answer.lost),
    }


def _item(pair: Pair) -> dict[str, Any]:
    is_credential = isinstance(pair.item, Recommendation)
    item = item_json(pair.item)
    return {"credential": item, "job": None} if is_credential else {"credential": None, "job": item}
