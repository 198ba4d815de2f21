"""The HTTP edge: one module for each resource; errors and their status in ``problems.py`` alone."""
