"""A model folder is used only when every byte of it is the one that was sealed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import (
    DEFAULT_FOLDER,
    DamagedModelFile,
    Encoder,
    GoldenVectorsDiffer,
    InvalidModelFile,
    MissingModelFile,
    UnexpectedModelFile,
    load_encoder,
)
from embeddings.model_files import read_golden
from embeddings.model_folder import MANIFEST, ModelFile, hash_of, read_verified, seal


def change_json(path: Path, **changes: Any) -> None:
    document = json.loads(path.read_bytes())
    path.write_text(json.dumps(document | changes), encoding="utf-8")


def test_the_shipped_folder_is_whole() -> None:
    verified = read_verified(DEFAULT_FOLDER)

    assert set(verified.content) == set(ModelFile)
    assert 20_000_000 < len(verified.content[ModelFile.MODEL]) < 25_000_000


def test_the_shipped_folder_names_its_license_and_its_authors() -> None:
    license_text = (DEFAULT_FOLDER / ModelFile.LICENSE).read_text(encoding="utf-8")
    card = (DEFAULT_FOLDER / ModelFile.README).read_text(encoding="utf-8")

    assert "Apache License" in license_text
    assert "Version 2.0, January 2004" in license_text
    assert "all-MiniLM-L6-v2" in card
    assert "sentence-transformers" in card


def test_the_shipped_model_says_what_it_is(encoder: Encoder) -> None:
    assert encoder.dim == 384
    assert encoder.model_version == "minilm-l6-int8-2.1.0"
    assert len(encoder.model_hash) == 64


def test_sixteen_golden_vectors_are_met(encoder: Encoder) -> None:
    golden = read_golden(read_verified(DEFAULT_FOLDER))

    vectors = encoder.encode([text for text, _ in golden])

    assert len(golden) == 16
    similarities = [float(found @ kept) for found, (_, kept) in zip(vectors, golden, strict=True)]
    assert min(similarities) > 0.995


@pytest.mark.parametrize("file", ModelFile)
def test_a_damaged_file_is_refused_before_it_is_parsed(folder: Path, file: ModelFile) -> None:
    content = bytearray((folder / file).read_bytes())
    expected = hash_of(bytes(content))
    # One bit in the middle, which no parser would notice in most files.
    content[len(content) // 2] ^= 1
    (folder / file).write_bytes(content)

    with pytest.raises(DamagedModelFile) as caught:
        load_encoder(folder)

    assert caught.value.path == folder / file
    assert (caught.value.expected, caught.value.found) == (expected, hash_of(bytes(content)))
    for told in (file.value, expected, hash_of(bytes(content)), "python -m training export"):
        assert told in str(caught.value)


@pytest.mark.parametrize("name", [*ModelFile, MANIFEST])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(MissingModelFile, match=name) as caught:
        load_encoder(folder)

    assert caught.value.path == folder / name


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingModelFile, match=MANIFEST):
        load_encoder(tmp_path / "nowhere")


def test_a_file_that_the_manifest_does_not_name_is_refused(folder: Path) -> None:
    (folder / "model.onnx.data").write_bytes(b"weights of somebody else")

    with pytest.raises(UnexpectedModelFile, match=r"model\.onnx\.data"):
        load_encoder(folder)


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "one JSON object"),
        ('{"format": 2, "sha256": {}}', "manifest of format 1"),
        ('{"format": 1, "sha256": []}', "manifest of format 1"),
        ('{"format": 1, "sha256": {"../model.onnx": ""}}', "must name exactly"),
        (b"\xff\xfe\x00", "not JSON"),
    ],
)
def test_a_wrong_manifest_is_refused(folder: Path, manifest: str | bytes, reason: str) -> None:
    content = manifest if isinstance(manifest, bytes) else manifest.encode()
    (folder / MANIFEST).write_bytes(content)

    with pytest.raises(InvalidModelFile, match=reason) as caught:
        load_encoder(folder)

    assert caught.value.path == folder / MANIFEST


@pytest.mark.parametrize(
    ("file", "changes", "reason"),
    [
        (ModelFile.CONFIG, {"dim": 0}, "dim must be at least 1"),
        (ModelFile.CONFIG, {"dim": "many"}, "TypeError"),
        (ModelFile.CONFIG, {"overlap": 254}, "overlap must be in"),
        (ModelFile.CONFIG, {"least_golden_similarity": 2}, "least_golden_similarity must be in"),
        (ModelFile.CONFIG, {"color": "blue"}, "color"),
        (ModelFile.CALIBRATION, {"skill_link": {"slope": 3}}, "intercept"),
        (
            ModelFile.CALIBRATION,
            {"skill_link": {"slope": -1, "intercept": 0, "basis": "a test"}},
            "slope must be above 0",
        ),
        (
            ModelFile.CALIBRATION,
            {"bridge": {"slope": 5, "intercept": 0, "basis": "a test", "bins": 10}},
            "bins",
        ),
        (ModelFile.GOLDEN, {"golden": []}, "at least one golden vector"),
        (ModelFile.GOLDEN, {"golden": [{"text": "nurse"}]}, "vector"),
        (ModelFile.GOLDEN, {"golden": [{"text": "nurse", "vector": [1, 2]}]}, "384 components"),
    ],
)
def test_a_sealed_file_that_makes_no_sense_is_refused(
    folder: Path, file: ModelFile, changes: dict[str, Any], reason: str
) -> None:
    change_json(folder / file, **changes)
    seal(folder)

    with pytest.raises(InvalidModelFile, match=reason) as caught:
        load_encoder(folder)

    assert caught.value.path == folder / file


@pytest.mark.parametrize("curve", ["skill_link", "bridge"])
def test_a_calibration_without_one_of_its_curves_is_refused(folder: Path, curve: str) -> None:
    path = folder / ModelFile.CALIBRATION
    curves = json.loads(path.read_bytes())
    del curves[curve]
    path.write_text(json.dumps(curves), encoding="utf-8")
    seal(folder)

    with pytest.raises(InvalidModelFile, match=curve) as caught:
        load_encoder(folder)

    assert caught.value.path == path


def test_a_model_of_another_shape_than_its_configuration_is_refused(folder: Path) -> None:
    change_json(folder / ModelFile.CONFIG, dim=128)
    seal(folder)

    with pytest.raises(InvalidModelFile, match="vector of 128 components") as caught:
        load_encoder(folder)

    assert caught.value.path == folder / ModelFile.MODEL


@pytest.mark.parametrize("file", [ModelFile.MODEL, ModelFile.TOKENIZER])
def test_a_sealed_file_that_its_library_cannot_read_is_refused(
    folder: Path, file: ModelFile
) -> None:
    (folder / file).write_bytes(b"{}")
    seal(folder)

    with pytest.raises(InvalidModelFile, match=file) as caught:
        load_encoder(folder)

    assert caught.value.path == folder / file


def test_a_model_that_computes_other_vectors_is_refused(folder: Path) -> None:
    golden = json.loads((folder / ModelFile.GOLDEN).read_bytes())["golden"]
    vector = np.roll(golden[3]["vector"], 1).tolist()
    golden[3]["vector"] = vector
    change_json(folder / ModelFile.GOLDEN, golden=golden)
    seal(folder)

    with pytest.raises(GoldenVectorsDiffer) as caught:
        load_encoder(folder)

    assert caught.value.text == golden[3]["text"]
    assert caught.value.similarity < caught.value.least == 0.995


def test_a_new_calibration_leaves_stored_vectors_valid(folder: Path, encoder: Encoder) -> None:
    curve = {"slope": 20.0, "intercept": -10.0, "basis": "a test"}
    change_json(folder / ModelFile.CALIBRATION, skill_link=curve, bridge=curve | {"slope": 12.5})
    seal(folder)

    other = load_encoder(folder)

    assert other.model_hash == encoder.model_hash
    assert other.calibration.skill_link.probability(0.5) == pytest.approx(0.5)
    assert other.calibration.bridge.probability(0.8) == pytest.approx(0.5)


def test_another_tokenizer_makes_stored_vectors_invalid(folder: Path, encoder: Encoder) -> None:
    path = folder / ModelFile.TOKENIZER
    path.write_bytes(path.read_bytes() + b"\n")
    seal(folder)

    assert load_encoder(folder).model_hash != encoder.model_hash
