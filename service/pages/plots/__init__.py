"""Plots of the pages: what an answer says, drawn, and once more as a table."""
