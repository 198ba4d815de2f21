"""The vector indexes that the contract suites hold to one standard."""

from index import ExactIndex, VectorIndex

INDEXES: list[type[VectorIndex]] = [ExactIndex]
