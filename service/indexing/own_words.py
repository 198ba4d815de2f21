"""Learners' own words in memory, so that a ranking can tell who repeats the job ad."""

from collections.abc import Sequence

from service.domain.ids import LearnerId
from service.domain.learner import Learner
from service.matching.stuffing import Ad, OwnWords, own_words, repeats


class OwnWordsIndex:
    """The words of each learner's own texts, as numbers; a few bytes for each word."""

    def __init__(self) -> None:
        self._words: dict[str, OwnWords] = {}

    def put(self, learner: Learner) -> None:
        """Keep a learner's words in place of those that were there."""
        words = own_words(learner)
        if len(words.told) or len(words.named):
            self._words[learner.id] = words
        else:
            self._words.pop(learner.id, None)

    def remove(self, learner: LearnerId) -> None:
        """Forget a learner's words; an unknown learner is no error."""
        self._words.pop(learner, None)

    def repeating(self, ids: Sequence[str], ad: Ad) -> list[str]:
        """Return those of the learners who repeat an ad, in their order."""
        # Another thread may take one out meanwhile; who is gone repeats nothing.
        found = [(each, self._words.get(each)) for each in ids]
        known = [(each, words) for each, words in found if words is not None]
        if not known:
            return []
        who = repeats([words for _, words in known], ad)
        return [each for (each, _), does in zip(known, who.tolist(), strict=True) if does]
