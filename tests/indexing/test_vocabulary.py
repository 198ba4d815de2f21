"""The vocabulary: found by every name, by vector, and only as long as it is there."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from service.domain.ids import SkillId
from service.domain.skill import Skill, SkillType
from tests.builders.skills import QUERYING, SQL, WELDING, a_vocabulary, vector_of


def test_a_skill_is_found_by_its_label_and_its_other_labels() -> None:
    vocabulary = a_vocabulary()

    assert vocabulary.by_name("sql") == SQL
    assert vocabulary.by_name("structured query language") == SQL
    assert vocabulary.by_name("juggling") is None


def test_the_second_name_of_a_skill_leads_to_the_skill() -> None:
    vocabulary = a_vocabulary()
    twin = Skill(
        id=SkillId("onet-tech:sql"),
        preferred_label="Structured query language SQL",
        type=SkillType.TECHNOLOGY,
        same_as=SQL,
    )

    vocabulary.upsert([twin], vector_of(SQL)[None, :])

    assert vocabulary.by_name("structured query language sql") == SQL
    assert [hit.skill for hit in vocabulary.nearest(vector_of(SQL)[None, :], k=2)[0]] == [
        SQL,
        QUERYING,
    ]


def test_a_preferred_label_goes_before_an_alternative_one() -> None:
    vocabulary = a_vocabulary()
    other = Skill(id=SkillId("aaa"), preferred_label="other", alt_labels=("SQL",))

    vocabulary.upsert([other], vector_of(WELDING)[None, :])

    assert vocabulary.by_name("sql") == SQL


def test_a_renamed_skill_is_no_longer_found_by_its_old_name() -> None:
    vocabulary = a_vocabulary()

    vocabulary.upsert([Skill(id=SQL, preferred_label="SQL dialects")], vector_of(SQL)[None, :])

    assert vocabulary.by_name("structured query language") is None
    assert vocabulary.by_name("sql dialects") == SQL
    assert len(vocabulary) == 4


def test_a_removed_skill_is_gone_by_name_and_by_vector() -> None:
    vocabulary = a_vocabulary()

    vocabulary.remove(SQL)
    vocabulary.remove(SkillId("never there"))

    assert vocabulary.by_name("sql") is None
    assert vocabulary.get(SQL) is None
    assert vocabulary.nearest(vector_of(SQL)[None, :], k=1)[0][0].skill == QUERYING
    assert not np.any(vocabulary.vectors_of([SQL]))


def test_a_skill_that_is_not_there_yet_has_a_number_and_no_vector() -> None:
    vocabulary = a_vocabulary()

    numbers = vocabulary.numbers_of([SkillId("coming"), SQL, SkillId("coming")])

    assert numbers[0] == numbers[2] != numbers[1]
    assert vocabulary.ids_by_number(numbers) == ("coming", SQL, "coming")
    assert not np.any(vocabulary.vectors_by_number(numbers)[0])


def test_skills_that_threads_number_at_once_have_numbers_of_their_own() -> None:
    vocabulary = a_vocabulary()
    new = [SkillId(f"new:{number}") for number in range(4_000)]

    with ThreadPoolExecutor(8) as threads:
        each = list(threads.map(lambda skill: vocabulary.numbers_of([skill, *new[:2]])[0], new))

    assert len(set(each)) == len(new)
    assert [int(number) for number in vocabulary.numbers_of(new)] == [int(at) for at in each]
    assert list(vocabulary.ids_by_number(vocabulary.numbers_of(new))) == new
    assert not vocabulary.vectors_by_number(vocabulary.numbers_of(new)).any()
