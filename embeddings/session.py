"""One text, one run: the ONNX Runtime session, which never sees two texts at once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from embeddings.errors import InvalidModelFile

Tokens = Sequence[int]
INPUT = "input_ids"
OUTPUT = "vector"


class ModelSession:
    """A model that turns the tokens of one text into one unit vector. Safe from any thread.

    Dynamic quantization would make a vector depend on the texts and the padding beside it in a
    batch, and a second thread within a run on the order of additions; so there is neither.
    """

    def __init__(self, model: bytes, path: Path, *, dim: int) -> None:
        try:
            self._session = ort.InferenceSession(
                model, _options(), providers=["CPUExecutionProvider"]
            )
        # ONNX Runtime raises a type of its own for each fault.
        except Exception as error:
            raise InvalidModelFile(path, reason=f"ONNX Runtime says {error}") from None
        inputs = [(part.name, part.type) for part in self._session.get_inputs()]
        outputs = [(part.name, part.shape) for part in self._session.get_outputs()]
        if inputs != [(INPUT, "tensor(int64)")] or outputs != [(OUTPUT, [1, dim])]:
            reason = f"it must turn {INPUT} into {OUTPUT} of {dim} components"
            raise InvalidModelFile(path, reason=reason)

    def run(self, tokens: Tokens) -> NDArray[np.float32]:
        """Return the unit vector of one run. Shape: ``(dim,)``."""
        inputs = {INPUT: np.array([tokens], dtype=np.int64)}
        vector: NDArray[np.float32] = self._session.run([OUTPUT], inputs)[0][0]
        return vector


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The graph is final: fusing Add with LayerNormalization, as a higher level does, slows it.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    # An arena keeps the memory of the longest run for good, and is no faster with one text a run.
    options.enable_cpu_mem_arena = False
    return options
