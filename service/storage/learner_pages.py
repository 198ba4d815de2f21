"""Learners as an index reads them: first their vectors alone, and later what shows their skills."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, Table, bindparam, select

from service.domain.ids import SkillId, TenantId
from service.domain.learner import Learner
from service.domain.record import Kind
from service.domain.skill import EvidenceClass, LinkSource
from service.matching.evidence import CLASS_CODE, PIECE, PieceArray
from service.matching.ports import LearnerPage, VectorPage
from service.matching.profiles import date_of
from service.storage.reading import RawRecords, among_ids, of_kind, unreadable, wanted
from service.storage.rows import VECTOR_TYPE, Row, record_of
from service.storage.schema import SLOTS, Slot, records

# What a link shows by itself, as ``profiles.own_pieces`` has it.
_CODES: dict[str | None, int] = {
    None: CLASS_CODE[EvidenceClass.SELF_STATED],
    **{each.value: code for each, code in CLASS_CODE.items()},
}
_GUESSED = {each.value: each is LinkSource.INFERRED for each in LinkSource}
_BODIES = select(records.c.id, records.c.content_hash, records.c.body).where(
    of_kind(records), among_ids(records)
)
_OF_LINKS = ("id", "skill", "weight", "source", "evidence", "level", "date", "field")


def _vectors_of(table: Table) -> Select[Any]:
    return (
        select(table.c.id, table.c.vector)
        .where(of_kind(table), table.c.id > bindparam("after"))
        .order_by(table.c.id)
        .limit(bindparam("limit"))
    )


def _links_of(table: Table) -> Select[Any]:
    return (
        select(*(table.c[name] for name in _OF_LINKS))
        .where(of_kind(table), among_ids(table))
        .order_by(table.c.id, table.c.position)
    )


_VECTORS = {slot: _vectors_of(slot.vectors) for slot in SLOTS}
_LINKS = {slot: _links_of(slot.skill_links) for slot in SLOTS}


def read_vectors(
    connection: Connection, slot: Slot, tenant: TenantId, kind: Kind, *, after: str, limit: int
) -> Sequence[Any]:
    """Return ids and vectors from the first id after ``after`` on, by ascending id."""
    where = {"tenant": tenant, "kind": kind.value, "after": after, "limit": limit}
    return connection.execute(_VECTORS[slot], where).all()


def vector_page(rows: Sequence[Any]) -> VectorPage:
    """Return ids and vectors as one array.

    Raises:
        DamagedStore: if a vector is of another length than the others.
    """
    with unreadable(Kind.LEARNER):
        ids, raw = zip(*rows, strict=True)
        found = np.frombuffer(b"".join(raw), dtype=VECTOR_TYPE).reshape(len(ids), -1)
        if any(len(each) != len(raw[0]) for each in raw):
            raise ValueError
        return VectorPage(list(ids), found)


def read_learners(
    connection: Connection, slot: Slot, tenant: TenantId, ids: Sequence[str]
) -> RawRecords:
    """Return those of the learners that exist, in no order; their links by ascending id."""
    which = wanted(tenant, Kind.LEARNER, ids)
    rows = connection.execute(_BODIES, which).all()
    return RawRecords(Kind.LEARNER, rows, connection.execute(_LINKS[slot], which).all())


def learner_page(raw: RawRecords) -> LearnerPage:
    """Return learners, and what their links show of them.

    Raises:
        DamagedStore: if a row is not as it was kept.
    """
    with unreadable(Kind.LEARNER):
        found = {row[0]: record_of(Kind.LEARNER, *row) for row in raw.records}
        ordered: dict[str, Learner] = {each: found[each] for each in sorted(found)}
        place = {learner: at for at, learner in enumerate(ordered)}
        columns = zip(*raw.links, strict=True) if raw.links else [()] * len(_OF_LINKS)
        ids, skills, *shown = columns
        return LearnerPage(
            learners=list(ordered.values()),
            owners=np.array([place[each] for each in ids], dtype=np.int64),
            skills=[SkillId(each) for each in skills],
            pieces=_pieces(shown, [ordered[each] for each in ids]),
        )


def _pieces(columns: Sequence[Row], owners: Sequence[Learner]) -> PieceArray:
    """Return an array of dtype ``PIECE`` whose skills are still without numbers."""
    weights, sources, evidence, levels, dates, fields = columns
    pieces: PieceArray = np.zeros(len(weights), dtype=PIECE)
    pieces["weight"] = weights
    pieces["evidence"] = [_CODES[each] for each in evidence]
    pieces["guessed"] = [_GUESSED[each] for each in sources]
    pieces["level"] = [each or 0 for each in levels]
    pieces["dated"] = [
        _ordinal(told) if told else _day_of(owner, field)
        for told, owner, field in zip(dates, owners, fields, strict=True)
    ]
    return pieces


@lru_cache(maxsize=20_000)
def _ordinal(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def _day_of(learner: Learner, field: str) -> int:
    if "." not in field:
        return 0
    day = date_of(learner, field, None)
    return day.toordinal() if day else 0
