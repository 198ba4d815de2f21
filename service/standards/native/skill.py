"""The native form of skills."""

from pydantic import Field

from service.domain.skill import Skill, SkillType
from service.standards.native.body import Body
from service.standards.native.types import Flag, Id, Many, Name, Text, Uri


class SkillBody(Body):
    """One skill of a framework."""

    id: Id = Field(description="The skill's id.")
    preferred_label: Name = Field(description="The skill's name.")
    alt_labels: Many[Name] = Field(default=(), description="Other names that it goes by.")
    description: Text | None = Field(default=None, description="What it means.")
    type: SkillType | None = Field(default=None, description="What sort of ability it is.")
    framework: Name | None = Field(default=None, description="Where it comes from.")
    uri: Uri | None = Field(default=None, description="Its address in the framework.")
    broader: Many[Id] = Field(default=(), description="Ids of wider skills.")
    soft: Flag | None = Field(
        default=None, description="Whether it serves in every line of work; `false` if absent."
    )
    same_as: Id | None = Field(
        default=None, description="The id of the skill that this is another name of."
    )

    def to_domain(self) -> Skill:
        """Return the domain's record."""
        return Skill(**self.known_fields())
