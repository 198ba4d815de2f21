"""The layout of a model folder, and how it is sealed and verified; the only place that knows both.

A model folder holds exactly the files of ``ModelFile`` and a manifest with the SHA-256 of each.
"""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from embeddings.errors import (
    DamagedModelFile,
    InvalidModelFile,
    MissingModelFile,
    ModelFolderError,
    UnexpectedModelFile,
)

DEFAULT_FOLDER = Path(__file__).parent / "models" / "onramp-minilm-l6-v1"
MANIFEST = "manifest.json"


class ModelFile(StrEnum):
    """A file that every model folder holds beside its manifest."""

    MODEL = "model.onnx"
    TOKENIZER = "tokenizer.json"
    CONFIG = "config.json"
    CALIBRATION = "calibration.json"
    METRICS = "metrics.json"
    GOLDEN = "golden.json"
    README = "README.md"
    LICENSE = "LICENSE"


# A vector depends on these alone: a new README or calibration leaves stored vectors valid.
VECTOR_FILES = (ModelFile.MODEL, ModelFile.TOKENIZER, ModelFile.CONFIG)


class VerifiedFolder(NamedTuple):
    """The bytes of every file of a model folder, as the manifest names them."""

    path: Path
    content: Mapping[ModelFile, bytes]
    model_hash: str


def hash_of(content: bytes) -> str:
    """Return the SHA-256 of the content in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def seal(folder: Path) -> None:
    """Write the manifest of the files that the folder holds now.

    Raises:
        MissingModelFile: if a file of the layout is not there.
    """
    hashes = {file.value: hash_of(_read(folder / file)) for file in ModelFile}
    document = {"format": 1, "sha256": hashes}
    (folder / MANIFEST).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def read_verified(folder: Path) -> VerifiedFolder:
    """Read every file of the folder once, and check it against the manifest before any parsing.

    Raises:
        MissingModelFile: if the manifest or a file of the layout is not there.
        InvalidModelFile: if the manifest is not one.
        UnexpectedModelFile: if there is a file that the manifest does not name.
        DamagedModelFile: if the bytes of a file have another hash.
    """
    expected = _read_manifest(folder / MANIFEST)
    for path in sorted(folder.iterdir()):
        if path.name not in {MANIFEST, *expected}:
            raise UnexpectedModelFile(path)
    content = {file: _read_checked(folder / file, expected[file]) for file in ModelFile}
    return VerifiedFolder(folder, content, _model_hash(expected))


def model_hash_of(folder: Path) -> str | None:
    """Return the hash of the model that a folder says it holds; none if it holds none.

    The files are not compared with it.
    """
    try:
        return _model_hash(_read_manifest(folder / MANIFEST))
    except (ModelFolderError, OSError):
        return None


def _read_manifest(path: Path) -> dict[str, str]:
    document = read_json(_read(path), path)
    hashes = document.get("sha256")
    if document.get("format") != 1 or not isinstance(hashes, dict):
        raise InvalidModelFile(path, reason="it is not a manifest of format 1")
    if set(hashes) != set(ModelFile):
        raise InvalidModelFile(path, reason=f"it must name exactly {', '.join(ModelFile)}")
    return {name: str(value) for name, value in hashes.items()}


def _read_checked(path: Path, expected: str) -> bytes:
    content = _read(path)
    found = hash_of(content)
    if found != expected:
        raise DamagedModelFile(path, expected=expected, found=found)
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise MissingModelFile(path) from None


def _model_hash(hashes: Mapping[str, str]) -> str:
    return hash_of("".join(hashes[file] for file in VECTOR_FILES).encode())


def read_json(content: bytes, path: Path) -> dict[str, Any]:
    """Parse a file of the folder as one JSON object.

    Raises:
        InvalidModelFile: if it is not one.
    """
    try:
        document = json.loads(content)
    except ValueError as error:
        raise InvalidModelFile(path, reason=f"it is not JSON ({error})") from None
    if not isinstance(document, dict):
        raise InvalidModelFile(path, reason="it must hold one JSON object")
    return document
