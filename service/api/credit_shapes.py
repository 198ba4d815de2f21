"""Answers on credit as JSON objects: what the API sends and the command line writes."""

import datetime
from typing import Any

from service.api import credit_shape_types as shape
from service.api.shape_types import CreditAmount
from service.domain import credit_answer as answer
from service.domain.credit import Program
from service.domain.learner import Course, Experience
from service.domain.quantities import CreditValue

_DIGITS = 4


def evaluation_json(found: answer.CreditEvaluation) -> dict[str, Any]:
    """Return the answer as the JSON object that ``CreditEvaluation`` describes."""
    made: shape.CreditEvaluation = {
        "policy": found.policy,
        "institution": found.institution,
        "program": _program(found.program),
        "units": found.units,
        "counted": _amount(found.counted),
        "transferred": _amount(found.transferred),
        "own": _amount(found.own),
        "incoming": _amount(found.incoming),
        "required": _amount(found.required),
        "left": _amount(found.left),
        "binding": [cap.rule for cap in found.binding],
        "caps": [_cap(cap) for cap in found.caps],
        "residency": _residency(found.residency) if found.residency else None,
        "totals": [
            {
                "units": each.units,
                "stated": _amount(each.stated),
                "counted": _amount(each.counted),
            }
            for each in found.totals
        ],
        "items": [_item(item) for item in found.items],
        "caveats": list(found.caveats),
    }
    return {**made}


def learner_record_json(found: answer.LearnerRecord) -> dict[str, Any]:
    """Return the record as the JSON object that ``LearnerRecord`` describes."""
    made: shape.LearnerRecord = {
        "id": found.learner,
        "program": _program(found.program) if found.program else None,
        "courses": [_course(course) for course in found.courses],
        "credentials": [_credential(each) for each in found.credentials],
        "experience": [_experience(each) for each in found.experience],
        "totals": [_record_total(total) for total in found.totals],
    }
    return {**made}


def award_json(award: answer.CreditAward) -> shape.CreditAward:
    """Return what one thing yields before caps."""
    return {
        "units": award.units,
        "value": _amount(award.value),
        "rule": award.rule,
        "status": award.status,
        "reason": award.reason,
    }


def _program(program: Program) -> shape.StudyProgram:
    return {"policy": program.policy, "degree": program.degree, "name": program.name}


def _item(item: answer.CreditItem) -> shape.CreditItem:
    return {
        "field": item.field,
        "id": item.id,
        "name": item.name,
        "kind": item.kind,
        "date": _day(item.date),
        "own": item.own,
        "stated": _credit(item.stated) if item.stated else None,
        "award": award_json(item.award),
        "counted": _amount(item.counted),
        "running": _amount(item.running),
        "cut_by": list(item.cut_by),
    }


def _cap(cap: answer.CapUse) -> shape.CreditCap:
    return {
        "rule": cap.rule,
        "says": cap.says,
        "max": _amount(cap.max),
        "counted": _amount(cap.counted),
        "cut": _amount(cap.cut),
    }


def _residency(standing: answer.ResidencyStanding) -> shape.CreditResidency:
    last = standing.in_last
    return {
        "rule": standing.rule,
        "required": _amount(standing.required),
        "in_last": {"credits": last.credits, "of": last.of} if last else None,
        "earned": _amount(standing.earned),
        "remaining": _amount(standing.remaining),
    }


def _course(course: Course) -> shape.RecordedCourse:
    return {
        "name": course.name,
        "provider": course.provider,
        "date": _day(course.date),
        "grade": course.grade,
        "credits": _credit(course.credits) if course.credits else None,
        "level": course.level,
    }


def _credential(each: answer.RecordedCredential) -> shape.RecordedCredential:
    return {
        "id": each.held.id,
        "name": each.name,
        "provider": each.provider,
        "kind": each.kind,
        "evidence": each.held.evidence,
        "issued": _day(each.held.issued),
        "expires": _day(each.held.expires),
        "credit": [_credit(value) for value in each.credit],
        "counts": each.counts,
        "caveat": each.caveat,
    }


def _experience(each: Experience) -> shape.RecordedExperience:
    return {
        "title": each.title,
        "text": each.text,
        "start": _day(each.start),
        "end": _day(each.end),
    }


def _record_total(total: answer.RecordTotal) -> shape.RecordTotal:
    return {
        "units": total.units,
        "courses": _amount(total.courses),
        "credentials": _amount(total.credentials),
        "total": _amount(total.total),
        "not_counted": _amount(total.not_counted),
    }


def _credit(value: CreditValue) -> CreditAmount:
    return {"units": value.units, "value": value.value}


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _amount(value: float) -> float:
    return round(value, _DIGITS)
