"""Batches: one source each, no text twice, the same ones for the same seed."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.pair_tables import APair, numbered, pair_frame
from training.batch import LabelPool, label_pools
from training.batches import NO_TEXT, Batches, PairTable
from training.config import PRESETS, Preset
from training.research.pair import LONG, SETS, Source
from training.schedule import batch_size, longest_text

TITLE, SKILL, TAG = Source.ESCO_TITLE, Source.SKILL_ALT_LABEL, Source.COURSERA
CREDENTIALS = [
    APair("Knots", "Rope", "coursera"),
    APair("Knots", "Sailing", "coursera"),
    APair("Wards", "Care", "coursera"),
]


def table_of(pairs: Sequence[APair]) -> PairTable:
    return PairTable.of(pair_frame(pairs))


def batches_of(
    table: PairTable,
    *,
    size: int = 4,
    power: float = 0.5,
    weights: Mapping[Source, float] | None = None,
    seed: int = 7,
) -> Batches:
    sizes = dict.fromkeys(Source, size)
    return Batches(table, sizes=sizes, power=power, weights=weights or {}, seed=seed)


def drawn(batches: Batches, steps: range) -> list[tuple[Source, list[int]]]:
    return [(source, rows.tolist()) for source, rows in map(batches.draw, steps)]


def test_each_text_has_one_number_and_each_pair_those_of_its_texts() -> None:
    pairs = [APair("a", "b", negative="c"), APair("b", "d", group="a", weight=0.5)]

    table = table_of(pairs)

    assert sorted(table.texts) == ["a", "b", "c", "d"]
    assert [table.texts[row] for row in table.anchor] == ["a", "b"]
    assert [table.texts[row] for row in table.positive] == ["b", "d"]
    assert table.texts[table.negative[0]] == "c"
    assert table.negative[1] == NO_TEXT
    assert table.group[0] == table.group[1]
    assert table.weight.tolist() == [1.0, 0.5]
    assert table.source == [TITLE, TITLE]


def test_a_known_pair_is_known_both_ways_and_no_other_is() -> None:
    table = table_of([APair("a", "b"), APair("c", "d")])
    rows = np.array([table.texts.index(text) for text in "abcd"])

    together = table.together(table.known(), rows, rows)

    expected = np.zeros((4, 4), bool)
    expected[[0, 1, 2, 3], [1, 0, 3, 2]] = True
    assert together.tolist() == expected.tolist()
    assert table.known_among(table.known(), rows[:2], rows[[[1, 2], [2, 0]]]).tolist() == [
        [True, False],
        [False, True],
    ]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(10, 19)), min_size=1, max_size=40),
    st.integers(1, 8),
)
def test_no_text_stands_twice_in_a_batch_of_pairs(edges: list[tuple[int, int]], size: int) -> None:
    table = table_of([APair(str(first), str(second)) for first, second in edges])
    batches = batches_of(table, size=size)

    for step in range(12):
        _, rows = batches.draw(step)

        texts = [*table.anchor[rows], *table.positive[rows]]
        assert len(set(texts)) == len(texts) == 2 * len(rows)
        assert 1 <= len(rows) <= size


def test_a_batch_is_of_one_source_and_as_large_as_told() -> None:
    table = table_of([*numbered(20), *numbered(20, "skill_alt_label")])
    batches = Batches(table, sizes={TITLE: 3, SKILL: 5}, power=0.5, weights={}, seed=1)

    found = drawn(batches, range(30))

    assert {source for source, _ in found} == {TITLE, SKILL}
    for source, rows in found:
        assert {table.source[row] for row in rows} == {source}
        assert len(rows) == {TITLE: 3, SKILL: 5}[source]


def test_every_pair_comes_once_before_any_comes_again() -> None:
    batches = batches_of(table_of(numbered(12)), size=4)

    found = [row for _, rows in drawn(batches, range(6)) for row in rows]

    assert sorted(found[:12]) == list(range(12)) == sorted(found[12:])
    assert found[:12] != found[12:]


def test_what_shares_a_text_is_deferred_to_the_next_batch() -> None:
    table = table_of([APair("a", "b"), APair("a", "c"), APair("d", "e"), APair("f", "g")])
    batches = batches_of(table, size=3)

    (_, first), (_, second) = drawn(batches, range(2))

    deferred = {0, 1} - set(first)
    assert len(deferred & {0, 1}) == 1
    assert second[0] in deferred


def test_the_same_seed_draws_the_same_batches_and_another_one_others() -> None:
    table = table_of([*numbered(40), *numbered(40, "skill_alt_label"), *CREDENTIALS])

    first, second, other = (drawn(batches_of(table, seed=seed), range(20)) for seed in (3, 3, 4))

    assert first == second
    assert first != other


@pytest.mark.parametrize("at", [0, 1, 5, 10, 13])
def test_batches_go_on_from_a_state_as_if_nothing_had_happened(at: int) -> None:
    # Few texts in many pairs, so that pairs wait and passes end.
    pairs = [APair(f"a{row % 5}", f"b{row % 7}") for row in range(35)]
    table = table_of([*pairs, *numbered(9, "skill_alt_label"), *CREDENTIALS])
    batches = batches_of(table)
    drawn(batches, range(at))
    state = batches.state()
    rest = drawn(batches, range(at, at + 15))

    again = batches_of(table)
    again.restore(state)

    assert drawn(again, range(at, at + 15)) == rest


def test_new_negatives_leave_the_batches_as_they_are() -> None:
    table = table_of([APair(f"a{row % 5}", f"b{row % 7}") for row in range(35)])
    batches, others = batches_of(table), batches_of(table)

    others.replace(table._replace(negative=table.positive[::-1]))

    assert drawn(others, range(8)) == drawn(batches, range(8))


def test_a_source_is_drawn_by_the_root_of_its_pairs_and_its_weight() -> None:
    table = table_of([*numbered(64), *numbered(16, "skill_alt_label"), *CREDENTIALS])
    batches = batches_of(table, weights={SKILL: 3.0, TAG: 0.0})

    found = Counter(source for source, _ in drawn(batches, range(2_000)))

    # 8 x 1 against 4 x 3.
    assert batches.shares() == {SKILL: 0.6, TITLE: 0.4, TAG: 0.0}
    assert found[SKILL] / 2_000 == pytest.approx(0.6, abs=0.03)
    assert found[TAG] == 0


def test_a_batch_of_sets_holds_all_labels_of_its_anchors() -> None:
    table = table_of(CREDENTIALS)
    batches = batches_of(table, size=1)

    found = [set(rows) for _, rows in drawn(batches, range(4))]

    assert found[0] != found[1]
    assert all(rows in ({0, 1}, {2}) for rows in found)


def test_labels_are_drawn_from_the_list_of_their_source() -> None:
    own = [*CREDENTIALS, APair("Ropes for All", "Rope", "written_credential")]
    other = [APair("Cook", "Pots", "occupation_technology"), *numbered(3)]
    table = table_of([*own, *other])

    pools = label_pools(table)

    of_tags = {table.texts[row] for row in pools[TAG].texts}
    assert of_tags == {"Rope", "Sailing", "Care"}
    assert set(pools[Source.WRITTEN_CREDENTIAL].texts) == set(pools[TAG].texts)
    assert [table.texts[row] for row in pools[Source.OCCUPATION_TECHNOLOGY].texts] == ["Pots"]
    # One of the two credentials has each tag.
    assert pools[TAG].shares[pools[TAG].texts].tolist() == [0.5, 0.5, 0.5]


def test_a_drawn_label_comes_once_and_never_more_than_there_are() -> None:
    pool = LabelPool(np.arange(10, 20), np.zeros(20))
    chance = np.random.default_rng(1)

    some, all_of_them = pool.draw(4, chance), pool.draw(40, chance)

    assert len(set(some)) == 4
    assert sorted(all_of_them) == list(range(10, 20))


def test_how_often_a_batch_holds_a_label_is_what_chance_says() -> None:
    pool = LabelPool(np.array([0, 1]), np.array([0.5, 0.0]))

    found = pool.log_frequency(np.array([0, 1]), anchors=2, drawn=1)

    # Each is drawn evenly with 1/2; two anchors lack the first with 1/4.
    assert np.exp(found) == pytest.approx([1 - 0.25 * 0.5, 0.5])


def test_long_texts_come_in_smaller_batches_and_sets_in_their_own_size() -> None:
    config = PRESETS[Preset.CPU]

    assert {batch_size(source, config) for source in LONG} == {96}
    assert {batch_size(source, config) for source in SETS} == {64}
    assert (batch_size(TITLE, config), longest_text(TITLE, config)) == (384, 48)
    assert {longest_text(source, config) for source in LONG} == {192}
