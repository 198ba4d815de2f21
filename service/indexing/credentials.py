"""Credentials in memory: by vector and by skill, under constraints."""

from collections.abc import Sequence

import numpy as np

from service.domain.condition import Condition
from service.domain.credential import Credential
from service.domain.ids import CredentialId, SkillId
from service.domain.skill import SkillLink
from service.indexing.columns import Attributes, Columns, Mask, attributes_of
from service.indexing.holders import HolderIndex
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import Holders, Vectors
from service.matching.teaching import teaching_strengths


class Credentials:
    """Implements ``CredentialIndex`` and ``CredentialLinks``."""

    def __init__(self, dim: int, vocabulary: Vocabulary) -> None:
        self._holders = HolderIndex(dim, vocabulary)
        self._names: dict[CredentialId, str] = {}
        self._links: dict[CredentialId, tuple[SkillLink, ...]] = {}
        self._attributes: list[Attributes | None] = []
        self._columns: Columns | None = None

    def __len__(self) -> int:
        return len(self._holders)

    def upsert(
        self,
        credentials: Sequence[Credential],
        vectors: Vectors,
        links: Sequence[tuple[SkillLink, ...]],
    ) -> None:
        """Add credentials, or replace those that are there."""
        strengths = [
            list(zip((link.skill for link in each), teaching_strengths(each), strict=True))
            for each in links
        ]
        rows = self._holders.upsert([each.id for each in credentials], vectors, strengths)
        for credential, own, row in zip(credentials, links, rows.tolist(), strict=True):
            self._names[credential.id] = credential.name
            self._links[credential.id] = own
            while len(self._attributes) <= row:
                self._attributes.append(None)
            self._attributes[row] = attributes_of(credential)
        self._columns = None

    def remove(self, credential: CredentialId) -> None:
        """Forget a credential; an unknown one is no error."""
        self._names.pop(credential, None)
        self._links.pop(credential, None)
        self._holders.remove(credential)

    def name_of(self, credential: CredentialId) -> str | None:
        """Return the credential's name, if there is one with this id."""
        return self._names.get(credential)

    def links_of(self, credential: CredentialId) -> tuple[SkillLink, ...]:
        """Return the skills that the credential teaches; empty if unknown."""
        return self._links.get(credential, ())

    def cosines(self, queries: Vectors) -> list[dict[str, float]]:
        """Return for each query the cosine of every record by id, nearest first."""
        return self._holders.cosines(queries)

    def retrieve(
        self,
        query: Vectors,
        *,
        k: int,
        skills: Sequence[SkillId],
        conditions: Sequence[Condition],
        refused: frozenset[CredentialId],
    ) -> Holders:
        """Return the credentials that the constraints admit, by vector and by skill."""

        def admitted(count: int) -> tuple[Mask, Mask]:
            columns = self._columns
            if columns is None:
                columns = self._columns = Columns(list(self._attributes))
            satisfied, unknown = (mask[:count] for mask in columns.judge(tuple(conditions)))
            refused_rows = self._holders.rows_of(sorted(refused))
            keep = np.ones(count, dtype=np.bool_)
            keep[refused_rows[refused_rows < count]] = False
            return _fitted(satisfied, count) & keep, _fitted(unknown, count) & keep

        return self._holders.retrieve(query, k=k, skills=skills, admitted=admitted)


def _fitted(mask: Mask, count: int) -> Mask:
    """Return a mask of just so many rows; rows without attributes yet are not admitted."""
    result = np.zeros(count, dtype=np.bool_)
    result[: len(mask)] = mask
    return result
