"""Which rows are held out depends on nothing but the row."""

import hashlib
from itertools import permutations

import pytest

from tests.builders.research import ENGINEER, NURSE, WELDER
from training.development import is_held_out_group
from training.splits import JOBBERT_HELD_OUT, held_out_titles, is_held_out, text_key


@pytest.mark.parametrize(
    ("row_id", "held_out"),
    [
        (NURSE, True),
        (ENGINEER, True),
        (WELDER, False),
        ("coursera-0000", False),
        ("coursera-0005", True),
    ],
)
def test_a_row_is_held_out_by_the_hash_of_its_id(row_id: str, held_out: bool) -> None:
    last_digit = int(hashlib.sha256(row_id.encode()).hexdigest(), 16) % 10

    assert is_held_out(row_id) is held_out
    assert held_out is (last_digit in {0, 1, 2})


def test_three_of_ten_rows_are_held_out() -> None:
    codes = [f"{number:02}-{number * 7:04}.00" for number in range(2_000)]

    assert 0.27 < sum(map(is_held_out, codes)) / len(codes) < 0.33


@pytest.mark.parametrize(
    ("group", "held_out"),
    [
        (f"occupation:onet:{NURSE}", True),
        (f"occupation:onet:{WELDER}", False),
        ("credential:coursera-0005", True),
        ("credential:coursera-0000", False),
        # The rule is for the ids of one catalog; another's may be as they like.
        ("credential:school-5", False),
        ("skill:esco:coursera-0005", False),
        (f"occupation:esco:{NURSE}", False),
    ],
)
def test_pairs_of_a_held_out_record_are_held_out(group: str, held_out: bool) -> None:
    assert is_held_out_group(group) is held_out


def test_few_titles_are_all_held_out_in_whatever_order_and_writing() -> None:
    titles = ["Cook", "Nurse (nights)", "WELDER"]

    found = {held_out_titles(order) for order in permutations([*titles, "welder  "])}

    assert found == {frozenset({"cook", "nurse (nights)", "welder"})}


def test_of_many_titles_those_with_the_smallest_hashes_are_held_out() -> None:
    titles = [f"title {number}" for number in range(JOBBERT_HELD_OUT + 2)]
    by_hash = sorted(titles, key=lambda title: hashlib.sha256(title.encode()).hexdigest())

    assert set(titles) - held_out_titles(titles) == set(by_hash[-2:])


def test_two_writings_of_the_same_words_have_one_key() -> None:
    assert text_key(" Ward\tNURSE \n") == text_key("ward nurse") == "ward nurse"
    assert text_key("\ufb01tter") == "fitter"
    assert text_key("ward nurses") != text_key("ward nurse")
