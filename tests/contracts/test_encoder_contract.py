"""Every encoder must pass these: the same text always has the same vector."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import Encoder, load_encoder

ENCODERS: list[Callable[[], Encoder]] = [load_encoder]

TEXTS = [
    "SQL",
    "Registered nurse, night shift",
    "Learn spreadsheets in six weeks, online and at your own pace",
    "Écrire des rapports clairs",
    "Welder with ten years in shipbuilding looks for inspection work near the coast. " * 5,
    "TIG welding; MIG welding; blueprint reading",
    "Takes vital signs, keeps records, explains procedures to families",
    "forklift",
]


@pytest.fixture(scope="module", params=ENCODERS)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    load: Callable[[], Encoder] = request.param
    return load()


def test_a_text_has_the_same_bytes_alone_and_in_company(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)

    alone = [encoder.encode([text])[0] for text in TEXTS]

    assert [vector.tobytes() for vector in alone] == [vector.tobytes() for vector in together]


@settings(max_examples=15)
@given(chosen=st.lists(st.sampled_from(range(len(TEXTS))), min_size=1, max_size=12))
def test_a_text_has_the_same_bytes_in_any_batch_and_order(
    encoder: Encoder, chosen: list[int]
) -> None:
    expected = encoder.encode(TEXTS)

    found = encoder.encode([TEXTS[number] for number in chosen])

    assert found.tobytes() == expected[chosen].tobytes()


def test_a_text_has_the_same_bytes_from_any_thread(encoder: Encoder) -> None:
    expected = encoder.encode(TEXTS).tobytes()

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: encoder.encode(TEXTS).tobytes(), range(16)))

    assert set(found) == {expected}


def test_a_text_has_the_same_bytes_after_a_restart(encoder: Encoder) -> None:
    other = load_encoder(threads=1)

    assert other.encode(TEXTS).tobytes() == encoder.encode(TEXTS).tobytes()
    assert other.model_hash == encoder.model_hash


def test_every_vector_has_unit_length_and_the_stated_shape(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)

    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_texts_that_mean_the_same_are_nearer_than_others(encoder: Encoder) -> None:
    texts = ["registered nurse in a hospital", "RN on a medical ward", "CNC lathe operator"]

    nurse, ward, lathe = encoder.encode(texts)

    assert nurse @ ward > nurse @ lathe + 0.2
