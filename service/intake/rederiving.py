"""Rederiving: everything encoded and linked anew by another model, beside what serves."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from service.domain.derivation import Derivation, DerivedWith
from service.domain.ids import OccupationId, SkillId, TenantId
from service.domain.job import Occupation
from service.domain.record import Kind, StoredRecord, Vector, kind_of
from service.domain.skill import Skill, SkillLink
from service.domain.verdict import JUDGED
from service.errors import InvalidRecord
from service.indexing.models import Model
from service.indexing.occupations import Occupations
from service.indexing.vocabulary import Vocabulary
from service.intake.grouping import GROUP
from service.intake.intake import DERIVING_ORDER, text_hash
from service.matching.deriving import Derived, Deriver
from service.matching.linking import SkillLinker
from service.matching.ports import Derivations, RecordKey, Records
from service.matching.texts import record_text
from service.matching.verdicts import judged_links

OnGroup = Callable[[int], None]


# Where the links of an occupation come from that ships.
REQUIREMENTS = "requirements"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadyMade:
    """What ships of the taxonomies, so that it need not be computed here.

    Attributes:
        vectors: the model's vectors by the hash of their text.
        occupations: what the occupations that ship ask for, even where that is nothing.
        retired: what is not linked to any more.
    """

    vectors: Mapping[str, Vector] = field(default_factory=dict)
    occupations: Mapping[OccupationId, tuple[SkillLink, ...]] = field(default_factory=dict)
    retired: frozenset[RecordKey] = frozenset()


class Rederiver:
    """Derives a tenant's records by a model into the slot that does not serve, and swaps.

    One process does it at a time. It may be killed at any moment: another one goes on from there.
    Nothing of it is seen until the swap.
    """

    def __init__(
        self, records: Records, derivations: Derivations, model: Model, tenant: TenantId
    ) -> None:
        self._records = records
        self._derivations = derivations
        self._model = model
        self._tenant = tenant
        dim = model.encoder.dim
        # The vocabulary as it will be after the swap, to link by.
        self._skills = Vocabulary(dim, model.curves.bridge)
        self._occupations = Occupations(dim)
        linker = SkillLinker(self._skills, model.curves.link)
        self._deriver = Deriver(model.encoder, linker, self._occupations)
        self._retired: frozenset[RecordKey] = frozenset()

    def run(
        self,
        using: DerivedWith,
        *,
        ready: ReadyMade,
        on_group: OnGroup,
        before_swap: Callable[[Derivation, int], None] | None = None,
    ) -> Derivation:
        """Derive all that is not derived yet, and what is written meanwhile; then swap.

        Args:
            using: what it is made with.
            ready: what need not be computed.
            on_group: told how many more records are derived.
            before_swap: called when all is derived up to a row of the log, with its number.

        Raises:
            InvalidRecord: if the model cannot read a record that is there.
            VectorsReplaced: if another derivation came into place.
        """
        under_way = self._derivations.begin(self._tenant, using)
        self._retired = ready.retired
        # Whatever is written from here on is looked at again.
        seq = self._records.last_seq(self._tenant)
        self._take_up()
        for kind in DERIVING_ORDER:
            self._derive_missing(under_way.number, kind, ready, on_group)
        seq = self._follow(under_way.number, seq, ready)
        if before_swap:
            before_swap(under_way, seq)
        while True:
            seq = self._follow(under_way.number, seq, ready)
            if self._derivations.swap(self._tenant, under_way.number, seq=seq):
                return under_way

    def _take_up(self) -> None:
        for kind in (Kind.SKILL, Kind.OCCUPATION):
            for page in self._derivations.staged(self._tenant, kind):
                self._learn(page)

    def _derive_missing(self, number: int, kind: Kind, ready: ReadyMade, on_group: OnGroup) -> None:
        after = ""
        while group := self._derivations.missing(self._tenant, kind, after=after, limit=GROUP):
            self._derive_group(number, kind, group, ready)
            after = group[-1].record.id
            on_group(len(group))

    def _follow(self, number: int, seq: int, ready: ReadyMade) -> int:
        """Derive what was written after a row of the log; return the row up to which it is."""
        while changes := self._records.changes(self._tenant, after=seq):
            keys = dict.fromkeys(RecordKey(change.kind, change.id) for change in changes)
            for kind in DERIVING_ORDER:
                self._follow_kind(number, kind, [key.id for key in keys if key.kind is kind], ready)
            seq = changes[-1].seq
        return seq

    def _follow_kind(self, number: int, kind: Kind, ids: Sequence[str], ready: ReadyMade) -> None:
        for start in range(0, len(ids), GROUP):
            some = ids[start : start + GROUP]
            found = self._records.find(self._tenant, kind, some)
            self._forget(kind, (each for each in some if each not in found))
            if found:
                self._derive_group(number, kind, list(found.values()), ready)

    def _derive_group(
        self, number: int, kind: Kind, group: Sequence[StoredRecord], ready: ReadyMade
    ) -> None:
        if kind in (Kind.SKILL, Kind.OCCUPATION):
            made = self._vocabulary(group, ready)
            self._learn(made)
        else:
            made = self._linked(kind, group)
        self._derivations.stage(self._tenant, number, made)

    def _vocabulary(self, group: Sequence[StoredRecord], ready: ReadyMade) -> list[StoredRecord]:
        """Return skills and occupations with vectors of the model."""
        linked = [
            each
            for each in group
            if isinstance(each.record, Occupation) and not _is_known(each, ready)
        ]
        derived = dict(zip(map(id, linked), self._derived(linked), strict=True))
        texts = [record_text(each.record) for each in group]
        hashes = [text_hash(text) for text in texts]
        unknown = [row for row, each in enumerate(hashes) if each not in ready.vectors]
        encoded = self._model.encoder.encode([texts[row] for row in unknown]) if unknown else ()
        vectors = dict(zip(unknown, encoded, strict=True))
        return [
            replace(
                each,
                text_hash=hashes[row],
                vector=vectors[row] if row in vectors else ready.vectors[hashes[row]],
                links=derived[id(each)].links
                if id(each) in derived
                else ready.occupations.get(OccupationId(each.record.id), each.links),
            )
            for row, each in enumerate(group)
        ]

    def _linked(self, kind: Kind, group: Sequence[StoredRecord]) -> list[StoredRecord]:
        """Return records with vectors and links of the model, as people's verdicts leave them."""
        ids = [each.record.id for each in group]
        said = self._records.verdicts(self._tenant, kind, ids) if kind in JUDGED else {}
        return [
            replace(
                each,
                text_hash=text_hash(new.text),
                vector=new.vector,
                links=judged_links(new.links, said[each.record.id], self._skills)
                if each.record.id in said
                else new.links,
            )
            for each, new in zip(group, self._derived(group), strict=True)
        ]

    def _derived(self, group: Sequence[StoredRecord]) -> list[Derived]:
        if not group:
            return []
        try:
            return self._deriver.derive_many([each.record for each in group])
        except InvalidRecord:
            # To say which of them it is.
            return [self._derived_alone(each) for each in group]

    def _derived_alone(self, stored: StoredRecord) -> Derived:
        try:
            return self._deriver.derive(stored.record)
        except InvalidRecord as error:
            model = self._model.encoder.model_version
            raise InvalidRecord(
                f"the record {stored.record.id!r} cannot be derived anew by {model}: "
                f"{error.reason} Change or delete it; the derivation goes on from there."
            ) from None

    def _learn(self, made: Sequence[StoredRecord]) -> None:
        made = [each for each in made if _key(each) not in self._retired]
        skills = [each for each in made if isinstance(each.record, Skill)]
        if skills:
            records = [each.record for each in skills if isinstance(each.record, Skill)]
            self._skills.upsert(records, np.stack([each.vector for each in skills]))
        occupations = [each for each in made if isinstance(each.record, Occupation)]
        if occupations:
            self._occupations.upsert(
                [each.record for each in occupations if isinstance(each.record, Occupation)],
                np.stack([each.vector for each in occupations]),
                [each.links for each in occupations],
            )

    def _forget(self, kind: Kind, ids: Iterable[str]) -> None:
        for each in ids:
            if kind is Kind.SKILL:
                self._skills.remove(SkillId(each))
            elif kind is Kind.OCCUPATION:
                self._occupations.remove(OccupationId(each))


def _key(stored: StoredRecord) -> RecordKey:
    return RecordKey(kind_of(stored.record), stored.record.id)


def _is_known(occupation: StoredRecord, ready: ReadyMade) -> bool:
    # What it asks for was worked out once, from all that is known of it; that may be nothing.
    if occupation.record.id in ready.occupations:
        return True
    return any(link.field == REQUIREMENTS for link in occupation.links)
