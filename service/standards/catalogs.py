"""Ready maps: the published course lists of four platforms, as native credentials."""

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from service.domain.record import Kind
from service.errors import InvalidRecord
from service.standards.derived_id import derived_id
from service.standards.duration_words import parse_duration
from service.standards.native import parse_body
from service.standards.native.records import placed
from service.standards.reading import Parsed, Reader
from service.standards.table import Row, read_table_rows

Cells = Mapping[str, str]


class Catalog(NamedTuple):
    """One ready map: the columns that it needs, and what it makes of a row."""

    columns: list[str]
    native: Callable[[Cells], dict[str, Any]]


# All four are platforms for learning online, open to everybody, which no column says.
_ONLINE: Final = {"delivery": ["online"], "regions": ["001"]}

_LEVELS = {"beginner", "intermediate", "advanced"}
_LEVELS_UNSAID = {"", "mixed"}

_COURSERA_KINDS = {
    "": None,
    "Course": "course",
    "Guided Project": "course",
    "Specialization": "specialization",
    "Professional Certificate": "certificate",
    "Graduate Certificate": "certificate",
    "University Certificate": "certificate",
    "Mastertrack": "certificate",
    "Postgraduate Diploma": "certificate",
    "Degree": "degree",
}

_EDX_SUBJECTS = (
    *("Architecture", "Art & Culture", "Biology & Life Sciences", "Business & Management"),
    *("Chemistry", "Communication", "Computer Science", "Data Analysis & Statistics", "Design"),
    *("Economics & Finance", "Education & Teacher Training", "Electronics"),
    *("Energy & Earth Sciences", "Engineering", "Environmental Studies", "Ethics"),
    *("Food & Nutrition", "Health & Safety", "History", "Humanities", "Language", "Law"),
    *("Literature", "Math", "Medicine", "Music", "Philanthropy", "Philosophy & Ethics"),
    *("Physics", "Science", "Social Sciences"),
)

# Of an apostrophe in Windows' encoding nothing but U+FFFD is left in the published list.
_LOST_APOSTROPHE = re.compile(r"(?<=\w)\ufffd(?=(?:s|ll|re|ve|d|t|m)\b)")
_UDACITY_CODE = re.compile(r"--(?P<code>[A-Za-z0-9-]+)$")
# The published list was split at commas, and this one skill has two.
_TORN_SKILL = ["Extract", "Transform", "Load"]


def read_catalog(name: str, paths: Sequence[Path]) -> Iterator[Parsed]:
    """Read the lists of one platform; ``name`` is a key of `CATALOGS`.

    Raises:
        UnreadableFile: if a file cannot be read, or lacks a column.
    """
    catalog = CATALOGS[name]
    for path in paths:
        for row in read_table_rows(path, catalog.columns):
            yield _parsed(catalog, row)


def catalog_reader(name: str) -> Reader:
    """Return the reader of one platform's lists."""
    return partial(read_catalog, name)


def _parsed(catalog: Catalog, row: Row) -> Parsed:
    if row.reason:
        return row.place.failed(("", row.reason))
    cells = {name: html.unescape(cell) for name, cell in row.cells.items()}
    try:
        native = {**_ONLINE, **catalog.native(cells)}
    except InvalidRecord as error:
        return row.place.failed((error.field, error.reason))
    known = {key: value for key, value in native.items() if value not in (None, "", [])}
    return placed(row.place, parse_body(Kind.CREDENTIAL, known))


def _mooc(name: str) -> dict[str, str]:
    return {"name": name, "type": "mooc"}


def _level(word: str) -> str | None:
    level = word.lower()
    if level in _LEVELS_UNSAID:
        return None
    if level not in _LEVELS:
        raise InvalidRecord(f"{word!r} is none of the levels known here.", field="level")
    return level


def _coursera(cells: Cells) -> dict[str, Any]:
    kind = cells["certificatetype"]
    if kind not in _COURSERA_KINDS:
        raise InvalidRecord(f"{kind!r} is none of the types known here.", field="kind")
    words = cells["duration"]
    duration = parse_duration(words)
    unclear = words and duration is None
    eligible = cells["crediteligibility"] == "True"
    return {
        "id": cells["cred_id"],
        "name": cells["title"],
        "provider": _mooc(cells["partner"]),
        "kind": _COURSERA_KINDS[kind],
        "level": _level(cells["level"]),
        "duration": duration,
        "description": f"Duration: {words}" if unclear else None,
        "skills": _coursera_skills(cells["skills"]),
        "credit_recommendations": ["Eligible for credit (Coursera)"] if eligible else [],
    }


def _coursera_skills(cell: str) -> list[str]:
    try:
        skills = json.loads(cell or "[]")
    except json.JSONDecodeError:
        skills = None
    if not isinstance(skills, list) or not all(isinstance(skill, str) for skill in skills):
        raise InvalidRecord("is not a JSON list of names.", field="skills")
    for start in range(len(skills)):
        if skills[start : start + len(_TORN_SKILL)] == _TORN_SKILL:
            skills[start : start + len(_TORN_SKILL)] = [", ".join(_TORN_SKILL)]
    return skills


def _edx(cells: Cells) -> dict[str, Any]:
    # The column that is named for skills holds the long description, then the subject.
    text, subject = cells["Skills"], ""
    for candidate in sorted(_EDX_SUBJECTS, key=len, reverse=True):
        if text.endswith(candidate):
            text, subject = text.removesuffix(candidate).strip(), candidate
            break
    texts = [cells["Course Description"], text]
    return {
        "id": derived_id(cells["University"], cells["Course Name"], prefix="edx:"),
        "name": cells["Course Name"],
        "provider": _mooc(cells["University"]),
        "kind": "course",
        "level": _level(cells["Difficulty Level"]),
        "description": "\n\n".join(part for part in texts if part),
        "keywords": [subject] if subject else [],
        "url": cells["Course URL"],
    }


def _udacity(cells: Cells) -> dict[str, Any]:
    code = _UDACITY_CODE.search(cells["Course URL"])
    if code is None:
        reason = f"{cells['Course URL']!r} has no course code such as --ud123 at its end."
        raise InvalidRecord(reason, field="url")
    nanodegree = code["code"].startswith("nd")
    return {
        "id": f"udacity:{code['code']}",
        "name": _with_apostrophes(cells["Course Name"]),
        "provider": _mooc("Udacity"),
        "kind": "microcredential" if nanodegree else "course",
        "level": _level(cells["Difficulty Level"]),
        "description": _with_apostrophes(cells["Course Description"]),
        "keywords": [cells["University"]] if cells["University"] else [],
        "url": cells["Course URL"],
    }


def _with_apostrophes(text: str) -> str:
    return _LOST_APOSTROPHE.sub("'", text)


def _ibm(cells: Cells) -> dict[str, Any]:
    return {
        "id": f"ibm:{cells['COURSE_ID']}",
        "name": _tidy(cells["TITLE"]),
        "provider": _mooc("IBM Skills Network"),
        "kind": "course",
        "description": _tidy(cells["DESCRIPTION"]),
    }


def _tidy(text: str) -> str:
    # Every mark of punctuation has become a space.
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


CATALOGS: Final[dict[str, Catalog]] = {
    "coursera": Catalog(
        [
            *("cred_id", "title", "partner", "level"),
            *("certificatetype", "duration", "crediteligibility", "skills"),
        ],
        _coursera,
    ),
    "edx": Catalog(
        [
            *("Course Name", "University", "Difficulty Level"),
            *("Course URL", "Course Description", "Skills"),
        ],
        _edx,
    ),
    "udacity": Catalog(
        ["Course Name", "University", "Difficulty Level", "Course URL", "Course Description"],
        _udacity,
    ),
    "ibm": Catalog(["COURSE_ID", "TITLE", "DESCRIPTION"], _ibm),
}
