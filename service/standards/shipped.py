"""The taxonomies that ship with the product: read, verified, as records and vectors."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.ids import OccupationId, SkillId
from service.domain.job import ImportanceFigure, Occupation
from service.domain.skill import Skill, SkillType
from service.errors import DataMissing
from service.matching.texts import occupation_text, skill_text
from service.standards.technologies import Technologies

if TYPE_CHECKING:
    import polars as pl

DEFAULT = Path(__file__).parent.parent / "taxonomy"
MANIFEST = "taxonomy.json"
ESCO = "esco.parquet"
ONET = "onet.parquet"
REQUIREMENTS = "occupation_skills.parquet"
SKILL_URI = "http://data.europa.eu/esco/skill/"

Vectors = NDArray[np.float32]


class TaxonomyVectors(NamedTuple):
    """Float32 unit vectors, a row for each of the taxonomy's skills and occupations."""

    skills: Vectors
    occupations: Vectors


class Needed(NamedTuple):
    """A skill that an occupation asks for; ``weight`` in (0, 1], 1 for what matters most."""

    skill: SkillId
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What ships, as ``taxonomy.json`` says it.

    Attributes:
        versions: the release of each taxonomy by its name.
        model_hash: SHA-256 (hex) of the model that made the vectors.
        texts_hash: SHA-256 (hex) of the texts that the vectors stand for.
        files: SHA-256 (hex) of each file by its name.
    """

    versions: dict[str, str]
    model_hash: str
    texts_hash: str
    files: dict[str, str]
    counts: dict[str, int]
    attribution: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedTaxonomy:
    """The vocabulary of a fresh store: names, codes and figures, without descriptions.

    Attributes:
        skills: ESCO's skills, then O*NET's technologies, each by ascending id.
        occupations: O*NET's occupations by ascending id.
        requirements: what each occupation asks for, heaviest first; no entry where nothing
            is known of it.
    """

    skills: list[Skill]
    occupations: list[Occupation]
    requirements: dict[OccupationId, list[Needed]]
    manifest: Manifest
    folder: Path

    @property
    def versions(self) -> dict[str, str]:
        """The release of each taxonomy by its name, such as ``{"esco": "1.2.0"}``."""
        return self.manifest.versions

    def vectors(self, model_hash: str) -> TaxonomyVectors | None:
        """Return the vectors of the skills and occupations; None if another model made them.

        Raises:
            DataMissing: if their file is missing or damaged.
        """
        if model_hash != self.manifest.model_hash:
            return None
        content = _verified(self.folder, vectors_file(model_hash), self.manifest)
        vectors = widen(np.load(BytesIO(content), allow_pickle=False))
        count = len(self.skills)
        return TaxonomyVectors(vectors[:count], vectors[count:])


def load_taxonomy(folder: Path = DEFAULT) -> ShippedTaxonomy:
    """Return the taxonomies in the folder.

    Raises:
        DataMissing: if a file is missing, or is not the one that the manifest names.
    """
    manifest = load_manifest(folder)
    skills = load_esco(folder)
    occupations = _occupations(_table(folder, ONET, manifest), manifest.versions["onet"])
    technologies = technology_skills(occupations, skills)
    return ShippedTaxonomy(
        skills=[*skills, *technologies],
        occupations=occupations,
        requirements=_requirements(_table(folder, REQUIREMENTS, manifest)),
        manifest=manifest,
        folder=folder,
    )


def load_manifest(folder: Path = DEFAULT) -> Manifest:
    """Return what the folder says that it holds.

    Raises:
        DataMissing: if there is no readable manifest in it.
    """
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        return Manifest(**content)
    except FileNotFoundError:
        raise _missing(folder, MANIFEST, "is missing") from None
    except (ValueError, TypeError):
        raise _missing(folder, MANIFEST, "is damaged") from None


def load_esco(folder: Path = DEFAULT) -> list[Skill]:
    """Return ESCO's skills by ascending id.

    Raises:
        DataMissing: as `load_taxonomy`.
    """
    table = _table(folder, ESCO, load_manifest(folder))
    return [
        Skill(
            id=SkillId(id_),
            preferred_label=label,
            alt_labels=tuple(alt_labels),
            type=SkillType(type_) if type_ else None,
            framework="ESCO",
            uri=uri or SKILL_URI + id_.removeprefix("esco:"),
            broader=tuple(map(SkillId, broader)),
            soft=soft,
        )
        for id_, label, alt_labels, type_, uri, broader, soft in table.iter_rows()
    ]


def technology_skills(occupations: Sequence[Occupation], esco: Sequence[Skill]) -> list[Skill]:
    """Return the technologies that the occupations name, as skills by ascending id."""
    technologies = Technologies(esco)
    names = {name for occupation in occupations for name in occupation.technologies}
    return sorted(map(technologies.skill, names), key=lambda skill: skill.id)


def taxonomy_texts(skills: Sequence[Skill], occupations: Sequence[Occupation]) -> list[str]:
    """Return the texts that the vectors stand for, in the vectors' order."""
    return [*map(skill_text, skills), *map(occupation_text, occupations)]


def texts_hash(texts: Sequence[str]) -> str:
    """Return the SHA-256 (hex) of the texts, as the manifest keeps it."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def vectors_file(model_hash: str) -> str:
    """Return the name of the file with the vectors of the model."""
    return f"vectors-{model_hash[:12]}.npy"


def narrow(vectors: Vectors) -> NDArray[np.int8]:
    """Return unit vectors as int8, each scaled so that its largest number is 127.

    The scale is not kept: a unit vector needs its direction alone.
    """
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    narrowed: NDArray[np.int8] = np.round(vectors / largest * 127).astype(np.int8)
    return narrowed


def widen(narrowed: NDArray[np.int8]) -> Vectors:
    """Return what `narrow` made as float32 unit vectors again."""
    vectors = narrowed.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors /= lengths[:, np.newaxis]
    return vectors


def _occupations(table: "pl.DataFrame", version: str) -> list[Occupation]:
    known: dict[tuple[str, float], ImportanceFigure] = {}
    return [
        Occupation(
            id=OccupationId(f"onet:{code}"),
            title=title,
            code=code,
            alt_titles=tuple(alt_titles),
            technologies=tuple(technologies),
            knowledge=tuple(_figures(knowledge, knowledge_values, known)),
            general_skills=tuple(_figures(general, general_values, known)),
            framework=f"O*NET {version}",
        )
        for (
            code,
            title,
            alt_titles,
            technologies,
            knowledge,
            knowledge_values,
            general,
            general_values,
        ) in table.iter_rows()
    ]


def _figures(
    elements: list[str],
    values: list[float],
    known: dict[tuple[str, float], ImportanceFigure],
) -> Iterator[ImportanceFigure]:
    """Yield the figures; each of the few that there are is made once, and kept in ``known``."""
    for key in zip(elements, values, strict=True):
        if key not in known:
            known[key] = ImportanceFigure(element=key[0], value=key[1])
        yield known[key]


def _requirements(table: "pl.DataFrame") -> dict[OccupationId, list[Needed]]:
    requirements: dict[OccupationId, list[Needed]] = {}
    for occupation, skill, weight in table.iter_rows():
        requirements.setdefault(occupation, []).append(Needed(skill, weight))
    return requirements


def _table(folder: Path, name: str, manifest: Manifest) -> "pl.DataFrame":
    # Every start would wait a fifth of a second for it, and only a new store is filled.
    import polars as pl  # noqa: PLC0415 - see above

    return pl.read_parquet(BytesIO(_verified(folder, name, manifest)))


def _verified(folder: Path, name: str, manifest: Manifest) -> bytes:
    """Return the file's bytes, before anything parses them, if they are the right ones."""
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        raise _missing(folder, name, "is missing") from None
    if hashlib.sha256(content).hexdigest() != manifest.files.get(name):
        raise _missing(folder, name, f"is not the one that {MANIFEST} names")
    return content


def _missing(folder: Path, name: str, fact: str) -> DataMissing:
    return DataMissing(f"{folder / name} {fact}; install Onramp again, or fetch the file anew.")
