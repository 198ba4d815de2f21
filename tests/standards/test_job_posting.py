"""schema.org JobPosting becomes a job, wherever it stands."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.domain.ids import SkillId
from service.domain.job import Employer, EmploymentType, Job
from service.domain.quantities import PayPeriod, Salary
from service.domain.skill import StatedSkill
from service.errors import UnreadableFile
from service.standards.job_posting import read_job_postings
from tests.builders.parsed import a_file, faults, records, the_job

ESCO = "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000000"

POSTING: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "title": "Records &amp; Data Technician",
    "description": "<p>Keep files <b>accurate</b>.</p><ul><li>Code visits</li><li>Answer</li></ul>",
    "identifier": {"@type": "PropertyValue", "name": "Lakeside Clinic", "value": 4711},
    "datePosted": "2025-06-02T08:00:00-05:00",
    "validThrough": "2025-07-02",
    "employmentType": "PART_TIME",
    "hiringOrganization": {"@type": "Organization", "name": "Lakeside Clinic"},
    "jobLocation": {
        "@type": "Place",
        "address": {
            "@type": "PostalAddress",
            "addressRegion": "IN",
            "addressCountry": {"@type": "Country", "name": "US"},
        },
    },
    "jobLocationType": "TELECOMMUTE",
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "USD",
        "value": {
            "@type": "QuantitativeValue",
            "minValue": "18.50",
            "maxValue": 22,
            "unitText": "HOUR",
        },
    },
    "skills": [
        {"@type": "DefinedTerm", "name": "Assign diagnosis codes", "@id": ESCO},
        {"@type": "DefinedTerm", "name": "Answer requests", "termCode": "AR-1"},
        "Spreadsheets",
    ],
    "occupationalCategory": "29-2072.00",
    "inLanguage": "en-US",
    "url": "https://clinic.example/jobs/4711",
}


def a_posting(**changes: Any) -> dict[str, Any]:
    posting = {"@type": "JobPosting", "title": "Welder", **changes}
    return {key: value for key, value in posting.items() if value is not None}


def a_document(folder: Path, value: Any, name: str = "jobs.json") -> Path:
    return a_file(folder, name, json.dumps(value, indent=1))


def job_of(folder: Path, **changes: Any) -> Job:
    return the_job(read_job_postings([a_document(folder, a_posting(**changes))]))


def test_a_posting_becomes_a_job(tmp_path: Path) -> None:
    job = the_job(read_job_postings([a_document(tmp_path, POSTING)]))

    assert job == Job(
        id=job.id,
        title="Records & Data Technician",
        text="Keep files accurate.\n\n- Code visits\n- Answer",
        employer=Employer(name="Lakeside Clinic"),
        occupation="onet:29-2072.00",
        skills=(
            StatedSkill(
                id=SkillId("esco:00000000-0000-4000-8000-000000000000"),
                name="Assign diagnosis codes",
            ),
            StatedSkill(name="Answer requests"),
            StatedSkill(name="Spreadsheets"),
        ),
        region="US-IN",
        remote=True,
        employment_type=EmploymentType.PART_TIME,
        salary=Salary(currency="USD", period=PayPeriod.HOUR, min=18.5, max=22),
        posted=date(2025, 6, 2),
        valid_through=date(2025, 7, 2),
        language="en-US",
        url="https://clinic.example/jobs/4711",
    )
    assert job.id == "lakeside-clinic:4711"


@pytest.mark.parametrize(
    "document",
    [
        [a_posting(), a_posting(title="Baker")],
        {"@graph": [a_posting(), {"@type": "Place"}, a_posting(title="Baker")]},
        {
            "@graph": [
                {"@graph": [a_posting()]},
                a_posting(**{"@type": ["Thing", "JobPosting"]}, title="Baker"),
            ]
        },
        [
            a_posting(**{"@type": "schema:JobPosting"}),
            a_posting(**{"@type": "https://schema.org/JobPosting"}, title="Baker"),
        ],
    ],
)
def test_postings_are_found_in_lists_and_graphs(tmp_path: Path, document: Any) -> None:
    jobs = records(read_job_postings([a_document(tmp_path, document)]))

    assert [job.title for job in jobs if isinstance(job, Job)] == ["Welder", "Baker"]


def test_a_page_may_have_many_scripts_and_one_that_is_broken(tmp_path: Path) -> None:
    graph = {
        "@graph": [
            {"@type": "Organization", "@id": "#us", "name": "Shipyard"},
            a_posting(hiringOrganization={"@id": "#us"}),
        ]
    }
    path = a_file(
        tmp_path,
        "page.html",
        "<!doctype html><html><head>\n"
        '<script>var trap = "<script type=x>{";</script>\n'
        f'<script type="application/ld+json">{json.dumps(graph)}</script>\n'
        '<script type="application/ld+json">{"@type": "WebSite"}</script>\n'
        '<SCRIPT TYPE="application/ld+json; charset=utf-8">\n{broken\n</SCRIPT>\n'
        f'<script type="application/ld+json">{json.dumps(a_posting(title="Baker"))}</script>\n'
        "</head></html>\n",
    )

    parsed = list(read_job_postings([path]))

    jobs = [job for job in records(parsed) if isinstance(job, Job)]
    assert [(job.title, job.employer) for job in jobs] == [
        ("Welder", Employer(name="Shipyard")),
        ("Baker", None),
    ]
    ((line, field, reason),) = faults(parsed)
    assert (line, field) == (5, "")
    assert reason.startswith("is not JSON: expecting property name")
    assert [item.line for item in parsed] == [3, 5, 8]


def test_a_page_that_was_cut_off_is_a_fault_and_not_a_page_without_postings(
    tmp_path: Path,
) -> None:
    path = a_file(tmp_path, "a.html", '<p>\n<script type=application/ld+json>{"@type": ')

    ((line, _, reason),) = faults(read_job_postings([path]))

    assert line == 2
    assert reason.startswith("is not JSON")


def test_json_lines_are_read_line_by_line(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "jobs.jsonl.gz",
        f"{json.dumps(a_posting())}\nnonsense\n{json.dumps(a_posting(title='Baker'))}\n",
    )

    parsed = list(read_job_postings([path]))

    assert [(item.line, item.record is None) for item in parsed] == [
        (1, False),
        (2, True),
        (3, False),
    ]


def test_a_fault_names_its_place_in_the_document(tmp_path: Path) -> None:
    bad = a_posting(
        title="",
        datePosted="soon",
        skills=["weld", 5],
        baseSalary={"currency": "usd", "value": {"value": "lots", "unitText": "YEAR"}},
    )
    path = a_document(tmp_path, {"@graph": [a_posting(), bad]})

    parsed = list(read_job_postings([path]))

    assert len(records(parsed)) == 1
    assert faults(parsed) == [
        (1, "@graph.1.title", "is missing."),
        (1, "@graph.1.skills.1", "5 is not an object."),
        (1, "@graph.1.baseSalary", "'usd' is not an ISO 4217 code such as USD."),
        (1, "@graph.1.baseSalary", "'lots' is not a number."),
        (1, "@graph.1.datePosted", "'soon' is not a date such as 2025-06-30."),
    ]


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ({"addressCountry": "US", "addressRegion": "IN"}, "US-IN"),
        ({"addressCountry": "us", "addressRegion": "US-IN"}, "US-IN"),
        ({"addressCountry": "US", "addressRegion": "Indiana"}, "US"),
        ({"addressCountry": "US"}, "US"),
        ({"addressCountry": "United States", "addressRegion": "IN"}, None),
        ({"addressRegion": "IN"}, None),
        ("Gary, Indiana", None),
    ],
)
def test_a_region_is_known_by_its_codes_alone(
    tmp_path: Path, address: Any, region: str | None
) -> None:
    assert job_of(tmp_path, jobLocation={"@type": "Place", "address": address}).region == region


def test_places_that_differ_leave_the_region_unknown(tmp_path: Path) -> None:
    places = [{"address": {"addressCountry": code}} for code in ("US", "CA")]

    assert job_of(tmp_path, jobLocation=places).region is None
    assert job_of(tmp_path, jobLocation=places[:1] * 2).region == "US"


@pytest.mark.parametrize(
    ("given", "expected", "text"),
    [
        ("Full-time", EmploymentType.FULL_TIME, None),
        ("INTERN", EmploymentType.INTERNSHIP, None),
        (
            ["PART_TIME", "CONTRACTOR"],
            EmploymentType.PART_TIME,
            "Employment type: PART_TIME, CONTRACTOR",
        ),
        ("Permanent", None, "Employment type: Permanent"),
    ],
)
def test_terms_that_do_not_fit_are_kept_in_words(
    tmp_path: Path, given: Any, expected: EmploymentType | None, text: str | None
) -> None:
    job = job_of(tmp_path, employmentType=given)

    assert (job.employment_type, job.text) == (expected, text)


@pytest.mark.parametrize(
    ("pay", "salary", "text"),
    [
        (
            {"currency": "EUR", "value": {"value": "52,000", "unitText": "YEAR"}},
            Salary(currency="EUR", period=PayPeriod.YEAR, min=52000, max=52000),
            None,
        ),
        (
            {"currency": "EUR", "value": 20, "unitText": "HOUR"},
            Salary(currency="EUR", period=PayPeriod.HOUR, min=20, max=20),
            None,
        ),
        (
            {"currency": "EUR", "value": {"minValue": 90, "unitText": "DAY"}},
            None,
            "Pay: 90 EUR DAY",
        ),
        ("20 an hour", None, "Pay: 20 an hour"),
        ({}, None, None),
    ],
)
def test_pay_that_does_not_fit_is_kept_in_words(
    tmp_path: Path, pay: Any, salary: Salary | None, text: str | None
) -> None:
    job = job_of(tmp_path, baseSalary=pay)

    assert (job.salary, job.text) == (salary, text)


def test_a_currency_may_stand_beside_the_pay(tmp_path: Path) -> None:
    pay = {"value": {"minValue": 20, "unitText": "HOUR"}}

    job = job_of(tmp_path, baseSalary=pay, salaryCurrency="USD")

    assert job.salary == Salary(currency="USD", period=PayPeriod.HOUR, min=20)


def test_short_skills_in_a_text_are_names_and_sentences_stay_text(tmp_path: Path) -> None:
    names = job_of(tmp_path, skills="Excel, SQL; team work")
    sentence = "We look for somebody who has welded ships for many years, in all weathers and seas."
    prose = job_of(tmp_path, description="Weld.", skills=sentence)

    assert [skill.name for skill in names.skills] == ["Excel", "SQL", "team work"]
    assert names.text is None
    assert prose.skills == ()
    assert prose.text == f"Weld.\n\n{sentence}"


def test_duties_and_qualifications_belong_to_the_text(tmp_path: Path) -> None:
    job = job_of(
        tmp_path,
        description="Weld.&nbsp;Daily.",
        responsibilities=["Cut", "Grind"],
        qualifications="&lt;p&gt;A license&lt;/p&gt;",
        experienceRequirements={"monthsOfExperience": 6},
    )

    assert job.text == "Weld.\xa0Daily.\n\nCut\nGrind\n\nA license"


@pytest.mark.parametrize(
    ("given", "occupation"),
    [
        ("51-4121.00", "onet:51-4121.00"),
        ("51-4121 Welders", "onet:51-4121.00"),
        (["Welders", {"codeValue": "51-4121.06"}], "onet:51-4121.06"),
        ({"@type": "CategoryCode", "name": "Welders"}, "Welders"),
        ("Welders", "Welders"),
    ],
)
def test_an_occupation_is_known_by_its_code_or_else_by_its_title(
    tmp_path: Path, given: Any, occupation: str
) -> None:
    assert job_of(tmp_path, occupationalCategory=given).occupation == occupation


def test_a_number_of_one_employer_is_not_that_of_another(tmp_path: Path) -> None:
    ids = {
        job_of(tmp_path, identifier={"name": name, "value": "17"}).id
        for name in ("Shipyard", "Harbor Bakery")
    }

    assert ids == {"shipyard:17", "harbor-bakery:17"}
    assert job_of(tmp_path, identifier="REQ-17").id == "REQ-17"


def test_a_posting_without_an_identifier_gets_an_id_from_what_it_says(tmp_path: Path) -> None:
    here = job_of(tmp_path, jobLocation={"address": {"addressLocality": "Gary"}})
    there = job_of(tmp_path, jobLocation={"address": {"addressLocality": "Hammond"}})
    odd = job_of(tmp_path, identifier="no id at all!")

    assert here.id.startswith("welder-gary-")
    assert there.id.startswith("welder-hammond-")
    assert odd.id.startswith("no-id-at-all-")
    assert here == job_of(tmp_path, jobLocation={"address": {"addressLocality": "Gary"}})


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("jobs.json", "[]", "there is no schema.org JobPosting in it."),
        ("page.html", "<p>JobPosting</p>", "there is no schema.org JobPosting in it."),
        (
            "jobs.txt",
            "{}",
            "its name ends in none of .json, .jsonld, .jsonl, .ndjson, .html and .htm.",
        ),
        (
            "jobs.json",
            b'{"@type": "\xff"}',
            "has bytes that are not UTF-8; save the file as UTF-8.",
        ),
    ],
)
def test_a_file_without_a_posting_is_refused(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    with pytest.raises(UnreadableFile) as caught:
        list(read_job_postings([a_file(tmp_path, name, content)]))

    assert caught.value.reason == reason


@pytest.mark.parametrize("text", ["[" * 100_000, '{"title": NaN}', '{"a": 1, "a": 2}'])
def test_hostile_json_is_a_fault(tmp_path: Path, text: str) -> None:
    ((line, field, reason),) = faults(read_job_postings([a_file(tmp_path, "a.json", text)]))

    assert (line, field) == (1, "")
    assert reason


@pytest.mark.parametrize("value", [5, True, [], {}, [[]], [{"name": {"name": []}}], "x", [None]])
@pytest.mark.parametrize("key", sorted(set(POSTING) - {"@type"}))
def test_no_odd_value_of_a_property_crashes(tmp_path: Path, key: str, value: Any) -> None:
    path = a_document(tmp_path, {**POSTING, key: value})

    (item,) = list(read_job_postings([path]))

    assert (item.record is None) == bool(item.faults)
