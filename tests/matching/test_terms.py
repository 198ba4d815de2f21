"""Terms: what counts as the same word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.normalize import SURROGATE, normalize_text
from service.matching.spelling import plain
from service.matching.terms import singular, terms_of


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("SQL, C++ and C#", ["sql", "c++", "c#"]),
        ("CompTIA A+", ["comptia", "a+"]),
        ("OSHA 10-Hour", ["osha", "10-hour", "10", "hour"]),
        ("Node.js don't", ["node.js", "node", "js", "don't", "don"]),
        ("the work of IT", ["work", "it"]),
        ("", []),
        ("\ufb01nance \uff33\uff31\uff2c", ["finance", "sql"]),
    ],
)
def test_a_text_is_read_as_its_terms(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("studies", "study"),
        ("machines", "machine"),
        ("databases", "database"),
        ("nurses", "nurse"),
        ("skills", "skill"),
        ("analysis", "analysi"),
        ("process", "process"),
        ("campus", "campus"),
        ("gas", "gas"),
        ("iso9001s", "iso9001s"),
        ("shoes", "shoe"),
    ],
)
def test_a_plural_counts_as_its_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_what_shows_nothing_is_gone_and_look_alikes_are_latin() -> None:
    assert plain("S\u200bQL \u0405QL \x07bell") == "SQL SQL bell"
    assert plain("\u041f\u0438\u0442\u043e\u043d") == "\u041f\u0438\u0442\u043e\u043d"


@given(
    st.text(
        st.characters(exclude_categories=["Cs"])
        | st.sampled_from("a\u0430S\u0405\u03bf\u200b\ufe0f\u0301\u1160\x07\n\t ")
    )
)
def test_words_are_spelled_as_the_encoder_sees_them(text: str) -> None:
    assert not SURROGATE.search(text)
    assert plain(text).split() == normalize_text(text).split()
