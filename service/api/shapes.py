"""Answers as JSON objects: what the API sends and the command line writes."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.answers import ExtractedSkill, Meta
from service.api import shape_types as shape
from service.domain.answer import (
    Bridge,
    Gap,
    GoalReading,
    Match,
    MatchAnswer,
    OpenSkill,
    Recommendation,
    RecommendationAnswer,
    SkillReason,
    UnknownConstraint,
    Versions,
)
from service.domain.credential import Provider
from service.domain.ids import SkillId
from service.domain.job import Requirement
from service.domain.quantities import Duration
from service.domain.skill import Span
from service.intake import Outcome

RECOMMENDATION_SCORE = (
    "100 times the weighted share of the open requirements that the credential adds; "
    "a weighted coverage, not calibrated."
)
MATCH_SCORE = (
    "100 times the weighted share of the requirements that the evidence covers; "
    "a weighted coverage, not calibrated."
)

_SCORE_DIGITS = 1
_SHARE_DIGITS = 4


def recommendation_json(answer: RecommendationAnswer) -> dict[str, Any]:
    """Return the answer as the JSON object that ``Recommendations`` describes."""
    found: shape.Recommendations = {
        "recommendation_id": answer.recommendation_id,
        **_versions(answer.versions),
        "items": [_recommended(item) for item in answer.items],
        "gap": _summary(answer.gap),
        "unknown_constraints": [_unknown(item) for item in answer.unknown_constraints],
        "applied": list(answer.applied),
        "relaxed": list(answer.relaxed),
        "qualifying": answer.qualifying,
        "warnings": list(answer.warnings),
        "labels": _labels(answer.labels),
        "score_meaning": RECOMMENDATION_SCORE,
    }
    return {**found}


def match_json(answer: MatchAnswer) -> dict[str, Any]:
    """Return the answer as the JSON object that ``Matches`` describes."""
    found: shape.Matches = {
        "match_id": answer.match_id,
        **_versions(answer.versions),
        "items": [_matched(item) for item in answer.items],
        "near_misses": [_matched(item) for item in answer.near_misses],
        "near_miss_count": answer.near_miss_count,
        "requirements": [_asked(requirement) for requirement in answer.requirements],
        "applied": list(answer.applied),
        "qualifying": answer.qualifying,
        "warnings": list(answer.warnings),
        "labels": _labels(answer.labels),
        "score_meaning": MATCH_SCORE,
    }
    return {**found}


def gap_json(gap: Gap, labels: Mapping[SkillId, str]) -> dict[str, Any]:
    """Return the gap as the JSON object that ``Gap`` describes."""
    found: shape.Gap = {
        **_reading(gap.reading),
        "coverage": round(gap.coverage, _SHARE_DIGITS),
        "held": [_covered(skill) for skill in gap.held],
        "open": [_covered(skill) for skill in gap.open],
        "bridges": _bridges(gap.bridges),
        "warnings": list(gap.reading.warnings),
        "labels": _labels(labels),
    }
    return {**found}


def extracted_json(found: Iterable[ExtractedSkill]) -> dict[str, Any]:
    """Return the skills of a text as the JSON object that ``FoundSkills`` describes."""
    skills: list[shape.FoundSkill] = [
        {
            "skill": each.skill,
            "label": each.label,
            "confidence": round(each.confidence, _SHARE_DIGITS),
            "method": each.method,
            "text": each.text,
            "span": _span(each.span),
        }
        for each in found
    ]
    return {"skills": skills}


def stored_json(outcome: Outcome) -> shape.Stored:
    """Return what became of a record."""
    return {
        "id": outcome.id,
        "status": outcome.status,
        "revision": outcome.revision,
        "warnings": list(outcome.warnings),
    }


def meta_json(meta: Meta, *, version: str) -> shape.Meta:
    """Return what the service is made of; ``version`` is Onramp's own."""
    return {
        "name": "onramp",
        "version": version,
        **_versions(meta.versions),
        "dim": meta.dim,
        "counts": {str(kind): count for kind, count in meta.counts.items()},
    }


def item_json(item: Recommendation | Match) -> dict[str, Any]:
    """Return one credential or match as it stands in a list."""
    return {**_recommended(item)} if isinstance(item, Recommendation) else {**_matched(item)}


def goal_json(gap: Gap) -> shape.GapSummary:
    """Return how a goal was read, and what of it is covered."""
    return _summary(gap)


def asked_json(requirements: Iterable[Requirement]) -> list[shape.Asked]:
    """Return what a job asks for."""
    return [_asked(requirement) for requirement in requirements]


def versions_json(versions: Versions) -> shape.Versions:
    """Return what an answer was made with."""
    return _versions(versions)


def _versions(versions: Versions) -> shape.Versions:
    return {
        "model_version": versions.model_version,
        "index_version": versions.index_version,
        "taxonomy_versions": dict(versions.taxonomy_versions),
    }


def _recommended(item: Recommendation) -> shape.RecommendedCredential:
    cost = item.cost
    return {
        "id": item.id,
        "type": "credential",
        "name": item.name,
        "provider": _provider(item.provider),
        "rank": item.rank,
        "score": round(item.score, _SCORE_DIGITS),
        "components": _components(item.components),
        "skills": {
            "added": list(item.added),
            "held": list(item.held),
            "open": list(item.open),
            "bridges": _bridges(item.bridges),
        },
        "cost": {"amount": cost.amount, "currency": cost.currency} if cost else None,
        "duration": _duration(item.duration),
        "credit": [{"units": credit.units, "value": credit.value} for credit in item.credit],
        "missing_prerequisites": list(item.missing_prerequisites),
        "evidence": _reasons(item.evidence),
        "caveats": list(item.caveats),
    }


def _matched(item: Match) -> shape.MatchItem:
    return {
        "id": item.id,
        "title": item.title,
        "rank": item.rank,
        "score": round(item.score, _SCORE_DIGITS),
        "components": _components(item.components),
        "covered": list(item.covered),
        "missing": list(item.missing),
        "missing_required": list(item.missing_required),
        "bridges": _bridges(item.bridges),
        "evidence": _reasons(item.evidence),
        "caveats": list(item.caveats),
    }


def _summary(gap: Gap) -> shape.GapSummary:
    return {
        **_reading(gap.reading),
        "coverage": round(gap.coverage, _SHARE_DIGITS),
        "held": [skill.requirement.skill for skill in gap.held],
        "open": [skill.requirement.skill for skill in gap.open],
    }


def _reading(reading: GoalReading) -> shape.GoalAsRead:
    return {
        "described_as": reading.described_as,
        "occupations": [{"id": id_, "title": title} for id_, title in reading.occupations],
        "inferred": reading.inferred,
    }


def _covered(skill: OpenSkill) -> shape.AskedAndCovered:
    return {
        "requirement": _asked(skill.requirement),
        "covered": round(skill.covered, _SHARE_DIGITS),
        "nearest": skill.nearest,
    }


def _asked(requirement: Requirement) -> shape.Asked:
    return {
        "skill": requirement.skill,
        "importance": requirement.importance,
        "weight": round(requirement.weight, _SHARE_DIGITS),
        "confidence": round(requirement.confidence, _SHARE_DIGITS),
        "min_level": requirement.min_level,
        "source": requirement.source,
        "field": requirement.field,
        "text": requirement.text,
        "span": _span(requirement.span),
    }


def _unknown(item: UnknownConstraint) -> shape.UnknownConstraint:
    return {
        "id": item.id,
        "name": item.name,
        "score": round(item.score, _SCORE_DIGITS),
        "missing": list(item.missing),
    }


def _reasons(reasons: Iterable[SkillReason]) -> list[shape.Reason]:
    return [
        {
            "skill": reason.skill,
            "source": reason.source,
            "method": reason.method,
            "record": reason.record,
            "field": reason.field,
            "text": reason.text,
            "span": _span(reason.span),
            "confidence": round(reason.confidence, _SHARE_DIGITS),
        }
        for reason in reasons
    ]


def _bridges(bridges: Iterable[Bridge]) -> list[shape.Bridge]:
    return [
        {
            "from": bridge.from_skill,
            "to": bridge.to_skill,
            "weight": round(bridge.weight, _SHARE_DIGITS),
        }
        for bridge in bridges
    ]


def _provider(provider: Provider) -> shape.Provider:
    return {"id": provider.id, "name": provider.name, "type": provider.type}


def _duration(duration: Duration) -> shape.Duration:
    return {
        "min_weeks": duration.min_weeks,
        "weeks": duration.weeks,
        "effort_hours": duration.effort_hours,
        "hours_per_week": duration.hours_per_week,
    }


def _components(components: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _SHARE_DIGITS) for name, value in components.items()}


def _span(span: Span | None) -> list[int] | None:
    return list(span) if span else None


def _labels(labels: Mapping[SkillId, str]) -> dict[str, str]:
    return {str(skill): label for skill, label in labels.items()}


# What the shapes of other questions are made of, too.
bridges_json = _bridges
labels_json = _labels
provider_json = _provider
reasons_json = _reasons
unknown_json = _unknown
