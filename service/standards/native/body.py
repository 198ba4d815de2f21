"""What all native bodies share: strictness, and the way to the domain and back."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from service.errors import InvalidRecord
from service.standards.native.types import broken


class Body(BaseModel):
    """A native object: unknown keys are errors, null is as good as absent."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    def to_domain(self) -> object:
        """Return the domain's value.

        Raises:
            InvalidRecord: if it breaks a rule; a body that was validated does not.
        """
        raise NotImplementedError

    @classmethod
    def from_domain(cls, value: object) -> Self:
        """Return the body that stands for a value of the domain."""
        return cls.model_validate(value, from_attributes=True)

    def to_json(self) -> dict[str, Any]:
        """Return what stands in a file, without the keys that say nothing."""
        return _without_empty(self.model_dump(mode="json", exclude_defaults=True))

    def known_fields(self) -> dict[str, Any]:
        """Return the arguments for the domain's constructor; unknown ones are left out."""
        return {name: _domain_value(value) for name, value in self if value is not None}

    @model_validator(mode="after")
    def _obeys_the_domain(self) -> Self:
        try:
            self.to_domain()
        except InvalidRecord as error:
            raise broken(error.reason, field=error.field) from None
        return self


def without_empty(known: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the arguments without an empty list, for which the domain has a default."""
    return {key: value for key, value in known.items() if key != name or value}


def _domain_value(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_domain_value(item) for item in value)
    return value.to_domain() if isinstance(value, Body) else value


def _without_empty(found: dict[str, Any]) -> dict[str, Any]:
    pruned = {
        key: _without_empty(value) if isinstance(value, dict) else value
        for key, value in found.items()
    }
    return {key: value for key, value in pruned.items() if value not in (None, [], {})}
