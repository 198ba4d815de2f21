"""Make the taxonomies that ship with the product: `python -m scripts.build_taxonomy DATA_DIR`."""

import argparse
import hashlib
import json
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embeddings import load_encoder
from scripts.cached_encoder import CachedEncoder
from scripts.occupation_requirements import infer_requirements
from service.domain.ids import OccupationId
from service.domain.job import ImportanceFigure, Occupation
from service.domain.record import Record
from service.domain.skill import Skill
from service.errors import UnreadableFile
from service.standards.esco import read_esco
from service.standards.onet import read_onet_occupations
from service.standards.reading import Parsed
from service.standards.shipped import (
    DEFAULT,
    ESCO,
    MANIFEST,
    ONET,
    REQUIREMENTS,
    SKILL_URI,
    Manifest,
    Needed,
    narrow,
    taxonomy_texts,
    technology_skills,
    texts_hash,
    vectors_file,
    widen,
)

VERSIONS = {"esco": "1.2.0", "onet": "29.3"}
ATTRIBUTION = {
    "esco": "This service uses the ESCO classification of the European Commission. Modified: "
    "subset, assembled from several copies.",
    "onet": "This product includes information from the O*NET 29.3 Database by the U.S. "
    "Department of Labor, Employment and Training Administration (USDOL/ETA). Used under the "
    "CC BY 4.0 license. O*NET(R) is a trademark of USDOL/ETA. Modified: converted, some columns "
    "dropped, requirements inferred.",
}
MAX_NAMES_BYTES = 3_000_000
MIN_FIDELITY = 0.999

log = logging.getLogger("build_taxonomy")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the files; return the exit status."""
    parser = argparse.ArgumentParser(prog="build_taxonomy", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that has the folders esco and onet")
    parser.add_argument("--out", type=Path, default=DEFAULT, help="where the files go")
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors between runs")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    build(options.data, options.out, CachedEncoder(load_encoder(), options.cache))
    return 0


def build(data: Path, out: Path, encoder: CachedEncoder) -> None:
    """Write the files of the taxonomy: names first, vectors next, requirements last.

    Raises:
        UnreadableFile: if the data have a fault.
    """
    esco = sorted(_skills(read_esco([data / "esco"])), key=lambda skill: skill.id)
    occupations = sorted(
        _occupations(read_onet_occupations([data / "onet"])), key=lambda occupation: occupation.id
    )
    skills = [*esco, *technology_skills(occupations, esco)]
    out.mkdir(parents=True, exist_ok=True)
    for stale in out.glob("vectors-*.npy"):
        stale.unlink()
    _write_table(out / ESCO, _esco_table(esco))
    _write_table(out / ONET, _onet_table(occupations))
    _check_size(out)
    texts = taxonomy_texts(skills, occupations)
    vectors = encoder.encode(texts)
    np.save(out / vectors_file(encoder.model_hash), _narrowed(vectors), allow_pickle=False)
    requirements = infer_requirements(
        data / "onet", skills=skills, vectors=vectors, occupations=occupations, encoder=encoder
    )
    _write_table(out / REQUIREMENTS, _requirements_table(requirements))
    counts = {
        "skills": len(esco),
        "technologies": len(skills) - len(esco),
        "occupations": len(occupations),
        "requirements": sum(map(len, requirements.values())),
    }
    _write_manifest(out, encoder.model_hash, texts, counts)
    log.info("%s", counts)


def _skills(rows: Iterable[Parsed]) -> list[Skill]:
    return [record for record in _records(rows) if isinstance(record, Skill)]


def _occupations(rows: Iterable[Parsed]) -> list[Occupation]:
    return [record for record in _records(rows) if isinstance(record, Occupation)]


def _records(rows: Iterable[Parsed]) -> Iterator[Record]:
    for parsed in rows:
        for fault in parsed.faults:
            raise UnreadableFile(fault.file, f"line {fault.line}: {fault.field} {fault.reason}")
        if parsed.record:
            yield parsed.record


def _esco_table(skills: Sequence[Skill]) -> pl.DataFrame:
    usual = (skill.uri == SKILL_URI + skill.id.removeprefix("esco:") for skill in skills)
    uris = [None if is_usual else skill.uri for is_usual, skill in zip(usual, skills, strict=True)]
    return pl.DataFrame(
        {
            "id": [skill.id for skill in skills],
            "preferred_label": [skill.preferred_label for skill in skills],
            "alt_labels": [list(skill.alt_labels) for skill in skills],
            "type": [str(skill.type) if skill.type else None for skill in skills],
            "uri": uris,
            "broader": [list(skill.broader) for skill in skills],
            "soft": [skill.soft for skill in skills],
        },
        schema_overrides={"uri": pl.String},
    )


def _onet_table(occupations: Sequence[Occupation]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "code": [each.code for each in occupations],
            "title": [each.title for each in occupations],
            "alt_titles": [list(each.alt_titles) for each in occupations],
            "technologies": [list(each.technologies) for each in occupations],
            "knowledge": [_elements(each.knowledge) for each in occupations],
            "knowledge_values": [_values(each.knowledge) for each in occupations],
            "general_skills": [_elements(each.general_skills) for each in occupations],
            "general_skills_values": [_values(each.general_skills) for each in occupations],
        }
    )


def _elements(figures: Sequence[ImportanceFigure]) -> list[str]:
    return [figure.element for figure in figures]


def _values(figures: Sequence[ImportanceFigure]) -> list[float]:
    return [figure.value for figure in figures]


def _requirements_table(requirements: dict[OccupationId, list[Needed]]) -> pl.DataFrame:
    rows = [
        (occupation, needed.skill, needed.weight)
        for occupation in sorted(requirements)
        for needed in requirements[occupation]
    ]
    return pl.DataFrame(
        rows,
        schema={"occupation": pl.String, "skill": pl.String, "weight": pl.Float64},
        orient="row",
    )


def _write_table(path: Path, table: pl.DataFrame) -> None:
    table.write_parquet(path, compression="zstd", compression_level=22, statistics=False)
    log.info("%s: %d rows, %d bytes", path.name, table.height, path.stat().st_size)


def _check_size(out: Path) -> None:
    size = sum((out / name).stat().st_size for name in (ESCO, ONET))
    if size > MAX_NAMES_BYTES:
        reason = f"the names take {size:,} bytes; no more than {MAX_NAMES_BYTES:,} may ship."
        raise UnreadableFile(str(out), reason)


def _narrowed(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    narrowed = narrow(vectors)
    cosines = np.einsum("ij,ij->i", widen(narrowed), vectors)
    log.info("int8 vectors: cosine with the model's %.6f or more", cosines.min())
    if cosines.min() < MIN_FIDELITY:
        raise ValueError(f"int8 vectors have a cosine of {cosines.min()} with the model's.")
    return narrowed


def _write_manifest(
    out: Path, model_hash: str, texts: Sequence[str], counts: dict[str, int]
) -> None:
    names = (ESCO, ONET, REQUIREMENTS, vectors_file(model_hash))
    manifest = Manifest(
        versions=VERSIONS,
        model_hash=model_hash,
        texts_hash=texts_hash(texts),
        files={name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names},
        counts=counts,
        attribution=ATTRIBUTION,
    )
    (out / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
