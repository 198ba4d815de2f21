"""Suggestions: what has a name in which the typed words begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.matching.names import name_key
from service.matching.openings import Openings

NAMED = [
    ("s:sql", ("SQL", "structured query language")),
    ("s:java", ("Java",)),
    ("s:script", ("JavaScript", "ECMAScript")),
    ("s:query", ("query databases", "ask a database")),
    ("s:weld-b", ("weld metal",)),
    ("s:weld-a", ("weld metal",)),
    ("s:cpp", ("C++",)),
]
WORDS = st.text("abc ", max_size=8)


def ids(typed: str, limit: int = 10) -> list[str]:
    return [each.id for each in Openings(NAMED).find(typed, limit=limit)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ja", ["s:java", "s:script"]),
        ("JAVA", ["s:java", "s:script"]),
        ("java s", []),
        ("que", ["s:query", "s:sql"]),
        ("lang que", ["s:sql"]),
        ("weld", ["s:weld-a", "s:weld-b"]),
        ("c++", ["s:cpp"]),
        ("", []),
        ("   ", []),
        ("!?", []),
        ("zebra", []),
    ],
)
def test_names_that_begin_so_come_first_and_then_shorter_ones(typed: str, found: list[str]) -> None:
    assert ids(typed) == found


def test_what_is_called_so_comes_before_what_is_also_called_so() -> None:
    clerks = ("o:clerk", ("Receptionists", "Medical Clerk"))
    records = ("o:records", ("Medical Records Specialists", "Coder"))

    found = Openings([clerks, records]).find("medical", limit=5)

    assert [each.id for each in found] == ["o:records", "o:clerk"]


def test_a_thing_comes_once_and_another_name_is_told() -> None:
    [found] = Openings(NAMED).find("structured", limit=5)

    assert found == ("s:sql", "SQL", "structured query language")
    assert Openings(NAMED).find("sq", limit=5)[0].matched is None


@given(st.lists(st.tuples(WORDS, WORDS), max_size=12), WORDS, st.integers(1, 5))
def test_it_finds_what_a_look_at_every_name_finds(
    names: list[tuple[str, str]], typed: str, limit: int
) -> None:
    named = [(f"s:{number:02}", pair) for number, pair in enumerate(names)]

    found = [each.id for each in Openings(named).find(typed, limit=limit)]

    key = name_key(typed)
    rows = []
    for thing, own in named:
        for is_other, text in enumerate(own):
            name = name_key(text)
            words = name.split()
            if key and all(any(w.startswith(t) for w in words) for t in key.split()):
                place = 1 + is_other if name.startswith(key) else 3
                rows.append((place, len(name), name, is_other, thing))
    looked = list(dict.fromkeys(row[-1] for row in sorted(rows)))
    assert found == looked[:limit]
