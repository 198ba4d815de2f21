"""Credentials in memory: by vector, by skill and by word, under constraints."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from service.domain.credential import Credential
from service.domain.ids import CredentialId, SkillId
from service.domain.skill import LinkSource, SkillLink
from service.indexing.columns import Attributes, Columns, Mask, attributes_of
from service.indexing.holders import HolderIndex
from service.indexing.topic_column import TopicColumn
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import Holders, Vectors, Within, WordHit
from service.matching.teaching import teaching_strengths
from service.matching.texts import credential_text


class Credentials:
    """Implements the ports ``Credential{Index,Links,Parts}`` and ``WordIndex``.

    Args:
        topics: what tells each credential's topics; without it no question for them is answered.
    """

    def __init__(self, dim: int, vocabulary: Vocabulary, topics: TopicColumn | None = None) -> None:
        self._holders = HolderIndex(dim, vocabulary)
        self._outlines: dict[CredentialId, Credential] = {}
        self._links: dict[CredentialId, tuple[SkillLink, ...]] = {}
        self._stating: set[CredentialId] = set()
        self._wholes: dict[CredentialId, tuple[CredentialId, ...]] = {}
        self._parts: defaultdict[CredentialId, set[CredentialId]] = defaultdict(set)
        self._attributes: list[Attributes | None] = []
        self._columns: Columns | None = None
        self._topics = topics

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
        ids = [each.id for each in credentials]
        texts = [credential_text(each) for each in credentials]
        rows = self._holders.upsert(ids, vectors, strengths, texts=texts)
        for credential, own, row in zip(credentials, links, rows.tolist(), strict=True):
            # A new value each time: what an answer holds does not change under it.
            self._outlines[credential.id] = _outline(credential)
            self._links[credential.id] = own
            self._stating.discard(credential.id)
            if any(link.source is LinkSource.STATED for link in own):
                self._stating.add(credential.id)
            self._count_towards(credential.id, credential.part_of)
            while len(self._attributes) <= row:
                self._attributes.append(None)
            self._attributes[row] = attributes_of(credential)
        self._columns = None
        if self._topics:
            self._topics.put(rows, credentials, vectors)

    def remove(self, credential: CredentialId) -> None:
        """Forget a credential; an unknown one is no error."""
        self._outlines.pop(credential, None)
        self._links.pop(credential, None)
        self._stating.discard(credential)
        self._count_towards(credential, ())
        self._holders.remove(credential)

    def name_of(self, credential: CredentialId) -> str | None:
        """Return the credential's name, if there is one with this id."""
        found = self._outlines.get(credential)
        return found.name if found else None

    def links_of(self, credential: CredentialId) -> tuple[SkillLink, ...]:
        """Return the skills that the credential teaches; empty if unknown."""
        return self._links.get(credential, ())

    def vectors_of(self, credentials: Sequence[CredentialId]) -> Vectors:
        """Return float32 ``(len(credentials), dim)``; a row of zeros for an unknown one."""
        return self._holders.vectors_of(credentials)

    def topics_of(self, credentials: Sequence[CredentialId], topics: NDArray[np.int64]) -> Vectors:
        """Return how likely each credential is about each topic; see ``CredentialIndex``."""
        found = np.zeros((len(credentials), len(topics)), dtype=np.float32)
        if self._topics:
            places, rows = self._holders.places_of(credentials)
            found[places] = self._topics.of(rows, topics)
        return found

    def states_skills(self, credentials: Sequence[CredentialId]) -> Mask:
        """Return for each credential whether its record states a skill; not for an unknown one."""
        return np.array([each in self._stating for each in credentials], dtype=np.bool_)

    def outlines_of(self, credentials: Sequence[CredentialId]) -> list[Credential | None]:
        """Return the credentials without their texts and skills; none for an unknown one."""
        return [self._outlines.get(credential) for credential in credentials]

    def parts_of(self, credential: CredentialId) -> tuple[CredentialId, ...]:
        """Return the credentials that count towards this one, by ascending id."""
        return tuple(sorted(self._parts.get(credential, ())))

    def cosines(self, queries: Vectors) -> list[dict[str, float]]:
        """Return for each query the cosine of every record by id, nearest first."""
        return self._holders.cosines(queries)

    def retrieve(
        self,
        query: Vectors,
        *,
        k: int,
        skills: Sequence[SkillId],
        within: Within,
        words: str = "",
        links_to: Collection[SkillId] | None = None,
    ) -> Holders:
        """Return the credentials that the constraints admit, by vector, by skill and by word."""

        def admitted(count: int) -> tuple[Mask, Mask]:
            columns = self._columns
            if columns is None:
                columns = self._columns = Columns(list(self._attributes))
            satisfied, unknown = (mask[:count] for mask in columns.judge(tuple(within.conditions)))
            refused_rows = self._holders.rows_of(sorted(within.refused))
            keep = np.ones(count, dtype=np.bool_)
            keep[refused_rows[refused_rows < count]] = False
            return _fitted(satisfied, count) & keep, _fitted(unknown, count) & keep

        return self._holders.retrieve(
            query, k=k, skills=skills, words=words, links_to=links_to, admitted=admitted
        )

    def search(self, text: str, *, k: int, allowed: Collection[str] | None = None) -> list[WordHit]:
        """Return the ``k`` credentials that fit the words of a text best."""
        return self._holders.search(text, k=k, allowed=allowed)

    def _count_towards(self, part: CredentialId, wholes: tuple[CredentialId, ...]) -> None:
        for before in self._wholes.pop(part, ()):
            self._parts[before].discard(part)
        if wholes:
            self._wholes[part] = wholes
        for whole in wholes:
            self._parts[whole].add(part)


def _outline(credential: Credential) -> Credential:
    # What ranking looks at; texts and skills would be most of the memory.
    return replace(credential, description=None, skills=(), keywords=(), assessment=None)


def _fitted(mask: Mask, count: int) -> Mask:
    """Return a mask of just so many rows; rows without attributes yet are not admitted."""
    result = np.zeros(count, dtype=np.bool_)
    result[: len(mask)] = mask
    return result
