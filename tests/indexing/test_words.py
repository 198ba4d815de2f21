"""Words in memory: what is erased is gone, and long questions are cut to what tells."""

import numpy as np

from service.indexing.words import TELLING_TERMS, Words


def some_words(*texts: str) -> Words:
    words = Words()
    words.put(range(len(texts)), texts)
    return words


def test_erasing_a_row_removes_its_words_at_once() -> None:
    words = some_words("zbigniew welds", "ada welds")

    words.remove([0])

    assert words.terms == {"ada", "weld"}
    assert words.scores("zbigniew", count=2).tolist() == [0.0, 0.0]


def test_erasing_rows_that_were_sorted_in_leaves_no_place_with_their_number() -> None:
    words = some_words(*(f"own{row} shared" for row in range(1100)))
    words.scores("shared", count=1100)

    words.remove([7, 1099])

    assert "own7" not in words.terms
    assert not np.isin(words._merged.rows, [7, 1099]).any()
    assert len(words) == 1098
    assert words.scores("own7 shared", count=1100)[[7, 1099]].tolist() == [0.0, 0.0]


def test_the_number_of_a_forgotten_term_serves_another_and_finds_only_that() -> None:
    words = some_words(*(f"own{row}" for row in range(1100)))
    words.scores("own3", count=1100)

    words.put([3], ["fresh"])

    assert np.flatnonzero(words.scores("fresh", count=1100)).tolist() == [3]
    assert not words.scores("own3", count=1100).any()


def test_a_text_replaced_by_one_without_words_is_gone() -> None:
    words = some_words("welding", "baking")

    words.put([0], ["..."])

    assert words.terms == {"baking"}
    assert len(words) == 1


def test_of_a_long_question_the_terms_that_few_hold_are_looked_up() -> None:
    common = [f"common{each}" for each in range(TELLING_TERMS)]
    words = some_words(" ".join(common), " ".join(common), "rare " + " ".join(common[1:]))

    scores = words.scores(" ".join([*common, "rare"]), count=3)

    # `rare` took the place of the last of the equally common ones.
    kept = sorted(common[1:])[: TELLING_TERMS - 2]
    assert scores.tolist() == words.scores(" ".join(["rare", "common0", *kept]), count=3).tolist()


def test_a_score_says_how_much_of_the_question_is_there() -> None:
    words = some_words("welding " * 500, "welding pipes", "baking bread")

    scores = words.scores("welding pipes", count=3)

    assert scores[1] > scores[0] > scores[2] == 0.0
    assert (scores < 1.0).all()
