"""The figures of matching as tables of a page."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from benchmarks.matching.figures import Figure, GapMeasured, Measured
from service.matching.score_calibration import ScoreCurve, ScoreKind
from training.page import Place

GAP: Final = Place("<!-- gap -->", "<!-- /gap -->")
PEOPLE: Final = Place("<!-- people -->", "<!-- /people -->")
STUFFING: Final = Place("<!-- stuffing -->", "<!-- /stuffing -->")
CALIBRATION: Final = Place("<!-- calibration -->", "<!-- /calibration -->")
PLACES: Final = (GAP, PEOPLE, STUFFING, CALIBRATION)
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "onramp": "**Onramp**",
        "nearest": "nearest by our vectors",
        "nearest_base": "nearest by the base model's vectors",
        "nearest_minus_held": "nearest by our vectors, minus half of what is held",
        "tfidf": "character TF-IDF",
        "popularity": "most reviewed",
        "random": "by chance",
        "tags_known": "(with all tags known)",
    }
)
_MEANING: Final[Mapping[ScoreKind, str]] = MappingProxyType(
    {
        ScoreKind.RECOMMENDATION: "teaches something that the learner's goal leaves open",
        ScoreKind.MATCH: "is of the occupation that the job is",
    }
)
_POINTS: Final = (10, 20, 30, 50, 70)


def check_page(page: Path) -> None:
    """Make sure that all tables can be written.

    Raises:
        MissingPage: if there is no page.
        PageWithoutPlace: if the page lacks a place for one of them.
    """
    for place in PLACES:
        place.check(page)


def write_report(measured: Measured, curves: Mapping[ScoreKind, ScoreCurve], page: Path) -> None:
    """Write every table in its place."""
    GAP.write(page, [gap_lines(measured)])
    PEOPLE.write(page, [_people(measured)])
    STUFFING.write(page, [_stuffing(measured)])
    tables = [_curve(curves), *(_reliability(measured, kind) for kind in ScoreKind)]
    CALIBRATION.write(page, tables)


def gap_lines(found: Measured | GapMeasured) -> Iterator[str]:
    """Yield the table of the gap protocol with what it rests on."""
    yield (
        f"{found.gap_cases} learners of {found.gap_targets} targets; in nDCG@10 Onramp is "
        f"{found.ahead.value:+.3f} [{found.ahead.low:+.3f}, {found.ahead.high:+.3f}] from the "
        f"nearest by the base model's vectors; no answer for {found.unanswered}."
    )
    yield ""
    yield "| system | nDCG@10 | gap covered by the first three | redundant of the first ten |"
    yield "|---|---:|---:|---:|"
    for name, each in found.gap.items():
        yield f"| {NAMES[name]} | {' | '.join(_figure(value) for value in each)} |"


def _people(found: Measured) -> Iterator[str]:
    yield f"{found.people_jobs} occupations, {found.people_learners:,} learners."
    yield ""
    yield "| system | nDCG@10, own occupation | nDCG@10, related ones graded |"
    yield "|---|---:|---:|"
    for name, each in found.people.items():
        yield f"| {NAMES[name]} | {_figure(each.own)} | {_figure(each.graded)} |"


def _stuffing(found: Measured) -> Iterator[str]:
    yield (
        f"{found.ads} ads, {found.profiles} unqualified profiles. Over all attacks "
        f"{_percent(found.stuffing_top10)} of the first ten; honest nDCG@10 "
        f"{_figure(found.honest)}, of which the defense takes {100 * found.stuffing_cost:.1f} %."
    )
    yield ""
    yield "| attack | stuffed profiles in Onramp's first ten | in whole-text search's |"
    yield "|---|---:|---:|"
    for attack, each in found.stuffed.items():
        yield f"| {attack} | {_percent(each)} | {_percent(found.whole_text[attack])} |"


def _curve(curves: Mapping[ScoreKind, ScoreCurve]) -> Iterator[str]:
    yield f"| raw score | {' | '.join(str(point) for point in _POINTS)} |"
    yield f"|---|{'---:|' * len(_POINTS)}"
    for kind, curve in curves.items():
        scores = " | ".join(f"{curve.score(point):.0f}" for point in _POINTS)
        yield f"| score of a {kind} | {scores} |"


def _reliability(found: Measured, kind: ScoreKind) -> Iterator[str]:
    each = found.calibration[kind]
    yield f"A {kind} that {_MEANING[kind]} is right; expected calibration error {each.ece:.3f}."
    yield ""
    yield f"| scores of a {kind} | listed | said | right |"
    yield "|---|---:|---:|---:|"
    for row in each.rows:
        low = min(int(row.said * 10), 9) * 10
        yield f"| {low} to {low + 10} | {row.size:,} | {row.said:.2f} | {row.right:.2f} |"


def _figure(value: Figure) -> str:
    return f"{_share(value.value)} [{_share(value.low)}, {_share(value.high)}]"


def _percent(value: Figure) -> str:
    return f"{100 * value.value:.1f} % [{100 * value.low:.1f}, {100 * value.high:.1f}]"


def _share(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")
