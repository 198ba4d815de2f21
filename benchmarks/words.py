"""Search by word, measured: speed, memory and quality of four ways."""

import argparse
import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.memory import resident_mb
from benchmarks.real.steps import ROOT, STEPS
from benchmarks.server import percentile
from benchmarks.word_peers import SEARCHERS, Searcher
from benchmarks.word_quality import quality
from service.domain.ids import LearnerId
from service.domain.job import Occupation
from service.domain.learner import Experience, Learner
from service.domain.skill import StatedSkill
from service.matching.texts import learner_text, record_text
from service.standards.registry import ImportKind, reader_for

DATA = ROOT.parent / "shared" / "data"
LEARNERS_OF_EACH = 20
TASKS, TECHNOLOGIES = 4, 6
K = 400
UPDATES = 20
REPEATS = 3


def main() -> None:
    """Print speed and memory of each way, each in a process of its own, then quality."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.words", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the research data")
    parser.add_argument("--only", choices=list(SEARCHERS), help="speed of one way, as JSON")
    chosen = parser.parse_args()
    if chosen.only:
        print(json.dumps(speed(chosen.only, chosen.data)))
        return
    for name in SEARCHERS:
        command = [sys.executable, "-m", "benchmarks.words", "--only", name]
        found = subprocess.run(  # noqa: S603 - this module itself
            [*command, "--data", str(chosen.data)], capture_output=True, text=True, check=False
        )
        missing = found.stderr.strip().splitlines()[-1:]
        print(f"{name:8}", found.stdout.strip() if not found.returncode else missing)
    for each in quality(chosen.data):
        print(f"{each.task:24} {each.system:26} {each.ndcg:.3f} {each.found:.3f}")


def speed(name: str, data: Path) -> dict[str, float]:
    """Return times in ms and memory in MB: learners searched by job ads and by titles."""
    learners, credentials, ads = learner_texts(data), credential_texts(data), _ads(data)
    before, start = resident_mb(), time.perf_counter()
    searcher = SEARCHERS[name](learners)
    figures = {
        "learners": float(len(learners)),
        "build_ms": 1000 * (time.perf_counter() - start),
        "memory_mb": resident_mb() - before,
    }
    figures |= _times(
        "ad", searcher, [f"{ad['title']}. {ad['summary']} {ad['duties']}" for ad in ads]
    )
    figures |= _times("title", searcher, [str(ad["title"]) for ad in ads])
    figures["update_ms"] = _update_ms(searcher, learners)
    small = SEARCHERS[name](credentials)
    figures["credentials"] = float(len(credentials))
    figures |= _times("credentials", small, [str(ad["title"]) for ad in ads])
    return {key: round(value, 2) for key, value in figures.items()}


def credential_texts(data: Path) -> list[str]:
    """Return the public catalogs as search renders them."""
    steps = (step for step in STEPS if step.kind is ImportKind.CREDENTIALS)
    return [
        record_text(parsed.record)
        for step in steps
        for parsed in reader_for(step.kind, step.format)([data / file for file in step.files])
        if parsed.record is not None
    ]


def learner_texts(data: Path, *, seed: int = 4) -> list[str]:
    """Return people made of O*NET's occupations: a title, some tasks, some technologies."""
    chance = random.Random(seed)  # noqa: S311 - texts to measure on are no secret
    occupations = reader_for(ImportKind.OCCUPATIONS, "onet")([data / "onet"])
    return [
        learner_text(each)
        for parsed in occupations
        if isinstance(parsed.record, Occupation)
        for each in _people(parsed.record, chance)
    ]


def _people(occupation: Occupation, chance: random.Random) -> Iterator[Learner]:
    for number in range(LEARNERS_OF_EACH):
        tools = chance.sample(
            occupation.technologies, min(TECHNOLOGIES, len(occupation.technologies))
        )
        done = chance.sample(occupation.tasks, min(TASKS, len(occupation.tasks)))
        title = chance.choice((occupation.title, *occupation.alt_titles))
        yield Learner(
            id=LearnerId(f"made-{number}"),
            skills=tuple(StatedSkill(name=tool) for tool in tools),
            experience=(Experience(title=title, text=" ".join(done) or None),),
        )


def _ads(data: Path) -> list[dict[str, Any]]:
    with gzip.open(data / "fedjobs-iam" / "fedjobs.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _times(what: str, searcher: Searcher, queries: Sequence[str]) -> dict[str, float]:
    searcher.search(queries[0], k=K)
    taken = [_ms(partial(searcher.search, text, k=K)) for text in [*queries] * REPEATS]
    return {f"{what}_p50_ms": percentile(taken, 0.5), f"{what}_p99_ms": percentile(taken, 0.99)}


def _update_ms(searcher: Searcher, texts: Sequence[str]) -> float:
    """Return the median time until one changed record is found as it is now."""

    def change(row: int) -> None:
        searcher.replace(row, texts[-1 - row])
        searcher.search("project manager", k=1)

    return percentile([_ms(partial(change, row)) for row in range(UPDATES)], 0.5)


def _ms(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
