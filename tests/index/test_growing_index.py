"""An index goes over to codes in the background, and nothing is lost or late on the way."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import TOLERANCE, DamagedIndex, ExactIndex, GrowingIndex, Growth, Hit, Mask, Vectors
from index.saved import QUANTIZED
from index.snapshot import Snapshot, read_snapshot, write_snapshot
from tests.builders.indexes import GrownIndex, assert_vectors
from tests.builders.vectors import numbered, unit, unit_vectors

SMALL = Growth(exact_up_to=1_000)


TOPICS = 60
CENTERS = np.random.default_rng(99).standard_normal((TOPICS, 48)).astype(np.float32)


def clustered(count: int, *, seed: int = 0) -> Vectors:
    """Draw directions around a few topics, as texts have them."""
    chance = np.random.default_rng(seed)
    topics = CENTERS[chance.integers(0, TOPICS, count)]
    drawn = topics + 0.7 * chance.standard_normal(topics.shape)
    scaled: Vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def recall(found: list[list[Hit]], right: list[list[Hit]]) -> float:
    """Return the share of the right hits that were found."""
    shares = [
        len({hit.id for hit in hits} & {hit.id for hit in wanted}) / max(1, len(wanted))
        for hits, wanted in zip(found, right, strict=True)
    ]
    return float(np.mean(shares))


def test_up_to_the_threshold_it_is_exact_and_beyond_it_holds_codes() -> None:
    index = GrowingIndex.build(numbered(1_000), clustered(1_000), growth=SMALL)
    exact = ExactIndex.build(numbered(1_000), clustered(1_000))
    queries = clustered(20, seed=1)
    before = (index.kind, index.growing, index.search(queries, k=10) == exact.search(queries, k=10))

    index.add(["one-more"], clustered(1, seed=2))
    index.settle()

    assert before == ("exact", False, True)
    assert (index.kind, index.growing, len(index)) == ("quantized", False, 1_001)


@pytest.mark.slow
@pytest.mark.parametrize("k", [10, 100])
def test_it_finds_the_share_of_neighbors_that_is_asked_for(k: int) -> None:
    vectors, queries = clustered(20_000), clustered(200, seed=1)
    index = GrowingIndex.build(numbered(20_000), vectors, growth=SMALL)
    index.settle()

    found = index.search(queries, k=k)

    right = ExactIndex.build(numbered(20_000), vectors).search(queries, k=k)
    # Rounding to 8 bits costs the more the fewer components there are: 0.03 here.
    assert recall(found, right) >= 0.96
    for hits, wanted in zip(found, right, strict=True):
        known = dict(wanted)
        assert all(abs(known.get(name, near) - near) <= TOLERANCE for name, near in hits)


def filters(vectors: Vectors, query: Vectors) -> Iterator[tuple[str, Mask]]:
    """Yield masks by chance, and of whole topics near the query and away from it."""
    topic = np.argmax(vectors @ CENTERS.T, axis=1)
    order = np.argsort(-(CENTERS @ query))
    for share in (0.5, 0.3, 0.1, 0.01, 0.001):
        chance, count = np.random.default_rng(5), int(len(vectors) * share)
        drawn = chance.permutation(len(vectors))
        for name, topics in (("chance", order), ("near", order), ("far", order[TOPICS // 10 :])):
            rows = np.flatnonzero(np.isin(topic, topics))
            if name != "chance":
                place = np.argsort(order)[topic[rows]]
                rows = chance.permutation(
                    rows[np.argsort(place, kind="stable")][: count + count // 5]
                )
            mask = np.zeros(len(vectors), np.bool_)
            mask[(drawn if name == "chance" else rows)[:count]] = True
            yield f"{name} {share}", mask


@pytest.mark.slow
def test_a_filtered_answer_misses_little_however_the_filter_stands_to_the_query() -> None:
    vectors, queries = clustered(30_000), clustered(12, seed=1)
    index = GrowingIndex.build(numbered(30_000), vectors, growth=SMALL)
    exact = ExactIndex.build(numbered(30_000), vectors)
    index.settle()
    recalls: dict[str, list[float]] = {}

    for query in queries:
        for name, mask in filters(vectors, query):
            (hits,) = index.search_rows(query[None], k=10, mask=mask)
            (right,) = exact.search_rows(query[None], k=10, mask=mask)
            share = len(set(hits.rows.tolist()) & set(right.rows.tolist())) / 10
            recalls.setdefault(name, []).append(share)
            assert mask[hits.rows].all()
            assert len(hits.rows) == 10

    assert {
        name: np.mean(shares) for name, shares in recalls.items() if np.mean(shares) < 0.95
    } == {}
    assert np.mean(list(recalls.values())) >= 0.98


@pytest.mark.slow
def test_k_hits_come_whenever_k_qualify_however_far_away_they_are() -> None:
    vectors = clustered(20_000)
    index = GrowingIndex.build(numbered(20_000), vectors, growth=SMALL)
    index.settle()
    query = clustered(1, seed=1)
    farthest = np.argsort(vectors @ query[0])[:4_500]
    mask = np.zeros(20_000, np.bool_)
    mask[farthest] = True

    answers = [index.search_rows(query, k=k, mask=mask)[0] for k in (10, 4_000, 4_500, 9_999)]

    assert [len(hits.rows) for hits in answers] == [10, 4_000, 4_500, 4_500]
    assert set(answers[-1].rows.tolist()) == set(farthest.tolist())


@pytest.mark.slow
def test_what_changes_while_codes_are_filled_is_in_them_afterwards() -> None:
    vectors, moved = clustered(12_000), clustered(12_000, seed=3)
    index = GrowingIndex.build(numbered(12_000), vectors, growth=SMALL)
    assert index.growing
    rows = index.rows_of(numbered(12_000))

    index.update(numbered(3_000), moved[:3_000])
    index.remove(numbered(12_000)[3_000:4_000])
    index.add(["late"], unit_vectors(1, dim=48))
    index.settle()

    assert (index.kind, len(index), index.row_count) == ("quantized", 11_001, 12_001)
    assert_vectors(index, numbered(3_000), moved[:3_000])
    assert_vectors(index, numbered(12_000)[4_000:], vectors[4_000:])
    assert index.rows_of(numbered(3_000)).tolist() == rows[:3_000].tolist()
    assert index.search(unit_vectors(1, dim=48), k=1)[0][0].id == "late"
    gone = set(numbered(12_000)[3_000:4_000])
    assert not gone & {hit.id for hit in index.search(vectors[3_500:3_501], k=500)[0]}


@pytest.mark.slow
def test_readers_and_a_writer_go_on_while_codes_are_trained_and_after() -> None:
    vectors = clustered(6_000)
    index = GrowingIndex.build(numbered(6_000), vectors, growth=SMALL)
    stop = threading.Event()

    def read(seed: int) -> int:
        chance, searches = np.random.default_rng(seed), 0
        while not stop.is_set():
            at = int(chance.integers(2_000))
            (hits,) = index.search(vectors[at : at + 1], k=5)
            assert hits[0].id == f"item-{at}"
            searches += 1
        return searches

    with ThreadPoolExecutor(4) as readers:
        reading = [readers.submit(read, seed) for seed in range(4)]
        for round_ in range(120):
            name = f"new-{round_}"
            index.add([name], clustered(1, seed=10_000 + round_))
            assert index.search(clustered(1, seed=10_000 + round_), k=1)[0][0].id == name
            index.update([f"item-{2_000 + round_}"], clustered(1, seed=20_000 + round_))
            index.remove([name])
            refound = index.search(clustered(1, seed=10_000 + round_), k=3)[0]
            assert name not in {hit.id for hit in refound}
        index.settle()
        stop.set()
        assert all(future.result() > 0 for future in reading)

    assert (index.kind, len(index)) == ("quantized", 6_000)


def test_vectors_unlike_all_that_was_trained_on_are_kept_as_they_came() -> None:
    index = GrownIndex.build(numbered(500), unit([1.0, 0.01]).repeat(500, axis=0))

    index.add(["north", "south"], unit([0, 1], [0, -1]))

    assert_vectors(index, ["north", "south"], unit([0, 1], [0, -1]))
    assert index.search(unit([0, 1]), k=1)[0][0].id == "north"
    index.remove(["north"])
    assert index.search(unit([0, 1]), k=1)[0][0].id.startswith("item-")
    assert index.search(unit([0, -1]), k=1)[0][0].id == "south"


def test_codes_are_trained_anew_when_they_tell_too_many_badly() -> None:
    growth = Growth(exact_up_to=1_000, apart_up_to=0.05)
    index = GrowingIndex.build(
        numbered(1_001), unit([1.0] + [0.01] * 7).repeat(1_001, axis=0), growth=growth
    )
    index.settle()
    others = unit_vectors(2_000, dim=8)

    index.add([f"other-{at}" for at in range(2_000)], others)
    index.settle()

    assert vars(index)["_vectors"].apart_count <= 50
    assert_vectors(index, [f"other-{at}" for at in range(2_000)], others)


def test_codes_are_trained_anew_when_the_index_has_grown_many_times() -> None:
    growth = Growth(exact_up_to=1_000, again_at=2)
    index = GrowingIndex.build(numbered(1_100), clustered(1_100), growth=growth)
    index.settle()
    before = vars(index)["_vectors"].training

    index.upsert(numbered(5_000), clustered(5_000))
    index.settle()

    after = vars(index)["_vectors"].training
    assert (before.size, after.size) == (1_100, 5_000)
    assert len(after.centers) > len(before.centers)


def test_an_index_that_is_filled_is_trained_on_all_and_not_on_what_came_first() -> None:
    index = GrowingIndex(48, growth=SMALL)
    with index.growth_held():
        for start in range(0, 5_000, 500):
            index.upsert(numbered(5_000)[start : start + 500], clustered(500, seed=start))
        assert (index.kind, index.growing) == ("exact", False)

    index.settle()

    assert index.kind == "quantized"
    assert vars(index)["_vectors"].training.size == 5_000


def test_an_index_that_is_filled_waits_for_no_more_than_memory_holds() -> None:
    index = GrowingIndex(48, growth=Growth(exact_up_to=1_000, held_up_to=2_000))
    with index.growth_held():
        index.upsert(numbered(2_000), clustered(2_000))
        before = index.growing
        index.upsert(["one-more"], clustered(1, seed=1))
        index.settle()

        assert (before, index.kind) == (False, "quantized")


def test_vectors_that_lie_apart_by_their_nature_are_not_trained_for_again_and_again() -> None:
    # Most are alike; what is drawn wide is seldom in the sample, and lies beyond its ranges.
    drawn = np.random.default_rng(7).standard_cauchy((12_000, 8)).astype(np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    growth = Growth(exact_up_to=1_000, apart_up_to=0.0)
    index = GrowingIndex.build(numbered(12_000), vectors, growth=growth)
    index.settle()
    codes = vars(index)["_vectors"]
    assert codes.apart_count

    index.upsert(["one-more"], vectors[:1])

    assert (index.growing, vars(index)["_vectors"] is codes) == (False, True)


def test_a_removed_vector_leaves_no_code_in_memory_or_on_the_disk(tmp_path: Path) -> None:
    vectors = clustered(400)
    index = GrownIndex.build(numbered(400), vectors)
    held = vars(index)["_vectors"]
    encoded = held.encode(vectors[7:8])
    code, number = encoded.codes.tobytes(), int(encoded.lists[0])
    index.save(tmp_path, metadata={})
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    bits = np.unpackbits(held.lists.blocks_of(number)).sum()

    index.remove(["item-7"])
    index.save(tmp_path, metadata={})

    assert code in on_disk
    assert code not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not held.codes.codes_of(np.array([7])).any()
    # Of the sketch as many bits are gone as it had: nothing of it is left in its list.
    gone = np.unpackbits(encoded.sketches).sum()
    assert np.unpackbits(held.lists.blocks_of(number)).sum() == bits - gone


def test_a_failure_on_the_way_is_told_and_exact_search_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # No share of neighbors beyond all of them can be found.
    growth = Growth(exact_up_to=1_000, recall=5.0)
    index = GrowingIndex.build(numbered(1_200), clustered(1_200), growth=growth)
    index.settle()

    index.add(["more"], clustered(1, seed=1))
    index.settle()

    assert [record.message for record in caplog.records] == ["The index could not go over to codes"]
    assert (index.kind, len(index)) == ("exact", 1_201)
    assert index.search(clustered(1, seed=1), k=1)[0][0].id == "more"


def test_a_quantized_index_is_saved_and_loaded_and_goes_on(tmp_path: Path) -> None:
    index = GrownIndex.build(numbered(3_000), clustered(3_000))
    index.remove(numbered(10))
    index.add(["apart"], unit([1.0] + [0.0] * 47))
    index.save(tmp_path, metadata={"sequence": 7})
    queries = clustered(30, seed=1)
    mask = np.arange(index.row_count) % 3 == 0

    loaded, metadata = GrowingIndex.load(tmp_path)

    assert (loaded.kind, metadata, loaded.ids) == ("quantized", {"sequence": 7}, index.ids)
    assert loaded.search(queries, k=20) == index.search(queries, k=20)
    by_name = [name for name, held in zip(index.ids, mask[10:], strict=True) if held]
    assert loaded.search(queries, k=20, allowed=by_name) == index.search(
        queries, k=20, allowed=by_name
    )
    loaded.update(["apart"], clustered(1, seed=5))
    assert_vectors(loaded, ["apart"], clustered(1, seed=5))


def test_an_exact_snapshot_loads_as_a_growing_index(tmp_path: Path) -> None:
    ExactIndex.build(numbered(1_500), clustered(1_500)).save(tmp_path, metadata={})

    index, _ = GrowingIndex.load(tmp_path, growth=SMALL)
    index.settle()

    assert (index.kind, len(index)) == ("quantized", 1_500)
    assert_vectors(index, numbered(1_500), clustered(1_500))


def test_quantized_vectors_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    index = GrownIndex.build(numbered(50), clustered(50))
    index.save(tmp_path, metadata={})
    saved = read_snapshot(tmp_path, kinds=[QUANTIZED])

    ids, vectors = list(saved.table.names), bytes(saved.vectors)

    for folder, kept, raw in (
        ("short", ids, vectors[:-1]),
        ("none", ids, b"nothing of the kind"),
        ("fewer", ids[1:], vectors),
    ):
        write_snapshot(tmp_path / folder, Snapshot(QUANTIZED, saved.dim, kept, raw, {}))

    for folder, reason in (
        ("short", "holds no quantized vectors"),
        ("none", "holds no quantized vectors"),
        ("fewer", "counts 49 ids, but 50 vectors are there"),
    ):
        with pytest.raises(DamagedIndex, match=reason):
            GrowingIndex.load(tmp_path / folder)
    with pytest.raises(DamagedIndex, match=f"the kind '{QUANTIZED}', not 'exact'"):
        ExactIndex.load(tmp_path)


def test_exact_vectors_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    vectors = unit_vectors(2, dim=4).tobytes()
    write_snapshot(tmp_path, Snapshot("exact", 4, ["a", "b", "c"], vectors, {}))

    with pytest.raises(DamagedIndex, match="counts 3 ids, but 8 numbers"):
        GrowingIndex.load(tmp_path)


def test_a_filter_that_passes_the_newest_rows_works_where_no_list_holds_them() -> None:
    index = GrowingIndex.build(numbered(3_000), clustered(3_000), growth=SMALL)
    index.settle()
    far = unit(np.eye(48)[0].tolist())
    index.add(["far-away"], far)
    index.settle()
    everything = np.ones(index.row_count, dtype=np.bool_)

    (hits,) = index.search_rows(far, k=3, mask=everything)

    assert index.ids_of(hits.rows)[0] == "far-away"
    assert len(hits.rows) == 3


def test_a_snapshot_of_codes_without_sketches_is_refused(tmp_path: Path) -> None:
    vectors = unit_vectors(2, dim=4).tobytes()
    write_snapshot(tmp_path, Snapshot("quantized", 4, ["a", "b"], vectors, {}))

    with pytest.raises(DamagedIndex, match="holds an index of the kind 'quantized', not"):
        GrowingIndex.load(tmp_path)


def test_of_many_equal_vectors_those_with_the_first_ids_come_however_many_are_proposed() -> None:
    vectors = clustered(6_000)
    vectors[::6] = vectors[0]
    index = GrowingIndex.build(numbered(6_000), vectors, growth=SMALL)
    index.settle()
    even = np.arange(6_000) % 4 == 0

    (hits,) = index.search(vectors[:1], k=10)
    (all_even,) = index.search_rows(vectors[:1], k=10, mask=even | (np.arange(6_000) % 6 > 0))

    equal = sorted(numbered(6_000)[::6])
    assert [hit.id for hit in hits] == equal[:10]
    assert index.ids_of(all_even.rows) == sorted(numbered(6_000)[::12])[:10]
