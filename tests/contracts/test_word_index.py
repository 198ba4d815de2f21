"""Every word index must pass these: values and order of brute-force BM25, whatever was written."""

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.credential import Credential, Provider
from service.domain.ids import CredentialId, JobId, LearnerId
from service.domain.job import Job
from service.domain.learner import Learner
from service.indexing.credentials import Credentials
from service.indexing.jobs import Jobs
from service.indexing.learners import Learners
from service.indexing.words import LENGTH_SHARE, SATURATION, TELLING_TERMS
from service.matching.evidence import EvidenceJudge
from service.matching.evidence_rules import EvidenceRules
from service.matching.ports import Vectors, WordIndex
from service.matching.terms import terms_of
from tests.builders.skills import DIM, SQL, a_vocabulary, vector_of

Texts = dict[str, str]
# Short words of few letters, so that records share many and some hold one twice.
TEXTS = st.lists(st.text("abc", min_size=1, max_size=2), max_size=8).map(" ".join)


class Indexed:
    """A kind of record behind its index: put with a text of its own, removed by id."""

    def __init__(
        self, index: WordIndex, put: Callable[[str, str], None], remove: Callable[[str], None]
    ) -> None:
        self.index, self.put, self.remove = index, put, remove


def credentials() -> Indexed:
    index = Credentials(DIM, a_vocabulary())

    def put(record_id: str, text: str) -> None:
        each = Credential(
            id=CredentialId(record_id), name=text or "?", provider=Provider(name="Lakefield")
        )
        index.upsert([each], _vectors(), [()])

    return Indexed(index, put, lambda record_id: index.remove(CredentialId(record_id)))


def learners() -> Indexed:
    index = Learners(
        DIM, a_vocabulary(), Credentials(DIM, a_vocabulary()), EvidenceJudge(EvidenceRules())
    )

    def put(record_id: str, text: str) -> None:
        index.upsert([Learner(id=LearnerId(record_id), text=text or "?")], _vectors(), [()])

    return Indexed(index, put, lambda record_id: index.remove(LearnerId(record_id)))


def jobs() -> Indexed:
    index = Jobs(DIM, a_vocabulary())

    def put(record_id: str, text: str) -> None:
        index.upsert([Job(id=JobId(record_id), title=text or "?")], _vectors(), [()])

    return Indexed(index, put, lambda record_id: index.remove(JobId(record_id)))


def _vectors() -> Vectors:
    return vector_of(SQL)[None, :]


KINDS = pytest.mark.parametrize("make", [credentials, learners, jobs])


def filled(make: Callable[[], Indexed], texts: Texts) -> Indexed:
    indexed = make()
    for record_id, text in texts.items():
        indexed.put(record_id, text)
    return indexed


def brute_force(texts: Texts, asked: str) -> list[tuple[str, float]]:
    """BM25 as Robertson and Zaragoza write it, over the sum that all terms could come to."""
    bags = {each: Counter(terms_of(text)) for each, text in texts.items()}
    bags = {each: bag for each, bag in bags.items() if bag}
    if not bags:
        return []
    mean = sum(bag.total() for bag in bags.values()) / len(bags)
    held = Counter(term for bag in bags.values() for term in bag)
    known = sorted({term for term in terms_of(asked) if term in held}, key=lambda t: (held[t], t))
    idf = {t: math.log1p((len(bags) - held[t] + 0.5) / (held[t] + 0.5)) for t in known}
    telling = known[:TELLING_TERMS]
    scores = {}
    for each, bag in bags.items():
        norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * bag.total() / mean)
        gained = sum(idf[t] * bag[t] / (bag[t] + norm) for t in telling)
        if gained:
            scores[each] = gained / sum(idf[t] for t in telling)
    return sorted(scores.items(), key=lambda pair: (-round(pair[1], 12), pair[0]))


def as_pairs(index: WordIndex, text: str, k: int, allowed: set[str] | None = None) -> Texts:
    hits = index.search(text, k=k, allowed=allowed)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return {hit.id: f"{hit.score:.9f}" for hit in hits}


def expected(texts: Texts, text: str, k: int) -> Texts:
    return {each: f"{score:.9f}" for each, score in brute_force(texts, text)[:k]}


@KINDS
@given(
    before=st.dictionaries(st.text("xyz", min_size=1, max_size=2), TEXTS, max_size=9),
    after=st.dictionaries(st.text("xyz", min_size=1, max_size=2), TEXTS | st.none(), max_size=9),
    asked=TEXTS,
    k=st.integers(1, 12),
    data=st.data(),
)
def test_the_best_are_those_of_brute_force_after_any_writes_and_under_any_filter(
    make: Callable[[], Indexed],
    before: Texts,
    after: dict[str, str | None],
    asked: str,
    k: int,
    data: st.DataObject,
) -> None:
    indexed, texts = filled(make, before), dict(before)
    indexed.index.search(asked, k=k)
    for record_id, text in after.items():
        if text is None:
            indexed.remove(record_id)
            texts.pop(record_id, None)
        else:
            indexed.put(record_id, text)
            texts[record_id] = text
    allowed = data.draw(st.sets(st.sampled_from([*sorted(texts), "nobody"])))

    everyone = as_pairs(indexed.index, asked, k)
    some = as_pairs(indexed.index, asked, k, allowed)

    assert everyone == expected(texts, asked, k)
    # A filter takes records away; it changes no score.
    admitted = [pair for pair in brute_force(texts, asked) if pair[0] in allowed][:k]
    assert some == {each: f"{score:.9f}" for each, score in admitted}


@KINDS
def test_equal_scores_go_by_id_also_where_the_list_is_cut(make: Callable[[], Indexed]) -> None:
    indexed = filled(make, dict.fromkeys(["d", "b", "c", "a"], "night shift") | {"e": "day"})

    hits = indexed.index.search("night", k=3)

    assert [hit.id for hit in hits] == ["a", "b", "c"]
    assert len({hit.score for hit in hits}) == 1


@KINDS
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("CompTIA A+", "a-plus"),
        ("sql", "sql"),
        ("OSHA 10", "osha"),
        ("osha-10", "osha"),
        ("C++", "cpp"),
        ("S\u200bQ\u200bL", "sql"),
        ("\u0405QL", "sql"),  # a Cyrillic letter that looks like an S
        ("forklifts", "forklift"),
    ],
)
def test_names_tools_and_codes_are_found_by_their_words(
    make: Callable[[], Indexed], asked: str, found: str
) -> None:
    texts = {
        "a-plus": "Prepares for CompTIA A+ at the help desk",
        "cpp": "Programs in C++ and C",
        "forklift": "Drives a forklift in a cold store",
        "osha": "OSHA 10-Hour construction safety card",
        "sql": "Asks databases in SQL",
        "tia": "Compiles a report at the help desk",
    }

    hits = filled(make, texts).index.search(asked, k=1)

    assert [hit.id for hit in hits] == [found]


@KINDS
def test_without_a_common_word_nothing_is_found(make: Callable[[], Indexed]) -> None:
    indexed = filled(make, {"a": "welding", "b": "baking"})

    assert indexed.index.search("the plumber and the", k=5) == []
    assert indexed.index.search("", k=5) == []
    assert make().index.search("welding", k=5) == []


def test_more_writes_than_are_kept_apart_change_no_score() -> None:
    chance = np.random.default_rng(3)
    letters = np.array(list("abcdefgh"))
    texts = {f"{row:04}": " ".join(chance.choice(letters, 6)) for row in range(1500)}
    indexed = filled(jobs, texts)
    indexed.index.search("a", k=1)
    changed = dict.fromkeys(list(texts)[::200], "a b zebra")
    for each, text in changed.items():
        indexed.put(each, text)

    found = as_pairs(indexed.index, "zebra c", 40)

    assert found == expected(texts | changed, "zebra c", 40)
