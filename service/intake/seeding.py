"""Seeding: a fresh store learns the world's words from the taxonomies that ship."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from service.domain.ids import TenantId
from service.domain.job import Occupation
from service.domain.record import DerivedRecord, Record
from service.domain.skill import LinkMethod, LinkSource, SkillLink
from service.failpoints import Failpoint, reached
from service.intake.intake import text_hash
from service.intake.rederiving import REQUIREMENTS, ReadyMade
from service.intake.updating import shipped_before
from service.matching.ports import Encoder, MetaKey, RecordKey, Records, Vectors
from service.matching.texts import record_text
from service.standards.shipped import ShippedTaxonomy
from service.storage.codec import content_hash

_GROUP = 4000


def seed(
    records: Records,
    tenant: TenantId,
    taxonomy: ShippedTaxonomy,
    encoder: Encoder,
    *,
    on_group: Callable[[int], None] | None = None,
) -> int:
    """Put the taxonomies' skills and occupations into the store; return how many.

    Their shipped vectors are used if the loaded model made them; otherwise all are encoded.
    """
    everything: list[Record] = [*taxonomy.skills, *taxonomy.occupations]
    vectors = _shipped_vectors(taxonomy, encoder)
    for rows in batched_rows(len(everything)):
        group = [everything[row] for row in rows]
        given = vectors[list(rows)] if vectors is not None else None
        records.commit(tenant, _derived(group, given, encoder, taxonomy))
        if on_group:
            on_group(len(group))
    reached(Failpoint.SEEDED)
    records.set_meta(tenant, MetaKey.MODEL_HASH, encoder.model_hash)
    records.set_meta(tenant, MetaKey.SHIPPED, shipped_before(taxonomy))
    # Last, since a store that has this is a store that was seeded whole.
    records.set_meta(tenant, MetaKey.TAXONOMY_VERSIONS, kept_versions(taxonomy.versions))
    return len(everything)


def ready_made(
    taxonomy: ShippedTaxonomy, model_hash: str, *, retired: Iterable[RecordKey] = ()
) -> ReadyMade:
    """Return what ships of the taxonomies for a model; no vectors if another one made them.

    Args:
        taxonomy: what ships.
        model_hash: of the model.
        retired: skills and occupations that it has no longer.
    """
    shipped = taxonomy.vectors(model_hash)
    everything: list[Record] = [*taxonomy.skills, *taxonomy.occupations]
    vectors = {}
    if shipped is not None:
        hashes = (text_hash(record_text(record)) for record in everything)
        vectors = dict(
            zip(hashes, np.concatenate([shipped.skills, shipped.occupations]), strict=True)
        )
    return ReadyMade(
        vectors=vectors,
        occupations={each.id: _links(each, taxonomy) for each in taxonomy.occupations},
        retired=frozenset(retired),
    )


def kept_versions(versions: Mapping[str, str]) -> str:
    """Return the versions of taxonomies as the store keeps them."""
    return json.dumps(versions, sort_keys=True)


def _shipped_vectors(taxonomy: ShippedTaxonomy, encoder: Encoder) -> Vectors | None:
    shipped = taxonomy.vectors(encoder.model_hash)
    if shipped is None:
        return None
    return np.concatenate([shipped.skills, shipped.occupations])


def _derived(
    group: Sequence[Record],
    vectors: Vectors | None,
    encoder: Encoder,
    taxonomy: ShippedTaxonomy,
) -> list[DerivedRecord]:
    texts = [record_text(record) for record in group]
    known = encoder.encode(texts) if vectors is None else vectors
    return [
        DerivedRecord(
            record=record,
            content_hash=content_hash(record),
            text_hash=text_hash(text),
            vector=vector,
            links=_links(record, taxonomy) if isinstance(record, Occupation) else (),
        )
        for record, text, vector in zip(group, texts, known, strict=True)
    ]


def _links(occupation: Occupation, taxonomy: ShippedTaxonomy) -> tuple[SkillLink, ...]:
    return tuple(
        SkillLink(
            skill=needed.skill,
            weight=needed.weight,
            source=LinkSource.INFERRED,
            method=LinkMethod.OCCUPATION,
            confidence=needed.weight,
            field=REQUIREMENTS,
            text=occupation.title,
        )
        for needed in taxonomy.requirements.get(occupation.id, [])
    )


def batched_rows(count: int) -> Iterator[range]:
    """Yield row numbers in groups of 4,000, the last one shorter."""
    for start in range(0, count, _GROUP):
        yield range(start, min(start + _GROUP, count))
