"""The native form of goals."""

import re
from typing import Annotated, Any

from pydantic import Field, model_validator

from service.domain.goal import Goal, GoalMode
from service.standards.native.body import Body
from service.standards.native.shared import CredentialSkill
from service.standards.native.types import Id, Many, Name, OrText, Text

_OCCUPATION_ID = re.compile(r"onet:\d{2}-\d{4}\.\d{2}")


class GoalBody(Body):
    """Where a learner wants to go: one of occupation, job, skills and text."""

    occupation: Name | None = Field(
        default=None, description="An occupation, by id (`onet:29-2072.00`) or by title."
    )
    job: Id | None = Field(default=None, description="The id of a job.")
    skills: Many[CredentialSkill] = Field(
        default=(), description="Skills to have, by id or by name."
    )
    text: Text | None = Field(default=None, description="The goal in the learner's words.")
    mode: GoalMode | None = Field(
        default=None, description="To move up, to move over, or to build on what is there."
    )

    @model_validator(mode="before")
    @classmethod
    def _name_the_occupation(cls, value: Any) -> Any:
        # A bare string is free text, unless it is nothing but the id of an occupation.
        if not isinstance(value, dict) or value.keys() != {"text"}:
            return value
        text = value["text"]
        named = isinstance(text, str) and _OCCUPATION_ID.fullmatch(text.strip())
        return {"occupation": text.strip()} if named else value

    def to_domain(self) -> Goal:
        """Return the domain's value."""
        return Goal(**self.known_fields())


GoalOrText = Annotated[GoalBody, OrText("text")]
