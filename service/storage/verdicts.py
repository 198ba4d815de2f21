"""People's words about links: read, checked and written beside the records."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects import sqlite

from service.domain.ids import SkillId, TenantId
from service.domain.record import Kind
from service.domain.verdict import SkillVerdict, Verdict
from service.errors import RecordChanged
from service.matching.ports import RecordKey, VerdictChange, Verdicts
from service.storage.reading import among_ids, of_kind, read_revisions_among, wanted
from service.storage.schema import skill_verdicts as table

_VERDICTS = (
    select(table.c.id, table.c.skill, table.c.verdict, table.c.note)
    .where(of_kind(table), among_ids(table))
    .order_by(table.c.id, table.c.skill)
)
_INSERT = sqlite.insert(table)
_KEEP = _INSERT.on_conflict_do_update(
    index_elements=["tenant", "kind", "id", "skill"],
    set_={"verdict": _INSERT.excluded.verdict, "note": _INSERT.excluded.note},
)
_FORGET = delete(table).where(
    of_kind(table),
    table.c.id == bindparam("record"),
    table.c.skill == bindparam("judged"),
)


def read_verdicts(
    connection: Connection, tenant: TenantId, kind: Kind, ids: Sequence[str]
) -> dict[str, tuple[SkillVerdict, ...]]:
    """Return the verdicts on those of the records that have some, by id; ascending by skill."""
    found: dict[str, list[SkillVerdict]] = defaultdict(list)
    for record_id, skill, verdict, note in connection.execute(_VERDICTS, wanted(tenant, kind, ids)):
        found[record_id].append(
            SkillVerdict(skill=SkillId(skill), verdict=Verdict(verdict), note=note)
        )
    return {record_id: tuple(verdicts) for record_id, verdicts in found.items()}


def check_verdicts(connection: Connection, tenant: TenantId, verdicts: Verdicts) -> None:
    """Check that nobody has said or written something else since the verdicts were read.

    Raises:
        RecordChanged: if somebody has.
    """
    for kind in {key.kind for key in verdicts.seen}:
        seen = {key.id: said for key, said in verdicts.seen.items() if key.kind is kind}
        now = read_verdicts(connection, tenant, kind, list(seen))
        for record_id, said in seen.items():
            if now.get(record_id, ()) != said:
                raise RecordChanged(kind, record_id)
    if verdicts.new is not None:
        key = verdicts.new.key
        found = read_revisions_among(connection, tenant, key.kind, [key.id])
        if found.get(key.id) != verdicts.new.revision:
            raise RecordChanged(*key)


def write_verdict(connection: Connection, tenant: TenantId, word: VerdictChange) -> None:
    """Keep a verdict in place of any other on the same link, or take it back."""
    key: RecordKey = word.key
    if word.verdict is None:
        where = {"tenant": tenant, "kind": key.kind.value, "record": key.id, "judged": word.skill}
        connection.execute(_FORGET, where)
        return
    connection.execute(
        _KEEP,
        {
            "tenant": tenant,
            "kind": key.kind.value,
            "id": key.id,
            "skill": word.skill,
            "verdict": word.verdict.verdict.value,
            "note": word.verdict.note,
        },
    )
