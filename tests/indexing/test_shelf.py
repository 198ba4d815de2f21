"""Shelves: what is asked for is what was put last, wherever its bytes are."""

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.shelf import Form, Shelf

FORM: Form[list[int]] = Form(
    lambda value: json.dumps(value).encode(), lambda body: list(json.loads(body))
)
KEYS = ("a", "b", "c")
doing = st.lists(
    st.tuples(
        st.sampled_from(["put", "pop", "get", "settle", "save"]),
        st.sampled_from(KEYS),
        st.lists(st.integers(0, 9), max_size=3),
    ),
    max_size=30,
)


@settings(max_examples=150)
@given(doing)
def test_a_shelf_is_a_dictionary_through_settling_and_snapshots(
    steps: list[tuple[str, str, list[int]]],
) -> None:
    shelf, truth = Shelf(FORM, settles_from=1), dict[str, list[int]]()
    for number, (what, key, value) in enumerate(steps):
        match what:
            case "put":
                shelf.put(key, value)
                truth[key] = value
            case "pop":
                assert shelf.pop(key) == truth.pop(key, None)
            case "get":
                assert shelf.get(key) == truth.get(key)
            case "settle":
                shelf.settle()
            case _:
                shelf = _through_a_snapshot(shelf, sorted(truth), number)

        assert len(shelf) == len(truth)
        assert [key in shelf for key in KEYS] == [key in truth for key in KEYS]
    assert [shelf.get(key) for key in KEYS] == [truth.get(key) for key in KEYS]


def _through_a_snapshot(shelf: Shelf[list[int]], keys: list[str], number: int) -> Shelf[list[int]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / str(number)
        shelf.save(WritingFolder(path), "values", keys)
        loaded = Shelf(FORM, settles_from=1)
        loaded.load(ReadingFolder(path), "values", {key: place for place, key in enumerate(keys)})
    return loaded


def test_a_value_read_before_it_was_replaced_is_never_shown_again() -> None:
    def reading(body: bytes) -> list[int]:
        # As when another thread puts a value while this one still reads the old one.
        if body == b"[1]":
            shelf.put("a", [2])
        return FORM.decode(body)

    shelf = Shelf(Form(FORM.encode, reading), settles_from=1)
    shelf.put("a", [1])
    shelf.settle()

    assert shelf.get("a") == [1]
    shelf.settle()

    assert shelf.get("a") == [2]


def test_however_often_values_are_put_few_stay_as_they_came() -> None:
    shelf = Shelf(FORM, settles_from=3)

    for number in range(100):
        shelf.put(f"key-{number % 10}", [number])

    assert len(vars(shelf)["_unsettled"]) == 3
    assert [shelf.get(f"key-{each}") for each in range(10)] == [[90 + each] for each in range(10)]
