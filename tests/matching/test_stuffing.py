"""Stuffing: words of the job ad in a profile are found, however they are dressed up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.ids import JobId, LearnerId
from service.domain.job import Job
from service.domain.learner import Course, Experience, Learner
from service.domain.skill import EvidenceClass, LinkMethod, LinkSource, SkillLink, Span
from service.matching.damping import damped
from service.matching.names import Word
from service.matching.plain_words import plain_keys, plain_words
from service.matching.stuffing import ad_of, own_words, repeats, taken, titled, tokens_of
from tests.builders.skills import SQL, WELDING, a_link

AD = (
    "We are looking for a reporting analyst who writes SQL queries against our warehouse, "
    "builds weekly dashboards for the sales teams and explains what the numbers mean. "
    "You should know Tableau, Python, statistics, forecasting, budgeting and spreadsheets."
)
JOB = Job(id=JobId("j-1"), title="Reporting Analyst", text=AD)
DUMP = "SQL Tableau Python statistics forecasting budgeting spreadsheets dashboards warehouse "
DUMP += "queries reporting sales numbers"
HONEST = (
    "For six years I have welded pipes at a shipyard. Lately I kept the shift plan in "
    "spreadsheets, and I like to see what the numbers say about our sales."
)


def keys(text: str) -> list[str]:
    return [word.key for word in plain_words(text)]


@pytest.mark.parametrize(
    "dressed",
    [
        "w\u200br\u200bites S\u2060QL queries",
        "wr\u0456tes SQL qu\u0435ri\u0435s",
        "\uff57rites \uff33QL queries",
        "w\u0301rites SQL queri\u00e9s",
        "writes\u00a0SQL\u2003queries",
    ],
)
def test_words_that_read_the_same_are_the_same(dressed: str) -> None:
    assert keys(dressed) == ["writes", "sql", "queries"]


def test_words_know_their_place_in_the_text_as_it_was_written() -> None:
    text = "I w\u200br\u0456te \ufb01les."

    found = plain_words(text)

    assert [word.key for word in found] == ["i", "write", "files"]
    assert [text[word.start : word.end] for word in found] == [
        "I",
        "w\u200br\u0456te",
        "\ufb01les",
    ]
    assert plain_words("SQL now")[0] == Word("sql", 0, 3)


@given(st.text(st.characters(max_codepoint=0x7F)) | st.text())
def test_words_without_their_places_are_the_same_words(text: str) -> None:
    assert plain_keys(text) == keys(text)


def found_in(text: str) -> tuple[int, int]:
    """Return how many words are taken from the ad, and how many name its title."""
    tokens, ad = tokens_of(plain_words(text)), ad_of(JOB)
    return int(taken(tokens, ad).sum()), int(titled(tokens, ad).sum())


def test_five_words_in_a_row_are_copied_and_four_are_not() -> None:
    assert found_in("I am somebody who writes SQL queries against our pipes") == (6, 0)
    assert found_in("I am one who writes SQL queries, pipes") == (0, 0)


def test_a_list_of_the_words_of_the_ad_is_found_and_a_tale_with_some_is_not() -> None:
    assert found_in(DUMP) == (13, 0)
    assert found_in(HONEST) == (0, 0)


def test_a_title_that_is_said_once_is_found_and_again_and_again_is_a_list() -> None:
    assert found_in("Reporting Analyst") == (0, 2)
    assert found_in("Reporting Analyst. " * 20) == (40, 40)
    assert found_in("An analyst, reporting to the owner") == (0, 0)


def test_nothing_reaches_over_from_one_text_to_the_next() -> None:
    halves = ("a reporting analyst", "who writes SQL queries")
    work = tuple(Experience(title="Welder", text=text) for text in halves)
    learner = Learner(id=LearnerId("l-1"), experience=work)

    whole = Learner(id=LearnerId("l-2"), text=AD)

    assert repeats([own_words(learner), own_words(whole)], ad_of(JOB)).tolist() == [True, True]
    assert repeats(
        [own_words(learner)], ad_of(Job(id=JobId("j"), title="x", text=AD))
    ).tolist() == [False]


def test_who_holds_a_position_of_that_title_repeats_nothing() -> None:
    learner = Learner(
        id=LearnerId("l-1"),
        experience=(Experience(title="Reporting Analyst"),),
        courses=(Course(name="Statistics", grade="A"),),
    )

    assert repeats([own_words(learner)], ad_of(JOB)).tolist() == [False]


def test_a_job_without_words_is_repeated_by_nobody() -> None:
    empty = ad_of(Job(id=JobId("j-2"), title="-"))

    assert repeats([own_words(Learner(id=LearnerId("l"), text=AD))], empty).tolist() == [False]
    assert titled(np.empty(0, dtype=np.uint32), ad_of(JOB)).tolist() == []


def link(text: str, within: str, *, method: LinkMethod = LinkMethod.VECTOR) -> SkillLink:
    start = within.index(text)
    return SkillLink(
        skill=SQL,
        weight=0.8,
        source=LinkSource.INFERRED,
        method=method,
        confidence=0.8,
        field="text",
        text=text,
        span=None if method is LinkMethod.OCCUPATION else Span(start, start + len(text)),
        evidence=EvidenceClass.SELF_STATED,
    )


def weights(text: str, *links: SkillLink) -> tuple[list[float], tuple[str, ...]]:
    found = damped(Learner(id=LearnerId("l-1"), text=text), links, ad_of(JOB))
    return [each.weight for each in found.links], found.caveats


def test_what_is_inferred_from_the_words_of_the_ad_counts_a_quarter_and_the_reader_is_told() -> (
    None
):
    text = f"{HONEST} {AD}"
    stated = a_link(WELDING, 1.0)

    found, caveats = weights(text, link("builds weekly dashboards", text), stated)

    assert found == [0.08, 1.0]
    assert caveats == (
        "the profile repeats 37 words of the job ad; what they suggest counts a tenth",
    )


def test_what_a_person_says_beside_the_copied_words_counts_in_full() -> None:
    text = f"{HONEST} {AD}"

    found, _ = weights(text, link("welded pipes at a shipyard", text))

    assert found == [0.8]


def test_a_phrase_in_common_is_no_copy() -> None:
    text = "I am somebody who writes SQL queries against our pipes."

    assert weights(text, link("writes SQL queries", text)) == ([0.8], ())


def test_the_title_alone_shows_next_to_nothing_of_what_it_stands_for() -> None:
    text = "Reporting analyst. I weld."
    guessed = link("Reporting analyst", text, method=LinkMethod.OCCUPATION)

    found, caveats = weights(text, guessed, link("Reporting analyst", text))

    assert found == [0.08, 0.08]
    assert caveats == (
        "the profile's text names the job's title; what that suggests counts a tenth",
    )


def test_a_part_of_the_title_is_the_title_and_another_title_is_not() -> None:
    senior = Job(id=JobId("j-3"), title="Senior Reporting Analyst")
    text = "Reporting analyst, then welding inspector."
    links = [
        link("Reporting analyst", text, method=LinkMethod.OCCUPATION),
        link("welding inspector", text, method=LinkMethod.OCCUPATION),
    ]

    found = damped(Learner(id=LearnerId("l-1"), text=text), links, ad_of(senior))

    assert [each.weight for each in found.links] == [0.08, 0.8]


def test_a_title_of_one_word_that_is_a_skill_still_names_the_skill() -> None:
    accounting = Job(id=JobId("j-4"), title="Accounting")
    text = "Ten years of accounting."

    by_name = link("accounting", text, method=LinkMethod.LABEL)
    found = damped(Learner(id=LearnerId("l-1"), text=text), [by_name], ad_of(accounting))

    assert [each.weight for each in found.links] == [0.8]
