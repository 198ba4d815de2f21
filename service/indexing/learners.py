"""Learners in memory: by vector and by everything that shows their skills."""

from collections import defaultdict
from collections.abc import Sequence

from service.domain.ids import CredentialId, LearnerId, SkillId
from service.domain.learner import HeldCredential, Learner
from service.domain.skill import SkillLink
from service.indexing.holders import HolderIndex
from service.indexing.own_words import OwnWordsIndex
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import CredentialLinks, Holders, Vectors
from service.matching.profiles import profile
from service.matching.stuffing import Ad


class Learners:
    """Implements ``LearnerIndex``; follows the credentials that learners hold."""

    def __init__(self, dim: int, vocabulary: Vocabulary, credentials: CredentialLinks) -> None:
        self._holders = HolderIndex(dim, vocabulary)
        self._credentials = credentials
        self._words = OwnWordsIndex()
        self._own: dict[LearnerId, tuple[SkillLink, ...]] = {}
        self._held: dict[LearnerId, tuple[HeldCredential, ...]] = {}
        self._holders_of: dict[CredentialId, set[LearnerId]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._holders)

    def upsert(
        self,
        learners: Sequence[Learner],
        vectors: Vectors,
        links: Sequence[tuple[SkillLink, ...]],
    ) -> None:
        """Add learners, or replace those that are there."""
        for learner, own in zip(learners, links, strict=True):
            self._forget(learner.id)
            self._own[learner.id] = own
            self._held[learner.id] = learner.credentials
            self._words.put(learner)
            for held in learner.credentials:
                self._holders_of[held.id].add(learner.id)
        ids = [learner.id for learner in learners]
        self._holders.upsert(ids, vectors, [self._strengths(each) for each in ids])

    def remove(self, learner: LearnerId) -> None:
        """Forget a learner; an unknown one is no error."""
        self._forget(learner)
        self._own.pop(learner, None)
        self._held.pop(learner, None)
        self._words.remove(learner)
        self._holders.remove(learner)

    def credential_changed(self, credential: CredentialId) -> None:
        """Take up what a credential teaches now, for the learners who hold it."""
        for learner in sorted(self._holders_of.get(credential, ())):
            self._holders.set_strengths(learner, self._strengths(learner))

    def retrieve(self, query: Vectors, *, k: int, skills: Sequence[SkillId]) -> Holders:
        """Return the learners nearest to the query and those who have one of the skills."""
        return self._holders.retrieve(query, k=k, skills=skills)

    def repeating(self, ids: Sequence[str], ad: Ad) -> list[str]:
        """Return those of the learners whose own words repeat a job ad."""
        return self._words.repeating(ids, ad)

    def _forget(self, learner: LearnerId) -> None:
        for held in self._held.get(learner, ()):
            self._holders_of[held.id].discard(learner)

    def _strengths(self, learner: LearnerId) -> list[tuple[SkillId, float]]:
        held = ((each, self._credentials.links_of(each.id)) for each in self._held[learner])
        evidence = profile(self._own[learner], held)
        return [(each.skill, each.strength) for each in evidence]
