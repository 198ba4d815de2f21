"""The research sets, and the pairs that each of them gives."""
