"""The real run as Markdown: figures of the import, and every answer with its reasons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from benchmarks.real.steps import StepReport
from service.domain.answer import (
    Bridge,
    Gap,
    Match,
    MatchAnswer,
    OpenSkill,
    Recommendation,
    RecommendationAnswer,
    SkillReason,
)
from service.domain.condition import conditions_of, describe
from service.domain.goal import Goal
from service.domain.ids import SkillId
from service.domain.job import Job
from service.domain.learner import Learner
from service.intake import OutcomeStatus

OPEN_SHOWN = 12
REQUIREMENTS_SHOWN = 15
REASONS_SHOWN = 12

Labels = Mapping[SkillId, str]


def steps_table(reports: Sequence[StepReport]) -> Iterator[str]:
    """Yield a table of what each import did and took."""
    yield "| import | records | created | updated | unchanged | bad | warnings | seconds |" + (
        " records/s | CPU ms/record | peak memory MB | store MB |"
    )
    yield "|---|" + "---:|" * 11
    for each in reports:
        count = each.outcomes
        cells = (
            f"{each.read:,}",
            f"{count[OutcomeStatus.CREATED]:,}",
            f"{count[OutcomeStatus.UPDATED]:,}",
            f"{count[OutcomeStatus.UNCHANGED]:,}",
            f"{each.bad + count[OutcomeStatus.REJECTED]:,}",
            f"{each.warnings:,}",
            f"{each.seconds:.1f}",
            f"{each.per_second:,.0f}",
            f"{1000 * each.cpu_seconds / each.read:.1f}" if each.read else "",
            f"{each.peak_mb:,.0f}",
            f"{each.disk_mb:,.0f}",
        )
        yield f"| {each.title} | {' | '.join(cells)} |"


def recommendation_section(
    learner: Learner, answer: RecommendationAnswer, seconds: float
) -> Iterator[str]:
    """Yield one learner's recommendations, readable as that learner would."""
    gap, labels = answer.gap, answer.labels
    yield f"## {learner.id}"
    yield ""
    yield from _who(learner)
    yield f"- **Goal as read**: {goal_words(gap)}"
    yield f"- **Applied**: {'; '.join(answer.applied)}; {answer.qualifying:,} qualify"
    yield f"- **Covered**: {gap.coverage:.0%}, {1000 * seconds:.1f} ms"
    if gap.held:
        yield f"- **Has**: {'; '.join(_held(each, gap, labels) for each in gap.held)}"
    yield f"- **Open**: {'; '.join(_open(each, labels) for each in gap.open[:OPEN_SHOWN])}" + (
        f"; and {len(gap.open) - OPEN_SHOWN} more" if len(gap.open) > OPEN_SHOWN else ""
    )
    for warning in answer.warnings:
        yield f"- *{warning}*"
    yield ""
    for item in answer.items:
        yield from _item(item, labels)
    if not answer.items:
        yield "Nothing is recommended."
        yield ""
    if answer.unknown_constraints:
        yield "Would be on the list if what is missing were known and fit:"
        yield ""
        for unknown in answer.unknown_constraints:
            missing = ", ".join(unknown.missing)
            yield f"- {unknown.score:.1f} {unknown.name} (`{unknown.id}`): {missing} unknown"
        yield ""


def match_section(job: Job, answer: MatchAnswer, seconds: float) -> Iterator[str]:
    """Yield one job's candidates."""
    labels = answer.labels
    asked = [
        f"{labels[need.skill]} {need.weight:.2f}"
        for need in answer.requirements[:REQUIREMENTS_SHOWN]
    ]
    yield f"## {job.id}: {job.title}"
    yield ""
    yield f"- **Asks for** ({len(answer.requirements)}): {'; '.join(asked)}"
    yield f"- {answer.near_miss_count} near misses, {1000 * seconds:.1f} ms"
    for warning in answer.warnings:
        yield f"- *{warning}*"
    yield ""
    for item in answer.items:
        yield from _candidate(item, labels)


def goal_words(gap: Gap) -> str:
    """Return how the goal was understood, in one line."""
    reading = gap.reading
    named = "; ".join(f"{title} ({key})" for key, title in reading.occupations)
    how = "stands in for a missing goal: " if reading.inferred else ""
    count = f"{len(reading.requirements)} requirements"
    return f"{how}{named or reading.described_as}; {count}"


def _who(learner: Learner) -> Iterator[str]:
    if learner.text:
        yield f"> {learner.text}"
        yield ""
    if learner.skills:
        skills = ", ".join(skill.name or str(skill.id) for skill in learner.skills)
        yield f"- **Says**: {skills}"
    if learner.goal:
        yield f"- **Goal**: {_goal(learner.goal)}"
    wishes = [describe(each) for each in conditions_of(learner.constraints)]
    if wishes:
        yield f"- **Constraints**: {'; '.join(wishes)}"


def _goal(goal: Goal) -> str:
    skills = ", ".join(skill.name or str(skill.id) for skill in goal.skills)
    mode = f" ({goal.mode})" if goal.mode else ""
    return f"{goal.text or goal.occupation or goal.job or skills}{mode}"


def _held(row: OpenSkill, gap: Gap, labels: Labels) -> str:
    shown = {each.skill: each for each in gap.evidence}
    by = shown.get(row.nearest) if row.nearest else None
    words = f" ← “{by.text}” ({by.field}, {by.evidence})" if by else ""
    return f"{labels[row.requirement.skill]} {row.covered:.2f}{words}"


def _open(row: OpenSkill, labels: Labels) -> str:
    part = f" ({row.covered:.0%} there)" if row.covered else ""
    return f"{labels[row.requirement.skill]} {row.requirement.weight:.2f}{part}"


def _item(item: Recommendation, labels: Labels) -> Iterator[str]:
    relevance = item.components["relevance"]
    yield f"{item.rank}. **{item.name}** — {item.provider.name} (`{item.id}`), " + (
        f"score {item.score:.1f}, relevance {relevance:.2f}"
    )
    yield f"   - adds: {_names(item.added, labels)}"
    if item.held:
        yield f"   - already there: {_names(item.held, labels)}"
    for reason in item.evidence[:REASONS_SHOWN]:
        yield f"   - {_reason(reason, labels)}"
    if item.bridges:
        yield f"   - bridges: {_bridges(item.bridges, labels)}"
    if item.caveats:
        yield f"   - caveats: {'; '.join(item.caveats)}"
    yield ""


def _candidate(item: Match, labels: Labels) -> Iterator[str]:
    yield f"{item.rank}. **{item.id}** {item.title}, score {item.score:.1f}, " + (
        f"relevance {item.components['relevance']:.2f}"
    )
    yield f"   - covers: {_names(item.covered, labels)}"
    yield f"   - lacks: {_names(item.missing[:OPEN_SHOWN], labels)}" + (
        f" and {len(item.missing) - OPEN_SHOWN} more" if len(item.missing) > OPEN_SHOWN else ""
    )
    for reason in item.evidence[:REASONS_SHOWN]:
        yield f"   - {_reason(reason, labels)}"
    if item.bridges:
        yield f"   - bridges: {_bridges(item.bridges, labels)}"
    yield ""


def _reason(reason: SkillReason, labels: Labels) -> str:
    how = reason.method or reason.source
    return f"{labels[reason.skill]} ← “{' '.join(reason.text.split())}” " + (
        f"({reason.field}, {how}, {reason.confidence:.2f})"
    )


def _names(skills: Iterable[SkillId], labels: Labels) -> str:
    return "; ".join(labels[skill] for skill in skills) or "nothing"


def _bridges(bridges: Iterable[Bridge], labels: Labels) -> str:
    return "; ".join(
        f"{labels[each.from_skill]} → {labels[each.to_skill]} {each.weight:.2f}" for each in bridges
    )
