"""A model folder gets its curves from development data, and stays the same model."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from embeddings import DEFAULT_FOLDER, load_encoder
from embeddings.model_folder import ModelFile, read_verified, seal
from tests.builders.calibrating import write_calibration_sets
from training.calibration import calibrate, measure
from training.calibration_fit import Fit
from training.calibration_page import PLACE
from training.calibration_report import CalibrationReport
from training.encoders import CachedEncoder, Model, Vectors
from training.errors import MissingPage, PageWithoutPlace
from training.export import UNFITTED

START, END = PLACE
PAGE = f"# Model\n\n{START}\nold\n{END}\n\nThe end.\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sets, a page, and a model whose curves are not fitted."""
    home = tmp_path_factory.mktemp("calibration")
    write_calibration_sets(home / "data")
    (home / "model.md").write_text(PAGE, encoding="utf-8")
    folder = shutil.copytree(DEFAULT_FOLDER, home / "model")
    (folder / ModelFile.CALIBRATION).write_text(json.dumps(asdict(UNFITTED)), encoding="utf-8")
    seal(folder)
    return home


@pytest.fixture(scope="module")
def report(home: Path) -> CalibrationReport:
    return calibrated(home)


def calibrated(home: Path) -> CalibrationReport:
    return calibrate(
        home / "data",
        home / "model",
        home / "images/calibration.png",
        page=home / "model.md",
        cache=home / "cache",
    )


def no_model(texts: Sequence[str]) -> Vectors:
    pytest.fail(f"{len(texts)} texts were encoded again")


def test_the_curves_are_in_the_folder_which_is_sealed_as_the_same_model(
    home: Path, report: CalibrationReport
) -> None:
    encoder = load_encoder(home / "model")

    assert encoder.calibration.skill_link == report.skill_link.curve
    assert encoder.calibration.bridge == report.bridge.curve
    assert encoder.model_hash == read_verified(DEFAULT_FOLDER).model_hash


def test_a_curve_says_what_it_rests_on(report: CalibrationReport) -> None:
    link, bridge = report.skill_link, report.bridge

    assert (link.texts, link.neighbors) == (127, 381)
    assert "381 pairs of 127 development sentences" in link.curve.basis
    assert f"calibration error {link.ece:.3f}" in link.curve.basis
    assert bridge.neighbors == 20 * bridge.texts
    assert f"{bridge.neighbors} pairs of {bridge.texts} held-out skills" in bridge.curve.basis


def test_what_is_nearer_is_right_more_often(report: CalibrationReport) -> None:
    for each in report.curves.values():
        assert each.curve.slope > 1
        assert each.bins[0].right < each.right < each.bins[-1].right
        assert sum(each.counts) == each.neighbors == sum(one.size for one in each.bins)
        assert 0 <= each.ece < 0.15
        assert set(each.scores) == set(Fit)


def test_less_is_kept_of_a_higher_probability(report: CalibrationReport) -> None:
    kept = report.skill_link.kept

    assert [each.least for each in kept] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    for low, high in pairwise(kept):
        assert low.similarity < high.similarity
        assert 3 >= low.of_text >= high.of_text
        assert 1 >= low.some >= high.some
    assert kept[4].similarity == pytest.approx(report.skill_link.half_at, abs=1e-4)
    assert report.skill_link.curve.probability(kept[1].similarity) == pytest.approx(0.2, abs=1e-4)


def test_the_page_and_the_picture_are_written(home: Path, report: CalibrationReport) -> None:
    page = (home / "model.md").read_text(encoding="utf-8")

    assert page.startswith(f"# Model\n\n{START}\n| curve |")
    assert page.endswith(f"|\n{END}\n\nThe end.\n")
    assert "| skill_link | 127 | 381 |" in page
    assert f"| {report.skill_link.curve.slope:.2f} |" in page
    assert "| real | 252 |" in page
    assert "| vacancy titles, dev (not fitted) | 21 |" in page
    assert (home / "images/calibration.png").read_bytes().startswith(b"\x89PNG")


def test_a_second_run_says_the_same_and_encodes_nothing(
    home: Path, report: CalibrationReport
) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    key = read_verified(home / "model").model_hash

    again = calibrated(home)
    of_cache = measure(home / "data", CachedEncoder(Model(no_model, key), home / "cache"))

    assert again == report == of_cache
    assert {path: path.read_bytes() for path in before} == before


def test_a_page_without_a_place_leaves_the_folder_as_it_is(home: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{END} {START}", encoding="utf-8")
    (tmp_path / "model").mkdir()

    with pytest.raises(PageWithoutPlace, match=r"page\.md must hold <!-- calibration -->"):
        calibrate(home, tmp_path / "model", tmp_path / "a.png", page=page, cache=tmp_path)

    assert list((tmp_path / "model").iterdir()) == []
    assert page.read_text(encoding="utf-8") == f"{END} {START}"


def test_a_page_that_is_not_there_is_named(home: Path, tmp_path: Path) -> None:
    page = tmp_path / "nowhere.md"

    with pytest.raises(MissingPage, match=r"nowhere\.md"):
        calibrate(home, tmp_path / "model", tmp_path / "a.png", page=page, cache=tmp_path)
