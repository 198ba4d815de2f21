"""What has changed since an answer: records by name where the answer has to do with them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from service.answers.desk import Desk
from service.domain.decision import ChangedRecord, ChangedVersion, Decision, Replay
from service.domain.ids import TenantId
from service.domain.record import Change, ChangeType
from service.matching.ports import RecordKey


class ChangesSince(NamedTuple):
    """What has changed since a decision."""

    records: tuple[ChangedRecord, ...]
    others: int
    versions: tuple[ChangedVersion, ...]
    index_version: ChangedVersion | None

    def told_in(self, replay: Replay) -> Replay:
        """Return the replay with these changes."""
        return replace(
            replay,
            records=self.records,
            others=self.others,
            versions=self.versions,
            index_version=self.index_version,
        )


def changes_since(desk: Desk, tenant: TenantId, logged: Decision, *, now: str = "") -> ChangesSince:
    """Return what has changed since a decision.

    Args:
        desk: where the answer would be given now.
        tenant: whose records.
        logged: the decision.
        now: the answer that is given now, as canonical JSON; empty if there is none.
    """
    revisions = {
        RecordKey(each.kind, each.id): each.revision for each in logged.records if each.revision
    }
    latest = {RecordKey(change.kind, change.id): change for change in _since(desk, tenant, logged)}
    named = _ids_in(logged.answer, logged.request, now)
    told = [key for key in latest if key in revisions or key.id in named]
    changed = (_changed(key, revisions.get(key), latest[key]) for key in sorted(told))
    seq = desk.records.last_seq(tenant)
    return ChangesSince(
        records=tuple(each for each in changed if each.before != each.after),
        others=len(latest) - len(told),
        versions=tuple(_versions(desk, tenant, logged)),
        index_version=_differs("index", logged.versions.index_version, seq),
    )


def _since(desk: Desk, tenant: TenantId, logged: Decision) -> Iterator[Change]:
    after = logged.versions.index_version
    while rows := desk.records.changes(tenant, after=after):
        yield from rows
        after = rows[-1].seq


def _changed(key: RecordKey, before: int | None, change: Change) -> ChangedRecord:
    gone = change.type is ChangeType.DELETE
    # A first revision was written since, so the record was not there.
    new = before is None and change.revision == 1
    return ChangedRecord(
        kind=key.kind,
        id=key.id,
        before=0 if new else before,
        after=None if gone else change.revision,
    )


def _versions(desk: Desk, tenant: TenantId, logged: Decision) -> Iterator[ChangedVersion]:
    reader = desk.reader(tenant)
    now = desk.versions(tenant, reader)
    encoder = reader.opened.model.encoder
    model = _differs("model", logged.model_hash, encoder.model_hash)
    if model:
        yield ChangedVersion(
            name="model", before=logged.versions.model_version, after=now.model_version
        )
    then = logged.versions.taxonomy_versions
    for name in sorted(then | now.taxonomy_versions):
        taxonomy = _differs(
            f"taxonomy {name}", then.get(name, "none"), now.taxonomy_versions.get(name, "none")
        )
        if taxonomy:
            yield taxonomy


def _differs(name: str, before: object, after: object) -> ChangedVersion | None:
    if before == after:
        return None
    return ChangedVersion(name=name, before=str(before), after=str(after))


def _ids_in(*texts: str | None) -> frozenset[str]:
    """Return every string that could be an id in JSON texts, keys of objects included."""
    return frozenset(each for text in texts if text for each in _strings(json.loads(text)))


def _strings(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value
            # As evidence names the credential that it comes from.
            yield value.removeprefix("credentials.")
        case dict():
            yield from value
            for each in value.values():
                yield from _strings(each)
        case list():
            for each in value:
                yield from _strings(each)
