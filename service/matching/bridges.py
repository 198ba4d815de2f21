"""Bridges: what a neighboring skill is worth where another is asked for."""

import math

from service.matching.linking import Calibration

# What a skill that is surely related to the one asked for is worth of it: never as much as the
# skill itself.
BRIDGE_MAX = 0.8
# Who can do the particular can mostly do the general; the other way round, much less.
TO_BROADER = 0.6
TO_NARROWER = 0.3
# Neighbors that are worth less than this earn nothing. Of the 22,646 skills that ship, half have
# 3 neighbors or fewer by then, one in a hundred more than 45, and none more than 114.
LEAST_BRIDGE = 0.2
_DIGITS = 4


def bridge_weight(similarity: float, curve: Calibration) -> float:
    """Return what a skill is worth by its cosine with the one asked for, in [0, 0.8].

    0.8 times the probability that the two are related, by the curve that comes with the model.
    """
    return round(BRIDGE_MAX * curve.confidence(similarity), _DIGITS)


def least_similarity(curve: Calibration) -> float:
    """Return the cosine from which a neighbor is worth enough to count."""
    share = LEAST_BRIDGE / BRIDGE_MAX
    return (math.log(share / (1 - share)) - curve.intercept) / curve.slope
