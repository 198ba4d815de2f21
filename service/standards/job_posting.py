"""Jobs as schema.org ``JobPosting``: JSON-LD in files of its own or inside HTML pages."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from service.domain.ids import ID_PATTERN
from service.domain.record import Kind
from service.errors import UnreadableFile
from service.standards.derived_id import derived_id, slug_of
from service.standards.json_ld import Node, nodes_of_type, read_documents, resolved
from service.standards.native import parse_body
from service.standards.native.problems import Problem
from service.standards.posting_values import (
    day_of,
    employment_type,
    listed,
    name_in,
    occupation_of,
    plain_text,
    region_code,
    salary_of,
    skills_of,
)
from service.standards.reading import Parsed, Place

_PROPERTIES: Final = {
    "id": "identifier",
    "text": "description",
    "employer": "hiringOrganization",
    "occupation": "occupationalCategory",
    "region": "jobLocation",
    "remote": "jobLocationType",
    "employment_type": "employmentType",
    "salary": "baseSalary",
    "posted": "datePosted",
    "valid_through": "validThrough",
    "language": "inLanguage",
}


def read_job_postings(paths: Sequence[Path]) -> Iterator[Parsed]:
    """Read the job postings of JSON, JSON Lines and HTML files.

    Raises:
        UnreadableFile: if a file cannot be read, or there is no JobPosting in it.
    """
    for path in paths:
        found = False
        for document in read_documents(path):
            if document.reason:
                found = True
                yield document.place.failed(("", document.reason))
                continue
            for node in nodes_of_type(document.value, "JobPosting"):
                found = True
                yield _parsed(document.place, node)
        if not found:
            raise UnreadableFile(str(path), "there is no schema.org JobPosting in it.")


def _parsed(place: Place, node: Node) -> Parsed:
    native = {key: value for key, value in _native(node).items() if value not in (None, "", [])}
    record, problems = parse_body(Kind.JOB, native)
    if record is not None:
        return place.found(record)
    # One property can fill two fields, and is then at fault twice.
    faults = dict.fromkeys((_json_path(problem, node), problem.reason) for problem in problems)
    return place.failed(*faults)


def _json_path(problem: Problem, node: Node) -> str:
    outer = [node.path] if node.path else []
    if not problem.path:
        return "".join(outer)
    first, *inner = (str(part) for part in problem.path)
    # Only of a skill's position is it known that it stands at the same place.
    inner = inner[:1] if first == "skills" and isinstance(node.get("skills"), list) else []
    return ".".join([*outer, _PROPERTIES.get(first, first), *inner])


def _native(node: Node) -> dict[str, Any]:
    employment = employment_type(node.get("employmentType"))
    salary = salary_of(node.get("baseSalary"), node.get("salaryCurrency"))
    skills = skills_of(node.get("skills"))
    text = [
        *(plain_text(node.get(name)) for name in ("description", "responsibilities")),
        *(plain_text(node.get(name)) for name in ("qualifications", "experienceRequirements")),
        *(skills.words, employment.words, salary.words),
    ]
    return {
        "id": _id(node),
        "title": plain_text(node.get("title")),
        "text": "\n\n".join(part for part in text if part),
        "employer": name_in(node.get("hiringOrganization")),
        "occupation": occupation_of(node.get("occupationalCategory")),
        "skills": skills.value,
        "region": _region(node),
        "remote": True if "TELECOMMUTE" in listed(node.get("jobLocationType")) else None,
        "employment_type": employment.value,
        "salary": salary.value,
        "posted": day_of(node.get("datePosted")),
        "valid_through": day_of(node.get("validThrough")),
        "language": name_in(node.get("inLanguage")),
        "url": _url(node),
    }


def _id(node: Node) -> str:
    given = node.get("identifier")
    value = listed(given)[0] if listed(given) else None
    whose, what = "", ""
    if isinstance(value, dict):
        # A number is unique for one employer alone, whose name stands beside it.
        whose, what = name_in(value.get("name")), name_in(value.get("value"))
    elif value is not None:
        what = name_in(value)
    plain = f"{slug_of(whose)}:{what}" if whose else what
    if what and re.fullmatch(ID_PATTERN, plain):
        return plain
    if what:
        return derived_id(whose, what)
    place = _url(node) or " ".join(_addresses(node))
    return derived_id(name_in(node.get("hiringOrganization")), plain_text(node.get("title")), place)


def _url(node: Node) -> str:
    for value in (node.get("url"), node.value.get("@id")):
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value
    return ""


def _postal(node: Node) -> Iterator[Any]:
    for place in listed(node.get("jobLocation")):
        address = place.get("address", place) if isinstance(place, dict) else place
        yield resolved(address, node.by_id)


def _addresses(node: Node) -> Iterator[str]:
    for address in _postal(node):
        if isinstance(address, dict):
            yield " ".join(
                name_in(value) for key, value in sorted(address.items()) if key[0] != "@"
            )
        else:
            yield name_in(address)


def _region(node: Node) -> str | None:
    """Return the one ISO 3166 code of all the places; none if they differ or have no codes."""
    codes = {region_code(address) for address in _postal(node)}
    return codes.pop() if len(codes) == 1 else None
