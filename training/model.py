"""The model in training: token ids in, unit vectors out, in passes of texts of like length."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import Dropout
from torch.nn.functional import normalize
from transformers import AutoModel

Vectors = NDArray[np.float32]
Tokens = NDArray[np.int64]


def has_bfloat16(device: torch.device) -> bool:
    """Tell whether a device multiplies in bfloat16 itself; without, it takes many times as long."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


class TrainedEncoder:
    """Encodes texts with mean pooling over tokens, as the exported graph does.

    Attributes:
        network: the transformer, in float32, without dropout.
        device: where it runs.
        dim: the number of components of a vector.
    """

    def __init__(
        self, folder: Path, *, max_tokens: int, tokens_at_once: int, bfloat16: bool
    ) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        # The fused kernel's backward pass on a CPU takes as long as all matrix products together.
        self.network = AutoModel.from_pretrained(
            str(folder), attn_implementation="sdpa" if self.device.type == "cuda" else "eager"
        ).to(self.device)
        for module in self.network.modules():
            if isinstance(module, Dropout):
                module.p = 0.0
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._last = self._tokenizer.encode("").ids[-1]
        self.dim = int(self.network.config.hidden_size)
        self._tokens_at_once = tokens_at_once
        self._bfloat16 = bfloat16 and has_bfloat16(self.device)

    def tokenize(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the token ids of each text, cut to the longest length."""
        return [np.array(each.ids, np.int64) for each in self._tokenizer.encode_batch(list(texts))]

    def cut(self, ids: Tokens, length: int) -> Tokens:
        """Return the token ids of a text cut to a length; the last one still says that it ends."""
        return ids if len(ids) <= length else np.append(ids[: length - 1], self._last)

    def passes(self, tokens: Sequence[Tokens]) -> list[NDArray[np.int64]]:
        """Split texts into groups of like length, each small enough for one pass, as their rows."""
        lengths = np.array([len(ids) for ids in tokens])
        order = np.argsort(-lengths, kind="stable")
        groups, start = [], 0
        while start < len(order):
            size = max(1, self._tokens_at_once // int(lengths[order[start]]))
            groups.append(order[start : start + size])
            start += size
        return groups

    def forward(self, tokens: Sequence[Tokens]) -> Tensor:
        """Return unit vectors of one pass. Shape: ``(len(tokens), dim)``."""
        longest = max(len(ids) for ids in tokens)
        padded = np.zeros((len(tokens), longest), np.int64)
        mask = np.zeros((len(tokens), longest), np.int64)
        for row, ids in enumerate(tokens):
            padded[row, : len(ids)], mask[row, : len(ids)] = ids, 1
        words, attended = (torch.from_numpy(each).to(self.device) for each in (padded, mask))
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._bfloat16):
            states = self.network(input_ids=words, attention_mask=attended).last_hidden_state
        shares = (attended / attended.sum(dim=1, keepdim=True)).unsqueeze(-1)
        return normalize((states.float() * shares).sum(dim=1), dim=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of any number of texts. Shape: ``(len(texts), dim)``."""
        return self.encode_tokens(self.tokenize(texts))

    @torch.no_grad()
    def encode_tokens(self, tokens: Sequence[Tokens]) -> Vectors:
        """Return unit vectors of any number of texts. Shape: ``(len(tokens), dim)``."""
        vectors = np.empty((len(tokens), self.dim), np.float32)
        for rows in self.passes(tokens):
            vectors[rows] = self.forward([tokens[row] for row in rows]).cpu().numpy()
        return vectors
