"""Texts that read the same are spelled the same before they are tokenized."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings import LoneSurrogate, normalize_text

UNICODE = st.text(st.characters(exclude_categories=["Cs"]))
TRICKY = st.text(
    st.sampled_from(
        "ab\u0435\u043e\u0410\u039f \u0456\u0457\u0301\u0308"
        "\u200b\u034f\u3164\uff21\uff11\ufb01\u2003\n\x00-'5"
    )
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Python and SQL", "Python and SQL"),
        ("  two\n\nlines\tand\u00a0spaces ", "two lines and spaces"),
        (
            "\uff30\uff59\uff54\uff48\uff4f\uff4e\u3000\uff13",
            "Python 3",
        ),
        ("e\ufb03cient \ufb01ling", "efficient filing"),
        ("café", "café"),
        ("cafe\u0301", "café"),
        ("zero\u200bwidth\u2060 and soft\u00adhyphen", "zerowidth and softhyphen"),
        ("\ufeffbyte order mark", "byte order mark"),
        ("right\u202eto left\u202c", "rightto left"),
        ("tag\U000e0041\U000e0042s", "tags"),
        ("joiner\u034fs and \u3164fillers\uffa0", "joiners and fillers"),
        ("heart \u2764\ufe0f", "heart \u2764"),
        ("nul\x00 and bell\x07", "nul and bell"),
    ],
)
def test_forms_that_show_the_same_become_one(written: str, expected: str) -> None:
    assert normalize_text(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "D\u0430t\u0430 \u0430n\u0430l\u0443st",
            "Data analyst",
        ),
        ("\u03a1ython", "Python"),
        ("SQL \u0405erver", "SQL Server"),
        ("TNF\u03b1", "TNFa"),
    ],
)
def test_look_alikes_in_a_latin_word_become_latin(written: str, expected: str) -> None:
    assert normalize_text(written) == expected


@pytest.mark.parametrize("text", ["Медицинская сестра", "αλγόριθμος", "e-почта", "\u03b1-helix"])
def test_words_of_another_script_stay_as_they_are(text: str) -> None:
    assert normalize_text(text) == text


@given(UNICODE)
def test_what_is_normalized_stays_as_it_is(text: str) -> None:
    once = normalize_text(text)

    assert normalize_text(once) == once


@given(TRICKY)
def test_what_is_normalized_stays_as_it_is_even_if_it_was_made_to_deceive(text: str) -> None:
    once = normalize_text(text)

    assert normalize_text(once) == once


@given(UNICODE)
def test_normalized_text_has_no_outer_or_double_spaces_and_no_control_characters(text: str) -> None:
    normalized = normalize_text(text)

    assert normalized == " ".join(normalized.split())
    assert all(character.isprintable() for character in normalized)


def test_half_of_a_surrogate_pair_is_refused_with_its_place() -> None:
    with pytest.raises(LoneSurrogate, match="character 4") as caught:
        normalize_text("data\ud800base")

    assert caught.value.offset == 4
    assert caught.value.position is None
