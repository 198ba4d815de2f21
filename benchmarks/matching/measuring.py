"""One run of everything: the protocols, one after the other, and what they add up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.progress import Progress

from benchmarks.matching.applicants import read_ads, read_applicants
from benchmarks.matching.calibrating import Outcomes, cross_fitted, fit
from benchmarks.matching.catalog import read_tagged
from benchmarks.matching.figures import (
    GapMeasured,
    Measured,
    PeopleFigures,
    ahead_of,
    figure,
    gap_figures,
    stuffing_figures,
)
from benchmarks.matching.gap_cases import gap_cases
from benchmarks.matching.gap_metrics import score_lists
from benchmarks.matching.gap_onramp import Listed, recommended
from benchmarks.matching.gap_systems import System, baselines
from benchmarks.matching.people import Placed, by_texts, candidates, read_people, scores
from benchmarks.matching.store import fresh_services
from benchmarks.matching.stuffing import measure_stuffing
from service.matching.score_calibration import ScoreCurve, ScoreKind, shipped_curves
from training.encoders import Encode

BASES: Mapping[ScoreKind, str] = {
    ScoreKind.RECOMMENDATION: (
        "Of 100 recommendations with such a score, so many taught something that the goal left "
        "open, measured on held-out credentials"
    ),
    ScoreKind.MATCH: (
        "Of 100 candidates with such a score, so many were of the job's own occupation, measured "
        "on learners made by rule of held-out O*NET occupations"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """What a run needs.

    Attributes:
        work: the folder for the stores of the run.
        occupations: how many jobs are asked for; none for all that are held out.
        ads, profiles: how many ads are stuffed for, and by how many people.
    """

    data: Path
    work: Path
    model: Path
    ours: Encode
    base: Encode
    progress: Progress
    occupations: int | None
    ads: int
    profiles: int


class Found(NamedTuple):
    """Figures of one protocol by field of ``Measured``, and its items for calibration."""

    figures: dict[str, Any]
    outcomes: Outcomes | None


def measure(run: Run) -> tuple[Measured, dict[ScoreKind, ScoreCurve]]:
    """Run all protocols; return the figures and the curves for scores."""
    parts = {"gap": _gap(run), "people": _people(run), "stuffing": _stuffing(run)}
    outcomes = {
        ScoreKind.RECOMMENDATION: parts["gap"].outcomes,
        ScoreKind.MATCH: parts["people"].outcomes,
    }
    known = {kind: each for kind, each in outcomes.items() if each is not None}
    figures = {name: value for part in parts.values() for name, value in part.figures.items()}
    measured = Measured(
        **figures, calibration={kind: cross_fitted(each) for kind, each in known.items()}
    )
    return measured, {kind: fit(each, BASES[kind]) for kind, each in known.items()}


def measure_gap(run: Run) -> GapMeasured:
    """Run the gap protocol alone."""
    return GapMeasured(**_gap(run).figures)


def _gap(run: Run) -> Found:
    catalog = read_tagged(run.data, held_out=True)
    cases = gap_cases(catalog)
    bar = run.progress.add_task("next credential", total=len(cases))
    with fresh_services(run.work / "gap", model=run.model) as services:
        found = recommended(services, catalog, cases, advance=lambda: run.progress.advance(bar))
    lists = {System.ONRAMP: [[each.row for each in ranked] for ranked in found]}
    lists |= baselines(catalog, cases, ours=run.ours, base=run.base)
    scored = {system: score_lists(cases, each) for system, each in lists.items()}
    targets = [case.target for case in cases]
    gains = [[case.gains[each.row] for each in one] for case, one in zip(cases, found, strict=True)]
    return Found(
        {
            "gap": {system.value: gap_figures(each, targets) for system, each in scored.items()},
            "gap_cases": len(cases),
            "gap_targets": len(set(targets)),
            "ahead": ahead_of(scored[System.ONRAMP], scored[System.NEAREST_BASE], targets),
            "unanswered": sum(not ranked for ranked in found),
        },
        _outcomes(
            ScoreKind.RECOMMENDATION, found, gains, [catalog[each].seen.id for each in targets]
        ),
    )


def _people(run: Run) -> Found:
    with fresh_services(run.work / "people", model=run.model) as services:
        people = read_people(run.data, services, most=run.occupations)
        bar = run.progress.add_task("candidates", total=len(people.lines))
        found = candidates(services, people, advance=lambda: run.progress.advance(bar))
    lists = {"onramp": [[each.row for each in ranked] for ranked in found]}
    lists |= by_texts(people, ours=run.ours, base=run.base)
    gains = [
        [float(people.of[each.row] == asked) for each in ranked]
        for asked, ranked in enumerate(found)
    ]
    return Found(
        {
            "people": {
                name: PeopleFigures(
                    figure(scores(people, each, graded=False)),
                    figure(scores(people, each, graded=True)),
                )
                for name, each in lists.items()
            },
            "people_jobs": len(people.lines),
            "people_learners": len(people.learners),
        },
        _outcomes(ScoreKind.MATCH, found, gains, [line.occupation for line in people.lines]),
    )


def _stuffing(run: Run) -> Found:
    ads, applicants = read_ads(run.data, run.ads), read_applicants(run.data, run.profiles)
    bar = run.progress.add_task("stuffed profiles", total=6 * len(ads))
    with fresh_services(run.work / "stuffing", model=run.model) as services:
        found = measure_stuffing(
            services, ads, applicants, advance=lambda: run.progress.advance(bar)
        )
    return Found(
        {**stuffing_figures(found), "ads": len(ads), "profiles": run.profiles}, outcomes=None
    )


def _outcomes(
    kind: ScoreKind,
    found: Sequence[Sequence[Listed | Placed]],
    gains: Sequence[Sequence[float]],
    groups: Sequence[str],
) -> Outcomes:
    # What is shown is calibrated already; the line is fitted on what was there before.
    raw = shipped_curves()[kind].raw
    return Outcomes(
        raws=np.array([raw(each.score) for ranked in found for each in ranked]),
        right=np.array([float(gain > 0) for ranked in gains for gain in ranked]),
        groups=[group for group, ranked in zip(groups, found, strict=True) for _ in ranked],
    )
