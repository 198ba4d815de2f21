"""Layers that compute as the exported model does, so that training learns to bear it.

Rounding has no gradient; the one of the identity is taken (the straight-through estimator, Bengio
et al. 2013, https://arxiv.org/abs/1308.3432).
"""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import Linear, Module
from torch.nn.functional import linear

from training.graph import EXACT_INPUTS
from training.quantization import LARGEST_WEIGHT
from training.smoothing import LAYERS, smoothing_scales

_LARGEST_ACTIVATION = 255
_LAST = "output.dense"
_ATTENTION_OUTPUT = "attention.output.dense"
_ROLES = ("query", "key", "value")


class QuantizationAwareLinear(Linear):
    """A layer with the weights of another, quantized as the export quantizes them.

    Matrices have 7 bits with one scale for each output, inputs 8 bits with one scale for each
    text; inputs that the export leaves as they are stay so here.
    """

    smoothing: Tensor
    taken: Tensor

    def __init__(
        self, layer: Linear, smoothing: NDArray[np.float32], taken: NDArray[np.bool_]
    ) -> None:
        super().__init__(layer.in_features, layer.out_features, device="meta")
        self.weight, self.bias = layer.weight, layer.bias
        device = layer.weight.device
        for name, values in (("smoothing", smoothing), ("taken", taken)):
            self.register_buffer(name, torch.from_numpy(values).to(device), persistent=False)

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  # the name in Module's signature
        """Multiply as the exported model does. Shape: ``(texts, tokens, inputs)``."""
        return linear(self._inputs(input), self._matrix(), self.bias)

    def _inputs(self, exact: Tensor) -> Tensor:
        with torch.no_grad():
            smoothed = torch.where(self.taken, exact / self.smoothing, 0.0)
            # The range holds zero, as ONNX Runtime's dynamic quantization makes it.
            highest = smoothed.amax(dim=(-2, -1), keepdim=True).clamp(min=0.0)
            lowest = smoothed.amin(dim=(-2, -1), keepdim=True).clamp(max=0.0)
            step = ((highest - lowest) / _LARGEST_ACTIVATION).clamp(min=1e-12)
            rounded = torch.round(smoothed / step) * step
            error = torch.where(self.taken, (rounded - smoothed) * self.smoothing, 0.0)
        return exact + error

    def _matrix(self) -> Tensor:
        with torch.no_grad():
            smoothed = self.weight * (self.smoothing * self.taken)
            step = (smoothed.abs().amax(dim=1, keepdim=True) / LARGEST_WEIGHT).clamp(min=1e-12)
            error = (torch.round(smoothed / step) * step - smoothed) / self.smoothing
        return self.weight + torch.where(self.taken, error, 0.0)


def quantize_layers(network: Module, peaks: Mapping[str, NDArray[np.float32]]) -> None:
    """Put a layer that is aware of its quantization in place of each linear one.

    The parameters stay the same objects under the same names.

    Args:
        network: a BERT.
        peaks: the largest magnitudes of the inputs of its layers, from ``input_peaks``.
    """
    layers = {
        path: module
        for path, module in network.named_modules()
        if isinstance(module, Linear) and LAYERS in path
    }
    for path, layer in layers.items():
        largest = peaks[path[path.index(LAYERS) :] + ".weight"]
        matrix = _joined(layers, path).T
        parent, _, name = path.rpartition(".")
        taken = np.ones(len(largest), np.bool_)
        if path.endswith(_LAST) and not path.endswith(_ATTENTION_OUTPUT):
            taken[np.argsort(-largest, kind="stable")[:EXACT_INPUTS]] = False
        aware = QuantizationAwareLinear(layer, smoothing_scales(matrix, largest), taken)
        setattr(network.get_submodule(parent), name, aware)


def _joined(layers: Mapping[str, Linear], path: str) -> NDArray[np.float32]:
    """Return a layer's weights; of query, key and value together, as the export joins them."""
    parent, _, name = path.rpartition(".")
    names = [f"{parent}.{role}" for role in _ROLES] if name in _ROLES else [path]
    return np.concatenate([layers[each].weight.detach().cpu().numpy() for each in names])
