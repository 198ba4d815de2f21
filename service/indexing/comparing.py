"""Comparing: whether a view holds just the records and vectors that the store does."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from service.domain.ids import CredentialId, JobId, LearnerId, OccupationId, SkillId, TenantId
from service.domain.record import Kind
from service.indexing.view import View
from service.matching.ports import Records, Vectors

# An index of more vectors may keep them rounded to 8 bits; this near is then the same.
EXACT_UP_TO = 200_000
ROUNDED = 0.99


class Difference(NamedTuple):
    """How a view differs from the store in one kind.

    Attributes:
        kind: which.
        compared: how many records the store has.
        wrong: ids whose vector in the view is missing or another one; ascending.
        extra: how many records the view has that the store has not.
    """

    kind: Kind
    compared: int
    wrong: tuple[str, ...]
    extra: int


def compare(view: View, records: Records, tenant: TenantId) -> list[Difference]:
    """Compare every record's vector, kind by kind; the view is caught up and kept still."""
    with view.still():
        return [_compared(view, records, tenant, kind) for kind in Kind]


def _compared(view: View, records: Records, tenant: TenantId, kind: Kind) -> Difference:
    count, wrong = 0, list[str]()
    may_be_rounded = view.counts()[kind] > EXACT_UP_TO
    for page in records.scan(tenant, kind):
        ids = [each.record.id for each in page]
        stored = np.stack([each.vector for each in page])
        found = _vectors(view, kind, ids)
        # As bits: what the view searches is what was stored, and not something near it.
        same = (found == stored).all(axis=1)
        if may_be_rounded:
            same |= np.einsum("nd,nd->n", found, stored) >= ROUNDED
        wrong += [each for each, is_same in zip(ids, same.tolist(), strict=True) if not is_same]
        count += len(ids)
    return Difference(kind, count, tuple(wrong), max(0, view.counts()[kind] - count))


def _vectors(view: View, kind: Kind, ids: Sequence[str]) -> Vectors:
    match kind:
        case Kind.SKILL:
            return view.skills.vectors_of([SkillId(each) for each in ids])
        case Kind.OCCUPATION:
            return view.occupations.vectors_of([OccupationId(each) for each in ids])
        case Kind.CREDENTIAL:
            return view.credentials.vectors_of([CredentialId(each) for each in ids])
        case Kind.JOB:
            return view.jobs.vectors_of([JobId(each) for each in ids])
        case Kind.LEARNER:
            return view.learners.vectors_of([LearnerId(each) for each in ids])
