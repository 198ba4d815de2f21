"""Fields of work: the top groups of O*NET, ISCO and ESCO's skills, by name."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from training.research.tables import read_table
from training.splits import text_key
from training.tasks.task import UNKNOWN_FIELD

# 2018 Standard Occupational Classification: the major groups (https://www.bls.gov/soc/2018).
SOC_GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "11": "management",
        "13": "business and financial operations",
        "15": "computer and mathematical",
        "17": "architecture and engineering",
        "19": "life, physical and social science",
        "21": "community and social service",
        "23": "legal",
        "25": "educational instruction and library",
        "27": "arts, design, entertainment, sports and media",
        "29": "healthcare practitioners and technical",
        "31": "healthcare support",
        "33": "protective service",
        "35": "food preparation and serving",
        "37": "building and grounds cleaning and maintenance",
        "39": "personal care and service",
        "41": "sales",
        "43": "office and administrative support",
        "45": "farming, fishing and forestry",
        "47": "construction and extraction",
        "49": "installation, maintenance and repair",
        "51": "production",
        "53": "transportation and material moving",
        "55": "military specific",
    }
)


def soc_field(code: str) -> str:
    """Return the major group of an O*NET-SOC code."""
    return SOC_GROUPS.get(code[:2], UNKNOWN_FIELD)


def isco_fields(data: Path) -> dict[str, str]:
    """Return the ISCO major group of each ESCO occupation, by URI."""
    groups = {
        row["code"]: row["preferredLabel"].lower()
        for row in read_table(data / "esco/ISCOGroups_en.tsv.gz")
        if len(row["code"]) == 1
    }
    return {
        row["conceptUri"]: groups.get(row["iscoGroup"][:1], UNKNOWN_FIELD)
        for row in read_table(data / "esco/occupations_en.tsv.gz")
    }


def skill_fields(data: Path) -> dict[str, str]:
    """Return the first group below the pillar of each ESCO skill, by the key of its label.

    A skill of several groups counts for the one with the first code.
    """
    names: dict[str, str] = {}
    for row in read_table(data / "esco/skillsHierarchy_en.tsv.gz"):
        if row["Level 1 URI"] and not row["Level 2 URI"]:
            code, term = row["Level 1 code"], row["Level 1 preferred term"]
            names[row["Level 1 URI"]] = f"{code} {term}"
    broader: dict[str, list[str]] = {}
    for row in read_table(data / "esco/broaderRelationsSkillPillar_en.tsv.gz"):
        broader.setdefault(row["conceptUri"], []).append(row["broaderUri"])
    return {
        text_key(row["preferredLabel"]): min(_groups(row["uri"], broader, names), default="")
        for row in read_table(data / "esco/skills_en_assembled.tsv.gz")
    }


def _groups(uri: str, broader: Mapping[str, list[str]], names: Mapping[str, str]) -> set[str]:
    waiting, seen, found = [uri], {uri}, set()
    while waiting:
        at = waiting.pop()
        if at in names:
            found.add(names[at])
            continue
        new = [each for each in broader.get(at, ()) if each not in seen]
        seen.update(new)
        waiting += new
    return found
