"""Symmetric InfoNCE over the texts of a batch, without false negatives."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy, softplus

from training.batches import NO_TEXT, PairTable, Rows

Mask = NDArray[np.bool_]


class FalseNegatives(NamedTuple):
    """What must not count as a negative; True where it must not.

    Shapes: ``pairs`` ``(n, n)``, anchor row against positive column; ``negatives`` ``(n, m)``,
    anchor row against hard negative column.
    """

    pairs: Mask
    negatives: Mask


def false_negatives(table: PairTable, known: Rows, rows: Rows) -> FalseNegatives:
    """Find the texts of a batch that belong together though they are of different pairs.

    They are of the same group, are the same text, or are a pair elsewhere in the table.
    """
    anchor, positive, group = table.anchor[rows], table.positive[rows], table.group[rows]
    same = group[:, None] == group[None, :]
    same |= positive[:, None] == positive[None, :]
    same |= anchor[:, None] == anchor[None, :]
    same |= table.together(known, anchor, positive)
    np.fill_diagonal(same, val=False)
    negative = hard_negatives(table, rows)
    wrong = table.together(known, anchor, negative)
    wrong |= negative[None, :] == positive[:, None]
    wrong |= negative[None, :] == anchor[:, None]
    return FalseNegatives(same, wrong)


def hard_negatives(table: PairTable, rows: Rows) -> Rows:
    """Return the different hard negatives of a batch, as rows of texts."""
    negative = table.negative[rows]
    return np.unique(negative[negative != NO_TEXT])


def info_nce(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    wrong: FalseNegatives,
    weight: Tensor,
    *,
    temperature: float,
) -> Tensor:
    """Return the weighted mean loss of both directions (van den Oord et al. 2018).

    Shapes: ``anchor`` and ``positive`` ``(n, dim)``, ``negative`` ``(m, dim)``, unit length.
    Hard negatives count against the anchors; the other direction has the anchors alone.
    """
    between = anchor @ positive.T / temperature
    masked = between.masked_fill(torch.from_numpy(wrong.pairs).to(between.device), -torch.inf)
    forward = masked
    if len(negative):
        hard = anchor @ negative.T / temperature
        hard = hard.masked_fill(torch.from_numpy(wrong.negatives).to(hard.device), -torch.inf)
        forward = torch.cat([masked, hard], dim=1)
    own = torch.arange(len(anchor), device=anchor.device)
    losses = cross_entropy(forward, own, reduction="none") + cross_entropy(
        masked.T, own, reduction="none"
    )
    return (losses * weight).sum() / (2 * weight.sum())


def set_loss(
    anchor: Tensor,
    label: Tensor,
    weight: Tensor,
    is_label: Tensor,
    log_frequency: Tensor,
    *,
    temperature: float,
) -> Tensor:
    """Return the weighted mean loss of each label of an anchor against what is none of its labels.

    The logits are corrected for how often a label is in a batch (Bengio and Senécal 2008), so
    that what is learned is how likely a label is, and not how much likelier than elsewhere.

    Shapes: ``anchor`` ``(n, dim)``, ``label`` ``(m, dim)``, unit length; ``weight`` and
    ``is_label`` ``(n, m)``, the weight being zero where there is no label, or none to learn;
    ``log_frequency`` ``(m,)``, the log of the probability that a batch holds the label.
    """
    logits = anchor @ label.T / temperature - log_frequency
    others = logits.masked_fill(is_label, -torch.inf).logsumexp(dim=1, keepdim=True)
    return (softplus(others - logits) * weight).sum() / weight.sum()
