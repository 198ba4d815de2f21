"""Fitting the curves of a model folder: what a similarity is worth, as a probability."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np

from embeddings.model_files import Calibration, Logistic
from embeddings.model_folder import ModelFile, seal
from training.calibration_error import bins_of, ece_by_chance, score
from training.calibration_fit import Fit, Line, fitted, line_of, out_of_sample
from training.calibration_neighbors import Neighbors, Numbers
from training.calibration_page import PLACE, write_tables
from training.calibration_picture import write_picture
from training.calibration_report import CalibrationReport, CurveReport, Kept, Part
from training.calibration_sets import (
    KINDS,
    VACANCIES,
    sentence_neighbors,
    skill_neighbors,
    title_neighbors,
)
from training.encoders import CachedEncoder, Encode, shipped_model

DECIMALS: Final = 4
STEPS: Final = 20
LEAST: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
OF_LINK: Final = (
    "That the annotators gave a text this skill, one of its 3 nearest in ESCO: {neighbors:,} pairs "
    "of {texts:,} development sentences (HOUSE and TECH validation, half of the weight; SkillSkape "
    "dev), expected calibration error {ece:.3f} by cross-validation."
)
OF_BRIDGE: Final = (
    "That ESCO relates a skill to this one, one of its 20 nearest: {neighbors:,} pairs of "
    "{texts:,} held-out skills, expected calibration error {ece:.3f} by cross-validation."
)


def calibrate(
    data: Path, model_folder: Path, out_figure: Path, *, page: Path, cache: Path
) -> CalibrationReport:
    """Fit both curves of a sealed model folder, write them into it, and seal it anew.

    The model's hash stays the same, so that stored vectors stay valid.

    Args:
        data: the folder of the research sets; only development rows of it are read.
        model_folder: a sealed model folder.
        out_figure: the PNG to write.
        page: the page with the markers between which the tables are written.
        cache: the folder of vectors that were computed before; that of ``evaluate`` has them all.

    Raises:
        EmbeddingsError: if the model folder is damaged.
        MissingData: if a file of the research sets is not there.
        MissingPage: if there is no page.
        PageWithoutPlace: if the page has no place for the tables.
        SimilaritiesTellNothing: if what is more similar is not right more often.
    """
    PLACE.check(page)
    report = measure(data, CachedEncoder(shipped_model(model_folder), cache))
    found = Calibration(skill_link=report.skill_link.curve, bridge=report.bridge.curve)
    document = json.dumps(asdict(found), indent=1, ensure_ascii=False)
    (model_folder / ModelFile.CALIBRATION).write_text(document + "\n", encoding="utf-8")
    seal(model_folder)
    write_picture(report, out_figure)
    write_tables(report, page)
    return report


def measure(data: Path, encode: Encode) -> CalibrationReport:
    """Fit both curves, and measure them on what they were not fitted on."""
    sentences = sentence_neighbors(data, encode)
    said = out_of_sample(Fit.LOGISTIC, sentences)
    parts = {kind: _part(said, sentences, names) for kind, names in KINDS.items()}
    titles = title_neighbors(data, encode)
    of_titles = fitted(Fit.LOGISTIC, sentences)(titles)
    parts[f"{VACANCIES} (not fitted)"] = _part(of_titles, titles, (VACANCIES,))
    return CalibrationReport(
        skill_link=_report(sentences, OF_LINK, parts),
        bridge=_report(skill_neighbors(data, encode), OF_BRIDGE, {}),
    )


def _report(neighbors: Neighbors, basis: str, parts: Mapping[str, Part]) -> CurveReport:
    said = {fit: out_of_sample(fit, neighbors) for fit in Fit}
    shipped = said[Fit.LOGISTIC]
    scores = {fit: score(each, neighbors) for fit, each in said.items()}
    line, texts = line_of(neighbors), len(np.unique(neighbors.texts))
    curve = Logistic(
        slope=round(line.slope, DECIMALS),
        intercept=round(line.intercept, DECIMALS),
        basis=basis.format(neighbors=len(neighbors), texts=texts, ece=scores[Fit.LOGISTIC].ece),
    )
    return CurveReport(
        curve=curve,
        texts=texts,
        neighbors=len(neighbors),
        right=float(np.average(neighbors.right, weights=neighbors.weights)),
        by_chance=ece_by_chance(shipped, neighbors),
        scores=scores,
        bins=tuple(bins_of(shipped, neighbors)),
        counts=tuple(np.histogram(shipped, bins=STEPS, range=(0.0, 1.0))[0].tolist()),
        parts=parts,
        kept=tuple(_kept(neighbors, line, least) for least in LEAST),
    )


def _part(said: Numbers, neighbors: Neighbors, names: tuple[str, ...]) -> Part:
    """Look at some data sets alone, every row of them counting alike."""
    some, said = neighbors.of(names), said[np.isin(neighbors.parts, names)]
    return Part(
        neighbors=len(some),
        said=float(said.mean()),
        right=float(some.right.mean()),
        ece=score(said, some).ece,
        by_chance=ece_by_chance(said, some),
    )


def _kept(neighbors: Neighbors, line: Line, least: float) -> Kept:
    similarity = float((np.log(least / (1 - least)) - line.intercept) / line.slope)
    rows = neighbors.similarities >= similarity
    firsts, all_weights = neighbors.ranks == 0, neighbors.weights
    kept, texts = all_weights[rows].sum(), all_weights[firsts].sum()
    return Kept(
        least=least,
        similarity=similarity,
        of_text=float(kept / texts),
        some=float(all_weights[rows & firsts].sum() / texts),
        right=float(all_weights[rows] @ neighbors.right[rows] / kept) if kept else None,
    )
