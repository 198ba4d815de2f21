"""Unit vectors in, nearest ids out."""

from index.errors import (
    CountMismatch,
    DamagedIndex,
    DuplicateIds,
    InvalidK,
    InvalidMask,
    NotFinite,
    NotUnitLength,
    UnknownIds,
    UnknownRows,
    UsedAfterFork,
    VectorIndexError,
    WrongDimension,
    WrongVectorType,
)
from index.exact import ExactIndex
from index.growing import GrowingIndex, Growth
from index.protocol import Hit, Mask, Metadata, RowHits, Rows, VectorIndex, Vectors
from index.quantized import TOLERANCE
from index.steps import listen

__all__ = [
    "TOLERANCE",
    "CountMismatch",
    "DamagedIndex",
    "DuplicateIds",
    "ExactIndex",
    "GrowingIndex",
    "Growth",
    "Hit",
    "InvalidK",
    "InvalidMask",
    "Mask",
    "Metadata",
    "NotFinite",
    "NotUnitLength",
    "RowHits",
    "Rows",
    "UnknownIds",
    "UnknownRows",
    "UsedAfterFork",
    "VectorIndex",
    "VectorIndexError",
    "Vectors",
    "WrongDimension",
    "WrongVectorType",
    "listen",
]
