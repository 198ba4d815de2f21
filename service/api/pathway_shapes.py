"""A pathway as a JSON object: what the API sends and the command line writes."""

from collections.abc import Iterable
from typing import Any

from service.api import pathway_shape_types as shape
from service.api.evidence_shapes import reasons_json
from service.api.shape_types import CreditAmount
from service.api.shape_types import Money as MoneyShape
from service.api.shapes import (
    bridges_json,
    goal_json,
    labels_json,
    provider_json,
    unknown_json,
    versions_json,
)
from service.domain.pathway import OnRamp, PathwayAnswer, PathwayStep, PathwayTotals, Stack
from service.domain.quantities import CreditValue, Money


def pathway_json(answer: PathwayAnswer) -> dict[str, Any]:
    """Return the answer as the JSON object that ``Pathway`` describes."""
    proof, greedy = answer.proof, answer.greedy
    found: shape.Pathway = {
        "pathway_id": answer.pathway_id,
        **versions_json(answer.versions),
        "steps": [_step(step) for step in answer.steps],
        "totals": _totals(answer.totals),
        "open": list(answer.open),
        "gap": goal_json(answer.gap),
        "stacks": [_stack(stack) for stack in answer.stacks],
        "target": _on_ramp(answer.target) if answer.target else None,
        "proof": {
            "method": proof.method,
            "optimal": proof.optimal,
            "proven_gap": proof.proven_gap,
            "considered": proof.considered,
        },
        "greedy": {
            "steps": list(greedy.steps),
            "coverage": greedy.coverage,
            "gain": greedy.gain,
            "cost": _moneys(greedy.cost),
            "weeks": greedy.weeks,
        },
        "unknown_constraints": [unknown_json(item) for item in answer.unknown_constraints],
        "out_of_reach": [
            {"id": each.id, "name": each.name, "reason": each.reason}
            for each in answer.out_of_reach
        ],
        "applied": list(answer.applied),
        "warnings": list(answer.warnings),
        "names": {str(each): name for each, name in answer.names.items()},
        "labels": labels_json(answer.labels),
    }
    return {**found}


def _step(step: PathwayStep) -> shape.PathwayStep:
    return {
        "position": step.position,
        "id": step.id,
        "name": step.name,
        "provider": provider_json(step.provider),
        "kind": step.kind,
        "awarded": step.awarded,
        "added": list(step.added),
        "gain": step.gain,
        "coverage": step.coverage,
        "starts": step.starts,
        "ends": step.ends,
        "hours": step.hours,
        "cost": _money(step.cost),
        "credit": _credits(step.credit),
        "needs": list(step.needs),
        "bridges": bridges_json(step.bridges),
        "evidence": reasons_json(step.evidence),
        "caveats": list(step.caveats),
    }


def _totals(totals: PathwayTotals) -> shape.PathwayTotals:
    return {
        "cost": _moneys(totals.cost),
        "cost_unknown": list(totals.cost_unknown),
        "weeks": totals.weeks,
        "hours": totals.hours,
        "credit": _credits(totals.credit),
        "coverage_before": totals.coverage_before,
        "coverage_after": totals.coverage_after,
        "gain": totals.gain,
    }


def _stack(stack: Stack) -> shape.Stack:
    return {
        "id": stack.id,
        "name": stack.name,
        "needed": stack.needed,
        "done": list(stack.done),
        "planned": list(stack.planned),
        "remaining": list(stack.remaining),
        "earned": stack.earned,
    }


def _on_ramp(target: OnRamp) -> shape.OnRamp:
    return {
        **_stack(target.stack),
        "kind": target.kind,
        "credit": [
            {
                "units": each.units,
                "of": each.of,
                "done": each.done,
                "planned": each.planned,
                "left": each.left,
            }
            for each in target.credit
        ],
        "missing_prerequisites": list(target.missing_prerequisites),
        "in_pathway": target.in_pathway,
        "cost": _money(target.cost),
        "weeks": target.weeks,
    }


def _credits(credit: Iterable[CreditValue]) -> list[CreditAmount]:
    return [{"units": each.units, "value": each.value} for each in credit]


def _moneys(costs: Iterable[Money]) -> list[MoneyShape]:
    return [{"amount": cost.amount, "currency": cost.currency} for cost in costs]


def _money(cost: Money | None) -> MoneyShape | None:
    return {"amount": cost.amount, "currency": cost.currency} if cost else None
