"""A model folder can be unpacked into weights that training goes on from."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from embeddings import DEFAULT_FOLDER, load_encoder
from embeddings.errors import MissingModelFile
from embeddings.model_folder import ModelFile
from training.__main__ import main
from training.encoders import unquantized_model
from training.export import base_folder
from training.model import TrainedEncoder
from training.quantization_aware import QuantizationAwareLinear, quantize_layers
from training.run_folder import METRICS
from training.smoothing import input_peaks
from training.texts import GOLDEN
from training.unpacking import unpack

TEXTS = ["Night nurse in a children's ward", "SQL", "teach mathematics", "weld steel pipes"]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    unpack(DEFAULT_FOLDER, base_folder(), folder)
    return folder


def test_unpacked_weights_answer_as_the_shipped_model_does(unpacked: Path) -> None:
    shipped = load_encoder(threads=1).encode(TEXTS)
    again = unquantized_model(unpacked).encode(TEXTS)

    assert np.sum(shipped * again, axis=1).min() > 0.995


def test_the_unpacked_folder_says_how_the_model_was_trained(unpacked: Path) -> None:
    shipped = json.loads((DEFAULT_FOLDER / ModelFile.METRICS).read_bytes())["training"]

    assert json.loads((unpacked / METRICS).read_bytes()) == shipped


def test_a_layer_that_is_aware_of_its_quantization_is_as_near_as_the_export(
    unpacked: Path,
) -> None:
    aware = TrainedEncoder(unpacked, max_tokens=64, tokens_at_once=64, bfloat16=False)
    exact = TrainedEncoder(unpacked, max_tokens=64, tokens_at_once=64, bfloat16=False)
    names = set(dict(aware.network.named_parameters()))

    quantize_layers(aware.network, input_peaks(unpacked, GOLDEN[:20]))

    likeness = np.sum(aware.encode(TEXTS) * exact.encode(TEXTS), axis=1)
    assert 0.99 < likeness.min() < likeness.max() < 1
    assert set(dict(aware.network.named_parameters())) == names
    layers = [each for each in aware.network.modules() if isinstance(each, QuantizationAwareLinear)]
    assert len(layers) == 6 * 6
    # Of the last matrix of a layer the 16 largest inputs are left as they are.
    assert sorted({int((~each.taken).sum()) for each in layers}) == [0, 16]


def test_gradients_reach_the_weights_through_the_rounding(unpacked: Path) -> None:
    encoder = TrainedEncoder(unpacked, max_tokens=64, tokens_at_once=64, bfloat16=False)
    quantize_layers(encoder.network, input_peaks(unpacked, GOLDEN[:20]))

    torch.autograd.backward(encoder.forward(encoder.tokenize(["weld pipes", "knit"])).sum())

    layer = encoder.network.get_submodule("encoder.layer.0.intermediate.dense")
    assert layer.weight.grad.abs().max() > 0


def test_the_command_unpacks_and_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["unpack", "--out", str(tmp_path / "weights")])

    assert f"fine-tune --base {tmp_path / 'weights'} --preset continue" in capsys.readouterr().out
    assert (tmp_path / "weights" / "model.safetensors").exists()


def test_what_is_no_model_folder_cannot_be_unpacked(tmp_path: Path) -> None:
    with pytest.raises(MissingModelFile, match="manifest"):
        unpack(tmp_path, base_folder(), tmp_path / "out")
