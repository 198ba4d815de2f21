"""The export makes the model folder that is shipped, and the same one each time."""

import json
from pathlib import Path

import numpy as np
import pytest

from embeddings import DEFAULT_FOLDER, load_encoder
from embeddings.model_folder import ModelFile, read_verified
from training.__main__ import main
from training.export import base_folder, export
from training.fidelity import Fidelity, fidelity


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "model"
    export(base_folder(), folder)
    return folder


def test_the_export_can_be_loaded_at_once(exported: Path) -> None:
    encoder = load_encoder(exported)

    assert encoder.encode(["nurse"]).shape == (1, 384)


def test_the_shipped_folder_is_of_this_export(exported: Path) -> None:
    for file in (ModelFile.TOKENIZER, ModelFile.CONFIG, ModelFile.LICENSE):
        assert (exported / file).read_bytes() == (DEFAULT_FOLDER / file).read_bytes()


def test_the_shipped_model_is_near_to_the_one_before_quantization() -> None:
    metrics = json.loads((DEFAULT_FOLDER / ModelFile.METRICS).read_bytes())

    assert metrics["to_unquantized"]["mean_similarity"] > 0.997
    assert metrics["to_unquantized"]["min_similarity"] > 0.99


def test_the_shipped_model_is_tuned_and_says_on_what() -> None:
    metrics = json.loads((DEFAULT_FOLDER / ModelFile.METRICS).read_bytes())
    shipped = load_encoder().encode(["registered nurse", "SQL"])

    assert metrics["training"]["pairs"] > 250_000
    assert sum(metrics["training"]["shares"].values()) == pytest.approx(1, abs=0.01)
    assert float(shipped[0] @ shipped[1]) < 0.3


def test_the_folder_names_every_data_set_that_the_model_was_tuned_on_with_its_license(
    exported: Path,
) -> None:
    shipped = (DEFAULT_FOLDER / ModelFile.README).read_text(encoding="utf-8")

    assert "| ESCO 1.2.0 | Commission Decision 2011/833/EU (CC BY 4.0) | yes |" in shipped
    assert "| JobBERT titles | none stated | no | `like_vacancy`, `jobbert` |" in shipped
    assert "Nothing: these are the base" in (exported / ModelFile.README).read_text("utf-8")


def test_the_same_base_makes_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    export(base_folder(), tmp_path)

    assert read_verified(tmp_path).model_hash == read_verified(exported).model_hash


def test_the_folder_says_how_near_it_is_to_the_model_before_quantization(exported: Path) -> None:
    metrics = json.loads((exported / ModelFile.METRICS).read_bytes())

    assert metrics["texts"] == 100
    assert metrics["training"] is None
    assert 0.99 < metrics["to_unquantized"]["min_similarity"] < 1
    assert 0.9 < metrics["to_unquantized"]["overlap_at_10"] <= 1


def test_a_folder_can_be_sealed_anew(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in exported.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / ModelFile.README).write_text("Another card.", encoding="utf-8")

    main(["seal", str(tmp_path)])

    assert read_verified(tmp_path).content[ModelFile.README] == b"Another card."
    assert str(tmp_path) in capsys.readouterr().out


def test_the_command_line_exports_where_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["export", "--out", str(tmp_path / "model")])

    assert set(read_verified(tmp_path / "model").content) == set(ModelFile)
    assert "mean_similarity=0.99" in capsys.readouterr().out


def test_fidelity_is_one_for_equal_vectors_and_less_for_others() -> None:
    vectors = np.eye(24, dtype=np.float32)
    shifted = vectors.copy()
    shifted[0] = vectors[1]

    assert fidelity(vectors, vectors) == Fidelity(1.0, 1.0, 1.0)
    assert fidelity(shifted, vectors).min_similarity == 0.0
    assert fidelity(shifted, vectors).mean_similarity == pytest.approx(23 / 24)
