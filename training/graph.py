"""The ONNX graph of a BERT sentence encoder, written node by node from its weights.

Written rather than traced, the graph has the fused operators from the start, pooling and unit
length inside, and the same bytes for the same weights. One run takes one text without padding,
so there is no attention mask.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.quantization import quantize_columns, quantize_rows

Weights = Mapping[str, NDArray[np.float32]]
FUSED = "com.microsoft"
OPSET = 20
IR_VERSION = 10


class Shape(NamedTuple):
    """What the weights alone do not tell about the architecture."""

    layers: int
    heads: int
    max_tokens: int
    epsilon: float


def build_model(weights: Weights, shape: Shape) -> onnx.ModelProto:
    """Return the model: ``input_ids (1, tokens)`` in, ``vector (1, dim)`` of unit length out."""
    graph = _Graph(weights, shape)
    hidden = graph.embed("input_ids")
    for layer in range(shape.layers):
        hidden = graph.transform(hidden, f"encoder.layer.{layer}.")
    graph.pool(hidden, "vector")
    return graph.model()


class _Graph:
    """Nodes and constants in the order in which they were added."""

    def __init__(self, weights: Weights, shape: Shape) -> None:
        self._weights = weights
        self._shape = shape
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def embed(self, ids: str) -> str:
        """Look up words and positions, add them, and normalize the layer."""
        values, scales = quantize_rows(self._weights["embeddings.word_embeddings.weight"])
        values_of_ids = self._node("Gather", [self._constant("words", values), ids], "words.rows")
        numbers = self._node("Cast", [values_of_ids], "words.float", to=TensorProto.FLOAT)
        scales_of_ids = self._node("Gather", [self._constant("scales", scales), ids], "scale.rows")
        words = self._node("Mul", [numbers, scales_of_ids], "words.embedded")
        return self._add_and_normalize([words, self._positions(ids)], "embeddings.")

    def transform(self, hidden: str, layer: str) -> str:
        """Attend, then feed forward, each added to its input and normalized."""
        attended = self._attend(hidden, layer + "attention.")
        grown = self._multiply(attended, layer + "intermediate.dense.weight")
        bias = self._given(layer + "intermediate.dense.bias")
        active = self._fused("BiasGelu", [grown, bias], layer + "gelu")
        shrunk = self._multiply(active, layer + "output.dense.weight")
        bias = self._given(layer + "output.dense.bias")
        return self._add_and_normalize([shrunk, attended], layer + "output.", bias=bias)

    def pool(self, hidden: str, name: str) -> None:
        """Average over the tokens and bring the mean to unit length."""
        axis = self._constant("token_axis", np.array([1], np.int64))
        mean = self._node("ReduceMean", [hidden, axis], "mean", keepdims=0)
        self._node("LpNormalization", [mean], name, axis=-1, p=2)

    def model(self) -> onnx.ModelProto:
        """Return what was added as a checked model."""
        dim = int(self._weights["embeddings.LayerNorm.weight"].shape[0])
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
        vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, dim])
        graph = helper.make_graph(
            self._nodes, "sentence_encoder", [ids], [vector], self._constants
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="onramp"
        )

    def _positions(self, ids: str) -> str:
        # Every token is of the first type, whose vector is therefore part of the position's.
        table = (
            self._weights["embeddings.position_embeddings.weight"][: self._shape.max_tokens]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        zero = self._constant("zero", np.array([0], np.int64))
        count = self._node("Shape", [ids], "token_count", start=1, end=2)
        names = [self._constant("positions", table), zero, count, zero]
        used = self._node("Slice", names, "positions.used")
        return self._node("Unsqueeze", [used, zero], "positions.embedded")

    def _attend(self, hidden: str, part: str) -> str:
        values, scales = quantize_columns(self._joined(part, "weight", axis=1))
        integers = [part + name for name in ("int", "scale", "zero")]
        self._node("DynamicQuantizeLinear", [hidden], *integers)
        inputs = [
            integers[0],
            self._constant(part + "qkv", values),
            self._constant(part + "qkv.bias", self._joined(part, "bias", axis=0)),
            integers[1],
            self._constant(part + "qkv.scales", scales),
            "",
            integers[2],
            self._constant(part + "qkv.zeros", np.zeros(scales.shape, np.int8)),
        ]
        context = self._fused("QAttention", inputs, part + "context", num_heads=self._shape.heads)
        mixed = self._multiply(context, part + "output.dense.weight")
        bias = self._given(part + "output.dense.bias")
        return self._add_and_normalize([mixed, hidden], part + "output.", bias=bias)

    def _joined(self, part: str, kind: str, *, axis: int) -> NDArray[np.float32]:
        parts = [self._weights[f"{part}self.{role}.{kind}"] for role in ("query", "key", "value")]
        return np.concatenate([part.T for part in parts], axis=axis)

    def _multiply(self, inputs: str, weight: str) -> str:
        values, scales = quantize_columns(self._weights[weight].T)
        names = [
            inputs,
            self._constant(weight, values),
            self._constant(weight + ".scales", scales),
            self._constant(weight + ".zeros", np.zeros(scales.shape, np.int8)),
        ]
        return self._fused("DynamicQuantizeMatMul", names, weight + ".product")

    def _add_and_normalize(self, terms: list[str], part: str, *, bias: str = "") -> str:
        gain = self._given(part + "LayerNorm.weight")
        shift = self._given(part + "LayerNorm.bias")
        names = [*terms, gain, shift, *([bias] if bias else [])]
        epsilon = self._shape.epsilon
        return self._fused("SkipLayerNormalization", names, part + "normalized", epsilon=epsilon)

    def _given(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        tensor = numpy_helper.from_array(np.ascontiguousarray(values), name)
        self._constants.append(tensor)
        return name

    def _fused(self, operator: str, inputs: list[str], output: str, **attributes: float) -> str:
        return self._node(operator, inputs, output, domain=FUSED, **attributes)

    def _node(
        self,
        operator: str,
        inputs: list[str],
        *outputs: str,
        domain: str = "",
        **attributes: float,
    ) -> str:
        node = helper.make_node(
            operator, inputs, list(outputs), name=outputs[0], domain=domain, **attributes
        )
        self._nodes.append(node)
        return outputs[0]
