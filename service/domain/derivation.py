"""Derivations: vectors and links that are made anew, beside those that serve."""

from dataclasses import dataclass
from enum import StrEnum


class DerivationState(StrEnum):
    """How far a derivation is: under way, about to serve, or in place of the one before it."""

    RUNNING = "running"
    READY = "ready"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedWith:
    """What vectors and links are made with.

    Attributes:
        model_hash: SHA-256 (hex) of everything that a vector depends on.
        model_version: the model's name and version, as answers carry it.
        taxonomies: the versions of the taxonomies, as the store keeps them.
    """

    model_hash: str
    model_version: str
    taxonomies: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """A derivation that is not over yet.

    Attributes:
        number: one more than that of the derivation that serves until the swap.
        done: how many records are derived.
        total: how many records there were when it was looked at last.
        seq: the row of the change log up to which all was derived; none before that was so.
    """

    number: int
    using: DerivedWith
    state: DerivationState
    done: int
    total: int
    seq: int | None = None
