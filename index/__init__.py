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
from index.protocol import Hit, Mask, Metadata, RowHits, Rows, VectorIndex, Vectors
from index.steps import listen

__all__ = [
    "CountMismatch",
    "DamagedIndex",
    "DuplicateIds",
    "ExactIndex",
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
