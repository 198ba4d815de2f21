"""Weights as files: the tuned ones beside the base model's tokenizer and configuration."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from training.run_folder import METRICS, WEIGHTS


def write_weights(
    base: Path, weights: Mapping[str, Tensor], folder: Path, *, base_share: float = 0.0
) -> None:
    """Write a folder that sentence-transformers reads like the base model's.

    Each weight is ``(1 - base_share)`` of the tuned one and ``base_share`` of the base's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _copy_settings(base, folder)
    mixed = dict(load_file(base / WEIGHTS))
    for name, tensor in weights.items():
        if name in mixed:
            mixed[name] = tensor.detach().cpu().lerp(mixed[name].float(), base_share).contiguous()
    save_file(mixed, folder / WEIGHTS, metadata={"format": "pt"})


def _copy_settings(base: Path, folder: Path) -> None:
    for path in base.iterdir():
        if path.is_dir():
            shutil.copytree(path, folder / path.name, dirs_exist_ok=True)
        # A base that was itself tuned has figures, which are not those of this run.
        elif path.name not in {WEIGHTS, METRICS} and path.suffix in {".json", ".txt"}:
            shutil.copy(path, folder / path.name)
