"""Segments: every word of a text in one statement, with its place."""

from hypothesis import given
from hypothesis import strategies as st

from service.matching.segments import MAX_WORDS, segments_of


def texts(text: str) -> list[str]:
    return [segment.text for segment in segments_of(text)]


def test_sentences_lines_and_bullets_are_statements() -> None:
    text = "Keep the books. Close the month;  file taxes\n• Advise owners\n- Train staff"

    assert texts(text) == [
        "Keep the books",
        "Close the month",
        "file taxes",
        "Advise owners",
        "Train staff",
    ]


def test_a_list_of_short_things_is_cut_at_its_commas() -> None:
    assert texts("Learn Excel, SQL, Tableau and Power BI.") == [
        "Learn Excel",
        "SQL",
        "Tableau",
        "Power BI",
    ]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert texts("Work with e.g. pumps and valves.") == ["Work with e.g. pumps and valves"]


def test_an_endless_sentence_is_cut_and_nothing_is_lost() -> None:
    words = [f"word{number}" for number in range(100)]

    pieces = texts(" ".join(words))

    assert [word for piece in pieces for word in piece.split()] == words
    assert max(len(piece.split()) for piece in pieces) == MAX_WORDS


@given(st.text(alphabet="ab ,.;\n-!é", max_size=200))
def test_a_span_always_points_at_its_words_and_no_letter_is_left_out(text: str) -> None:
    segments = segments_of(text)

    assert all(text[each.span.start : each.span.end] == each.text for each in segments)
    kept = "".join(each.text for each in segments)
    dropped = [letter for letter in text if letter.isalpha()]
    joined = [letter for letter in kept if letter.isalpha()]
    # "and" and "or" between the items of a list are the only letters that may go.
    assert joined == dropped
