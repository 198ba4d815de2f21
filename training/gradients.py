"""The gradients of a batch, of any size: what does not fit in memory is encoded twice."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from training.batches import Rows
from training.model import Tokens, TrainedEncoder


def backward(
    encoder: TrainedEncoder,
    tokens: Sequence[Tokens],
    loss_of: Callable[[Tensor], Tensor],
    *,
    tokens_kept: int,
) -> float:
    """Add the gradients of a batch to those of the weights, and return its loss.

    Of a batch with more than ``tokens_kept`` tokens no activations are kept: its vectors are
    computed, then the gradients of the vectors, and then pass by pass those of the weights
    (Gao et al. 2021, https://arxiv.org/abs/2101.06983).
    """
    passes = encoder.passes(tokens)
    if sum(len(ids) for ids in tokens) <= tokens_kept:
        loss = loss_of(_in_order(encoder, tokens, passes))
        torch.autograd.backward(loss)
        return float(loss.detach())
    with torch.no_grad():
        vectors = _in_order(encoder, tokens, passes)
    loss = loss_of(vectors.requires_grad_())
    (gradients,) = torch.autograd.grad(loss, [vectors])
    for rows in passes:
        again = encoder.forward([tokens[row] for row in rows])
        torch.autograd.backward(again, gradients[rows])
    return float(loss.detach())


def _in_order(encoder: TrainedEncoder, tokens: Sequence[Tokens], passes: Sequence[Rows]) -> Tensor:
    parts = [encoder.forward([tokens[row] for row in rows]) for rows in passes]
    return torch.cat(parts)[np.argsort(np.concatenate(passes))]
