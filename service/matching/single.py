"""One credential alone: ranked as all are, whatever its place among them."""

from collections.abc import Sequence

import numpy as np

from service.domain.condition import Condition
from service.domain.ids import CredentialId, SkillId
from service.domain.record import StoredRecord
from service.matching.gaps import MeasuredGap
from service.matching.ports import Holders, SkillIndex, Vectors
from service.matching.recommending import Ranked, query_vector, rank_credentials
from service.matching.teaching import teaching_strengths


class OneCredential:
    """A catalog of one credential; implements ``CredentialIndex``.

    Whatever is asked for, it is what is retrieved: no condition and no refusal keeps it out.
    """

    def __init__(self, stored: StoredRecord, skills: SkillIndex) -> None:
        self._stored = stored
        self._skills = skills

    def retrieve(
        self,
        query: Vectors,
        *,
        k: int,
        skills: Sequence[SkillId],
        conditions: Sequence[Condition],
        refused: frozenset[CredentialId],
    ) -> Holders:
        """Return the credential, with all that it teaches."""
        del k, skills, conditions, refused
        links = self._stored.links
        vocabulary = tuple(dict.fromkeys(link.skill for link in links))
        place = {skill: row for row, skill in enumerate(vocabulary)}
        return Holders(
            ids=(self._stored.record.id,),
            similarity=(self._stored.vector[None, :] @ query).astype(np.float32),
            starts=np.array([0, len(links)], dtype=np.int64),
            skills=np.array([place[link.skill] for link in links], dtype=np.int64),
            strengths=np.array(teaching_strengths(links), dtype=np.float32),
            vocabulary=vocabulary,
            vectors=self._skills.vectors_of(vocabulary),
            unknown=np.zeros(1, dtype=np.bool_),
            qualifying=1,
        )


def rank_one(stored: StoredRecord, gap: MeasuredGap, aim: Vectors, *, skills: SkillIndex) -> Ranked:
    """Return a credential with its score for a gap; with a score of 0 if it adds nothing."""
    only = OneCredential(stored, skills)
    nothing: frozenset[CredentialId] = frozenset()
    ranking = rank_credentials(gap, aim, credentials=only, conditions=(), refused=nothing)
    if ranking.ranked:
        return ranking.ranked[0]
    near = only.retrieve(query_vector(gap, aim), k=1, skills=(), conditions=(), refused=nothing)
    relevance = round(float(near.similarity[0]), 4)
    return Ranked(CredentialId(stored.record.id), 0.0, relevance, unknown=False)
