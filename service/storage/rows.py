"""Records as rows of the tables, and back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from service.domain.ids import TenantId
from service.domain.record import (
    Change,
    ChangeType,
    DerivedRecord,
    Kind,
    StoredRecord,
    Vector,
    kind_of,
)
from service.domain.skill import (
    EvidenceClass,
    Importance,
    LinkMethod,
    LinkSource,
    SkillLink,
    Span,
)
from service.errors import DamagedStore, InvalidRecord
from service.matching.ports import RecordKey
from service.storage.codec import canonical_body, decode

Row = tuple[Any, ...]
Links = dict[str, list[SkillLink]]

VECTOR_TYPE = np.dtype("<f4")
_NOT_AS_KEPT = (
    "The store is damaged: the {kind} {record_id!r} is not what was kept. Restore it from a "
    "backup, or import the record again."
)

# An enumeration's own look-up takes four times as long, and there are links by the 100,000.
_SOURCES = {str(source): source for source in LinkSource}
_METHODS = {str(method): method for method in LinkMethod}
_IMPORTANCES = {str(importance): importance for importance in Importance}
_EVIDENCE = {str(evidence): evidence for evidence in EvidenceClass}


def key_of(derived: DerivedRecord) -> RecordKey:
    """Return what names the record within its tenant."""
    return RecordKey(kind_of(derived.record), derived.record.id)


class RecordRows(NamedTuple):
    """What the tables keep of one record, ready to be written.

    ``record`` lacks the revision, which is known in the transaction alone.
    """

    key: RecordKey
    record: Row
    vector: Row
    links: list[Row]


def rows_of(tenant: TenantId, derived: DerivedRecord) -> RecordRows:
    """Return the rows that keep the record.

    Raises:
        InvalidRecord: if the body or the vector cannot be kept.
    """
    kind, record_id = key_of(derived)
    key = (tenant, str(kind), record_id)
    return RecordRows(
        key=RecordKey(kind, record_id),
        record=(*key, derived.content_hash, canonical_body(derived.record).decode()),
        vector=(*key, derived.text_hash, _bytes_of(derived.vector)),
        links=[(*key, place, *link_row(link)) for place, link in enumerate(derived.links)],
    )


def change_row(tenant: TenantId, change: Change) -> Row:
    """Return the change's row of ``changes``."""
    return (
        tenant,
        change.seq,
        str(change.kind),
        change.id,
        str(change.type),
        change.revision,
    )


def change_of(row: Sequence[Any]) -> Change:
    """Return the change that ``seq, kind, id, type, revision`` stand for."""
    seq, kind, record_id, change, revision = row
    return Change(
        seq=seq, kind=Kind(kind), id=record_id, type=ChangeType(change), revision=revision
    )


def links_by_id(rows: Iterable[Sequence[Any]]) -> Links:
    """Return the links that rows of ``id`` and what follows ``position`` stand for, by id."""
    links: Links = defaultdict(list)
    # One loop without a call in it: there are links by the 100,000, and a start waits for them.
    for (
        record_id,
        skill,
        weight,
        source,
        method,
        confidence,
        field,
        text,
        start,
        end,
        importance,
        level,
        evidence,
        day,
        issuer,
    ) in rows:
        link = SkillLink(
            skill=skill,
            weight=weight,
            source=_SOURCES[source],
            method=_METHODS[method],
            confidence=confidence,
            field=field,
            text=text,
            span=None if start is None else Span(start, end),
            importance=None if importance is None else _IMPORTANCES[importance],
            level=level,
            evidence=None if evidence is None else _EVIDENCE[evidence],
            date=None if day is None else date.fromisoformat(day),
            issuer=issuer,
        )
        links[record_id].append(link)
    return links


def stored_record(kind: Kind, row: Sequence[Any], links: Links) -> StoredRecord:
    """Return the record that ``id, revision, content_hash, body, text_hash, vector`` stand for.

    Raises:
        DamagedStore: if it is not, byte for byte, what was kept under this id.
    """
    record_id, revision, content_hash, body, text_hash, vector = row
    return StoredRecord(
        record=record_of(kind, record_id, content_hash, body),
        content_hash=content_hash,
        text_hash=text_hash,
        vector=np.frombuffer(vector, dtype=VECTOR_TYPE),
        links=tuple(links.get(record_id, ())),
        revision=revision,
    )


def record_of(kind: Kind, record_id: str, content_hash: str, body: str) -> Any:
    """Return the record that a body stands for.

    Raises:
        DamagedStore: if it is not, byte for byte, what was kept under this id.
    """
    # SQLite has no checksums: a flipped bit can leave a page that it reads without complaint.
    is_as_kept = sha256(body.encode()).hexdigest() == content_hash
    record = decode(kind, body) if is_as_kept else None
    if record is None or record.id != record_id:
        raise DamagedStore(_NOT_AS_KEPT.format(kind=kind, record_id=record_id))
    return record


def link_row(link: SkillLink) -> Row:
    """Return the link as a row of what follows ``position``."""
    return (
        link.skill,
        link.weight,
        link.source.value,
        link.method.value,
        link.confidence,
        link.field,
        link.text,
        *(link.span or (None, None)),
        link.importance.value if link.importance else None,
        link.level,
        link.evidence.value if link.evidence else None,
        link.date.isoformat() if link.date else None,
        link.issuer,
    )


def _bytes_of(vector: Vector) -> bytes:
    if vector.ndim != 1 or vector.dtype != np.float32 or not np.isfinite(vector).all():
        raise InvalidRecord(
            f"a vector is float32 of one dimension and finite, not {vector.dtype} of shape "
            f"{vector.shape}.",
            field="vector",
        )
    return vector.astype(VECTOR_TYPE, copy=False).tobytes()
