"""Comparing: whatever a view lacks, has otherwise or has beside the store is found."""

from service.domain.ids import DEFAULT_TENANT, CredentialId, JobId
from service.domain.record import Kind
from service.indexing.comparing import Difference, compare
from tests.builders.memory_records import MemoryRecords
from tests.builders.views import a_change, an_empty_view

HERE = DEFAULT_TENANT


def test_a_view_is_compared_record_by_record_and_bit_by_bit() -> None:
    records = MemoryRecords()
    kinds = [kind for kind in Kind for _ in range(3)]
    records.commit(HERE, [a_change(kind, at % 3, 100 + at) for at, kind in enumerate(kinds)])
    view = an_empty_view(records)
    view.load()
    counts = records.counts(HERE)

    assert compare(view, records, HERE) == [Difference(kind, counts[kind], (), 0) for kind in Kind]

    view.jobs.remove(JobId("j:1"))
    other = a_change(Kind.CREDENTIAL, 2, 4711)
    stored = records.find(HERE, Kind.CREDENTIAL, ["c:2"])["c:2"]
    view.credentials.upsert([stored.record], other.vector[None], [stored.links])  # type: ignore[list-item]  # of this kind
    beside = a_change(Kind.CREDENTIAL, 8, 4712)
    view.credentials.upsert([beside.record], beside.vector[None], [beside.links])  # type: ignore[list-item]  # of this kind

    found = {each.kind: each for each in compare(view, records, HERE)}

    assert found[Kind.JOB] == Difference(Kind.JOB, 3, ("j:1",), 0)
    assert found[Kind.CREDENTIAL] == Difference(Kind.CREDENTIAL, 3, (CredentialId("c:2"),), 1)
    assert not any(found[kind].wrong for kind in (Kind.SKILL, Kind.OCCUPATION, Kind.LEARNER))
