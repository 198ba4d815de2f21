"""What the encoder does with long, repeated, empty and impossible texts."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from embeddings import DEFAULT_FOLDER, EmptyText, Encoder, LoneSurrogate
from embeddings.model_folder import ModelFile
from embeddings.session import ModelSession

# What one run takes beside its two special tokens.
LARGEST_RUN = 254
OVERLAP = 32


@pytest.fixture(scope="module")
def session() -> ModelSession:
    path = DEFAULT_FOLDER / ModelFile.MODEL
    return ModelSession(path.read_bytes(), path, dim=384)


def a_text(tokens: int, *, last: str = "nurse") -> str:
    """A text of as many tokens: each of these words is one."""
    words = ("steel", "bread", "roof", "patient", "budget")
    return " ".join([*(words[number % len(words)] for number in range(tokens - 1)), last])


def ids_of(text: str) -> list[int]:
    tokenizer = Tokenizer.from_file(str(DEFAULT_FOLDER / ModelFile.TOKENIZER))
    ids: list[int] = tokenizer.encode(text).ids
    return ids


def test_the_shipped_tokenizer_neither_cuts_nor_pads() -> None:
    assert len(ids_of(a_text(1_000))) == 1_002
    assert len(ids_of("nurse")) == 3


def test_a_text_of_exactly_one_window_is_one_run(encoder: Encoder, session: ModelSession) -> None:
    text = a_text(LARGEST_RUN)

    (vector,) = encoder.encode([text])

    assert vector.tobytes() == session.run(ids_of(text)).tobytes()


def test_a_longer_text_is_the_mean_of_its_windows_by_their_tokens(
    encoder: Encoder, session: ModelSession
) -> None:
    text = a_text(300)
    first, *content, last = ids_of(text)
    head, tail = content[:LARGEST_RUN], content[LARGEST_RUN - OVERLAP :]

    (vector,) = encoder.encode([text])

    summed = len(head) * session.run([first, *head, last])
    summed = summed + len(tail) * session.run([first, *tail, last])
    assert vector == pytest.approx(summed / np.linalg.norm(summed), abs=1e-6)


def test_the_last_word_of_a_very_long_text_counts(encoder: Encoder) -> None:
    texts = [a_text(3_000, last="nurse"), a_text(3_000, last="pastry")]

    one, other = encoder.encode(texts)

    assert one.tobytes() != other.tobytes()
    assert np.linalg.norm(one) == pytest.approx(1.0, abs=1e-5)


def test_a_text_that_is_given_twice_has_two_equal_rows(encoder: Encoder) -> None:
    vectors = encoder.encode(["nurse", "welder", "nurse"])

    assert vectors[0].tobytes() == vectors[2].tobytes()
    assert vectors[0] @ vectors[1] < 0.9


def test_texts_that_read_the_same_have_the_same_vector(encoder: Encoder) -> None:
    plain, disguised = encoder.encode(
        [
            "Data analyst",
            " D\u0430t\u0430\u200b  \uff21nalyst ",
        ]
    )

    assert plain.tobytes() == disguised.tobytes()


@pytest.mark.parametrize("empty", ["", " \n\t ", "\u200b\ufeff\u3164", "\u0301"])
def test_an_empty_text_is_refused_with_its_position(encoder: Encoder, empty: str) -> None:
    with pytest.raises(EmptyText, match="position 1") as caught:
        encoder.encode(["nurse", empty])

    assert caught.value.position == 1


def test_half_of_a_surrogate_pair_is_refused_with_its_position(encoder: Encoder) -> None:
    with pytest.raises(LoneSurrogate, match=r"position 2 .* character 3") as caught:
        encoder.encode(["nurse", "welder", "SQL\udc00"])

    assert (caught.value.position, caught.value.offset) == (2, 3)


def test_a_single_text_instead_of_a_sequence_is_refused(encoder: Encoder) -> None:
    with pytest.raises(TypeError, match="wrap a single one in a list"):
        encoder.encode("nurse")
