"""Every encoder that is compared gives unit vectors, and none gets those of another."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings import load_encoder
from training.encoders import (
    CachedEncoder,
    Encode,
    Model,
    Vectors,
    hash_of,
    shipped_model,
    transformer_model,
    unquantized_model,
)
from training.export import base_folder, export
from training.fidelity import reference_vectors

TEXTS = ["registered nurse", "SQL", "Weld pipes in a shipyard, at night and in the rain."]
LONG = "The nurse gives medicine. " * 45 + "The welder mends a pipe of the tug. " * 45


class Counting:
    """Counts the texts that it is asked to encode; the first component is their length."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 0.5] for text in texts], np.float32)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "model"
    export(base_folder(), folder)
    return folder


@pytest.fixture(scope="module", params=["exported", "transformer", "unquantized", "cached"])
def encode(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, exported: Path
) -> Encode:
    match request.param:
        case "exported":
            return shipped_model(exported, threads=1).encode
        case "transformer":
            return transformer_model(base_folder()).encode
        case "unquantized":
            return unquantized_model(base_folder()).encode
        case _:
            return CachedEncoder(transformer_model(base_folder()), tmp_path_factory.mktemp("kept"))


def test_vectors_have_unit_length_and_the_order_of_the_texts(encode: Encode) -> None:
    vectors, backwards = encode([*TEXTS, LONG]), encode([LONG, *TEXTS[::-1]])

    assert vectors.dtype == np.float32
    assert vectors.shape == (4, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert (vectors[:3] * backwards[:0:-1]).sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_vectors_are_those_of_the_base_model(encode: Encode) -> None:
    similarities = (encode(TEXTS) * reference_vectors(base_folder(), TEXTS)).sum(axis=1)

    assert similarities.min() > 0.99


def test_without_quantization_a_long_text_is_the_mean_of_its_windows(exported: Path) -> None:
    found = unquantized_model(base_folder()).encode([LONG, *TEXTS])

    quantized = load_encoder(exported).encode([LONG])
    cut = reference_vectors(base_folder(), [LONG])
    exact = reference_vectors(base_folder(), TEXTS)
    assert (found[1:] * exact).sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert float(found[0] @ quantized[0]) > 0.98
    assert float(found[0] @ cut[0]) < 0.9


def test_what_was_encoded_once_is_not_encoded_again(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    CachedEncoder(Model(first, "a"), tmp_path)(["nurse", "cook", "nurse"])

    vectors = CachedEncoder(Model(second, "a"), tmp_path)(["welder", "nurse", "cook"])

    assert first.asked == ["nurse", "cook"]
    assert second.asked == ["welder"]
    assert vectors[:, 0].tolist() == [6, 5, 4]


def test_no_model_gets_the_vectors_of_another(tmp_path: Path) -> None:
    other = Counting()
    CachedEncoder(Model(Counting(), "a"), tmp_path)(["nurse"])

    CachedEncoder(Model(other, "b"), tmp_path)(["nurse"])

    assert other.asked == ["nurse"]


def test_the_key_of_a_folder_changes_with_any_byte_and_any_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    hashes = {hash_of(tmp_path)}
    (tmp_path / "a").write_bytes(b"2")
    hashes.add(hash_of(tmp_path))
    (tmp_path / "a").rename(tmp_path / "b")
    hashes.add(hash_of(tmp_path))

    assert len(hashes) == 3
    assert hash_of(tmp_path) in hashes
