"""A transformer of one narrow layer with the base model's tokenizer: trains in milliseconds."""

import shutil
from pathlib import Path

import torch
from transformers import BertConfig, BertModel

from training.export import base_folder


def write_small_transformer(folder: Path, *, seed: int = 0) -> Path:
    """Write its random weights, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = BertModel(
            BertConfig(
                hidden_size=32,
                num_hidden_layers=1,
                num_attention_heads=2,
                intermediate_size=64,
                # So that texts do not all look alike from the start.
                initializer_range=0.5,
            )
        )
    network.save_pretrained(folder)
    shutil.copy(base_folder() / "tokenizer.json", folder)
    return folder
