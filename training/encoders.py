"""Encoders to compare: the shipped folder, sentence-transformers, and a cache before either."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from embeddings import load_encoder, normalize_text
from embeddings.windows import windows
from training.export import CONFIG
from training.model import TrainedEncoder

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

_AT_ONCE: Final = 4_096
_DIGEST: Final = 32


class Model(NamedTuple):
    """A way to encode texts, and a name that no other way has."""

    encode: Encode
    key: str


def shipped_model(folder: Path, *, threads: int = 2) -> Model:
    """Return the encoder of a model folder, as the service runs it."""
    encoder = load_encoder(folder, threads=threads)
    return Model(encoder.encode, encoder.model_hash)


def transformer_model(folder: Path) -> Model:
    """Return sentence-transformers on a folder, in full precision.

    It cuts a text at the model's longest length, where the shipped encoder takes windows.
    """
    model = SentenceTransformer(str(folder))

    def encode(texts: Sequence[str]) -> Vectors:
        vectors: Vectors = model.encode(
            list(texts), batch_size=32, show_progress_bar=False, normalize_embeddings=True
        )
        return vectors

    return Model(encode, hash_of(folder))


def unquantized_model(folder: Path) -> Model:
    """Return the weights of a folder in full precision, with long texts in windows.

    That is the shipped encoder but for the quantization.
    """
    encoder = TrainedEncoder(
        folder, max_tokens=CONFIG.max_tokens, tokens_at_once=8_192, bfloat16=False
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def encode(texts: Sequence[str]) -> Vectors:
        runs = [_runs(tokenizer.encode(normalize_text(text)).ids) for text in texts]
        return _means(runs, encoder.encode_tokens([run for each in runs for run in each]))

    return Model(encode, f"unquantized-{hash_of(folder)}")


def _runs(ids: Sequence[int]) -> list[NDArray[np.int64]]:
    inner = ids[1:-1]
    parts = windows(inner, size=CONFIG.max_tokens - 2, overlap=CONFIG.overlap)
    return [np.array([ids[0], *part, ids[-1]], np.int64) for part in parts]


def _means(runs: Sequence[Sequence[NDArray[np.int64]]], vectors: Vectors) -> Vectors:
    """Return the mean of the windows of each text, weighted by their numbers of tokens."""
    means, start = np.empty((len(runs), vectors.shape[1]), np.float32), 0
    for row, each in enumerate(runs):
        weights = [len(run) - 2 for run in each]
        means[row] = np.average(vectors[start : start + len(each)], axis=0, weights=weights)
        start += len(each)
    unit: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


def hash_of(folder: Path) -> str:
    """Return a SHA-256 over the names and bytes of all files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}:{content}\n".encode())
    return digest.hexdigest()


class CachedEncoder:
    """Keeps in a folder what a model has encoded, each model's by itself.

    What was encoded before an interruption is not encoded again.
    """

    def __init__(self, model: Model, folder: Path) -> None:
        self._encode = model.encode
        self._path = folder / f"{model.key}.npz"
        self._rows, self._vectors = _read(self._path)

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors. Shape: ``(len(texts), dim)``."""
        for part in self.parts(texts):
            self.add(part)
        return self._vectors[[self._rows[_digest(text)] for text in texts]]

    def parts(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the texts that are not encoded yet, in parts that are kept one by one."""
        new = [text for text in dict.fromkeys(texts) if _digest(text) not in self._rows]
        return [new[start : start + _AT_ONCE] for start in range(0, len(new), _AT_ONCE)]

    def add(self, part: Sequence[str]) -> None:
        """Encode new texts and keep them."""
        found = self._encode(part)
        self._vectors = np.concatenate([self._vectors, found]) if self._rows else found
        for text in part:
            self._rows[_digest(text)] = len(self._rows)
        _write(self._path, list(self._rows), self._vectors)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _read(path: Path) -> tuple[dict[bytes, int], Vectors]:
    if not path.exists():
        return {}, np.empty((0, 0), np.float32)
    with np.load(path) as kept:
        digests, vectors = kept["digests"], kept["vectors"]
    return {digest.tobytes(): row for row, digest in enumerate(digests)}, vectors


def _write(path: Path, digests: Sequence[bytes], vectors: Vectors) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, _DIGEST)
    unfinished = path.with_suffix(".part.npz")
    np.savez(unfinished, digests=table, vectors=vectors)
    unfinished.replace(path)
