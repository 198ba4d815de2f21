"""Profiles: everything that shows what a learner can do, each skill once, with all its pieces."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from service.domain.ids import SkillId
from service.domain.learner import Evidence, EvidencePiece, HeldCredential, Learner
from service.domain.record import StoredRecord
from service.domain.skill import EvidenceClass, LinkSource, SkillLink
from service.matching.evidence import (
    CLASS_CODE,
    KIND_CODE,
    EvidenceJudge,
    PieceRow,
    piece_array,
)
from service.matching.evidence_rules import SkillKind
from service.matching.ports import LearnerPage

KindOf = Callable[[SkillId], SkillKind]
EXPIRED = "expired"
NOT_ASSESSED = "a soft skill read from own words, which nobody assessed"


class Piece(NamedTuple):
    """A link, and what it shows of a learner: by which class, since when, until when."""

    link: SkillLink
    shown_by: EvidenceClass
    field: str
    date: datetime.date | None
    expires: datetime.date | None = None
    own: bool = True

    def row(self, skill: int) -> PieceRow:
        """Return the piece as numbers; ``skill`` is its skill's number."""
        link = self.link
        return PieceRow(
            skill,
            CLASS_CODE[self.shown_by],
            link.level or 0,
            self.date.toordinal() if self.date else 0,
            self.expires.toordinal() if self.expires else 0,
            self.own and link.source is LinkSource.INFERRED,
            link.weight,
        )


def own_pieces(
    learner: Learner, links: Iterable[SkillLink], *, today: datetime.date | None = None
) -> list[Piece]:
    """Return what a learner's own record shows, in the order of its links.

    Work that has no end is dated today, if today is given; work is as recent either way.
    """
    return [
        Piece(
            link,
            link.evidence or EvidenceClass.SELF_STATED,
            link.field,
            link.date or date_of(learner, link.field, today),
        )
        for link in links
    ]


def learner_page(stored: Sequence[StoredRecord]) -> LearnerPage:
    """Return what the links show of learners who were read whole, by ascending id."""
    learners = [each.record for each in stored if isinstance(each.record, Learner)]
    pieces = [own_pieces(who, each.links) for who, each in zip(learners, stored, strict=True)]
    return LearnerPage(
        learners=learners,
        owners=np.repeat(np.arange(len(learners)), [len(each) for each in pieces]),
        skills=[piece.link.skill for each in pieces for piece in each],
        pieces=piece_array(piece.row(0) for each in pieces for piece in each),
    )


def held_pieces(held: HeldCredential, links: Iterable[SkillLink]) -> list[Piece]:
    """Return what a credential shows of who holds it, whoever issued it and for what."""
    shown_by = held.evidence or EvidenceClass.ISSUED
    field = f"credentials.{held.id}"
    return [Piece(link, shown_by, field, held.issued, held.expires, own=False) for link in links]


def date_of(learner: Learner, field: str, today: datetime.date | None) -> datetime.date | None:
    """Return the date of the course or the work that a field such as ``courses.0.name`` names."""
    part, _, rest = field.partition(".")
    row = rest.partition(".")[0]
    if part == "courses":
        return learner.courses[int(row)].date
    if part == "experience":
        work = learner.experience[int(row)]
        return work.end or (today if work.start else None)
    return None


def profile(
    pieces: Sequence[Piece], kind_of: KindOf, judge: EvidenceJudge, *, today: datetime.date
) -> tuple[Evidence, ...]:
    """Return a learner's evidence, strongest first, ties by skill; each skill once.

    A skill of which nothing counts any more is left out.

    Args:
        pieces: all that shows something of the learner.
        kind_of: tells what sort of ability a skill is.
        judge: weighs the pieces.
        today: the day by which evidence is old or has expired.
    """
    return profiles([pieces], kind_of, judge, today=today)[0]


def profiles(
    people: Sequence[Sequence[Piece]],
    kind_of: KindOf,
    judge: EvidenceJudge,
    *,
    today: datetime.date,
) -> list[tuple[Evidence, ...]]:
    """Return the evidence of several learners, weighed at once; see ``profile``."""
    owned = [(who, piece) for who, pieces in enumerate(people) for piece in pieces]
    if not owned:
        return [() for _ in people]
    numbers: dict[tuple[int, SkillId], int] = {}
    for who, piece in owned:
        numbers.setdefault((who, piece.link.skill), len(numbers))
    rows = piece_array([piece.row(numbers[who, piece.link.skill]) for who, piece in owned])
    codes = np.array([KIND_CODE[kind_of(skill)] for _, skill in numbers], dtype=np.int8)
    kinds = codes[rows["skill"]]
    judged = judge.judge(rows, kinds, today)
    strengths = judge.strengths(rows, kinds, judged.contribution, rows["skill"])
    shown: list[list[EvidencePiece]] = [[] for _ in numbers]
    # Rounded one by one: numpy's own rounding of many ends elsewhere where a digit is a five.
    weights = _Weights(*([round(each, 4) for each in column.tolist()] for column in judged))
    for place, (number, (_, piece)) in enumerate(zip(rows["skill"].tolist(), owned, strict=True)):
        shown[number].append(_shown(piece, place, weights, today))
    found: list[list[Evidence]] = [[] for _ in people]
    for (who, skill), strength, its in zip(numbers, strengths.tolist(), shown, strict=True):
        if strength > 0:
            found[who].append(_evidence(skill, strength, its))
    return [tuple(sorted(each, key=lambda one: (-one.strength, one.skill))) for each in found]


class _Weights(NamedTuple):
    """``Judged`` as lists, rounded as it is shown."""

    class_weight: list[float]
    level_factor: list[float]
    age_factor: list[float]
    contribution: list[float]


def _shown(piece: Piece, place: int, weights: _Weights, today: datetime.date) -> EvidencePiece:
    expired = piece.expires is not None and piece.expires < today
    contribution = weights.contribution[place]
    return EvidencePiece(
        evidence=piece.shown_by,
        source=piece.link.source,
        confidence=piece.link.confidence,
        field=piece.field,
        text=piece.link.text,
        span=piece.link.span,
        level=piece.link.level,
        date=piece.date,
        expires=piece.expires,
        class_weight=weights.class_weight[place],
        level_factor=weights.level_factor[place],
        age_factor=weights.age_factor[place],
        link_weight=piece.link.weight,
        contribution=contribution,
        note=_note(expired=expired, counts=contribution > 0 or piece.link.weight == 0),
    )


def _note(*, expired: bool, counts: bool) -> str | None:
    if expired:
        return EXPIRED
    return None if counts else NOT_ASSESSED


def _evidence(skill: SkillId, strength: float, pieces: list[EvidencePiece]) -> Evidence:
    # Ties in the order of the classes, and then of the record.
    if len(pieces) > 1:
        pieces.sort(
            key=lambda piece: (-piece.contribution, CLASS_CODE[piece.evidence], piece.field)
        )
    best = pieces[0]
    return Evidence(
        skill=skill,
        evidence=best.evidence,
        source=best.source,
        strength=strength,
        confidence=best.confidence,
        field=best.field,
        text=best.text,
        span=best.span,
        level=best.level,
        date=best.date,
        pieces=tuple(pieces),
    )
