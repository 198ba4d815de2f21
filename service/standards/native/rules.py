"""Native rules on credit: from parsed JSON to the domain and back, line by line."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError

from service.domain.credit import RuleKind
from service.domain.credit_policy import CreditPolicy, CreditRule
from service.errors import InvalidRecord
from service.standards.native.credit import AgreementBody
from service.standards.native.credit_policy import PolicyBody
from service.standards.native.problems import Problem, faults_of, problem_of
from service.standards.native.strict_json import parse_json
from service.standards.native.types import shown
from service.standards.reading import Fault, Line, Place, read_json_lines

RuleBody = PolicyBody | AgreementBody

RULE_BODIES: Final[dict[RuleKind, type[RuleBody]]] = {
    RuleKind.POLICY: PolicyBody,
    RuleKind.AGREEMENT: AgreementBody,
}


class CheckedRule(NamedTuple):
    """Either a rule, or everything that is wrong with the data that should have been one."""

    rule: CreditRule | None
    problems: tuple[Problem, ...] = ()


class ReadRule(NamedTuple):
    """What became of one line of a file: either a rule, or everything that is wrong with it."""

    place: Place
    rule: CreditRule | None
    faults: tuple[Fault, ...] = ()


def parse_rule(kind: RuleKind, data: object) -> CheckedRule:
    """Check data, as a JSON parser gives it, against the native form of a kind of rule."""
    model = RULE_BODIES[kind]
    if not isinstance(data, dict):
        return CheckedRule(None, (Problem((), f"{shown(data)} is not an object."),))
    try:
        return CheckedRule(model.model_validate(data).to_domain())
    except ValidationError as error:
        return CheckedRule(None, tuple(faults_of(error, model)))


def rule_body_of(rule: CreditRule) -> RuleBody:
    """Return the native body of a rule."""
    if isinstance(rule, CreditPolicy):
        return PolicyBody.from_domain(rule)
    return AgreementBody.from_domain(rule)


def read_rules(kind: RuleKind, paths: Sequence[Path]) -> Iterator[ReadRule]:
    """Read JSON Lines files of one kind of rule; an id with other content twice is a fault.

    Raises:
        UnreadableFile: if a file cannot be read, or is one JSON document of many lines.
    """
    seen: dict[str, tuple[Place, CreditRule]] = {}
    for path in paths:
        for line in read_json_lines(path):
            yield _once(_read(kind, line), seen)


def _read(kind: RuleKind, line: Line) -> ReadRule:
    if line.reason:
        return _failed(line.place, Problem((), line.reason))
    try:
        data = parse_json(line.text)
    except InvalidRecord as error:
        return _failed(line.place, problem_of(error))
    rule, problems = parse_rule(kind, data)
    return ReadRule(line.place, rule) if rule else _failed(line.place, *problems)


def _once(read: ReadRule, seen: dict[str, tuple[Place, CreditRule]]) -> ReadRule:
    if read.rule is None:
        return read
    place, first = seen.setdefault(read.rule.id, (read.place, read.rule))
    if first == read.rule:
        return read
    reason = f"{read.rule.id!r} stands already with other content: {place.file}, line {place.line}."
    return _failed(read.place, Problem(("id",), reason))


def _failed(place: Place, *problems: Problem) -> ReadRule:
    parsed = place.failed(*((problem.field, problem.reason) for problem in problems))
    return ReadRule(place, None, parsed.faults)
