"""Everything that was measured about matching, as it is written to ``eval.json``."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching.attacks import Attack
from benchmarks.matching.calibrating import Reliability
from benchmarks.matching.gap_metrics import GapScores
from benchmarks.matching.stuffing import Stuffing
from training.bootstrap import Difference, interval, paired

DECIMALS: Final = 6
MATCHING: Final = "matching"
DETAILS: Final = "matching_details"

Floats = NDArray[np.float64]


class Figure(NamedTuple):
    """A mean with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


class GapFigures(NamedTuple):
    """A system in the gap protocol."""

    ndcg10: Figure
    cover3: Figure
    redundancy10: Figure


class PeopleFigures(NamedTuple):
    """A system that finds candidates for an occupation: its own people, and graded."""

    own: Figure
    graded: Figure


class GapMeasured(NamedTuple):
    """The figures of the gap protocol alone; see ``Measured``."""

    gap: Mapping[str, GapFigures]
    gap_cases: int
    gap_targets: int
    ahead: Difference
    unanswered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All figures of one run.

    Attributes:
        gap: by system; ``ahead`` is how much more nDCG@10 Onramp has than the nearest by the
            base model's vectors, over targets.
        stuffed: for each attack, of all ads: the share of the top ten; ``whole_text`` the same
            of plain search.
        unanswered: of the gap cases, those that Onramp had no list for.
    """

    gap: Mapping[str, GapFigures]
    gap_cases: int
    gap_targets: int
    ahead: Difference
    unanswered: int
    people: Mapping[str, PeopleFigures]
    people_jobs: int
    people_learners: int
    stuffed: Mapping[Attack, Figure]
    whole_text: Mapping[Attack, Figure]
    stuffing_top10: Figure
    stuffing_cost: float
    honest: Figure
    ads: int
    profiles: int
    calibration: Mapping[str, Reliability]

    def keys(self) -> dict[str, float]:
        """Return the figures that are promised, by their names in ``eval.json``."""
        onramp, base = self.gap["onramp"], self.gap["nearest_base"]
        return {
            "gap_ndcg10": onramp.ndcg10.value,
            "gap_ndcg10_nearest_base": base.ndcg10.value,
            "gap_cover3": onramp.cover3.value,
            "gap_cover3_nearest_base": base.cover3.value,
            "gap_redundancy10": onramp.redundancy10.value,
            "gap_redundancy10_nearest_base": base.redundancy10.value,
            "occupation_ndcg10": self.people["onramp"].own.value,
            "stuffing_top10": self.stuffing_top10.value,
            "stuffing_cost": self.stuffing_cost,
        }


def figure(scores: Floats) -> Figure:
    """Return the mean of scores, each of a question of its own."""
    low, high = interval(scores)
    return Figure(float(scores.mean()), low, high)


def by_target(scores: Floats, targets: Sequence[int]) -> Floats:
    """Return the mean of each target's cases: cases of one target are no chance of their own."""
    found = np.asarray(targets)
    return np.array([scores[found == target].mean() for target in sorted(set(targets))])


def gap_figures(scores: GapScores, targets: Sequence[int]) -> GapFigures:
    """Return the figures of a system, over targets."""
    return GapFigures(*(figure(by_target(each, targets)) for each in scores))


def ahead_of(first: GapScores, second: GapScores, targets: Sequence[int]) -> Difference:
    """Return how much more nDCG@10 the first has than the second, over targets."""
    return paired(by_target(first.ndcg10, targets), by_target(second.ndcg10, targets))


def over_ads(shares: Iterable[Floats]) -> Figure:
    """Return the mean over attacks of each ad's share, with the interval over ads."""
    return figure(np.stack(list(shares)).mean(axis=0))


def stuffing_figures(found: Stuffing) -> dict[str, Any]:
    """Return what ``Measured`` says of stuffing."""
    return {
        "stuffed": {attack: figure(each) for attack, each in found.attackers.items()},
        "whole_text": {attack: figure(each) for attack, each in found.whole_text.items()},
        "stuffing_top10": over_ads(found.attackers.values()),
        "stuffing_cost": found.cost,
        "honest": figure(found.honest),
    }


def write_figures(measured: Measured, path: Path) -> None:
    """Write the figures into an ``eval.json``, beside what is there of the model."""
    document = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    document[MATCHING] = measured.keys()
    document[DETAILS] = _plain(asdict(measured))
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(document), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    """Return named tuples as objects, as JSON would otherwise write them as lists."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(value, DECIMALS) if isinstance(value, float) else value
