"""Text in, unit vectors out: the encoder, its model folder, and the normalization of texts."""

from embeddings.encoder import Encoder, load_encoder
from embeddings.errors import (
    DamagedModelFile,
    EmbeddingsError,
    EmptyText,
    GoldenVectorsDiffer,
    InvalidModelFile,
    LoneSurrogate,
    MissingModelFile,
    ModelFolderError,
    UnexpectedModelFile,
)
from embeddings.model_files import Calibration, Logistic, ModelConfig
from embeddings.model_folder import DEFAULT_FOLDER, model_hash_of
from embeddings.normalize import normalize_text

__all__ = [
    "DEFAULT_FOLDER",
    "Calibration",
    "DamagedModelFile",
    "EmbeddingsError",
    "EmptyText",
    "Encoder",
    "GoldenVectorsDiffer",
    "InvalidModelFile",
    "Logistic",
    "LoneSurrogate",
    "MissingModelFile",
    "ModelConfig",
    "ModelFolderError",
    "UnexpectedModelFile",
    "load_encoder",
    "model_hash_of",
    "normalize_text",
]
