"""What exact search promises beyond the contract of every index."""

from index import ExactIndex
from tests.builders.vectors import numbered, unit_vectors


def test_a_removed_vector_is_wiped_from_memory_at_once() -> None:
    vectors = unit_vectors(20)
    index = ExactIndex.build(numbered(20), vectors)

    index.remove(["item-7"])
    index.discard(["item-8"])

    held = vars(vars(index)["_vectors"])["_vectors"].tobytes()
    assert vectors[6].tobytes() in held
    assert vectors[7].tobytes() not in held
    assert vectors[8].tobytes() not in held
