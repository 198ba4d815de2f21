"""Parts of a match as JSON."""

from service.api import match_types as match
from service.domain.fit import CategoryFit, Fit, OneCredentialAway
from service.domain.skill import Importance

_DIGITS = 1


def fit_json(fit: Fit) -> match.Fit:
    """Return a fit from both sides."""
    return {
        "forward": round(fit.forward, _DIGITS),
        "reverse": round(fit.reverse, _DIGITS),
        "overall": round(fit.overall, _DIGITS),
    }


def categories_json(categories: tuple[CategoryFit, ...]) -> match.Categories:
    """Return what is covered and missing, by importance."""
    found: dict[Importance, match.CoveredAndMissing] = {
        each.importance: {"covered": [*each.covered], "missing": [*each.missing]}
        for each in categories
    }
    return {"required": found[Importance.REQUIRED], "preferred": found[Importance.PREFERRED]}


def one_away_json(found: OneCredentialAway | None) -> match.OneCredentialAway | None:
    """Return the credential that a near miss lacks; none if no single one will do."""
    if found is None:
        return None
    provider, cost, duration = found.provider, found.cost, found.duration
    return {
        "credential": found.credential,
        "name": found.name,
        "provider": {"id": provider.id, "name": provider.name, "type": provider.type},
        "cost": {"amount": cost.amount, "currency": cost.currency} if cost else None,
        "duration": {
            "min_weeks": duration.min_weeks,
            "weeks": duration.weeks,
            "effort_hours": duration.effort_hours,
            "hours_per_week": duration.hours_per_week,
        },
        "covers": [*found.covers],
        "score": round(found.score, _DIGITS),
        "fit": fit_json(found.fit),
    }
