"""Updating: a newer release of the taxonomies that ship, in a store that has an older one.

What the institution changed, added or deleted itself stays as it is. To know that, the store keeps
what shipped before: each record's id and the beginning of its content's hash.
"""

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from service.domain.ids import TenantId
from service.domain.job import Occupation
from service.domain.record import Kind, Record, kind_of
from service.domain.skill import Skill
from service.matching.ports import Fingerprint, MetaKey, RecordKey, Records
from service.standards.shipped import ShippedTaxonomy
from service.storage.codec import content_hash

# As many digits tell 24,000 contents apart.
_DIGITS: Final = 16
_GROUP: Final = 200

Known = Mapping[RecordKey, Fingerprint]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a newer release changes in a store.

    Attributes:
        puts: what is new, or has changed; skills first.
        retired: what the release has no longer, and nobody has changed: it goes.
        own: what the release has changed or has no longer, and the institution has made its own.
    """

    puts: list[Record] = field(default_factory=list)
    retired: list[RecordKey] = field(default_factory=list)
    own: list[RecordKey] = field(default_factory=list)


def shipped_before(taxonomy: ShippedTaxonomy) -> str:
    """Return what a store keeps of the taxonomies that it has taken in."""
    kept = {f"{kind_of(each)}/{each.id}": content_hash(each)[:_DIGITS] for each in _all(taxonomy)}
    return json.dumps({"versions": taxonomy.versions, "records": kept}, sort_keys=True)


def plan_update(records: Records, tenant: TenantId, taxonomy: ShippedTaxonomy) -> Update:
    """Return what the taxonomies that ship now change in a store that has others.

    A store made before it was kept what had shipped has nothing retired: what the release has no
    longer may be the institution's own, and is told as such.
    """
    before = _before(records, tenant)
    everything = {RecordKey(kind_of(each), each.id): each for each in _all(taxonomy)}
    there = _fingerprints(records, tenant, [*everything, *before])
    update = Update()
    for key, record in everything.items():
        found = there.get(key)
        if found is None:
            # Somebody has deleted what shipped before; it stays so.
            if key not in before:
                update.puts.append(record)
        elif found.content_hash == content_hash(record):
            continue
        elif _is_ours(key, found, before):
            update.puts.append(record)
        else:
            update.own.append(key)
    for key in before:
        if key not in everything and key in there:
            is_ours = _is_ours(key, there[key], before)
            (update.retired if is_ours else update.own).append(key)
    if not before:
        update.own.extend(_of_the_same_frameworks(records, tenant, taxonomy, everything))
    return update


def _of_the_same_frameworks(
    records: Records, tenant: TenantId, taxonomy: ShippedTaxonomy, besides: Container[RecordKey]
) -> Iterator[RecordKey]:
    """Yield what a store has of the frameworks that ship, and the release has not."""
    frameworks = {_framework_of(each) for each in _all(taxonomy)} - {""}
    for kind in (Kind.SKILL, Kind.OCCUPATION):
        for page in records.scan(tenant, kind):
            for stored in page:
                key = RecordKey(kind, stored.record.id)
                if key not in besides and _framework_of(stored.record) in frameworks:
                    yield key


def _framework_of(record: Record) -> str:
    """Return which framework a skill or an occupation is of, without the version."""
    framework = record.framework if isinstance(record, Skill | Occupation) else None
    return (framework or "").partition(" ")[0]


def retire(records: Records, tenant: TenantId, taxonomy: ShippedTaxonomy) -> Update:
    """Delete what the taxonomies that ship now have no longer, and note what ships now.

    Only after links have been made anew without it. Verdicts on what goes are kept, and count
    again if it comes back.
    """
    update = plan_update(records, tenant, taxonomy)
    _tell(records, tenant, taxonomy, update)
    for start in range(0, len(update.retired), _GROUP):
        records.commit(tenant, [], update.retired[start : start + _GROUP])
    records.set_meta(tenant, MetaKey.SHIPPED, shipped_before(taxonomy))
    return update


def _tell(records: Records, tenant: TenantId, taxonomy: ShippedTaxonomy, update: Update) -> None:
    """Keep what the update comes to, unless it was begun before: then less is left to do."""
    told = {
        "from": _versions_before(records, tenant),
        "to": taxonomy.versions,
        "retired": [f"{key.kind}/{key.id}" for key in update.retired],
        "own": [f"{key.kind}/{key.id}" for key in update.own],
    }
    kept = json.loads(records.get_meta(tenant, MetaKey.TAXONOMY_UPDATE) or "{}")
    if (kept.get("from"), kept.get("to")) != (told["from"], told["to"]):
        records.set_meta(tenant, MetaKey.TAXONOMY_UPDATE, json.dumps(told))


def is_retired(records: Records, tenant: TenantId, taxonomy: ShippedTaxonomy) -> bool:
    """Tell whether that was done for these taxonomies."""
    return _versions_before(records, tenant) == taxonomy.versions


def _versions_before(records: Records, tenant: TenantId) -> dict[str, str]:
    kept = records.get_meta(tenant, MetaKey.SHIPPED)
    versions: dict[str, str] = json.loads(kept)["versions"] if kept else {}
    return versions


def _before(records: Records, tenant: TenantId) -> dict[RecordKey, str]:
    kept = records.get_meta(tenant, MetaKey.SHIPPED)
    if kept is None:
        return {}
    found: dict[str, str] = json.loads(kept)["records"]
    named = ((name.partition("/"), digits) for name, digits in found.items())
    return {RecordKey(Kind(kind), each): digits for (kind, _, each), digits in named}


def _fingerprints(records: Records, tenant: TenantId, keys: Sequence[RecordKey]) -> Known:
    return {
        RecordKey(kind, each): fingerprint
        for kind in (Kind.SKILL, Kind.OCCUPATION)
        for each, fingerprint in records.fingerprints(
            tenant, kind, sorted({key.id for key in keys if key.kind is kind})
        ).items()
    }


def _is_ours(key: RecordKey, found: Fingerprint, before: Mapping[RecordKey, str]) -> bool:
    """Tell whether a record is as it shipped."""
    if not before:
        return found.revision == 1
    return key in before and found.content_hash.startswith(before[key])


def _all(taxonomy: ShippedTaxonomy) -> list[Record]:
    return [*taxonomy.skills, *taxonomy.occupations]
