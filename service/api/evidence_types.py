"""What reasons look like as JSON: the types that ``evidence_shapes.py`` fills."""

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12


class Piece(TypedDict):
    """One thing that shows a skill: what its class, level, age and link are worth.

    `contribution` is what it would be worth alone, the product of the four; all are in [0, 1] but
    for a level, which may lift a little. `note` says why a piece counts nothing.
    """

    shown_by: str
    source: str
    field: str
    text: str
    span: list[int] | None
    confidence: float
    level: int | None
    date: str | None
    expires: str | None
    class_weight: float
    level_factor: float
    age_factor: float
    link_weight: float
    contribution: float
    note: str | None


class Reason(TypedDict):
    """Why a record is believed to have a skill; `span` is `[start, end]` in the field's text.

    Of a learner also by which class of evidence at best, its `date`, how much all evidence of the
    skill is worth together (`strength`, in (0, 1]), and the `pieces` that it is made of.
    """

    skill: str
    source: str
    method: str | None
    record: str
    field: str
    text: str
    span: list[int] | None
    confidence: float
    shown_by: str | None
    date: str | None
    strength: float | None
    pieces: list[Piece]
