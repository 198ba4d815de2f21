"""Scales that move the spread between activations into the weights, which bear it better.

A matrix product stays the same when each input is divided by a number and its row of weights is
multiplied by it. Chosen well, that keeps a few large inputs from making the eight bits of all
others coarse (Xiao et al., 2023, SmoothQuant, equation 4, https://arxiv.org/abs/2211.10438).
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

Row = NDArray[np.float32]

# Of 0.5, 0.6, 0.7, 0.75, 0.8 and 0.9 the strength that stays nearest to the base model.
STRENGTH = 0.75
SMALLEST = 1e-5
LAYERS = "encoder.layer."


def input_peaks(base: Path, texts: Sequence[str]) -> dict[str, Row]:
    """Return the largest magnitude that each input of each linear layer takes on the texts.

    The keys are names of weights, such as ``encoder.layer.0.output.dense.weight``.
    """
    model = SentenceTransformer(str(base), device="cpu")
    peaks: dict[str, Row] = {}
    for path, module in model.named_modules():
        if isinstance(module, torch.nn.Linear) and LAYERS in path:
            name = path[path.index(LAYERS) :] + ".weight"
            module.register_forward_pre_hook(_recorder(peaks, name))
    for text in texts:
        model.encode([text], show_progress_bar=False)
    return peaks


def smoothing_scales(weights: Row, peaks: Row) -> Row:
    """Return what to divide each input by, with a geometric mean of one.

    Shape: weights ``(inputs, outputs)``, peaks and result ``(inputs,)``.
    """
    inputs = np.maximum(peaks, SMALLEST)
    rows = np.maximum(np.abs(weights).max(axis=1), SMALLEST)
    logarithms = STRENGTH * np.log(inputs) - (1 - STRENGTH) * np.log(rows)
    scales: Row = np.exp(logarithms - logarithms.mean()).astype(np.float32)
    return scales


def _recorder(
    peaks: dict[str, Row], name: str
) -> Callable[[torch.nn.Module, tuple[torch.Tensor, ...]], None]:
    def record(_module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        found = inputs[0].detach().abs().flatten(end_dim=-2).amax(dim=0).numpy()
        peaks[name] = np.maximum(peaks.get(name, found), found)

    return record
