"""One credential away: which credentials could close what a near miss lacks, cheapest first."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from service.domain.credential import Credential
from service.domain.ids import CredentialId
from service.matching.ports import Holders
from service.matching.scoring import Asked, best_credit


def serving_all(holders: Holders, missing: Asked) -> list[CredentialId]:
    """Return the credentials that teach something of each missing skill, by id.

    Without any of it a skill stays missing, so no other credential can close the gap alone. One
    of which a constraint is unknown is left out.
    """
    teaches = np.all(best_credit(holders, missing) > 0, axis=1) & ~holders.unknown
    return [CredentialId(holders.ids[row]) for row in np.flatnonzero(teaches).tolist()]


def cheapest_first(credentials: Iterable[Credential], currency: str | None) -> list[Credential]:
    """Return credentials by cost, then by weeks, then by id; what is unknown comes last.

    Costs are compared in one currency, and one in another currency counts as unknown.

    Args:
        credentials: the credentials.
        currency: in which to compare; the most frequent among them if none is given.
    """
    found = list(credentials)
    chosen = currency or _most_frequent(found)

    def key(each: Credential) -> tuple[bool, float, bool, float, str]:
        cost = each.cost if each.cost and each.cost.currency == chosen else None
        weeks = each.duration.weeks
        return (cost is None, cost.amount if cost else 0.0, weeks is None, weeks or 0.0, each.id)

    return sorted(found, key=key)


def _most_frequent(credentials: Sequence[Credential]) -> str | None:
    counts = Counter(each.cost.currency for each in credentials if each.cost)
    return min(counts, key=lambda currency: (-counts[currency], currency), default=None)
