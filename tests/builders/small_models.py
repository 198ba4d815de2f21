"""Small model folders: real ones, of a few numbers, whose vectors follow from a seed.

A text's vector is the mean of one drawn vector for each of its tokens, brought to unit length. The
file of ONNX is written here byte by byte (protocol buffers), so that no test needs torch or onnx.
"""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings import DEFAULT_FOLDER
from embeddings.model_folder import ModelFile, seal

_VARINT, _BYTES = 0, 2
_FLOAT, _INT64 = 1, 7
_ATTRIBUTE_INT, _ATTRIBUTE_INTS = 2, 7
_BASIS = "a test"


def small_model(folder: Path, *, dim: int = 32, seed: int = 1) -> Path:
    """Write a model folder, sealed, with the tokenizer that ships; return it."""
    folder.mkdir(parents=True)
    for name in (ModelFile.TOKENIZER, ModelFile.LICENSE, ModelFile.METRICS, ModelFile.README):
        shutil.copyfile(DEFAULT_FOLDER / name, folder / name)
    tokenizer = Tokenizer.from_file(str(folder / ModelFile.TOKENIZER))
    drawn = np.random.default_rng(seed).standard_normal((tokenizer.get_vocab_size(), dim))
    model = _model(drawn.astype(np.float32))
    (folder / ModelFile.MODEL).write_bytes(model)
    _write(
        folder / ModelFile.CONFIG,
        {
            "name": f"small-{dim}-{seed}",
            "version": f"small-{dim}-{seed}",
            "base_model": "none",
            "quantization": "none",
            "dim": dim,
            "max_tokens": 256,
            "overlap": 32,
            "least_golden_similarity": 0.999,
        },
    )
    _write(
        folder / ModelFile.CALIBRATION,
        {
            "skill_link": {"slope": 12.0, "intercept": -6.6, "basis": _BASIS},
            "bridge": {"slope": 6.4, "intercept": -5.1, "basis": _BASIS},
        },
    )
    ids = tokenizer.encode("weld metal").ids
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    found = session.run(["vector"], {"input_ids": np.array([ids], dtype=np.int64)})[0][0]
    golden = [{"text": "weld metal", "vector": found.tolist()}]
    _write(folder / ModelFile.GOLDEN, {"golden": golden})
    seal(folder)
    return folder


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document), encoding="utf-8")


def _model(vectors: NDArray[np.float32]) -> bytes:
    """Return the graph: gather the rows of the tokens, take their mean, bring it to length 1."""
    dim = vectors.shape[1]
    weights = _joined(
        *(_number(1, size) for size in vectors.shape),
        _number(2, _FLOAT),
        _text(8, "rows"),
        _field(9, vectors.astype("<f4").tobytes()),
    )
    axes = _joined(_text(1, "axes"), _number(8, 1), _number(20, _ATTRIBUTE_INTS))
    keep = _joined(_text(1, "keepdims"), _number(3, 0), _number(20, _ATTRIBUTE_INT))
    graph = _joined(
        _field(1, _node("Gather", ("rows", "input_ids"), "tokens")),
        _field(1, _node("ReduceMean", ("tokens",), "mean", axes, keep)),
        _field(1, _node("LpNormalization", ("mean",), "vector")),
        _text(2, "small"),
        _field(5, weights),
        _field(11, _value("input_ids", _INT64, (1, "tokens"))),
        _field(12, _value("vector", _FLOAT, (1, dim))),
    )
    return _joined(_number(1, 7), _field(7, graph), _field(8, _number(2, 13)))


def _node(kind: str, inputs: Iterable[str], output: str, *attributes: bytes) -> bytes:
    return _joined(
        *(_text(1, name) for name in inputs),
        _text(2, output),
        _text(4, kind),
        *(_field(5, attribute) for attribute in attributes),
    )


def _value(name: str, kind: int, shape: Iterable[int | str]) -> bytes:
    sizes = (
        _field(1, _number(1, size) if isinstance(size, int) else _text(2, size)) for size in shape
    )
    tensor = _joined(_number(1, kind), _field(2, _joined(*sizes)))
    return _joined(_text(1, name), _field(2, _field(1, tensor)))


def _joined(*parts: bytes) -> bytes:
    return b"".join(parts)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _text(number: int, text: str) -> bytes:
    return _field(number, text.encode())


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3 | _VARINT) + _varint(value)


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)
