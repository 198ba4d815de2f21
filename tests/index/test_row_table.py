"""A table of ids and rows answers as a dictionary would, however it keeps them."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import DuplicateIds, UnknownIds, UnknownRows
from index.packed import PackedIds
from index.rows import RowTable

NAMES = st.text(max_size=3)
# Of ids with one hash, only the text tells them apart.
HASHES: list[Callable[[str], int]] = [hash, len, lambda _: 7]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["allot", "free", "pack"]), st.lists(NAMES, max_size=20, unique=True)
    ),
    max_size=12,
)


def pack(table: RowTable) -> None:
    """Pack what came since, as a table does by itself when there is more of it."""
    table.take_packed(table._packed.extended(table._later, among=table._alive))


@pytest.mark.parametrize("hashed", HASHES)
@given(first=st.lists(NAMES, max_size=20, unique=True), steps=STEPS, asked=st.lists(NAMES))
def test_ids_have_the_rows_that_they_were_given_until_they_are_taken_out(
    hashed: Callable[[str], int],
    first: list[str],
    steps: list[tuple[str, list[str]]],
    asked: list[str],
) -> None:
    table = RowTable(first, hashed=hashed)
    rows = {name: row for row, name in enumerate(first)}
    names = list(first)

    for what, ids in steps:
        if what == "pack":
            pack(table)
        elif what == "free":
            wanted = [rows.pop(name) for name in ids if name in rows]
            assert table.free(ids).tolist() == wanted
        else:
            fresh = [name for name in ids if name not in rows]
            rows |= {name: len(names) + at for at, name in enumerate(fresh)}
            names += fresh
            assert table.count_new(ids) == len(fresh)
            assert table.allot(ids).tolist() == [rows[name] for name in ids]

    assert (len(table), table.row_count) == (len(rows), len(names))
    assert table.rows_of(list(rows)).tolist() == list(rows.values())
    assert table.alive_rows.tolist() == sorted(rows.values())
    assert table.ids_of(np.arange(len(names))) == list(table.names) == names
    assert [name in table for name in asked] == [name in rows for name in asked]
    eligible = table.eligible(allowed=asked, refused=None)
    assert eligible is not None
    assert set(np.flatnonzero(eligible).tolist()) == {rows[each] for each in asked if each in rows}


@pytest.mark.parametrize("hashed", HASHES)
def test_what_a_table_does_not_hold_is_refused_by_name(hashed: Callable[[str], int]) -> None:
    names = [f"id-{number}" for number in range(30)]
    table = RowTable(names, hashed=hashed)

    with pytest.raises(UnknownIds) as few:
        table.rows_of(["id-3", "id-x"])
    with pytest.raises(UnknownIds) as many:
        table.rows_of([*names, "id-x", "", "id-30"])
    with pytest.raises(DuplicateIds) as known:
        table.refuse_known(["new", "id-7"])
    with pytest.raises(UnknownRows) as outside:
        table.ids_of(np.array([0, 30, -1]))

    assert few.value.ids == ("id-x",)
    assert many.value.ids == ("id-x", "", "id-30")
    assert known.value.ids == ("id-7",)
    assert outside.value.rows == (30, -1)
    assert 5 not in table


@pytest.mark.parametrize("hashed", HASHES)
def test_ids_are_packed_once_only(hashed: Callable[[str], int]) -> None:
    with pytest.raises(DuplicateIds) as twice:
        PackedIds.of(["a", "b", "c", "b", "d"], hashed=hashed)

    assert twice.value.ids == ("b",)


def test_a_table_packs_what_came_since_when_that_is_much() -> None:
    table = RowTable(["first"])
    table.allot([f"id-{number}" for number in range(16_384)])
    assert table.packed() is None

    table.allot(["last"])
    table.free(["id-5"])
    packed = table.packed()
    assert packed
    table.take_packed(packed)

    assert table.rows_of(["first", "id-6", "last"]).tolist() == [0, 7, 16_385]
    assert table.ids_of(np.array([6])) == ["id-5"]
    assert "id-5" not in table
    assert table.packed() is None
