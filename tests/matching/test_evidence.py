"""Evidence: laws that hold whatever the pieces are."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.skill import EvidenceClass
from service.matching.evidence import (
    CLASS_CODE,
    KIND_CODE,
    EvidenceJudge,
    PieceRow,
    piece_array,
)
from service.matching.evidence_rules import CAPS, EvidenceRules, Factor, SkillKind, Tier

TODAY = date(2026, 11, 24)
LONG_AGO = date(1990, 1, 1).toordinal()
JUDGE = EvidenceJudge(EvidenceRules())

rows = st.lists(
    st.builds(
        PieceRow,
        st.just(0),
        st.integers(0, len(EvidenceClass) - 1),
        st.integers(0, 5),
        st.integers(LONG_AGO, TODAY.toordinal()) | st.just(0),
        st.sampled_from([0, TODAY.toordinal() - 1, TODAY.toordinal()]),
        st.booleans(),
        st.sampled_from([0.2, 0.5, 1.0]),
    ),
    min_size=1,
    max_size=6,
)
kinds = st.sampled_from(list(SkillKind))


def strength(found: list[PieceRow], kind: SkillKind, judge: EvidenceJudge = JUDGE) -> float:
    """Return what pieces of one skill are worth together; 0 for none."""
    pieces = piece_array(found)
    codes = np.full(len(found), KIND_CODE[kind], dtype=np.int8)
    judged = judge.judge(pieces, codes, TODAY)
    total = judge.strengths(pieces, codes, judged.contribution, np.zeros(len(found), np.int64))
    return float(total[0]) if len(total) else 0.0


@settings(max_examples=2000)
@given(rows, kinds, st.data())
def test_more_evidence_never_lowers_a_strength(
    found: list[PieceRow], kind: SkillKind, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, len(found)))

    assert strength(found, kind) >= strength(found[:count], kind)


@settings(max_examples=2000)
@given(rows, kinds)
def test_claims_alone_never_pass_their_cap(found: list[PieceRow], kind: SkillKind) -> None:
    claims = [each._replace(evidence=CLASS_CODE[EvidenceClass.SELF_STATED]) for each in found]
    cap = CAPS[Tier.CLAIMED]

    assert strength(claims, kind) <= (cap.soft if kind is SkillKind.SOFT else cap.hard)


@settings(max_examples=2000)
@given(rows, kinds)
def test_with_every_factor_neutral_the_surest_link_alone_decides(
    found: list[PieceRow], kind: SkillKind
) -> None:
    judge = EvidenceJudge(EvidenceRules(neutral=frozenset(Factor)))
    current = [each._replace(expires=0, guessed=False) for each in found]

    assert strength(current, kind, judge) == max(each.weight for each in found)


def test_skills_judged_together_are_worth_what_each_is_worth_alone() -> None:
    one = PieceRow(0, CLASS_CODE[EvidenceClass.SELF_STATED], 0, 0, 0, False, 1.0)
    two = one._replace(skill=1, evidence=CLASS_CODE[EvidenceClass.GRADED])
    pieces = piece_array([one, two, two])
    codes = np.array([KIND_CODE[SkillKind.SOFT], 0, 0], dtype=np.int8)

    judged = JUDGE.judge(pieces, codes, TODAY)
    together = JUDGE.strengths(pieces, codes, judged.contribution, pieces["skill"])

    assert together.tolist() == [
        strength([one], SkillKind.SOFT),
        strength([two, two], SkillKind.SKILL),
    ]
