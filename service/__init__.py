"""Onramp: which microcredential next, and who is qualified, with reasons."""
