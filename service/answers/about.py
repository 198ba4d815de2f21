"""What a logged answer says about one learner, and nothing about anybody else."""

import json
from dataclasses import replace
from typing import Any, Final

from service.domain.decision import Decision
from service.domain.ids import LearnerId
from service.domain.record import Kind

_LISTS: Final = ("items", "near_misses")
# How many others there were is not about the learner.
_OF_OTHERS: Final = ("qualifying", "near_miss_count")


def about(decision: Decision, learner: LearnerId) -> Decision:
    """Return a decision without the other learners who were considered beside one."""
    others = {each.id for each in decision.learners} - {learner}
    if not others:
        return decision
    answer = None if decision.answer is None else _without(json.loads(decision.answer), learner)
    return replace(
        decision,
        records=tuple(
            each for each in decision.records if each.kind is not Kind.LEARNER or each.id == learner
        ),
        answer=answer,
    )


def _without(answer: dict[str, Any], learner: LearnerId) -> str:
    kept = {
        key: [each for each in value if each.get("id") == learner] if key in _LISTS else value
        for key, value in answer.items()
        if key not in _OF_OTHERS
    }
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
