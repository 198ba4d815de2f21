"""Plots for whoever runs a catalog: what it covers, how scores spread, how long answers take."""

from collections.abc import Sequence
from typing import Final

from service.domain.reports import CatalogReport, RecentScores, RouteLatency
from service.pages.plots.shown import NOTHING, Plot, counted, percent
from service.plots import Bar, BarChart, Column, ColumnChart, Look

_BIN: Final = 10
_BINS: Final = 10
_ROUTES: Final = 10


def coverage_plot(report: CatalogReport) -> Plot:
    """Return how many credentials teach each of the skills that most open jobs ask for."""
    title = "What jobs ask for, and what is taught"
    if not report.skills or report.share_taught is None:
        return Plot(
            title=title,
            says=f"{NOTHING} No open job asks for a skill.",
            chart=None,
            columns=(),
            rows=(),
        )
    return Plot(
        title=title,
        says=_covered(report, report.share_taught),
        chart=BarChart(
            bars=tuple(
                Bar(
                    label=each.label,
                    parts=(float(each.credentials),),
                    says=f"{each.credentials:,} for {counted(each.jobs, 'job', 'jobs')}",
                )
                for each in report.skills
            ),
            looks=(Look.ADDED,),
            limit=max(1.0, *(float(each.credentials) for each in report.skills)),
        ),
        columns=("Skill", "Jobs that ask for it", "Credentials that teach it"),
        rows=tuple((each.label, each.jobs, each.credentials) for each in report.skills),
    )


def scores_plot(recent: RecentScores) -> Plot:
    """Return how the scores of the last answers are spread, in tens."""
    title = "How scores are spread"
    total = len(recent.recommended) + len(recent.candidates)
    if not total:
        says = f"{NOTHING} The decision log has no recommendation and no candidate."
        return Plot(title=title, says=says, chart=None, columns=(), rows=())
    bins = list(zip(_binned(recent.recommended), _binned(recent.candidates), strict=True))
    names = [f"{at * _BIN} to {(at + 1) * _BIN}" for at in range(_BINS)]
    return Plot(
        title=title,
        says=(
            f"{counted(total, 'score', 'scores')} of the last "
            f"{counted(recent.decisions, 'answer', 'answers')}. A score is the chance, in a "
            "hundred, that an item is right; where most stand is a matter of the catalog."
        ),
        chart=ColumnChart(
            columns=tuple(
                Column(label=name, heights=(float(first), float(second)))
                for name, (first, second) in zip(names, bins, strict=True)
            ),
            looks=(Look.HELD, Look.ADDED),
            legend=("Recommended credentials", "Candidates for jobs"),
            along="Score",
            up="Items with this score",
        ),
        columns=("Score", "Recommended credentials", "Candidates for jobs"),
        rows=tuple((name, *each) for name, each in zip(names, bins, strict=True)),
    )


def latency_plot(routes: Sequence[RouteLatency]) -> Plot:
    """Return how long the answers of the most frequent routes took since the start."""
    title = "How long answers take"
    shown = [each for each in routes if each.route.startswith("/v1/")][:_ROUTES]
    if not shown:
        says = f"{NOTHING} Nobody has asked the API since the start."
        return Plot(title=title, says=says, chart=None, columns=(), rows=())
    first = shown[0]
    return Plot(
        title=title,
        says=(
            f"{first.method} {first.route} was asked most, {counted(first.count, 'time', 'times')} "
            f"since the start: half of the answers took at most {_time(first.half)}, nineteen of "
            f"twenty at most {_time(first.most)}."
        ),
        chart=BarChart(
            bars=tuple(
                Bar(
                    label=f"{each.method} {each.route}",
                    parts=(each.half, max(0.0, each.most - each.half)),
                    says=f"{_time(each.half)} · {_time(each.most)}",
                )
                for each in shown
            ),
            looks=(Look.HELD, Look.OPEN),
            limit=max(0.001, *(each.most for each in shown)),
            legend=("Half of the answers", "Nineteen of twenty"),
        ),
        columns=("Route", "Answers", "Half within", "Nineteen of twenty within"),
        rows=tuple(
            (f"{each.method} {each.route}", each.count, _time(each.half), _time(each.most))
            for each in shown
        ),
        notes=(
            "Of this server and all its tenants.",
            "Read from the buckets of the histogram at /metrics, so they are estimates.",
        ),
    )


def _covered(report: CatalogReport, share: float) -> str:
    jobs = counted(report.jobs, "open job asks", "open jobs ask")
    untaught = sum(not each.credentials for each in report.skills)
    are = "is" if untaught == 1 else "are"
    return (
        f"Of what {jobs} for, {percent(share)} by weight is taught by a credential on offer. "
        f"Of the {len(report.skills)} skills most asked for, {untaught or 'none'} {are} taught by "
        "nothing."
    )


def _binned(scores: Sequence[float]) -> list[int]:
    counts = [0] * _BINS
    for score in scores:
        counts[min(_BINS - 1, int(score // _BIN))] += 1
    return counts


def _time(seconds: float) -> str:
    return f"{seconds:,.1f} s" if seconds >= 1 else f"{seconds * 1000:,.0f} ms"
