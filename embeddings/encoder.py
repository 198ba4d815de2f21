"""The encoder: the same text always has the same vector."""

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.errors import (
    EmptyText,
    GoldenVectorsDiffer,
    InvalidModelFile,
    LoneSurrogate,
)
from embeddings.model_files import (
    Calibration,
    GoldenVector,
    ModelConfig,
    read_calibration,
    read_config,
    read_golden,
)
from embeddings.model_folder import DEFAULT_FOLDER, ModelFile, VerifiedFolder, read_verified
from embeddings.normalize import normalize_text
from embeddings.session import ModelSession, Tokens
from embeddings.windows import windows

THREADS = 2
SPECIAL_TOKENS = 2


class Encoder:
    """Turns texts into unit vectors. Made by ``load_encoder``; safe from any thread.

    Attributes:
        config: what the model is called and how texts are given to it.
        calibration: what this model's similarities mean.
        model_hash: SHA-256 over everything that a vector depends on; store it beside vectors.
    """

    def __init__(self, folder: VerifiedFolder, *, threads: int) -> None:
        self.config: ModelConfig = read_config(folder)
        self.calibration: Calibration = read_calibration(folder)
        self.model_hash: str = folder.model_hash
        self._tokenizer = _tokenizer(folder)
        self._session = ModelSession(
            folder.content[ModelFile.MODEL], folder.path / ModelFile.MODEL, dim=self.dim
        )
        self._threads = threads
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="encode")

    @property
    def dim(self) -> int:
        """The number of components of a vector."""
        return self.config.dim

    @property
    def model_version(self) -> str:
        """The version that answers carry."""
        return self.config.version

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector for each text, in their order. Shape: ``(len(texts), dim)``.

        Every text is normalized (``normalize_text``) and run through the model by itself, so its
        vector has the same bytes alone, in any company, in any order and from any thread. A text
        of more tokens than one run takes (``config.max_tokens``, 256 with both special ones) is
        cut into windows that overlap by ``config.overlap`` tokens; its vector is the mean of
        theirs, weighted by their numbers of tokens and brought to unit length again. No text is
        cut short, however long; the time it takes grows with its length.

        Raises:
            EmptyText: if nothing is left of a text once it is normalized.
            LoneSurrogate: if a text holds half of a surrogate pair.
        """
        if isinstance(texts, str):
            raise TypeError("encode takes a sequence of texts: wrap a single one in a list.")
        normalized = [_normalized(text, position) for position, text in enumerate(texts)]
        rows = {text: row for row, text in enumerate(dict.fromkeys(normalized))}
        tokens = [self._tokens(text, normalized) for text in rows]
        vectors = np.empty((len(rows), self.dim), dtype=np.float32)
        self._fill(vectors, tokens)
        return vectors[[rows[text] for text in normalized]]

    def _tokens(self, text: str, normalized: Sequence[str]) -> Tokens:
        ids: Tokens = self._tokenizer.encode(text).ids
        if len(ids) == SPECIAL_TOKENS:
            raise EmptyText(normalized.index(text))
        return ids

    def _fill(self, vectors: NDArray[np.float32], tokens: Sequence[Tokens]) -> None:
        """Compute every row; several of them at once when there are several."""
        # The longest go first, so that no thread is left with a long one at the end.
        waiting = deque(sorted(range(len(tokens)), key=lambda row: -len(tokens[row])))
        if len(waiting) <= 1 or self._threads == 1:
            self._work(waiting, vectors, tokens)
            return
        workers = [
            self._executor.submit(self._work, waiting, vectors, tokens)
            for _ in range(self._threads)
        ]
        for worker in workers:
            worker.result()

    def _work(
        self, waiting: deque[int], vectors: NDArray[np.float32], tokens: Sequence[Tokens]
    ) -> None:
        while True:
            try:
                row = waiting.popleft()
            except IndexError:
                return
            vectors[row] = self._vector(tokens[row])

    def _vector(self, tokens: Tokens) -> NDArray[np.float32]:
        if len(tokens) <= self.config.max_tokens:
            return self._session.run(tokens)
        first, last = tokens[0], tokens[-1]
        parts = windows(
            tokens[1:-1],
            size=self.config.max_tokens - SPECIAL_TOKENS,
            overlap=self.config.overlap,
        )
        vectors = [self._session.run([first, *part, last]) for part in parts]
        mean = np.average(vectors, axis=0, weights=[len(part) for part in parts])
        return (mean / np.linalg.norm(mean)).astype(np.float32)


def load_encoder(folder: Path = DEFAULT_FOLDER, *, threads: int | None = None) -> Encoder:
    """Load the model of a folder, once every byte of it is verified and its vectors are tried.

    Args:
        folder: a model folder; the one that is shipped unless told otherwise.
        threads: how many texts are run at once; two, or one on a single core, unless told.

    Raises:
        ModelFolderError: if a file is missing, unexpected, damaged or invalid, or if this machine
            computes other vectors than the golden ones.
    """
    verified = read_verified(folder)
    encoder = Encoder(verified, threads=threads or min(THREADS, os.cpu_count() or 1))
    _try_golden(encoder, read_golden(verified), folder / ModelFile.GOLDEN)
    return encoder


def _try_golden(encoder: Encoder, golden: Sequence[GoldenVector], path: Path) -> None:
    vectors = encoder.encode([text for text, _ in golden])
    least = encoder.config.least_golden_similarity
    for (text, expected), found in zip(golden, vectors, strict=True):
        if expected.shape != found.shape:
            reason = f"its vector of {text!r} must have {found.size} components"
            raise InvalidModelFile(path, reason=reason)
        similarity = float(expected @ found)
        if not similarity >= least:
            raise GoldenVectorsDiffer(path, text=text, similarity=similarity, least=least)


def _normalized(text: str, position: int) -> str:
    try:
        normalized = normalize_text(text)
    except LoneSurrogate as error:
        raise LoneSurrogate(error.offset, position=position) from None
    if not normalized:
        raise EmptyText(position)
    return normalized


def _tokenizer(folder: VerifiedFolder) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_str(folder.content[ModelFile.TOKENIZER].decode())
    # The tokenizers library raises bare exceptions.
    except Exception as error:
        path = folder.path / ModelFile.TOKENIZER
        raise InvalidModelFile(path, reason=f"the tokenizers library says {error}") from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
