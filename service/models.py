"""Model folders: the one that is configured, and those that a store's vectors are of."""

import logging
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from embeddings import (
    DEFAULT_FOLDER,
    EmbeddingsError,
    EmptyText,
    Logistic,
    load_encoder,
    model_hash_of,
)
from embeddings import Encoder as OnnxEncoder
from service.errors import DataMissing, InvalidRecord, ModelUnusable, StoreFromAnotherModel
from service.indexing.models import Curves, Model
from service.matching.linking import Calibration
from service.matching.ports import Vectors
from service.matching.topics import TOPICS, Topics, load_topics
from service.storage.sealed import sync

logger = logging.getLogger(__name__)

# Beside the store, in the folder of the data: a folder for each model, by its hash.
MODELS: Final = "models"
_WRITING: Final = ".writing"


class GuardedEncoder:
    """An encoder of ours, its complaints about a text told as faults of the record."""

    def __init__(self, encoder: OnnxEncoder) -> None:
        self._encoder = encoder

    @property
    def dim(self) -> int:
        """The number of dimensions of a vector."""
        return self._encoder.dim

    @property
    def model_version(self) -> str:
        """The model's name and version."""
        return self._encoder.model_version

    @property
    def model_hash(self) -> str:
        """The hash of everything that a vector depends on."""
        return self._encoder.model_hash

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the texts' vectors.

        Raises:
            InvalidRecord: if a text has nothing to encode.
        """
        try:
            return self._encoder.encode(texts)
        except EmptyText:
            reason = "it has a text without a visible character; write something, or leave it out."
            raise InvalidRecord(reason) from None
        except EmbeddingsError as error:
            raise InvalidRecord(str(error)) from error


def load_model(folder: Path, *, threads: int) -> Model:
    """Return the model of a folder.

    Raises:
        ModelUnusable: if it is missing or damaged, or computes other vectors here.
        DataMissing: if the topics that ship are missing or damaged.
    """
    try:
        encoder = load_encoder(folder, threads=threads)
    except EmbeddingsError as error:
        raise ModelUnusable(str(error)) from error
    curves = encoder.calibration
    return Model(
        encoder=GuardedEncoder(encoder),
        curves=Curves(_calibration(curves.skill_link), _calibration(curves.bridge)),
        topics=_topics(encoder),
    )


class ModelFolders:
    """Finds models by their hash: the configured one, those kept beside the store, the shipped.

    Implements ``service.indexing.models.Models``.

    Attributes:
        configured: the model that the store's vectors are to be of.
    """

    def __init__(self, folder: Path | None, data: Path, *, threads: int) -> None:
        self._folder = folder or DEFAULT_FOLDER
        self._data = data
        self._threads = threads
        self._lock = Lock()
        self.configured = load_model(self._folder, threads=threads)
        self._loaded = {self.configured.encoder.model_hash: self.configured}

    def of(self, model_hash: str | None) -> Model:
        """Return the model of this hash; the one that is configured for none.

        Raises:
            StoreFromAnotherModel: if it is not to be had.
        """
        if model_hash is None:
            return self.configured
        with self._lock:
            if model_hash not in self._loaded:
                self._loaded[model_hash] = self._found(model_hash)
            return self._loaded[model_hash]

    def has(self, model_hash: str | None) -> bool:
        """Tell whether the model of this hash is to be had."""
        try:
            self.of(model_hash)
        except StoreFromAnotherModel:
            return False
        return True

    def keep(self) -> None:
        """Keep the configured model beside the store, for the day when another is configured.

        What hinders is said in the log; it is of no consequence until that day.
        """
        folder = self._kept(self.configured.encoder.model_hash)
        if folder.exists():
            return
        writing = folder.with_name(f"{_WRITING}-{os.getpid()}")
        try:
            shutil.rmtree(writing, ignore_errors=True)
            writing.mkdir(parents=True)
            for path in self._folder.iterdir():
                _link_or_copy(path, writing / path.name)
            sync(writing)
            writing.rename(folder)
        except OSError as error:
            if not folder.exists():
                logger.warning(
                    "The model could not be kept in %s (%s). When another comes, nothing is "
                    "served until all vectors are made anew.",
                    folder.parent,
                    error,
                )
        finally:
            shutil.rmtree(writing, ignore_errors=True)

    def forget_others(self, model_hashes: Collection[str]) -> None:
        """Delete the kept models that are not among these."""
        kept = (self._data / MODELS).glob("*")
        for folder in (each for each in kept if each.name not in model_hashes):
            shutil.rmtree(folder, ignore_errors=True)

    def _kept(self, model_hash: str) -> Path:
        return self._data / MODELS / model_hash

    def _found(self, model_hash: str) -> Model:
        for folder in self._candidates(model_hash):
            try:
                model = load_model(folder, threads=self._threads)
            except ModelUnusable as error:
                logger.warning("A kept model cannot be used: %s", error)
                continue
            if model.encoder.model_hash == model_hash:
                return model
        raise StoreFromAnotherModel(
            f"The vectors in {self._data} come from another model ({model_hash[:12]}…) than "
            f"{self.configured.encoder.model_version}, and that model is not to be had: it is "
            f"neither in {self._data / MODELS} nor does it ship. "
            f"`onramp --data {self._data} init --rederive` makes them anew, and so does `serve` "
            "before it serves. Or name the folder of the old model in ONRAMP_MODEL."
        )

    def _candidates(self, model_hash: str) -> Iterator[Path]:
        if self._kept(model_hash).is_dir():
            yield self._kept(model_hash)
        for folder in sorted(DEFAULT_FOLDER.parent.iterdir()):
            if model_hash_of(folder) == model_hash:
                yield folder


def _link_or_copy(path: Path, target: Path) -> None:
    try:
        # Another name for the same bytes costs no space, and outlives an upgrade.
        target.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, target)
        sync(target)


def _topics(encoder: OnnxEncoder) -> Topics | None:
    """Return the topics that ship, unless they were learned from another model's vectors."""
    try:
        topics = load_topics(TOPICS)
    except (OSError, KeyError, ValueError) as error:
        raise DataMissing(f"{TOPICS} is missing or damaged: {error}. Install it anew.") from error
    return topics if topics.model_hash == encoder.model_hash else None


def _calibration(curve: Logistic) -> Calibration:
    return Calibration(slope=curve.slope, intercept=curve.intercept)
