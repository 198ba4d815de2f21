"""Calibration is fitted on what the linker sees: the nearest skills of development texts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.builders.calibrating import SKILL, SKILLS, write_calibration_sets
from tests.builders.research import write_table
from training.calibration_neighbors import neighbors_of
from training.calibration_relations import Relations
from training.calibration_sets import (
    HOUSE,
    SKILLSKAPE,
    TECH,
    VACANCIES,
    sentence_neighbors,
    skill_neighbors,
    title_neighbors,
)
from training.encoders import Vectors
from training.splits import is_held_out

EAST, NORTH, NORTHEAST = (1.0, 0.0), (0.0, 1.0), (0.6, 0.8)


def unit(*rows: tuple[float, float]) -> Vectors:
    return np.array(rows, np.float32)


def by_words(texts: Sequence[str]) -> Vectors:
    """Encode a text as the words that it shares with the skills."""
    words = sorted({word for skill in SKILLS for word in skill.split()})
    found = np.array(
        [[0.1, *(word in text.rstrip(".?").split() for word in words)] for text in texts],
        np.float32,
    )
    unit_length: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit_length


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_calibration_sets(tmp_path_factory.mktemp("sets"))


def test_neighbors_come_by_similarity_with_the_margin_to_the_next() -> None:
    found = neighbors_of(
        unit(NORTH, EAST),
        unit(EAST, NORTH, NORTHEAST),
        lambda text, skill: (text, skill) == (0, 2),
        count=2,
        parts=["one", "two"],
    )

    assert found.texts.tolist() == [0, 0, 1, 1]
    assert found.ranks.tolist() == [0, 1, 0, 1]
    assert found.similarities == pytest.approx([1.0, 0.8, 1.0, 0.6])
    assert found.margins == pytest.approx([0.2, 0.8, 0.4, 0.6])
    assert found.right.tolist() == [0, 1, 0, 0]
    assert found.parts.tolist() == ["one", "one", "two", "two"]


def test_equally_near_skills_come_by_number_and_none_is_its_own_neighbor() -> None:
    vectors = unit(EAST, NORTH, NORTH, NORTH, EAST)

    found = neighbors_of(
        vectors[[2]], vectors, lambda _, skill: skill == 1, count=2, parts=["one"], itself=[2]
    )

    assert found.right.tolist() == [1, 0]
    assert found.similarities.tolist() == [1, 1]
    assert found.margins.tolist() == [0, 1]


def test_every_sentence_has_its_three_nearest_skills_even_without_a_label(data: Path) -> None:
    found = sentence_neighbors(data, by_words)

    rows = {part: np.count_nonzero(found.parts == part) for part in (HOUSE, TECH, SKILLSKAPE)}
    assert rows == {HOUSE: 3 * 42, TECH: 3 * 42, SKILLSKAPE: 3 * 43}
    kind = found.only(found.texts == found.texts.max())
    assert kind.right.tolist() == [0, 0, 0]


def test_a_neighbor_is_right_if_the_annotators_gave_it(data: Path) -> None:
    found = sentence_neighbors(data, by_words)

    nearest = found.only(found.ranks == 0)
    assert nearest.of([SKILLSKAPE]).right.tolist() == [1] * 42 + [0]
    # Every fifth sentence names another skill than the one that it is annotated with.
    assert nearest.of([HOUSE]).right.tolist() == [float(n % 5 > 0) for n in range(42)]
    assert nearest.similarities[:42] == pytest.approx(np.ones(42))


def test_real_sentences_count_as_much_as_made_up_ones(data: Path) -> None:
    found = sentence_neighbors(data, by_words)

    real = np.isin(found.parts, [HOUSE, TECH])
    assert found.weights[real].sum() == pytest.approx(found.weights[~real].sum())
    assert found.weights.mean() == pytest.approx(1)
    assert set(found.of([HOUSE]).weights) == {1.0}


def test_a_sentence_that_is_annotated_twice_is_one_text_with_both_labels(tmp_path: Path) -> None:
    data = write_calibration_sets(tmp_path)
    write_table(
        data / "skill-extraction-benchmark/house_validation_annotations.csv.gz",
        [
            {"sentence": "Who can weld boats and clocks ?", "label": "weld boats "},
            {"sentence": "Who can weld  boats and clocks ?", "label": "weld clocks"},
        ],
    )

    found = sentence_neighbors(data, by_words).of([HOUSE])

    assert found.right.tolist() == [1, 1, 0]


def test_vacancy_titles_are_those_of_the_development_part(data: Path) -> None:
    found = title_neighbors(data, by_words)

    assert len(found) == 3 * 7
    assert set(found.parts) == {VACANCIES}
    assert found.right.reshape(7, 3).sum(axis=1).max() == 1


def test_only_held_out_skills_ask_for_their_neighbors(data: Path) -> None:
    found = skill_neighbors(data, by_words)

    held_out = [skill for skill in SKILLS if is_held_out(skill)]
    assert 5 < len(held_out) < 20
    assert len(found) == 20 * len(held_out)
    # Five others are of the same thing; one relation joins two things.
    related = {"weld pipes", "repair boats"}
    of_each = found.right.reshape(-1, 20).sum(axis=1)
    assert of_each.tolist() == [5 + (skill in related) for skill in held_out]
    assert related.intersection(held_out)
    assert found.similarities.max() < 0.99


def test_skills_are_related_by_a_relation_a_broader_one_or_their_narrowest_group() -> None:
    broader = {
        "weld": {"joining", "making"},
        "solder": {"joining"},
        "weld pipes": {"weld"},
        "weld pipes at sea": {"weld pipes"},
        "knit": {"making"},
        "joining": {"making"},
        "making": {"all"},
    }
    relations = Relations([("knit", "sew")], broader)

    assert relations.narrowest("weld") == {"joining"}
    related = [("weld", "solder"), ("weld pipes at sea", "weld"), ("sew", "knit")]
    for one, other in related:
        assert relations.relate(one, other)
        assert relations.relate(other, one)
    # They share a group that is not the narrowest of one of them.
    assert not relations.relate("weld", "knit")
    assert not relations.relate("solder", "weld pipes")
    assert not relations.relate("sew", "weld")


def test_relations_are_read_from_esco(data: Path) -> None:
    relations = Relations.read(data)

    assert relations.relate(f"{SKILL}repair boats", f"{SKILL}weld pipes")
    assert relations.relate(f"{SKILL}repair boats", f"{SKILL}weld boats")
    assert not relations.relate(f"{SKILL}repair boats", f"{SKILL}repair pipes")
