"""Labeled pairs in, a model folder out: the only place that needs torch."""
