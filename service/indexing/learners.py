"""Learners in memory: by vector, by everything that shows their skills, and by word."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from itertools import islice
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from service.domain.consent import NO_CONSENTS, Asking, Consents
from service.domain.ids import CredentialId, LearnerId, SkillId
from service.domain.learner import HeldCredential, Learner
from service.domain.skill import SkillLink
from service.indexing.flat import Numbered, Rows
from service.indexing.grants import Grants, Mask
from service.indexing.holders import NOTHING, HolderIndex
from service.indexing.own_words import OwnWordsIndex
from service.indexing.vocabulary import Vocabulary
from service.matching.evidence import EvidenceJudge, PieceArray, piece_array
from service.matching.ports import CredentialLinks, Holders, LearnerPage, Vectors, WordHit
from service.matching.profiles import Piece, held_pieces, own_pieces
from service.matching.stuffing import Ad
from service.matching.texts import learner_text

# Weighed together: some milliseconds.
_AT_ONCE = 500
# Read together while others may wait for the lock, which is not fair: they need a moment.
_READ_AT_ONCE, _READ_BESIDE = 250, 50
_LET_IN_S = 0.0005
Read = Callable[[Sequence[LearnerId]], LearnerPage]
Agreed = Callable[[Sequence[LearnerId]], Mapping[str, Consents]]


def nobody(_ids: Sequence[LearnerId]) -> LearnerPage:
    """Read from no store: there is nobody else than who is added."""
    return LearnerPage([], np.zeros(0, dtype=np.int64), [], piece_array(()))


def nothing_said(_ids: Sequence[LearnerId]) -> Mapping[str, Consents]:
    """Read from no store: nobody has agreed to anything."""
    return {}


class Learners:
    """Implements ``LearnerIndex`` and ``WordIndex``; follows the credentials that learners hold.

    Evidence is kept as arrays, and becomes strengths for the day that a question is asked on:
    of all learners when the day changes, else only of those who change.

    At a start only vectors are taken up. What shows skills, and words, is read from the store when
    there is time, or before the first question about learners: it takes half a millisecond each.

    Args:
        read: reads those of the learners who are in the store.
        agreed: reads what those of the learners agreed to who have said anything.
    """

    def __init__(
        self,
        dim: int,
        vocabulary: Vocabulary,
        credentials: CredentialLinks,
        judge: EvidenceJudge,
        *,
        read: Read = nobody,
        agreed: Agreed = nothing_said,
    ) -> None:
        self._read = read
        self._agreed = agreed
        self._unread: dict[LearnerId, None] = {}
        self._holders = HolderIndex(dim, vocabulary)
        self._vocabulary = vocabulary
        self._credentials = credentials
        self._judge = judge
        self._words = OwnWordsIndex()
        self._grants = Grants()
        self._own: dict[LearnerId, PieceArray] = {}
        self._held: dict[LearnerId, tuple[HeldCredential, ...]] = {}
        self._holders_of: dict[CredentialId, set[LearnerId]] = defaultdict(set)
        # The day that the strengths are of, and the state of the kinds of skill that they are by.
        self._as_of: tuple[date, int] | None = None
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self._holders)

    @property
    def index_kind(self) -> str:
        """How vectors are searched at present: exact or quantized."""
        return self._holders.index_kind

    def upsert(
        self,
        learners: Sequence[Learner],
        vectors: Vectors,
        links: Sequence[tuple[SkillLink, ...]],
    ) -> None:
        """Add learners, or replace those that are there, with what they agreed to.

        What they agreed to is read after them: a later change of it is behind them in the log.
        """
        with self._lock:
            for learner, own in zip(learners, links, strict=True):
                pieces = self._pieces(own_pieces(learner, own))
                self._take(learner.id, pieces, learner.credentials)
                self._words.put(learner)
                self._unread.pop(learner.id, None)
            ids = [learner.id for learner in learners]
            texts = [learner_text(each) for each in learners]
            rows = self._holders.upsert(ids, vectors, [()] * len(ids), texts=texts)
            self._put_grants(ids, rows)
            self._holders.set_strengths(ids, self._strengths(ids))

    def take(self, ids: Sequence[LearnerId], vectors: Vectors) -> None:
        """Take up learners at a start by their vectors alone; the rest is read later."""
        with self._lock:
            self._holders.upsert_bare(ids, vectors)
            self._unread.update(dict.fromkeys(ids))

    def read_rest(self, *, until: Callable[[], bool] | None = None) -> None:
        """Read what shows skills, and words, of the learners of whom only vectors are there.

        Args:
            until: asked time and again whether to end before; the rest is read when it is needed.
                With it nobody waits, and half of the time is left to those who ask.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        while self._unread and not (until and until()):
            began = time.monotonic()
            with self._lock:
                some = list(islice(self._unread, _READ_BESIDE if until else _READ_AT_ONCE))
                self._take_rest(self._read(some))
                # Who is not there any more is taken out when the change log says so.
                for each in some:
                    self._unread.pop(each, None)
            time.sleep(time.monotonic() - began if until else _LET_IN_S)

    def _take_rest(self, page: LearnerPage) -> None:
        pieces = page.pieces.copy()
        pieces["skill"] = self._vocabulary.numbers_of(page.skills)
        ends = np.searchsorted(page.owners, np.arange(len(page.learners) + 1)).tolist()
        for learner, start, end in zip(page.learners, ends, ends[1:], strict=False):
            # A copy, so that who is forgotten is not held on to by the others of the page.
            self._take(learner.id, pieces[start:end].copy(), learner.credentials)
            self._words.put(learner)
        ids = [learner.id for learner in page.learners]
        self._put_grants(ids, self._holders.rows_of(ids))
        self._holders.set_texts(ids, [learner_text(each) for each in page.learners])
        self._holders.set_strengths(ids, self._strengths(ids))

    def _put_grants(self, ids: Sequence[LearnerId], rows: Rows) -> None:
        said = self._agreed(ids)
        for each, row in zip(ids, rows.tolist(), strict=True):
            self._grants.put(each, row, said.get(each, NO_CONSENTS))

    def remove(self, learner: LearnerId) -> None:
        """Forget a learner; an unknown one is no error."""
        with self._lock:
            self._unread.pop(learner, None)
            self._forget(learner)
            self._own.pop(learner, None)
            self._held.pop(learner, None)
            self._words.remove(learner)
            self._grants.remove(learner)
            self._holders.remove(learner)

    def credential_changed(self, credential: CredentialId) -> None:
        """Take up what a credential teaches now, for the learners who hold it."""
        with self._lock:
            ids = sorted(self._holders_of.get(credential, ()))
            self._holders.set_strengths(ids, self._strengths(ids))

    def retrieve(
        self,
        query: Vectors,
        *,
        k: int,
        skills: Sequence[SkillId],
        today: date,
        words: str = "",
        asking: Asking | None = None,
    ) -> Holders:
        """Return the learners nearest to the query, and by skill and by word.

        With an employer who asks, only those who agreed to be seen by them: the others are no
        part of the search.
        """
        self.read_rest()
        with self._lock:
            self.weigh(today)
            return self._holders.retrieve(
                query,
                k=k,
                skills=skills,
                words=words,
                admitted=partial(self._seen_by, asking) if asking else None,
            )

    def _seen_by(self, asking: Asking, count: int) -> tuple[Mask, Mask]:
        """Return which rows may be seen, and that this is unknown of none."""
        return self._grants.seen_by(asking, count=count), np.zeros(count, dtype=np.bool_)

    def weigh(self, today: date, *, until: Callable[[], bool] = lambda: False) -> None:
        """Weigh the evidence of all learners as of a day, unless that is done.

        Args:
            today: the day.
            until: asked time and again whether to end before; then it is as if none were weighed.
        """
        with self._lock:
            as_of = (today, self._vocabulary.kind_changes)
            if self._as_of == as_of:
                return
            self._as_of = as_of
            everyone = list(self._own)
            for start in range(0, len(everyone), _AT_ONCE):
                if until():
                    self._as_of = None
                    return
                ids = everyone[start : start + _AT_ONCE]
                self._holders.set_strengths(ids, self._strengths(ids))

    @property
    def tolerance(self) -> float:
        """By how much a component of ``vectors_of`` may be off; 0 while the index is exact."""
        return self._holders.tolerance

    def vectors_of(self, learners: Sequence[LearnerId]) -> Vectors:
        """Return float32 ``(len(learners), dim)``; a row of zeros for an unknown one."""
        return self._holders.vectors_of(learners)

    def search(self, text: str, *, k: int, allowed: Collection[str] | None = None) -> list[WordHit]:
        """Return the ``k`` learners that fit the words of a text best."""
        self.read_rest()
        return self._holders.search(text, k=k, allowed=allowed)

    def repeating(self, ids: Sequence[str], ad: Ad) -> list[str]:
        """Return those of the learners whose own words repeat a job ad."""
        self.read_rest()
        return self._words.repeating(ids, ad)

    def growth_held(self) -> AbstractContextManager[None]:
        """Train no codes for as long as the block lasts."""
        return self._holders.growth_held()

    def _take(
        self, learner: LearnerId, own: PieceArray, credentials: tuple[HeldCredential, ...]
    ) -> None:
        self._forget(learner)
        self._own[learner] = own
        self._held[learner] = credentials
        for held in credentials:
            self._holders_of[held.id].add(learner)

    def _forget(self, learner: LearnerId) -> None:
        for held in self._held.get(learner, ()):
            self._holders_of[held.id].discard(learner)

    def _pieces(self, pieces: Sequence[Piece]) -> PieceArray:
        numbers = self._vocabulary.numbers_of(piece.link.skill for piece in pieces).tolist()
        return piece_array(piece.row(number) for piece, number in zip(pieces, numbers, strict=True))

    def _all_pieces(self, learner: LearnerId) -> Iterable[PieceArray]:
        yield self._own[learner]
        for held in self._held[learner]:
            if links := self._credentials.links_of(held.id):
                yield self._pieces(held_pieces(held, links))

    def _strengths(self, learners: Sequence[LearnerId]) -> list[Numbered]:
        """Return what each learner's skills count; nothing before the first question's day."""
        if self._as_of is None or not learners:
            return [NOTHING] * len(learners)
        parts = [list(self._all_pieces(learner)) for learner in learners]
        pieces = np.concatenate([piece for part in parts for piece in part])
        lengths = [sum(map(len, part)) for part in parts]
        owners = np.repeat(np.arange(len(learners)), lengths)
        return self._grouped(pieces, owners, len(learners), self._as_of[0])

    def _grouped(
        self, pieces: PieceArray, owners: NDArray[np.int64], count: int, today: date
    ) -> list[Numbered]:
        kinds = self._vocabulary.kinds_by_number(pieces["skill"])
        judged = self._judge.judge(pieces, kinds, today)
        keys = owners * self._vocabulary.number_count + pieces["skill"]
        distinct, groups = np.unique(keys, return_inverse=True)
        strengths = self._judge.strengths(pieces, kinds, judged.contribution, groups)
        there = strengths > 0
        owner, skills = np.divmod(distinct[there], max(self._vocabulary.number_count, 1))
        counted = strengths[there].astype(np.float32)
        ends = np.searchsorted(owner, np.arange(count + 1))
        return [
            Numbered(skills[start:end], counted[start:end])
            for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
        ]
