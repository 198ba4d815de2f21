"""O*NET: occupations of the United States, as lines of work, as jobs and as technologies."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from service.domain.ids import JobId, OccupationId, SkillId
from service.domain.job import ImportanceFigure, Job, Occupation
from service.domain.record import Record
from service.domain.skill import Skill
from service.errors import InvalidRecord
from service.standards.reading import Parsed
from service.standards.shipped import load_esco
from service.standards.taxonomy_tables import Row, find_table, read_rows, squeeze
from service.standards.technologies import Technologies

FRAMEWORK = "O*NET 29.3"
CODE = "O*NET-SOC Code"
OCCUPATIONS = "occupation_data"
TECHNOLOGIES = "technology_skills"

_CODE = re.compile(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}")
_TASK_ORDER = {"Core": 0, "Supplemental": 1}
_LOWEST, _HIGHEST = 1.0, 5.0


@dataclass(slots=True)
class _Details:
    """What the tables beside that of occupations say of one of them.

    ``tasks`` and ``technologies`` come with their rank: 0 before 1 before 2.
    """

    alt_titles: list[str] = field(default_factory=list)
    tasks: list[tuple[int, str]] = field(default_factory=list)
    technologies: list[tuple[int, str]] = field(default_factory=list)
    knowledge: list[ImportanceFigure] = field(default_factory=list)
    general_skills: list[ImportanceFigure] = field(default_factory=list)


_Add = Callable[[_Details, dict[str, str]], None]


def read_onet_occupations(paths: Sequence[Path]) -> Iterator[Parsed]:
    """Yield the occupations of O*NET; each path is a folder with its tables.

    Alternate titles include short titles and titles that workers reported. Core tasks come
    before supplemental ones, technologies in demand before hot ones before others. Figures
    are those of the importance scale, without those that O*NET advises to suppress.

    Raises:
        UnreadableFile: if a table is missing or is not such a table.
    """
    for folder in paths:
        codes = [row.values.get(CODE, "") for row in _occupation_rows(folder)]
        details = {code: _Details() for code in codes}
        for name, (columns, add) in _TABLES.items():
            for row in read_rows(find_table(folder, name), columns=(CODE, *columns)):
                if fault := _add(row, details, add):
                    yield fault
        for row in _occupation_rows(folder):
            yield _parsed(row, partial(_occupation, details=details))


def read_onet_jobs(paths: Sequence[Path]) -> Iterator[Parsed]:
    """Yield each occupation of O*NET as a job; each path is a folder with its tables.

    What such a job asks for are the weighted requirements of its occupation.

    Raises:
        UnreadableFile: if the table of occupations is missing or is not such a table.
    """
    for folder in paths:
        for row in _occupation_rows(folder):
            yield _parsed(row, _job)


def read_onet_skills(paths: Sequence[Path]) -> Iterator[Parsed]:
    """Yield the technologies of O*NET as skills; each path is a folder with its tables.

    Raises:
        UnreadableFile: if the table of technologies is missing or is not such a table.
        DataMissing: if the ESCO skills that ship with the product are not there.
    """
    technologies = Technologies(load_esco())
    for folder in paths:
        seen: dict[str, SkillId] = {}
        for row in read_rows(find_table(folder, TECHNOLOGIES), columns=(CODE, "Example")):
            if row.reason or row.values["Example"] not in seen:
                yield _parsed(row, partial(_technology, technologies=technologies, seen=seen))


def _technology(
    values: dict[str, str], *, technologies: Technologies, seen: dict[str, SkillId]
) -> Skill:
    name = values["Example"]
    skill = technologies.skill(squeeze(name))
    if skill.id in seen.values():
        raise InvalidRecord(f"{name!r} has the id of another technology, {skill.id}.", field="id")
    seen[name] = skill.id
    return skill


def _occupation_rows(folder: Path) -> Iterator[Row]:
    columns = (CODE, "Title", "Description")
    return read_rows(find_table(folder, OCCUPATIONS), columns=columns)


def _parsed(row: Row, read: Callable[[dict[str, str]], Record]) -> Parsed:
    if row.reason:
        return row.place.failed(("", row.reason))
    try:
        return row.place.found(read(row.values))
    except InvalidRecord as error:
        return row.place.failed((error.field, error.reason))


def _add(row: Row, details: dict[str, _Details], add: _Add) -> Parsed | None:
    """Add what a row says of an occupation; return its fault, if it has one."""
    if row.reason:
        return row.place.failed(("", row.reason))
    code = row.values[CODE]
    if code not in details:
        return row.place.failed((CODE, f"there is no occupation with the code {code[:40]!r}."))
    try:
        add(details[code], row.values)
    except InvalidRecord as error:
        return row.place.failed((error.field, error.reason))
    return None


def _occupation(values: dict[str, str], *, details: dict[str, _Details]) -> Occupation:
    title = squeeze(values["Title"])
    own = details[values[CODE]]
    return Occupation(
        id=occupation_id(values[CODE]),
        title=title,
        code=values[CODE],
        alt_titles=_distinct(own.alt_titles, besides=title),
        description=values["Description"].strip() or None,
        tasks=_by_rank(own.tasks),
        technologies=_by_rank(own.technologies),
        knowledge=tuple(own.knowledge),
        general_skills=tuple(own.general_skills),
        framework=FRAMEWORK,
    )


def _job(values: dict[str, str]) -> Job:
    occupation = occupation_id(values[CODE])
    return Job(
        id=JobId(f"onet-job:{values[CODE]}"),
        title=squeeze(values["Title"]),
        text=values["Description"].strip() or None,
        occupation=occupation,
        language="en",
    )


def occupation_id(code: str) -> OccupationId:
    """Return the id of the occupation with the O*NET-SOC code.

    Raises:
        InvalidRecord: if it is not such a code.
    """
    if not _CODE.fullmatch(code):
        raise InvalidRecord(f"{code[:40]!r} is not a code such as 29-2072.00.", field=CODE)
    return OccupationId(f"onet:{code}")


def _distinct(titles: list[str], *, besides: str) -> tuple[str, ...]:
    distinct = {besides.casefold(): besides}
    for title in filter(None, map(squeeze, titles)):
        distinct.setdefault(title.casefold(), title)
    return tuple(distinct.values())[1:]


def _by_rank(ranked: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for _, text in sorted(ranked, key=lambda pair: pair[0])))


def _add_alt_title(details: _Details, values: dict[str, str]) -> None:
    details.alt_titles += [values["Alternate Title"], values["Short Title"]]


def _add_reported_title(details: _Details, values: dict[str, str]) -> None:
    details.alt_titles.append(values["Reported Job Title"])


def _add_task(details: _Details, values: dict[str, str]) -> None:
    rank = _TASK_ORDER.get(values["Task Type"], len(_TASK_ORDER))
    details.tasks.append((rank, squeeze(values["Task"])))


def _add_technology(details: _Details, values: dict[str, str]) -> None:
    rank = 0 if values["In Demand"] == "Y" else 1 if values["Hot Technology"] == "Y" else 2
    details.technologies.append((rank, squeeze(values["Example"])))


def _add_knowledge(details: _Details, values: dict[str, str]) -> None:
    details.knowledge += _figures(values)


def _add_general_skill(details: _Details, values: dict[str, str]) -> None:
    details.general_skills += _figures(values)


def _figures(values: dict[str, str]) -> list[ImportanceFigure]:
    if values["Scale ID"] != "IM" or values["Recommend Suppress"] == "Y":
        return []
    return [ImportanceFigure(element=squeeze(values["Element Name"]), value=_figure(values))]


def _figure(values: dict[str, str]) -> float:
    text = values["Data Value"]
    try:
        figure = float(text)
    except ValueError:
        figure = 0.0
    if not _LOWEST <= figure <= _HIGHEST:
        raise InvalidRecord(f"{text[:40]!r} is not a number from 1 to 5.", field="Data Value")
    return figure


_FIGURE_COLUMNS = ("Element Name", "Scale ID", "Data Value", "Recommend Suppress")
_TABLES: dict[str, tuple[tuple[str, ...], _Add]] = {
    "alternate_titles": (("Alternate Title", "Short Title"), _add_alt_title),
    "sample_of_reported_titles": (("Reported Job Title",), _add_reported_title),
    "task_statements": (("Task", "Task Type"), _add_task),
    TECHNOLOGIES: (("Example", "Hot Technology", "In Demand"), _add_technology),
    "knowledge": (_FIGURE_COLUMNS, _add_knowledge),
    "skills": (_FIGURE_COLUMNS, _add_general_skill),
}
