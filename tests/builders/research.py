"""A folder of research sets in the formats of the real ones, with a few made-up rows each."""

import csv
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

# The first two are held out, the third is not.
NURSE, ENGINEER, WELDER = "29-1141.00", "17-2051.00", "51-4121.00"
OCCUPATIONS = {
    NURSE: ("Ward Nurses", "Care for people in a hospital."),
    ENGINEER: ("Bridge Engineers", "Plan bridges and roads."),
    WELDER: ("Pipe Welders", "Join pipes by heat."),
}
ALTERNATES = {
    NURSE: (*(f"Nurse of Ward {number}" for number in range(7)), "Planner"),
    ENGINEER: ("Bridge Planner", "Road Planner", "Site Engineer", "PLANNER"),
    WELDER: ("Arc Welder",),
}
TECHNOLOGIES = {
    NURSE: ("WardBook", "DoseCheck", "ShiftPlan", "ChartRead", "Spreadsheets", "PillTrack"),
    ENGINEER: ("SpanCAD", "Spreadsheets"),
    WELDER: ("ArcLog",),
}
STATEMENTS = {
    NURSE: tuple(f"Give medicine number {number}." for number in range(9)),
    ENGINEER: ("Draw plans.", "Write reports."),
    WELDER: ("Weld pipes.", "Write reports.", "Grind seams."),
}
GROUPS = "http://example.org/group/"
SKILLS = {"weld pipes": "s1", "nurse the sick": "s3", "Perl": "k06", "knit": ""}


def write_research(folder: Path, *, titles: Iterable[str] = ("Ward nurse (nights)",)) -> Path:
    """Write the sets; every title of ``titles`` is a vacancy for a nurse. Return the folder."""
    _esco(folder / "esco")
    _onet(folder / "onet")
    _sentences(folder)
    nurse = "http://example.org/occupation/nurse"
    write_table(
        folder / "jobbert-titles/titles.csv.gz",
        [{"vacancyTitle": title, "conceptUri": nurse} for title in titles]
        + [{"vacancyTitle": "Ghost", "conceptUri": "http://example.org/occupation/gone"}],
    )
    write_table(
        folder / "coursera-skills/credentials.tsv.gz",
        [
            {"cred_id": "coursera-0000", "title": "Knots", "skills": '["Rope", "Sailing"]'},
            {"cred_id": "coursera-0005", "title": "Wards", "skills": '["Care", "Nursing"]'},
            {"cred_id": "coursera-0008", "title": "Silence", "skills": "[]"},
        ],
    )
    write_lines(
        folder / "techwolf-vacancy-job2skill/titles.jsonl.gz",
        [
            _vacancy("Welder, days", {"weld pipes": (0.9, 0.9), "gone": (0.9, 0.9)}, part="dev"),
            _vacancy("Nurse, days", {"nurse the sick": (0.9, 0.5), "Perl": (0.5, 0.25)}),
            _vacancy("WELDER,  days", {"weld pipes": (0.9, 0.9)}),
        ],
    )
    write_lines(
        folder / "fedjobs-iam/fedjobs.jsonl.gz",
        [
            {"summary": "Guards the gate.", "duties": "Checks badges all day."},
            {"summary": "Guards the  gate.", "duties": "Writes down who came."},
            {"summary": "Leads the guards.", "duties": "Checks badges all day."},
            {"summary": "Does nothing.", "duties": " "},
        ],
    )
    return folder


def _esco(folder: Path) -> None:
    write_table(
        folder / "skills_en_assembled.tsv.gz",
        [{"uri": f"http://example.org/{label}", "preferredLabel": label} for label in SKILLS],
    )
    write_table(
        folder / "broaderRelationsSkillPillar_en.tsv.gz",
        [
            *(
                {"conceptUri": f"http://example.org/{label}", "broaderUri": f"{GROUPS}{code}.1"}
                for label, code in SKILLS.items()
                if code
            ),
            *(
                {"conceptUri": f"{GROUPS}{code}.1", "broaderUri": f"{GROUPS}{code}"}
                for code in ("s1", "s3", "k06")
            ),
            {"conceptUri": "http://example.org/Perl", "broaderUri": f"{GROUPS}s1.1"},
        ],
    )
    write_table(
        folder / "skillsHierarchy_en.tsv.gz",
        [
            _level("S1", "building"),
            _level("S3", "caring"),
            _level("K06", "computing"),
            {**_level("S1", "building"), "Level 2 URI": f"{GROUPS}s1.1"},
        ],
    )
    write_table(
        folder / "occupations_en.tsv.gz",
        [
            {
                **_occupation("nurse", "2221", "ward nurse"),
                "altLabels": "night nurse\nNurse of ward 0",
                "description": "Nurse of ward 1",
            },
            {
                **_occupation("welder", "7212", "pipe welder"),
                "altLabels": "tube welder",
                "description": "Joins tubes in yards.",
            },
        ],
    )
    write_table(
        folder / "ISCOGroups_en.tsv.gz",
        [
            {"code": "2", "preferredLabel": "Professionals"},
            {"code": "7", "preferredLabel": "Craft workers"},
            {"code": "72", "preferredLabel": "Metal workers"},
        ],
    )


def _onet(folder: Path) -> None:
    write_table(
        folder / "occupation_data.tsv.gz",
        [
            {"O*NET-SOC Code": code, "Title": title, "Description": description}
            for code, (title, description) in OCCUPATIONS.items()
        ],
    )
    for name, column, texts in (
        ("alternate_titles", "Alternate Title", ALTERNATES),
        ("technology_skills", "Example", TECHNOLOGIES),
        ("task_statements", "Task", STATEMENTS),
    ):
        write_table(
            folder / f"{name}.tsv.gz",
            [
                {"O*NET-SOC Code": code, "Title": OCCUPATIONS[code][0], column: text}
                for code, each in texts.items()
                for text in each
            ],
        )


def _sentences(folder: Path) -> None:
    benchmark = folder / "skill-extraction-benchmark"
    write_table(
        benchmark / "house_validation_annotations.csv.gz",
        [
            {"sentence": "Joins pipes, in Perl .", "label": "weld pipes "},
            {"sentence": "Joins pipes, in Perl .", "label": "Perl"},
            {"sentence": "Is smart .", "label": "LABEL NOT PRESENT"},
            {"sentence": "Is nice .", "label": "UNDERSPECIFIED"},
        ],
    )
    write_table(
        benchmark / "tech_validation_annotations.csv.gz",
        [{"sentence": "Writes scripts .", "label": "Perl"}],
    )
    with gzip.open(benchmark / "skills_en_label.txt.gz", "wt", encoding="utf-8") as file:
        file.write("knit\nweld pipes \nPerl\nweld pipes\n")
    write_table(
        folder / "skillskape/dev.csv.gz",
        [
            {"": "0", "sentence": "You care for patients.", "skills": "['nurse the sick', 'UNK']"},
            {"": "1", "sentence": "You are kind.", "skills": "['UNK']"},
        ],
    )


def _level(code: str, term: str) -> dict[str, str]:
    return {
        "Level 0 URI": f"{GROUPS}{code[0].lower()}",
        "Level 1 URI": f"{GROUPS}{code.lower()}",
        "Level 1 preferred term": term,
        "Level 2 URI": "",
        "Level 1 code": code,
    }


def _occupation(name: str, isco: str, label: str) -> dict[str, str]:
    return {
        "conceptUri": f"http://example.org/occupation/{name}",
        "iscoGroup": isco,
        "preferredLabel": label,
    }


def _vacancy(
    title: str, skills: Mapping[str, tuple[float, float]], *, part: str = "train"
) -> dict[str, object]:
    return {
        "title": title,
        "skill_name": list(skills),
        "skill_prob_avg": [probability for probability, _ in skills.values()],
        "skill_occurrence_pct": [share for _, share in skills.values()],
        "part": part,
    }


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows as ``.tsv.gz`` or ``.csv.gz`` with a header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    delimiter = "\t" if ".tsv" in path.suffixes else ","
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def write_lines(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as ``.jsonl.gz``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
