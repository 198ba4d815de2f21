"""Holders: by vector, by skill and by word, and always what the constraints admit."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import Growth
from service.domain.ids import SkillId
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.holders import HolderIndex
from tests.builders.skills import DIM, QUERYING, SQL, TEACHING, WELDING, a_vocabulary, vector_of
from tests.builders.vectors import numbered, unit_vectors

SKILLS = (SQL, QUERYING, WELDING, TEACHING)
Strengths = list[tuple[SkillId, float]]
SMALL = Growth(exact_up_to=100)


def an_index(holders: dict[str, Strengths]) -> HolderIndex:
    index = HolderIndex(DIM, a_vocabulary())
    if holders:
        vectors = np.stack([_vector(strengths) for strengths in holders.values()])
        index.upsert(list(holders), vectors, list(holders.values()), texts=[""] * len(holders))
    return index


def _vector(strengths: Strengths) -> NDArray[np.float32]:
    total = np.sum([vector_of(skill) for skill, _ in strengths], axis=0)
    vector: NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
    return vector


def test_a_holder_of_a_wanted_skill_is_found_however_far_its_vector_is() -> None:
    index = an_index({"near": [(WELDING, 1.0)], "far": [(TEACHING, 1.0), (SQL, 0.5)]})

    found = index.retrieve(vector_of(WELDING), k=1, skills=[SQL])

    assert found.ids == ("far", "near")
    assert found.similarity.round(3).tolist() == [0.0, 1.0]


def test_the_links_of_what_is_found_are_the_links_that_were_put() -> None:
    index = an_index({"b": [(SQL, 0.9), (WELDING, 0.4)], "a": [(TEACHING, 0.7)]})

    found = index.retrieve(vector_of(SQL), k=5, skills=[])

    links = {
        each: [
            (found.vocabulary[found.skills[link]], round(float(found.strengths[link]), 2))
            for link in range(found.starts[row], found.starts[row + 1])
        ]
        for row, each in enumerate(found.ids)
    }
    assert links == {"a": [(TEACHING, 0.7)], "b": [(SQL, 0.9), (WELDING, 0.4)]}


def test_what_is_replaced_or_removed_is_no_longer_found_as_it_was() -> None:
    index = an_index({"a": [(SQL, 1.0)], "b": [(SQL, 1.0)]})

    index.upsert(["a"], vector_of(WELDING)[None, :], [[(WELDING, 1.0)]], texts=[""])
    index.remove("b")
    index.remove("never there")

    assert index.retrieve(vector_of(SQL), k=5, skills=[SQL]).vocabulary == (WELDING,)
    assert len(index) == 1


def a_worded_index(**texts: str) -> HolderIndex:
    """Return an index whose vectors are all the same, so that only words tell records apart."""
    index = HolderIndex(DIM, a_vocabulary())
    vectors = np.stack([vector_of(TEACHING)] * len(texts))
    index.upsert(list(texts), vectors, [[]] * len(texts), texts=list(texts.values()))
    return index


def test_a_record_is_found_by_a_word_of_it_though_its_vector_is_not_near_enough() -> None:
    index = a_worded_index(a="teaching", b="teaching", z="CompTIA A+ teaching")

    by_vector = index.retrieve(vector_of(TEACHING), k=1, skills=[])
    by_word = index.retrieve(vector_of(TEACHING), k=1, skills=[], words="comptia a+")

    assert by_vector.ids == ("a",)
    assert by_vector.word_score.tolist() == [0.0]
    assert by_word.ids == ("a", "z")
    assert by_word.word_score[0] == 0.0
    assert 0.0 < by_word.word_score[1] < 1.0


def test_words_add_a_quarter_as_many_records_as_vectors_and_never_one_that_is_refused() -> None:
    index = a_worded_index(**{f"r{row}": "welding" if row > 8 else "baking" for row in range(20)})

    def admitted(count: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        return np.arange(count) != 9, np.zeros(count, dtype=np.bool_)

    found = index.retrieve(vector_of(TEACHING), k=8, skills=[], words="welding", admitted=admitted)

    by_word = {each for each, score in zip(found.ids, found.word_score, strict=True) if score > 0}
    assert "r9" not in found.ids
    assert by_word == {"r10", "r11", "r12", "r13", "r14", "r15"} & set(found.ids)
    assert {"r10", "r11"} <= by_word


def test_an_empty_index_answers_with_nothing() -> None:
    found = an_index({}).retrieve(vector_of(SQL), k=5, skills=[SQL])

    assert found.ids == ()
    assert found.qualifying == 0


@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3),
        st.lists(st.sampled_from(SKILLS), min_size=1, unique=True).map(
            lambda skills: [(skill, 1.0) for skill in skills]
        ),
        max_size=12,
    ),
    st.data(),
)
def test_only_what_is_admitted_comes_back_and_all_of_it_if_k_allows(
    holders: dict[str, Strengths], data: st.DataObject
) -> None:
    index = an_index(holders)
    yes = data.draw(st.sets(st.sampled_from(sorted(holders)))) if holders else set()
    maybe = (set(holders) - yes) & (
        data.draw(st.sets(st.sampled_from(sorted(holders)))) if holders else set()
    )

    def admitted(count: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        ids = list(holders)[:count]
        return (
            np.array([each in yes for each in ids], dtype=np.bool_),
            np.array([each in maybe for each in ids], dtype=np.bool_),
        )

    found = index.retrieve(vector_of(SQL), k=20, skills=[SQL], admitted=admitted)

    assert set(found.ids) == yes | maybe
    assert found.qualifying == len(yes)
    unknown = {each for each, flag in zip(found.ids, found.unknown, strict=True) if flag}
    assert unknown == maybe


@given(
    asks=st.lists(st.sets(st.sampled_from(SKILLS), min_size=1), max_size=8),
    wanted=st.sets(st.sampled_from(SKILLS)),
    closed=st.sets(st.integers(0, 7)),
)
def test_the_nearest_holder_of_each_skill_is_that_of_a_look_at_all(
    asks: list[set[SkillId]], wanted: set[SkillId], closed: set[int]
) -> None:
    rows = {f"j-{row}": [(skill, 1.0) for skill in sorted(each)] for row, each in enumerate(asks)}
    index, out = an_index(rows), {f"j-{row}" for row in closed if row < len(asks)}

    found = index.nearest_with(vector_of(SQL), sorted(wanted), leaving_out=sorted(out))

    near = {name: float(_vector(each) @ vector_of(SQL)) for name, each in rows.items()}
    assert found == {
        skill: min(having, key=lambda name: (-round(near[name], 6), name))
        for skill in sorted(wanted)
        if (
            having := [
                name for name, each in rows.items() if (skill, 1.0) in each and name not in out
            ]
        )
    }


def test_what_was_trained_before_a_save_need_not_be_trained_after_a_load(tmp_path: Path) -> None:
    index = HolderIndex(DIM, a_vocabulary(), growth=SMALL)
    vectors = unit_vectors(300, dim=DIM)
    index.upsert(numbered(300), vectors, [[]] * 300, texts=[""] * 300)

    index.wait_for_growth()
    index.save(WritingFolder(tmp_path / "saved"))
    again = HolderIndex(DIM, a_vocabulary(), growth=SMALL)
    again.load(ReadingFolder(tmp_path / "saved"))

    # Of codes from the first moment on.
    assert again.tolerance == index.tolerance > 0


def test_what_is_asked_for_again_is_found_as_it_is_now() -> None:
    index = an_index({"a": [(SQL, 1.0)], "b": [(WELDING, 1.0)]})

    def found() -> tuple[str, ...]:
        return index.retrieve(vector_of(SQL), k=1, skills=[]).ids

    before = [found() for _ in range(3)]
    index.upsert(["a"], vector_of(TEACHING)[None, :], [[]], texts=[""])
    index.upsert(["c"], vector_of(SQL)[None, :], [[]], texts=[""])
    changed = [found() for _ in range(3)]
    index.remove("c")
    index.upsert_bare(["d"], vector_of(SQL)[None, :])
    bare = [found() for _ in range(3)]

    assert before == [("a",)] * 3
    assert changed == [("c",)] * 3
    assert bare == [("d",)] * 3


def test_nothing_of_a_search_is_kept_of_who_is_removed_or_where_codes_are_searched() -> None:
    vectors = unit_vectors(150, dim=DIM)
    index = HolderIndex(DIM, a_vocabulary(), growth=SMALL)
    index.upsert(numbered(80), vectors[:80], [[]] * 80, texts=[""] * 80)
    for _ in range(2):
        index.retrieve(vectors[0], k=3, skills=[])
    kept = [len(index._recurring)]
    index.remove("item-7")
    kept.append(len(index._recurring))
    for _ in range(2):
        index.retrieve(vectors[0], k=3, skills=[])
    index.upsert(numbered(150)[80:], vectors[80:], [[]] * 70, texts=[""] * 70)
    index.wait_for_growth()
    index.retrieve(vectors[0], k=3, skills=[])
    kept.append(len(index._recurring))

    assert kept == [1, 0, 0]
    assert (index.index_kind, index.index_swaps) == ("quantized", 1)


def test_which_of_two_alike_is_nearest_does_not_depend_on_what_else_is_asked() -> None:
    vectors = unit_vectors(60, dim=DIM, seed=5)
    index = HolderIndex(DIM, a_vocabulary())
    # Two and two are alike, and each asks for one of two skills besides.
    pairs = np.repeat(vectors, 2, axis=0)
    strengths: list[Strengths] = [
        [(SQL, 1.0), (WELDING if number % 3 else TEACHING, 1.0)] for number in range(120)
    ]
    index.upsert(numbered(120), pairs, strengths, texts=[""] * 120)

    for query in unit_vectors(40, dim=DIM, seed=6):
        together = index.nearest_with(query, [SQL, WELDING, TEACHING], leaving_out=[])
        for each in (SQL, WELDING, TEACHING):
            assert index.nearest_with(query, [each], leaving_out=[]) == {each: together[each]}
