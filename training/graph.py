"""The ONNX graph of a BERT sentence encoder, written node by node from its weights.

Written rather than traced, it holds few and fast operators, pooling and unit length inside, and
has the same bytes for the same weights. One run takes one text without padding, so there is no
attention mask. Layers are normalized by ``LayerNormalization`` after an ``Add``: on a CPU the
fused ``SkipLayerNormalization`` takes four times as long as the two (63 against 15 microseconds
for 32 tokens), and ``BiasGelu`` longer than ``Gelu`` after a product that adds the bias itself.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.quantization import quantize_columns, quantize_rows
from training.smoothing import smoothing_scales

Arrays = Mapping[str, NDArray[np.float32]]
Matrix = NDArray[np.float32]
FUSED = "com.microsoft"
OPSET = 20
IR_VERSION = 10
# The second matrix of a layer has a few inputs that are many times as large as the others.
EXACT_INPUTS = 16
NO_INPUTS = np.empty(0, np.int64)


class Shape(NamedTuple):
    """What the weights alone do not tell about the architecture."""

    layers: int
    heads: int
    max_tokens: int
    epsilon: float


def build_model(weights: Arrays, peaks: Arrays, shape: Shape) -> onnx.ModelProto:
    """Return the model: ``input_ids (1, tokens)`` in, ``vector (1, dim)`` of unit length out.

    Args:
        weights: the base model's, by their names in its file.
        peaks: the largest magnitudes of the inputs of its matrices, from ``input_peaks``.
        shape: what the weights do not tell.
    """
    graph = _Graph(weights, peaks, shape)
    hidden = graph.embed("input_ids")
    for layer in range(shape.layers):
        hidden = graph.transform(hidden, f"encoder.layer.{layer}.")
    graph.pool(hidden, "vector")
    return graph.model()


class _Graph:
    """Nodes and constants in the order in which they were added."""

    def __init__(self, weights: Arrays, peaks: Arrays, shape: Shape) -> None:
        self._weights = weights
        self._peaks = peaks
        self._shape = shape
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def embed(self, ids: str) -> str:
        """Look up words and positions, add them, and normalize the sum."""
        values, scales = quantize_rows(self._weights["embeddings.word_embeddings.weight"])
        rows = self._node("Gather", [self._constant("words", values), ids], "words.rows")
        numbers = self._node("Cast", [rows], "words.numbers", to=TensorProto.FLOAT)
        scale = self._node("Gather", [self._constant("scales", scales), ids], "words.scale")
        words = self._node("Mul", [numbers, scale], "words.embedded")
        return self._add_and_normalize(words, self._positions(ids), "embeddings.")

    def transform(self, hidden: str, layer: str) -> str:
        """Attend, then feed forward; each is added to its input and normalized."""
        attended = self._attend(hidden, layer + "attention.")
        grown = self._dense(attended, layer + "intermediate.dense")
        active = self._node("Gelu", [grown], layer + "gelu")
        shrunk = self._dense(active, layer + "output.dense", exact=EXACT_INPUTS)
        return self._add_and_normalize(shrunk, attended, layer + "output.")

    def pool(self, hidden: str, name: str) -> None:
        """Average over the tokens and bring the mean to unit length."""
        axis = self._constant("token_axis", np.array([1], np.int64))
        mean = self._node("ReduceMean", [hidden, axis], "mean", keepdims=0)
        self._node("LpNormalization", [mean], name, axis=-1, p=2)

    def model(self) -> onnx.ModelProto:
        """Return the model that was built."""
        dim = self._weights["embeddings.LayerNorm.weight"].shape[0]
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
        vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, dim])
        graph = helper.make_graph(self._nodes, "sentence_encoder", [ids], [vector], self._constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="onramp"
        )

    def _positions(self, ids: str) -> str:
        # Every token is of the first type, whose vector is therefore added to the positions'.
        table = (
            self._weights["embeddings.position_embeddings.weight"][: self._shape.max_tokens]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        zero = self._constant("zero", np.array([0], np.int64))
        count = self._node("Shape", [ids], "token_count", start=1, end=2)
        bounds = [self._constant("positions", table), zero, count, zero]
        return self._node("Slice", bounds, "positions.embedded")

    def _attend(self, hidden: str, part: str) -> str:
        roles = [f"{part}self.{role}." for role in ("query", "key", "value")]
        matrix = np.concatenate([self._weights[role + "weight"].T for role in roles], axis=1)
        bias = np.concatenate([self._weights[role + "bias"] for role in roles])
        peaks = self._peaks[roles[0] + "weight"]
        joined = self._multiply(hidden, matrix, bias, peaks=peaks, name=part + "joined")
        thirds = self._split(joined, [role + "vectors" for role in roles])
        context = self._node(
            "MultiHeadAttention",
            thirds,
            part + "context",
            domain=FUSED,
            num_heads=self._shape.heads,
        )
        mixed = self._dense(context, part + "output.dense")
        return self._add_and_normalize(mixed, hidden, part + "output.")

    def _split(self, joined: str, names: list[str]) -> list[str]:
        node = helper.make_node("Split", [joined], names, axis=2, num_outputs=len(names))
        self._nodes.append(node)
        return names

    def _dense(self, inputs: str, name: str, *, exact: int = 0) -> str:
        """Multiply and add the bias; the ``exact`` largest inputs are not quantized."""
        matrix = self._weights[name + ".weight"].T
        bias = self._weights[name + ".bias"]
        peaks = self._peaks[name + ".weight"]
        if not exact:
            return self._multiply(inputs, matrix, bias, peaks=peaks, name=name)
        largest = np.sort(np.argsort(-peaks, kind="stable")[:exact])
        rest = self._multiply(inputs, matrix, bias, peaks=peaks, name=name, without=largest)
        picked = self._node(
            "Gather", [inputs, self._constant(name + ".largest", largest)], name + ".picked", axis=2
        )
        rows = self._constant(name + ".exact", matrix[largest])
        product = self._node("MatMul", [picked, rows], name + ".exact_product")
        return self._node("Add", [rest, product], name + ".whole")

    def _multiply(
        self,
        inputs: str,
        matrix: Matrix,
        bias: Matrix,
        *,
        peaks: Matrix,
        name: str,
        without: NDArray[np.int64] = NO_INPUTS,
    ) -> str:
        smoothing = smoothing_scales(matrix, peaks)
        # An input whose factor is zero takes no part in the range that eight bits have to cover.
        taken = np.ones_like(smoothing)
        taken[without] = 0
        values, scales = quantize_columns(matrix * (smoothing * taken)[:, None])
        factors = self._constant(name + ".factors", taken / smoothing)
        names = [
            self._node("Mul", [inputs, factors], name + ".smoothed"),
            self._constant(name + ".values", values),
            self._constant(name + ".scales", scales),
            self._constant(name + ".zeros", np.zeros(scales.shape, np.int8)),
            self._constant(name + ".bias", bias),
        ]
        return self._node("DynamicQuantizeMatMul", names, name + ".product", domain=FUSED)

    def _add_and_normalize(self, new: str, old: str, part: str) -> str:
        norm = part + "LayerNorm."
        names = [
            self._node("Add", [new, old], part + "sum"),
            self._constant(norm + "weight", self._weights[norm + "weight"]),
            self._constant(norm + "bias", self._weights[norm + "bias"]),
        ]
        output = part + "normalized"
        return self._node("LayerNormalization", names, output, epsilon=self._shape.epsilon)

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(
        self,
        operator: str,
        inputs: list[str],
        output: str,
        *,
        domain: str = "",
        **attributes: Any,
    ) -> str:
        node = helper.make_node(
            operator, inputs, [output], name=output, domain=domain, **attributes
        )
        self._nodes.append(node)
        return output
