"""Answers as JSON objects: what the API sends and the command line writes."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.answers import ExtractedSkill, Meta
from service.api import match_types as match
from service.api import shape_types as shape
from service.api.evidence_shapes import reasons_json, span_json
from service.api.match_shapes import categories_json, fit_json, one_away_json
from service.domain.answer import (
    Bridge,
    Gap,
    GoalReading,
    Match,
    MatchAnswer,
    OpenSkill,
    Recommendation,
    RecommendationAnswer,
    Trace,
    UnknownConstraint,
    Unlocks,
    Versions,
)
from service.domain.credential import Provider
from service.domain.derivation import Derivation
from service.domain.ids import SkillId
from service.domain.job import Requirement
from service.domain.quantities import CreditAward, Duration
from service.domain.ranking import Component
from service.intake import Outcome

_SCORE_DIGITS = 1
_SHARE_DIGITS = 4


def recommendation_json(answer: RecommendationAnswer) -> dict[str, Any]:
    """Return the answer as the JSON object that ``Recommendations`` describes."""
    found: shape.Recommendations = {
        "recommendation_id": answer.recommendation_id,
        **_versions(answer.versions),
        "items": [_recommended(item) for item in answer.items],
        "gap": _summary(answer.gap),
        "objective": {
            "says": answer.objective,
            "value": round(answer.objective_value, _SHARE_DIGITS),
        },
        "weights": {each.value: answer.weights.of(each) for each in Component},
        "unknown_constraints": [_unknown(item) for item in answer.unknown_constraints],
        "applied": list(answer.applied),
        "relaxed": list(answer.relaxed),
        "qualifying": answer.qualifying,
        "warnings": list(answer.warnings),
        "labels": {
            **_labels(answer.labels),
            **{str(each): name for each, name in answer.names.items()},
        },
        "score_meaning": answer.score_meaning,
    }
    return {**found}


def match_json(answer: MatchAnswer) -> dict[str, Any]:
    """Return the answer as the JSON object that ``Matches`` describes."""
    found: match.Matches = {
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
        "score_meaning": answer.score_meaning,
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
            "span": span_json(each.span),
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
        "derivation": _derivation(meta.derivation),
    }


def _derivation(under_way: Derivation | None) -> shape.Derivation | None:
    if under_way is None:
        return None
    return {
        "model_version": under_way.using.model_version,
        "state": under_way.state.value,
        "done": under_way.done,
        "total": under_way.total,
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
        "marginal_gain": round(item.marginal_gain, _SHARE_DIGITS),
        "pinned": item.pinned,
        "breaks": list(item.breaks),
        "skills": {
            "added": list(item.added),
            "held": list(item.held),
            "open": list(item.open),
            "bridges": _bridges(item.bridges),
        },
        "soft": {
            "added": list(item.soft.added),
            "held": list(item.soft.held),
            "open": list(item.soft.open),
        },
        "unlocks": _unlocks(item.unlocks),
        "cost": {"amount": cost.amount, "currency": cost.currency} if cost else None,
        "duration": _duration(item.duration),
        "credit": _credit(item.credit),
        "missing_prerequisites": list(item.missing_prerequisites),
        "trace": [_trace(each) for each in item.trace],
        "evidence": reasons_json(item.evidence),
        "caveats": list(item.caveats),
    }


def _credit(award: CreditAward | None) -> shape.Credit | None:
    if award is None:
        return None
    return {
        "units": award.credit.units,
        "value": award.credit.value,
        "status": award.status,
        "rule": award.rule,
        "institution": award.institution,
    }


def _trace(trace: Trace) -> shape.Trace:
    return {
        "job": trace.job,
        "occupation": trace.occupation,
        "skill": trace.skill,
        "credential": trace.credential,
        "credit": _credit(trace.credit),
    }


def _unlocks(found: Unlocks | None) -> shape.Unlocks | None:
    if found is None:
        return None
    return {"jobs": found.jobs, "sample": list(found.sample), "at": found.at}


def _matched(item: Match) -> match.MatchItem:
    return {
        "id": item.id,
        "title": item.title,
        "rank": item.rank,
        "score": round(item.score, _SCORE_DIGITS),
        "fit": fit_json(item.fit),
        "components": _components(item.components),
        "covered": list(item.covered),
        "missing": list(item.missing),
        "missing_required": list(item.missing_required),
        "soft": {"covered": list(item.soft.covered), "missing": list(item.soft.missing)},
        "categories": categories_json(item.categories),
        "bridges": _bridges(item.bridges),
        "evidence": reasons_json(item.evidence),
        "caveats": list(item.caveats),
        "one_credential_away": one_away_json(item.one_away),
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
        "span": span_json(requirement.span),
    }


def _unknown(item: UnknownConstraint) -> shape.UnknownConstraint:
    return {
        "id": item.id,
        "name": item.name,
        "score": round(item.score, _SCORE_DIGITS),
        "missing": list(item.missing),
    }


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


def _labels(labels: Mapping[SkillId, str]) -> dict[str, str]:
    return {str(skill): label for skill, label in labels.items()}


# What the shapes of other questions are made of, too.
bridges_json = _bridges
labels_json = _labels
provider_json = _provider
unknown_json = _unknown
