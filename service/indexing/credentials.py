"""Credentials in memory: by vector, by skill and by word, under constraints."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from service.domain.credential import Credential
from service.domain.ids import CredentialId, SkillId
from service.domain.skill import LinkSource, SkillLink
from service.indexing.changing import changing
from service.indexing.columns import Columns, Mask, attributes_of
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.forms import CREDENTIAL, LINKS
from service.indexing.holders import HolderIndex
from service.indexing.shelf import Shelf
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
        self._outlines = Shelf(CREDENTIAL)
        self._links = Shelf(LINKS)
        self._stating: set[CredentialId] = set()
        self._wholes: dict[CredentialId, tuple[CredentialId, ...]] = {}
        self._parts: defaultdict[CredentialId, set[CredentialId]] = defaultdict(set)
        self._columns = Columns()
        self._topics = topics
        # Counts when a change begins and when it ends: odd while something changes.
        self.changes = 0

    def __len__(self) -> int:
        return len(self._holders)

    @property
    def index_kind(self) -> str:
        """How vectors are searched at present: exact or quantized."""
        return self._holders.index_kind

    @property
    def index_swaps(self) -> int:
        """How often codes came into place, by which a search may find something else."""
        return self._holders.index_swaps

    @changing
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
        for credential, own in zip(credentials, links, strict=True):
            # A new value each time: what an answer holds does not change under it.
            self._outlines.put(credential.id, _outline(credential))
            self._links.put(credential.id, own)
            self._count_towards(credential.id, credential.part_of)
            self._stating.discard(credential.id)
            if any(link.source is LinkSource.STATED for link in own):
                self._stating.add(credential.id)
        self._columns.put(rows.tolist(), [attributes_of(each) for each in credentials])
        if self._topics:
            self._topics.put(rows, credentials, vectors)

    @changing
    def remove(self, credential: CredentialId) -> None:
        """Forget a credential; an unknown one is no error."""
        self._outlines.pop(credential)
        self._links.pop(credential)
        self._stating.discard(credential)
        self._count_towards(credential, ())
        self._holders.remove(credential)

    def name_of(self, credential: CredentialId) -> str | None:
        """Return the credential's name, if there is one with this id."""
        found = self._outlines.get(credential)
        return found.name if found else None

    def links_of(self, credential: CredentialId) -> tuple[SkillLink, ...]:
        """Return the skills that the credential teaches; empty if unknown."""
        return self._links.get(credential) or ()

    @property
    def tolerance(self) -> float:
        """By how much a component of ``vectors_of`` may be off; 0 while the index is exact."""
        return self._holders.tolerance

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
        stating = self._stating
        return np.array([each in stating for each in credentials], dtype=np.bool_)

    def outlines_of(self, credentials: Sequence[CredentialId]) -> list[Credential | None]:
        """Return the credentials without their texts and skills; none for an unknown one."""
        return self._outlines.many(credentials)

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
            satisfied, unknown = self._columns.judge(tuple(within.conditions), count=count)
            refused_rows = self._holders.rows_of(sorted(within.refused))
            keep = np.ones(count, dtype=np.bool_)
            keep[refused_rows[refused_rows < count]] = False
            return satisfied & keep, unknown & keep

        return self._holders.retrieve(
            query, k=k, skills=skills, words=words, links_to=links_to, admitted=admitted
        )

    def search(self, text: str, *, k: int, allowed: Collection[str] | None = None) -> list[WordHit]:
        """Return the ``k`` credentials that fit the words of a text best."""
        return self._holders.search(text, k=k, allowed=allowed)

    def growth_held(self) -> AbstractContextManager[None]:
        """Train no codes for as long as the block lasts."""
        return self._holders.growth_held()

    def wait_for_growth(self) -> None:
        """Wait until no codes are being trained."""
        self._holders.wait_for_growth()

    def settle(self) -> None:
        """Keep as little as can be of what a question rarely looks at."""
        self._outlines.settle()
        self._links.settle()

    def save(self, folder: WritingFolder) -> None:
        """Write everything, to be taken up by an empty one."""
        ids = [CredentialId(each) for each in self._holders.save(folder.folder("holders"))]
        self._outlines.save(folder, "outlines", ids)
        self._links.save(folder, "links", ids)
        self._columns.save(folder.folder("columns"), self._holders.rows_of(ids))
        folder.write_array("stating", self.states_skills(ids))
        if self._topics:
            folder.write_array("topics", self._topics.kept(self._holders.rows_of(ids)))
        folder.write_json("wholes", self._wholes)

    def load(self, folder: ReadingFolder) -> None:
        """Take up what was saved."""
        ids = self._holders.load(folder.folder("holders"))
        places = {each: place for place, each in enumerate(ids)}
        self._outlines.load(folder, "outlines", places)
        self._links.load(folder, "links", places)
        self._columns.load(folder.folder("columns"))
        stating = np.flatnonzero(folder.read_array("stating")).tolist()
        self._stating = {CredentialId(ids[place]) for place in stating}
        if self._topics:
            self._topics.take(folder.read_array("topics"))
        for part, wholes in folder.read_json("wholes").items():
            self._count_towards(part, tuple(wholes))

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
