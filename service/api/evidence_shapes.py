"""Reasons as JSON: which words and which evidence say that a record has a skill."""

from collections.abc import Iterable

from service.api import evidence_types as shape
from service.domain.answer import SkillReason
from service.domain.learner import EvidencePiece
from service.domain.skill import Span

_SHARE_DIGITS = 4


def reasons_json(reasons: Iterable[SkillReason]) -> list[shape.Reason]:
    """Return reasons as the JSON objects that ``Reason`` describes."""
    return [_reason(reason) for reason in reasons]


def span_json(span: Span | None) -> list[int] | None:
    """Return a span as the two ends of it."""
    return list(span) if span else None


def _reason(reason: SkillReason) -> shape.Reason:
    shown = reason.evidence
    return {
        "skill": reason.skill,
        "source": reason.source,
        "method": reason.method,
        "record": reason.record,
        "field": reason.field,
        "text": reason.text,
        "span": span_json(reason.span),
        "confidence": round(reason.confidence, _SHARE_DIGITS),
        "shown_by": shown.evidence if shown else None,
        "date": shown.date.isoformat() if shown and shown.date else None,
        "strength": round(shown.strength, _SHARE_DIGITS) if shown else None,
        "pieces": [_piece(piece) for piece in shown.pieces] if shown else [],
    }


def _piece(piece: EvidencePiece) -> shape.Piece:
    return {
        "shown_by": piece.evidence,
        "source": piece.source,
        "field": piece.field,
        "text": piece.text,
        "span": span_json(piece.span),
        "confidence": round(piece.confidence, _SHARE_DIGITS),
        "level": piece.level,
        "date": piece.date.isoformat() if piece.date else None,
        "expires": piece.expires.isoformat() if piece.expires else None,
        "class_weight": piece.class_weight,
        "level_factor": piece.level_factor,
        "age_factor": piece.age_factor,
        "link_weight": round(piece.link_weight, _SHARE_DIGITS),
        "contribution": piece.contribution,
        "note": piece.note,
    }
