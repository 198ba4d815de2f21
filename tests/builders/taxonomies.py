"""Builders of the taxonomies' tables as they are handed out, and of a folder as it ships."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

ESCO_COLUMNS = (
    "uri",
    "preferredLabel",
    "skillType",
    "reuseLevel",
    "altLabels",
    "description",
    "collections",
    "broaderUris",
)
ESCO_URI = "http://data.europa.eu/esco/skill/"
SQL_UUID = "598de5b0-5b58-4ea7-8058-a4bc4d18c742"
GROUP_UUID = "aab9f44d-fe0e-46d8-a470-11ce82a64846"
CODE = "29-2072.00"
TITLE = "Medical Records Specialists"


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write a tab-separated table, gzip if it is named so, with the first row's columns."""
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    text = "\n".join(lines) + "\n"
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def an_esco_row(**values: str) -> dict[str, str]:
    """Return a row of ESCO's table of skills: SQL, but for what is given."""
    row = dict.fromkeys(ESCO_COLUMNS, "")
    row |= {
        "uri": ESCO_URI + SQL_UUID,
        "preferredLabel": "SQL",
        "skillType": "knowledge",
        "reuseLevel": "sector-specific",
        "broaderUris": "http://data.europa.eu/esco/isced-f/0613",
    }
    return row | values


def an_onet_folder(folder: Path, **tables: Sequence[Mapping[str, str]]) -> Path:
    """Write O*NET's tables for one occupation; a table that is given takes the place of its own."""
    occupation = {"O*NET-SOC Code": CODE, "Title": TITLE}
    written: dict[str, Sequence[Mapping[str, str]]] = {
        "occupation_data": [occupation | {"Description": "Compile and keep medical records."}],
        "alternate_titles": [
            occupation | {"Alternate Title": "Health Information Clerk", "Short Title": ""},
            occupation | {"Alternate Title": "Coder (CDR)", "Short Title": "CDR"},
        ],
        "sample_of_reported_titles": [
            occupation | {"Reported Job Title": "health information clerk"},
            occupation | {"Reported Job Title": "Medical Coder"},
        ],
        "task_statements": [
            a_task("Release information.", "Supplemental"),
            a_task("Review records.", "Core"),
            a_task("Code data.", ""),
        ],
        "technology_skills": [
            a_technology("Web browser software"),
            a_technology("Structured query language SQL", hot="Y"),
            a_technology("Epic Systems", hot="Y", in_demand="Y"),
        ],
        "knowledge": [
            a_figure("Administrative", "IM", "4.25"),
            a_figure("Administrative", "LV", "5.10"),
            a_figure("Physics", "IM", "1.20", suppress="Y"),
        ],
        "skills": [a_figure("Active Listening", "IM", "3.50")],
    }
    for name, rows in (written | tables).items():
        write_table(folder / f"{name}.tsv.gz", rows)
    return folder


def a_task(task: str, task_type: str) -> dict[str, str]:
    """Return a row of O*NET's table of tasks."""
    return {"O*NET-SOC Code": CODE, "Title": TITLE, "Task": task, "Task Type": task_type}


def a_technology(name: str, *, hot: str = "N", in_demand: str = "N") -> dict[str, str]:
    """Return a row of O*NET's table of technologies."""
    row = {"O*NET-SOC Code": CODE, "Title": TITLE, "Example": name}
    return row | {"Hot Technology": hot, "In Demand": in_demand}


def a_figure(element: str, scale: str, value: str, *, suppress: str = "N") -> dict[str, str]:
    """Return a row of O*NET's tables of knowledge and skills."""
    row = {"O*NET-SOC Code": CODE, "Title": TITLE, "Element Name": element, "Scale ID": scale}
    return row | {"Data Value": value, "Recommend Suppress": suppress}
