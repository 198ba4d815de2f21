"""Pools: learners who are not in the store, to be looked through for many jobs."""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from service.answers.people import Pool
from service.answers.reading import Reader, unstored
from service.domain.learner import Learner
from service.domain.record import StoredRecord
from service.indexing.learners import Learners

_AT_ONCE = 256


def pool_of(reader: Reader, learners: Iterable[Learner], *, dim: int) -> Pool:
    """Return a pool of learners, derived for this run alone; nothing of them is kept.

    Of several with one id the last counts.

    Args:
        reader: whose vocabulary and credentials the learners' skills refer to.
        learners: the learners.
        dim: the number of dimensions of a vector.
    """
    view = reader.opened.view
    index = Learners(dim, view.skills, view.credentials, reader.opened.judge)
    records: dict[str, StoredRecord] = {}
    each = iter(learners)
    while group := list(islice(each, _AT_ONCE)):
        found = {str(record.record.id): record for record in _derived(reader, group)}
        records.update(found)
        index.upsert(
            [record.record for record in found.values() if isinstance(record.record, Learner)],
            np.stack([record.vector for record in found.values()]),
            [record.links for record in found.values()],
        )
    return Pool(index, lambda ids: {each: records[each] for each in ids if each in records})


def _derived(reader: Reader, group: list[Learner]) -> Iterator[StoredRecord]:
    derived = reader.opened.deriver.derive_many(group)
    for learner, found in zip(group, derived, strict=True):
        yield unstored(learner, found)
