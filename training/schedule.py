"""What a step of a run is: its learning rate, and the sizes of a batch of its source."""

import math

from training.config import TrainingConfig
from training.research.pair import LONG, SETS, Source


def learning_rate(step: int, config: TrainingConfig) -> float:
    """Return the rate of a step: a linear warmup, then half a cosine down to zero."""
    total = sum(config.steps)
    warmup = max(1, round(config.warmup_share * total))
    if step < warmup:
        return config.learning_rate * (step + 1) / warmup
    done = (step - warmup) / max(1, total - warmup)
    return config.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


def batch_size(source: Source, config: TrainingConfig) -> int:
    """Return how many pairs, or anchors with their labels, a batch of a source holds."""
    if source in SETS:
        return config.set_batch_size
    return config.long_batch_size if source in LONG else config.batch_size


def longest_text(source: Source, config: TrainingConfig) -> int:
    """Return the number of tokens at which a text of a source is cut."""
    return config.long_max_tokens if source in LONG else config.max_tokens


def mining_steps(config: TrainingConfig) -> frozenset[int]:
    """Return the steps before which hard negatives are mined: the first of each later round."""
    return frozenset(sum(config.steps[:rounds]) for rounds in range(1, len(config.steps)))
