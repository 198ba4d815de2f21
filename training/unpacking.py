"""A model folder in, weights that training can go on from out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from embeddings.model_folder import ModelFile, read_verified
from training.averaging import write_weights
from training.run_folder import METRICS

Constants = dict[str, NDArray[Any]]
Weight = tuple[str, Tensor]

_ROLES = ("query", "key", "value")
_DENSE = ("attention.output.dense", "intermediate.dense", "output.dense")
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


def unpack(folder: Path, base: Path, out: Path) -> None:
    """Write the weights of a model folder as sentence-transformers reads them.

    They are what the integers stand for, so the model answers as it did; ``fine-tune --base OUT``
    goes on from there.

    Args:
        folder: a sealed model folder that ``export`` wrote.
        base: the model it was once tuned from, for the tokenizer and the positions beyond the
            longest text.
        out: the folder to write.

    Raises:
        ModelFolderError: if the folder does not verify.
    """
    content = read_verified(folder).content
    graph = onnx.load_model_from_string(content[ModelFile.MODEL]).graph
    constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    write_weights(base, dict(_weights(constants)), out)
    trained = json.loads(content[ModelFile.METRICS]).get("training")
    (out / METRICS).write_text(json.dumps(trained, indent=1) + "\n", encoding="utf-8")


def _weights(constants: Constants) -> Iterator[Weight]:
    yield _named("embeddings.word_embeddings", constants["words"] * constants["scales"])
    yield from _norm(constants, "embeddings.LayerNorm")
    layers = {name.split(".")[2] for name in constants if name.startswith("encoder.layer.")}
    for layer in sorted(layers, key=int):
        part = f"encoder.layer.{layer}."
        yield from _attention(constants, part + "attention.")
        for name in _DENSE:
            yield _named(part + name, _matrix(constants, part + name).T)
            yield part + name + ".bias", _tensor(constants[part + name + ".bias"])
        for name in _NORMS:
            yield from _norm(constants, part + name)


def _attention(constants: Constants, part: str) -> Iterator[Weight]:
    matrices = np.split(_matrix(constants, part + "joined"), len(_ROLES), axis=1)
    biases = np.split(constants[part + "joined.bias"], len(_ROLES))
    for role, matrix, bias in zip(_ROLES, matrices, biases, strict=True):
        yield _named(f"{part}self.{role}", matrix.T)
        yield f"{part}self.{role}.bias", _tensor(bias)


def _norm(constants: Constants, name: str) -> Iterator[Weight]:
    for end in (".weight", ".bias"):
        yield name + end, _tensor(constants[name + end])


def _matrix(constants: Constants, name: str) -> NDArray[np.float32]:
    """Return a matrix that multiplies from the right. Shape: ``(inputs, outputs)``."""
    smoothed = constants[name + ".values"] * constants[name + ".scales"]
    matrix: NDArray[np.float32] = smoothed * constants[name + ".factors"][:, None]
    if name + ".exact" in constants:
        matrix[constants[name + ".largest"]] = constants[name + ".exact"]
    return matrix


def _named(name: str, matrix: NDArray[Any]) -> Weight:
    return name + ".weight", _tensor(matrix)


def _tensor(values: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32))
