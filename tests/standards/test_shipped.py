import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings import load_encoder
from service.domain.ids import OccupationId
from service.domain.job import Occupation
from service.domain.skill import Skill, SkillType
from service.errors import DataMissing
from service.standards.esco import read_esco
from service.standards.onet import read_onet_occupations, read_onet_skills
from service.standards.shipped import (
    DEFAULT,
    ESCO,
    MANIFEST,
    ONET,
    REQUIREMENTS,
    ShippedTaxonomy,
    load_taxonomy,
    narrow,
    taxonomy_texts,
    texts_hash,
    vectors_file,
    widen,
)
from tests.builders.parsed import records

SHARED = Path(__file__).parents[3] / "shared" / "data"
DATA_SCIENTISTS = OccupationId("onet:15-2051.00")

needs_data = pytest.mark.skipif(not SHARED.exists(), reason="needs the data in ../shared/data")


@pytest.fixture(scope="module")
def taxonomy() -> ShippedTaxonomy:
    return load_taxonomy()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT, tmp_path / "taxonomy"))


def test_the_worlds_words_ship(taxonomy: ShippedTaxonomy) -> None:
    frameworks = Counter(skill.framework for skill in taxonomy.skills)

    assert frameworks == {"ESCO": 13_948, "O*NET": 8_775}
    assert len(taxonomy.occupations) == 1_016
    assert taxonomy.versions == {"esco": "1.2.0", "onet": "29.3"}
    assert taxonomy.manifest.attribution.keys() == taxonomy.versions.keys()


def test_names_and_figures_ship_and_no_descriptions(taxonomy: ShippedTaxonomy) -> None:
    assert not any(skill.description for skill in taxonomy.skills)
    assert not any(each.description or each.tasks for each in taxonomy.occupations)


def test_the_names_take_three_megabytes_at_most() -> None:
    assert sum((DEFAULT / name).stat().st_size for name in (ESCO, ONET)) <= 3_000_000


def test_ids_are_unique_and_in_order(taxonomy: ShippedTaxonomy) -> None:
    skills = [skill.id for skill in taxonomy.skills]
    occupations = [each.id for each in taxonomy.occupations]

    assert skills == sorted(set(skills))
    assert occupations == sorted(set(occupations))


def test_a_technology_is_the_same_as_a_skill_of_esco_and_of_no_other(
    taxonomy: ShippedTaxonomy,
) -> None:
    esco = {skill.id for skill in taxonomy.skills if skill.framework == "ESCO"}
    same = {skill.same_as for skill in taxonomy.skills if skill.same_as}

    assert same
    assert same <= esco


def test_requirements_name_skills_that_ship_by_weights_that_fall_from_one(
    taxonomy: ShippedTaxonomy,
) -> None:
    known = {skill.id for skill in taxonomy.skills if skill.same_as is None}

    assert taxonomy.requirements.keys() == {each.id for each in taxonomy.occupations}
    for needed in taxonomy.requirements.values():
        weights = [weight for _, weight in needed]
        assert {skill for skill, _ in needed} <= known
        assert len({skill for skill, _ in needed}) == len(needed) <= 40
        assert weights == sorted(weights, reverse=True)
        assert weights[0] == 1
        assert weights[-1] > 0


def test_no_requirement_is_soft_a_language_or_one_of_onets_general_skills(
    taxonomy: ShippedTaxonomy,
) -> None:
    skills = {skill.id: skill for skill in taxonomy.skills}
    general = {
        figure.element.casefold() for each in taxonomy.occupations for figure in each.general_skills
    } - {"mathematics"}

    asked = [skills[skill] for needed in taxonomy.requirements.values() for skill, _ in needed]

    assert len(general) == 34
    assert not [skill for skill in asked if skill.soft or skill.type is SkillType.LANGUAGE]
    assert not [skill for skill in asked if skill.preferred_label.casefold() in general]


def test_technologies_are_a_third_of_an_occupations_requirements_at_most(
    taxonomy: ShippedTaxonomy,
) -> None:
    own = {skill.id for skill in taxonomy.skills if skill.framework == "O*NET"}

    counts = [sum(each.skill in own for each in some) for some in taxonomy.requirements.values()]

    assert 8 <= max(counts) <= 13


def test_data_scientists_are_asked_for_data_science(taxonomy: ShippedTaxonomy) -> None:
    labels = {skill.id: skill.preferred_label for skill in taxonomy.skills}

    asked = [labels[skill] for skill, _ in taxonomy.requirements[DATA_SCIENTISTS]]

    assert {"data science", "perform data analysis", "SQL"} <= set(asked[:15])
    assert "Python (computer programming)" in asked


def test_vectors_stand_for_the_texts_that_matching_renders(taxonomy: ShippedTaxonomy) -> None:
    texts = taxonomy_texts(taxonomy.skills, taxonomy.occupations)

    assert texts_hash(texts) == taxonomy.manifest.texts_hash


def test_vectors_are_those_of_the_model_that_ships(taxonomy: ShippedTaxonomy) -> None:
    encoder = load_encoder()

    vectors = taxonomy.vectors(encoder.model_hash)

    assert vectors is not None, "make the taxonomy anew: python -m scripts.build_taxonomy DATA_DIR"
    texts = taxonomy_texts(taxonomy.skills, taxonomy.occupations)
    rows = [0, 5_000, 13_948, 22_722, 22_723, len(texts) - 1]
    kept = np.concatenate([vectors.skills, vectors.occupations])[rows]
    cosines = np.einsum("ij,ij->i", kept, encoder.encode([texts[row] for row in rows]))
    assert cosines.min() > 0.999
    assert vectors.skills.dtype == np.float32
    assert np.linalg.norm(vectors.occupations, axis=1) == pytest.approx(1, abs=1e-5)


def test_there_are_no_vectors_for_another_model(taxonomy: ShippedTaxonomy) -> None:
    assert taxonomy.vectors("0" * 64) is None


def test_narrow_vectors_keep_their_direction() -> None:
    vectors = np.random.default_rng(7).normal(size=(50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    again = widen(narrow(vectors))

    assert np.einsum("ij,ij->i", again, vectors).min() > 0.9998


@pytest.mark.parametrize("name", [ESCO, ONET, REQUIREMENTS])
def test_a_damaged_file_is_refused_before_it_is_parsed(copy: Path, name: str) -> None:
    with (copy / name).open("r+b") as file:
        file.seek(200)
        file.write(b"\0")

    with pytest.raises(DataMissing, match=rf"{name} is not the one that {MANIFEST} names"):
        load_taxonomy(copy)


@pytest.mark.parametrize("name", [ESCO, MANIFEST])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()

    with pytest.raises(DataMissing, match=rf"{name} is missing; install Onramp again"):
        load_taxonomy(copy)


def test_damaged_vectors_are_refused(copy: Path) -> None:
    taxonomy = load_taxonomy(copy)
    with (copy / vectors_file(taxonomy.manifest.model_hash)).open("r+b") as file:
        file.truncate(1_000)

    with pytest.raises(DataMissing, match="vectors-"):
        taxonomy.vectors(taxonomy.manifest.model_hash)


@pytest.mark.parametrize("content", ["{", "[]", '{"versions": {}}'])
def test_a_manifest_that_is_none_is_refused(copy: Path, content: str) -> None:
    (copy / MANIFEST).write_text(content, encoding="utf-8")

    with pytest.raises(DataMissing, match=f"{MANIFEST} is damaged"):
        load_taxonomy(copy)


@pytest.mark.slow
@needs_data
def test_importing_all_of_esco_adds_descriptions_and_changes_nothing_else(
    taxonomy: ShippedTaxonomy,
) -> None:
    full = [each for each in records(read_esco([SHARED / "esco"])) if isinstance(each, Skill)]

    shipped = {skill.id: skill for skill in taxonomy.skills if skill.framework == "ESCO"}
    assert {each.id: replace(each, description=None) for each in full} == shipped


@pytest.mark.slow
@needs_data
def test_importing_all_of_onet_adds_descriptions_and_tasks_and_changes_nothing_else(
    taxonomy: ShippedTaxonomy,
) -> None:
    occupations = records(read_onet_occupations([SHARED / "onet"]))
    technologies = records(read_onet_skills([SHARED / "onet"]))

    bare = [
        replace(each, description=None, tasks=())
        for each in occupations
        if isinstance(each, Occupation)
    ]
    assert sorted(bare, key=lambda each: each.id) == taxonomy.occupations
    shipped = [skill for skill in taxonomy.skills if skill.framework == "O*NET"]
    assert sorted(technologies, key=lambda each: each.id) == shipped
