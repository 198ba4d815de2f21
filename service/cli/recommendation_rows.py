"""Recommendations as rows of a table: one for each item."""

from collections.abc import Iterator
from typing import Any, Final

from service.domain.ranking import Component

SCHEMA: Final[dict[str, type]] = {
    "learner": str,
    "rank": int,
    "credential": str,
    "name": str,
    "provider": str,
    "score": float,
    **{f"component_{component}": float for component in Component},
    "marginal_gain": float,
    "pinned": bool,
    "adds": str,
    "adds_ids": str,
    "cost": float,
    "currency": str,
    "weeks": float,
    "credit": float,
    "credit_units": str,
    "unlocks": int,
    "breaks": str,
    "caveats": str,
    "recommendation_id": str,
    "model_version": str,
    "index_version": int,
    "error_field": str,
    "error": str,
}


def recommendation_rows(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row for each item of an answer as JSON; one without an item for an empty answer.

    A line that has no answer gives one row with its error.
    """
    error = value.get("error", {})
    empty = dict.fromkeys(SCHEMA)
    whole = empty | {
        "learner": value["learner"],
        "recommendation_id": value.get("recommendation_id"),
        "model_version": value.get("model_version"),
        "index_version": value.get("index_version"),
        "error_field": error.get("field"),
        "error": error.get("reason"),
    }
    items = value.get("items", [])
    for item in items:
        yield whole | _item(item, value["labels"])
    if not items:
        yield whole


def _item(item: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    cost, credit = item["cost"] or {}, item["credit"] or {}
    added = item["skills"]["added"]
    return {
        "rank": item["rank"],
        "credential": item["id"],
        "name": item["name"],
        "provider": item["provider"]["name"],
        "score": item["score"],
        **{f"component_{name}": share for name, share in item["components"].items()},
        "marginal_gain": item["marginal_gain"],
        "pinned": item["pinned"],
        "adds": "; ".join(labels[skill] for skill in added),
        "adds_ids": ";".join(added),
        "cost": cost.get("amount"),
        "currency": cost.get("currency"),
        "weeks": item["duration"]["weeks"],
        "credit": credit.get("value"),
        "credit_units": credit.get("units"),
        "unlocks": (item["unlocks"] or {}).get("jobs"),
        "breaks": "; ".join(item["breaks"]),
        "caveats": "; ".join(item["caveats"]),
    }
