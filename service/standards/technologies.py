"""O*NET's technologies as skills of their own, and which of them are ESCO's under another name."""

import re
from collections.abc import Iterable
from dataclasses import replace

from service.domain.ids import SkillId
from service.domain.skill import Skill, SkillType
from service.errors import InvalidRecord
from service.matching.names import EVERYDAY_WORDS, alias_names, name_key

FRAMEWORK = "O*NET"

_SIGNS = str.maketrans({"+": "-plus", "#": "-sharp"})
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_MAX_SLUG = 118
_VENDORS = frozenset({"apache", "ibm", "microsoft", "oracle", "the mathworks"})


def technology_id(name: str) -> SkillId:
    """Return the id of a technology: ``C++`` is ``onet-tech:c-plus-plus``.

    Raises:
        InvalidRecord: if there is no letter or digit in the name, or too many.
    """
    slug = _NO_SLUG.sub("-", name.lower().translate(_SIGNS)).strip("-")
    if not 1 <= len(slug) <= _MAX_SLUG:
        raise InvalidRecord(
            f"{name[:140]!r} gives no id: it needs 1 to {_MAX_SLUG} letters and digits.",
            field="Example",
        )
    return SkillId(f"onet-tech:{slug}")


class Technologies:
    """Makes skills of technologies' names, in the light of ESCO's labels."""

    def __init__(self, esco: Iterable[Skill]) -> None:
        self._esco = _by_name(esco)

    def skill(self, name: str) -> Skill:
        """Return the technology as a skill, ``same_as`` ESCO's if ESCO has one of the name.

        Raises:
            InvalidRecord: as `technology_id`.
        """
        skill = Skill(
            id=technology_id(name),
            preferred_label=name,
            type=SkillType.TECHNOLOGY,
            framework=FRAMEWORK,
        )
        same = self._same(skill)
        return skill if same is None else replace(skill, same_as=same)

    def _same(self, skill: Skill) -> SkillId | None:
        names = map(name_key, (skill.preferred_label, *_telling_aliases(skill)))
        return next((self._esco[name] for name in names if name in self._esco), None)


def _telling_aliases(skill: Skill) -> list[str]:
    """Return the aliases that can mean one product only."""
    return [
        alias
        for alias in alias_names(skill)
        if name_key(alias) not in EVERYDAY_WORDS
        and (not alias.isupper() or _is_acronym(alias, skill.preferred_label))
    ]


def _is_acronym(short: str, label: str) -> bool:
    """Tell whether the letters stand in the words before it, or a vendor does.

    ``SQL`` in ``Windent SQL`` is neither: that is another product.
    """
    before = label.rpartition(short)[0].casefold()
    if before.strip() in _VENDORS:
        return True
    letters = iter(before)
    in_order = all(letter in letters for letter in short.casefold())
    return in_order and before.startswith(short[0].casefold())


def _by_name(esco: Iterable[Skill]) -> dict[str, SkillId]:
    """Return the ids by the labels' keys; the whole label goes before one without its qualifier.

    Only of labels that are written as names: ``accounting`` is no product, ``Moodle`` is.
    """
    named = (skill for skill in esco if skill.preferred_label != skill.preferred_label.lower())
    skills = sorted(named, key=lambda skill: skill.id)
    found: dict[str, SkillId] = {}
    for skill in skills:
        found.setdefault(name_key(skill.preferred_label), skill.id)
    for skill in skills:
        for alias in alias_names(skill):
            found.setdefault(name_key(alias), skill.id)
    return found
