"""An encoder that keeps in a folder what it has encoded, for runs that come again."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """Text in, unit vectors out."""

    @property
    def model_hash(self) -> str:
        """SHA-256 (hex) that changes whenever the vectors would."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 of shape ``(len(texts), dim)``, unit length."""
        ...


class CachedEncoder:
    """Encodes through another encoder, or reads what an earlier run encoded with it.

    A list of texts is one entry: the same list in the same order is not encoded twice.
    """

    def __init__(self, encoder: Encoder, folder: Path | None) -> None:
        self._encoder = encoder
        self._folder = folder

    @property
    def model_hash(self) -> str:
        """SHA-256 (hex) that changes whenever the vectors would."""
        return self._encoder.model_hash

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 of shape ``(len(texts), dim)``, unit length."""
        if self._folder is None:
            return self._encoder.encode(texts)
        key = hashlib.sha256("\0".join((self.model_hash, *texts)).encode()).hexdigest()
        path = self._folder / f"{key}.npy"
        if path.exists():
            kept: NDArray[np.float32] = np.load(path)
            return kept
        vectors = self._encoder.encode(texts)
        self._folder.mkdir(parents=True, exist_ok=True)
        np.save(path, vectors)
        return vectors
