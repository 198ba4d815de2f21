"""A match as an employer sees it of a learner who has not agreed to be named."""

import re
from dataclasses import replace
from typing import Final

from service.domain.answer import Match, SkillReason
from service.domain.ids import LearnerId
from service.domain.learner import Evidence
from service.matching.covered import part_of

CAVEAT_WITHHELD: Final = "something that was named as evidence is none any more"
# These quote nothing of the record; whatever else comes to be said of a profile is not passed on.
_HARMLESS: Final = re.compile(r"the profile('s text names| repeats \d+ words of) the job")


def veiled(match: Match, learner: LearnerId, name: str) -> Match:
    """Return a match without the id, the title and every word of the learner's record.

    What shows a skill is told by the part of the record that it stands in, never by its words.

    Args:
        match: the match.
        learner: whose words are taken out; the match itself may go by a job's id.
        name: the name in place of the id.
    """
    by_learner = match.id == learner
    return replace(
        match,
        id=LearnerId(name) if by_learner else match.id,
        title="" if by_learner else match.title,
        evidence=tuple(_wordless(reason, name) for reason in match.evidence),
        caveats=tuple(dict.fromkeys(map(_harmless, match.caveats))),
    )


def shown_fields(match: Match) -> tuple[str, ...]:
    """Return the parts of a learner's record that a match shows something of, by name."""
    fields = {reason.field for reason in match.evidence}
    pieces = (reason.evidence.pieces for reason in match.evidence if reason.evidence)
    fields.update(piece.field for found in pieces for piece in found)
    return tuple(sorted({_part(field) for field in fields}))


def _wordless(reason: SkillReason, name: str) -> SkillReason:
    evidence = reason.evidence and _without_words(reason.evidence)
    return replace(
        reason,
        record=f"learner:{name}",
        field=_part(reason.field),
        text="",
        span=None,
        evidence=evidence,
    )


def _without_words(evidence: Evidence) -> Evidence:
    pieces = tuple(
        replace(piece, field=_part(piece.field), text="", span=None) for piece in evidence.pieces
    )
    return replace(evidence, field=_part(evidence.field), text="", span=None, pieces=pieces)


def _part(field: str) -> str:
    # The rest of a field says which credential it is, and an institution's ids may tell a name.
    part = part_of(field)
    return part.value if part is not None else "record"


def _harmless(caveat: str) -> str:
    return caveat if _HARMLESS.match(caveat) else CAVEAT_WITHHELD
