"""What a training run is made of: one frozen configuration, and its presets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from training.research.pair import Source


class Preset(StrEnum):
    """A machine to train on; ``continue`` goes on from a tuned model, on any."""

    CPU = "cpu"
    GPU = "gpu"
    CONTINUE = "continue"
    SMOKE = "smoke"


SOURCE_WEIGHTS: Final[Mapping[Source, float]] = MappingProxyType(
    {
        Source.SKILL_ALT_LABEL: 1.0,
        Source.SKILL_DESCRIPTION: 0.7,
        Source.OCCUPATION_ALT_TITLE: 1.2,
        Source.OCCUPATION_TASK: 0.8,
        Source.OCCUPATION_TECHNOLOGY: 0.5,
        Source.CREDENTIAL_SKILL: 0.5,
        Source.CREDENTIAL_DESCRIPTION: 0.5,
        Source.ONET_DESCRIPTION: 0.6,
        Source.ONET_ACTIVITY: 0.6,
        Source.ONET_LEARNER: 0.4,
        Source.ESCO_TITLE: 1.0,
        Source.ESCO_OCCUPATION_DESCRIPTION: 0.5,
        Source.ESCO_OCCUPATION_SKILL: 0.5,
        Source.SKILLSKAPE: 1.5,
        Source.SKILL_SPAN: 0.6,
        Source.TECHWOLF: 1.6,
        Source.LIKE_VACANCY: 0.8,
        Source.JOBBERT: 1.0,
        Source.COURSERA: 1.0,
        Source.COURSE_DESCRIPTION: 0.6,
        Source.JOB_AD_PARTS: 2.2,
        Source.WRITTEN_STATEMENT: 2.0,
        Source.WRITTEN_COURSE: 1.0,
        Source.WRITTEN_JOB: 0.7,
        Source.WRITTEN_AD: 1.5,
        Source.WRITTEN_CREDENTIAL: 1.0,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig:
    """The settings of a run.

    Attributes:
        batch_size: pairs in a batch; all of them are each other's negatives.
        steps: optimizer steps of each round; between rounds hard negatives are mined.
        max_tokens: where a text is cut.
        long_batch_size, long_max_tokens: the same for the sources of whole paragraphs.
        set_batch_size: anchors in a batch of sets.
        popularity: how much a common label is favored, from 0 (only by what sets a title apart) to
            1 (as common as it is).
        set_others: labels in a batch of sets that are drawn evenly from the whole list.
        temperature: what similarities are divided by before the softmax.
        learning_rate: its peak, after a linear warmup and before a cosine decay to zero.
        sampling_power: a source is drawn in proportion to its number of pairs to this power,
            times its share in ``source_weights``.
        negative_margin: a mined negative is at most this share as similar to the anchor as the
            positive is (positive-aware mining, NV-Retriever, arXiv:2407.15831).
        negatives_from: how many of the texts nearest to an anchor its negative is drawn from.
        average_decay: of the exponential moving average of the weights.
        base_share: how much of the base model the shipped weights keep (WiSE-FT,
            arXiv:2109.01903); in [0, 1].
        tokens_at_once: tokens of one forward pass.
        tokens_kept: tokens whose activations are kept for the backward pass; a larger batch is
            encoded twice (cached gradients, arXiv:2101.06983).
        checkpoint_every: steps that an interruption can lose at most.
        bfloat16: whether matrices are multiplied in bfloat16 where the processor has it, which
            is slow where it has not; weights stay in float32.
        quantization_aware: whether layers compute as the exported model does.
    """

    seed: int = 20_261_125
    batch_size: int = 384
    steps: tuple[int, ...] = (700, 700)
    max_tokens: int = 48
    long_batch_size: int = 96
    long_max_tokens: int = 192
    set_batch_size: int = 64
    set_others: int = 400
    popularity: float = 1.0
    temperature: float = 0.05
    learning_rate: float = 3e-4
    weight_decay: float = 0.01
    warmup_share: float = 0.05
    sampling_power: float = 0.5
    source_weights: Mapping[Source, float] = field(default_factory=lambda: SOURCE_WEIGHTS)
    negative_margin: float = 0.95
    negatives_from: int = 20
    average_decay: float = 0.99
    base_share: float = 0.2
    tokens_at_once: int = 2_048
    tokens_kept: int = 40_000
    checkpoint_every: int = 100
    bfloat16: bool = True
    quantization_aware: bool = False


# What a tuned model still lacks: what titles imply, and which candidate an ad means.
_CONTINUED_WEIGHTS: Final[Mapping[Source, float]] = MappingProxyType(
    {
        Source.TECHWOLF: 2.0,
        Source.LIKE_VACANCY: 1.0,
        Source.COURSERA: 3.0,
        Source.WRITTEN_CREDENTIAL: 2.0,
        Source.OCCUPATION_TECHNOLOGY: 0.5,
    }
)

PRESETS: Final[Mapping[Preset, TrainingConfig]] = MappingProxyType(
    {
        Preset.CPU: TrainingConfig(),
        Preset.GPU: TrainingConfig(
            batch_size=2_048,
            steps=(1_500, 1_500, 1_000),
            max_tokens=128,
            tokens_at_once=65_536,
            tokens_kept=400_000,
        ),
        Preset.CONTINUE: TrainingConfig(
            batch_size=256,
            steps=(120,),
            long_batch_size=48,
            learning_rate=1.5e-4,
            source_weights=MappingProxyType({**SOURCE_WEIGHTS, **_CONTINUED_WEIGHTS}),
            base_share=0.5,
            checkpoint_every=25,
            quantization_aware=True,
        ),
        Preset.SMOKE: TrainingConfig(batch_size=16, steps=(4, 4), checkpoint_every=2),
    }
)


def as_plain(config: TrainingConfig) -> dict[str, Any]:
    """Return a configuration as values that JSON can hold."""
    values = {each.name: getattr(config, each.name) for each in fields(config)}
    weights = {source.value: weight for source, weight in config.source_weights.items()}
    return values | {"steps": list(config.steps), "source_weights": weights}
