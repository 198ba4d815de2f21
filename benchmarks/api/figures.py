"""What the load of the API is judged by, and the page that says it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from benchmarks.api.load import Answer, by_second, counted, served
from benchmarks.bounds import Bound
from benchmarks.server import percentile

# The keys of build/bench-api.json, in their order.
BOUNDS: Final[dict[str, Bound]] = {
    "p50_ms": Bound("<=", 15, "ms"),
    "p95_ms": Bound("<=", 40, "ms"),
    "p99_ms": Bound("<=", 80, "ms"),
    "requests_per_s": Bound(">=", 250, "requests/s"),
    "goodput_ratio": Bound(">=", 0.9, "of what it can do"),
    "refusal_ms": Bound("<=", 50, "ms"),
    "slow_ratio": Bound("<=", 2, "times"),
}
_REFUSED: Final = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)
# Back to normal: a second whose slowest twentieth is no slower than this many times the usual.
_NORMAL: Final = 1.5


def percentiles(answers: Sequence[Answer]) -> dict[str, float]:
    """Return how long what was answered took: the median and the slow ends."""
    times = served(answers) or [float("inf")]
    return {f"p{round(100 * share)}_ms": percentile(times, share) for share in (0.5, 0.95, 0.99)}


def fates(answers: Sequence[Answer]) -> dict[str, int]:
    """Return how many were answered, refused, cut off and never answered, and other statuses."""
    known = (HTTPStatus.OK, *_REFUSED, 0, -1)
    others = Counter(each.status for each in answers if each.status not in known)
    return {
        "asked": len(answers),
        "answered": counted(answers, lambda each: each.status == HTTPStatus.OK),
        "refused": counted(answers, lambda each: each.status in _REFUSED),
        "refused_without_retry_after": counted(
            answers, lambda each: each.status in _REFUSED and not each.has_retry_after
        ),
        "cut_off": counted(answers, lambda each: each.status == 0),
        "never_answered": counted(answers, lambda each: each.status == -1),
        **{f"status {status}": count for status, count in sorted(others.items())},
    }


def refusal_times(answers: Sequence[Answer]) -> list[float]:
    """Return how many milliseconds each refusal took."""
    return [each.ms for each in answers if each.status in _REFUSED]


def back_to_normal_s(answers: Sequence[Answer], usual_p95_ms: float) -> float | None:
    """Return after how many seconds answers are as fast as usual; none if they never are.

    Args:
        answers: since the overload ended.
        usual_p95_ms: the slow end of the same load before it.
    """
    for second, group in enumerate(by_second(answers)):
        times = served(group)
        is_whole = bool(group) and len(times) == len(group)
        if is_whole and percentile(times, 0.95) <= _NORMAL * usual_p95_ms:
            return float(second)
    return None


def page(figures: Mapping[str, float], details: Mapping[str, Any]) -> str:
    """Return the page that says what was measured."""
    rows = [
        f"| `{name}` | {figures[name]:.3g} | {bound} | "
        f"{'yes' if bound.admits(figures[name]) else 'NO'} |"
        for name, bound in BOUNDS.items()
    ]
    counts = ", ".join(f"{count:,} of {kind}" for kind, count in details["counts"].items())
    lines = [
        "# The API under load",
        "",
        "Written by `make bench-api`: `onramp serve` with "
        f"{details['workers']} worker processes of {details['threads']} threads each on "
        f"{details['cores']} cores; **the generator runs on the same cores**, and so does all "
        f"else that the machine had to do (load average {details['load_before']:.1f} before, "
        f"{details['load_after']:.1f} after).",
        "",
        f"Records: {counts}. Each request asks for ten recommendations for another stored "
        "learner, and none comes twice; times are from when a request is due, whatever became of "
        f"those before. Of the {details['looked_at']:,} learners at {details['rate']:g} requests/s "
        f"{details['own_gaps']:.0%} lack what nobody who asked before them does; of the others "
        "each worker keeps the lists that it has made. The server was at rest "
        f"{details['rest_s']:.0f} s after it was ready; in the {details['cold_s']:.0f} s from then "
        f"on, which count no further, it gave {details['cold_per_s']:.1f} answers a second.",
        "",
        "| figure | is | bound | kept |",
        "| --- | --- | --- | --- |",
        *rows,
        "",
        *_told(details),
        "",
    ]
    return "\n".join(lines)


def _told(details: Mapping[str, Any]) -> list[str]:
    most, over, slow = details["most"], details["overload"], details["slow"]
    back = details["back_to_normal_s"]
    return [
        f"- **At {details['rate']:g} requests/s** ({details['steady']['asked']:,} requests): "
        f"{_fates(details['steady'])}.",
        f"- **As many as it can**: {most['clients']} clients that ask without a pause get "
        f"{most['requests_per_s']:.1f} answers a second; {_fates(most)}.",
        f"- **Twice as many** ({over['rate']:.0f} requests/s): "
        f"{over['goodput_per_s']:.1f} answers a second (p99 {over['p99_ms']:.0f} ms); refusals "
        f"take {over['refusal_p50_ms']:.1f} ms at the median, {over['refusal_p99_ms']:.1f} at p99, "
        f"{over['refusal_max_ms']:.1f} at most; {_fates(over)}. Back to normal after "
        f"{'more than ' if back is None else ''}{details['watched_s'] if back is None else back:g} "
        f"s of {details['calm_rate']:.0f} requests/s.",
        f"- **Beside {slow['connections']:,} slow connections**, half of which never end their "
        f"headers and half their body: p99 {slow['p99_ms']:.0f} ms, and {slow['before_p99_ms']:.0f}"
        f" ms just before, at {details['calm_rate']:.0f} requests/s; {_fates(slow)}.",
    ]


def _fates(found: Mapping[str, Any]) -> str:
    names = ["answered", "refused", "cut_off", "never_answered"]
    names += [name for name in found if name.startswith("status ")]
    told = ", ".join(f"{found[name]:,} {name.replace('_', ' ')}" for name in names if found[name])
    without = found["refused_without_retry_after"]
    return told + (f" ({without} of them without Retry-After)" if without else "")


def draw(phases: Mapping[str, Sequence[Answer]], path: Path) -> None:
    """Draw how long each request took, one panel for each phase."""
    import matplotlib  # noqa: PLC0415 - heavy, and only here

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of how to draw

    figure, panels = plt.subplots(1, len(phases), figsize=(4 * len(phases), 4), sharey=True)
    for panel, (name, answers) in zip(panels, phases.items(), strict=True):
        for label, is_one, color in (
            ("answered", lambda each: each.status == HTTPStatus.OK, "tab:blue"),
            ("refused", lambda each: each.status in _REFUSED, "tab:orange"),
        ):
            some = [each for each in answers if is_one(each)]
            panel.scatter([a.due for a in some], [a.ms for a in some], s=3, label=label, c=color)
        panel.set(title=name, xlabel="second", yscale="log")
    panels[0].set_ylabel("milliseconds")
    panels[0].legend(loc="upper left")
    figure.tight_layout()
    figure.savefig(path, dpi=90)
