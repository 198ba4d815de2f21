"""Counts of people as an employer may see them: in fives, and none under five."""

K = 5
"""A number of people under this is not told (NCES calls it a minimum cell size)."""

WITHHELD = f"is withheld: it counts fewer than {K} people"
ROUNDED = f"numbers of people are told in steps of {K}, rounded down"


def told_count(count: int) -> int | None:
    """Return a number of people as it is told: a multiple of five, or none under five.

    From two such numbers, of people among whom the others are, nobody can conclude that the
    difference is between one and four: whatever they are, none at all or more than four is as
    possible (by hand: equal ones differ by 0 to 4, neighboring ones by 1 to 9).
    """
    return None if count < K else count - count % K
