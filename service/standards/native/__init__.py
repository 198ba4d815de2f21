"""Onramp's own format: JSON Lines, one object for each record (docs/formats.md)."""
