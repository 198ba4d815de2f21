"""Guards: capitals, stray words and plural acronyms do not make skills out of mere words."""

import pytest

from service.matching.guards import is_plural_acronym, is_stray_word, is_written_as_name


@pytest.mark.parametrize(
    ("word", "statement", "named"),
    [
        ("Excel", "Keep budgets in Excel and Word", True),
        ("excel", "Learn to excel at budgets", False),
        ("Excel", "Excel at what you do", False),
        ("Computer", "Build a Modern Computer from First Principles", False),
        ("Guide", "The Practitioner's Guide to Sound Design", False),
    ],
)
def test_a_capital_names_something_only_where_not_every_word_has_one(
    word: str, statement: str, *, named: bool
) -> None:
    assert is_written_as_name(word, statement, alone=False) is named


def test_a_capital_alone_is_a_name() -> None:
    assert is_written_as_name("Excel", "Excel", alone=True)
    assert not is_written_as_name("excel", "excel", alone=True)


def test_several_of_an_acronym_are_another_word() -> None:
    assert is_plural_acronym("GPs")
    assert not is_plural_acronym("GPS")
    assert not is_plural_acronym("gps")


def test_one_word_of_a_list_is_stray_and_one_word_that_is_all_there_is_not() -> None:
    assert is_stray_word("Control", "Modern Robotics: Mechanics, Planning, and Control")
    assert not is_stray_word("Plumbing", " Plumbing ")
    assert not is_stray_word("Motion control", "Modern Robotics: Mechanics and Motion control")
