"""ESCO: the European classification of skills, from its table of skills."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from service.domain.ids import SkillId
from service.domain.skill import Skill, SkillType
from service.errors import InvalidRecord
from service.standards.reading import Parsed
from service.standards.taxonomy_tables import Row, find_table, read_rows, squeeze

FRAMEWORK = "ESCO"
TABLE = "skills_en_assembled"
COLUMNS = (
    "uri",
    "preferredLabel",
    "skillType",
    "reuseLevel",
    "altLabels",
    "description",
    "collections",
    "broaderUris",
)

_SKILL_URI = re.compile(
    r"https?://[^/\s]+/esco/skill/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
)
# The knowledge pillar is grouped by ISCED-F, the fields of education.
_FIELD_URI = re.compile(r"https?://[^/\s]+/esco/isced-f/([0-9]{2,4})")
_ALT_LABEL_END = re.compile(r"[|\r\n]")
_TYPES = {
    "skill/competence": SkillType.SKILL,
    "skill": SkillType.SKILL,
    "knowledge": SkillType.KNOWLEDGE,
}


def read_esco(paths: Sequence[Path]) -> Iterator[Parsed]:
    """Yield the skills of ESCO, row by row.

    A path is the table of skills or the folder that has it. ``broader`` names skills and
    groups of skills alike: a group (``esco:<uuid>`` or ``esco:isced-f-0613``) is no record of
    its own, and tells only which skills stand together. Where the table gives no type, what
    belongs to a field of education is knowledge and what belongs to a group of skills a
    skill, as in ESCO's own hierarchy. Soft are the transversal skills, languages excepted.

    Raises:
        UnreadableFile: if a file is not such a table.
    """
    for path in paths:
        table = find_table(path, TABLE) if path.is_dir() else path
        for row in read_rows(table, columns=COLUMNS):
            yield _parsed(row)


def _parsed(row: Row) -> Parsed:
    if row.reason:
        return row.place.failed(("", row.reason))
    try:
        return row.place.found(_skill(row.values))
    except InvalidRecord as error:
        return row.place.failed((error.field, error.reason))


def _skill(values: dict[str, str]) -> Skill:
    uri = values["uri"].strip()
    if not _SKILL_URI.fullmatch(uri):
        raise InvalidRecord(f"{uri[:140]!r} is not the URI of an ESCO skill.", field="uri")
    broader = tuple(map(concept_id, values["broaderUris"].replace("|", " ").split()))
    skill_type = _type(values, broader)
    return Skill(
        id=concept_id(uri),
        preferred_label=squeeze(values["preferredLabel"]),
        alt_labels=_alt_labels(values["altLabels"]),
        description=values["description"].strip() or None,
        type=skill_type,
        framework=FRAMEWORK,
        uri=uri,
        broader=broader,
        soft=_is_transversal(values) and skill_type is not SkillType.LANGUAGE,
    )


def concept_id(uri: str) -> SkillId:
    """Return the id of a skill, of a group of skills or of a field of education.

    Raises:
        InvalidRecord: if it is the URI of none of these.
    """
    if skill := _SKILL_URI.fullmatch(uri):
        return SkillId(f"esco:{skill[1]}")
    if field := _FIELD_URI.fullmatch(uri):
        return SkillId(f"esco:isced-f-{field[1]}")
    raise InvalidRecord(f"{uri[:140]!r} is not the URI of an ESCO concept.", field="broaderUris")


def _type(values: dict[str, str], broader: tuple[SkillId, ...]) -> SkillType | None:
    stated = values["skillType"].strip()
    if "language" in _collections(values):
        return SkillType.LANGUAGE
    if stated:
        return _stated_type(stated)
    if any(group.startswith("esco:isced-f-") for group in broader):
        return SkillType.KNOWLEDGE
    return SkillType.SKILL if broader else None


def _stated_type(stated: str) -> SkillType:
    if stated not in _TYPES:
        known = ", ".join(_TYPES)
        raise InvalidRecord(f"{stated[:140]!r} is none of {known}.", field="skillType")
    return _TYPES[stated]


def _is_transversal(values: dict[str, str]) -> bool:
    return values["reuseLevel"].strip() == "transversal" or "transversal" in _collections(values)


def _collections(values: dict[str, str]) -> list[str]:
    return values["collections"].split("|")


def _alt_labels(joined: str) -> tuple[str, ...]:
    # As handed out, also where one repeats the label: what ESCO counts is what is kept.
    labels = (squeeze(part) for part in _ALT_LABEL_END.split(joined))
    return tuple(dict.fromkeys(filter(None, labels)))
