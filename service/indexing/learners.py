"""Learners in memory: by vector, by everything that shows their skills, and by word."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from service.domain.ids import CredentialId, LearnerId, SkillId
from service.domain.learner import HeldCredential, Learner
from service.domain.skill import SkillLink
from service.indexing.holders import HolderIndex
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import CredentialLinks, Holders, Vectors, WordHit
from service.matching.profiles import profile
from service.matching.texts import learner_text


class Learners:
    """Implements ``LearnerIndex`` and ``WordIndex``; follows the credentials that learners hold."""

    def __init__(self, dim: int, vocabulary: Vocabulary, credentials: CredentialLinks) -> None:
        self._holders = HolderIndex(dim, vocabulary)
        self._credentials = credentials
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
            for held in learner.credentials:
                self._holders_of[held.id].add(learner.id)
        ids = [learner.id for learner in learners]
        strengths = [self._strengths(each) for each in ids]
        self._holders.upsert(
            ids, vectors, strengths, texts=[learner_text(each) for each in learners]
        )

    def remove(self, learner: LearnerId) -> None:
        """Forget a learner; an unknown one is no error."""
        self._forget(learner)
        self._own.pop(learner, None)
        self._held.pop(learner, None)
        self._holders.remove(learner)

    def credential_changed(self, credential: CredentialId) -> None:
        """Take up what a credential teaches now, for the learners who hold it."""
        for learner in sorted(self._holders_of.get(credential, ())):
            self._holders.set_strengths(learner, self._strengths(learner))

    def retrieve(
        self, query: Vectors, *, k: int, skills: Sequence[SkillId], words: str = ""
    ) -> Holders:
        """Return the learners nearest to the query, and by skill and by word."""
        return self._holders.retrieve(query, k=k, skills=skills, words=words)

    def search(self, text: str, *, k: int, allowed: Collection[str] | None = None) -> list[WordHit]:
        """Return the ``k`` learners that fit the words of a text best."""
        return self._holders.search(text, k=k, allowed=allowed)

    def _forget(self, learner: LearnerId) -> None:
        for held in self._held.get(learner, ()):
            self._holders_of[held.id].discard(learner)

    def _strengths(self, learner: LearnerId) -> list[tuple[SkillId, float]]:
        held = ((each, self._credentials.links_of(each.id)) for each in self._held[learner])
        evidence = profile(self._own[learner], held)
        return [(each.skill, each.strength) for each in evidence]
