"""Measurements: how fast, how big and how sensible, beside the peers and on real input."""
