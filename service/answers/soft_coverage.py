"""Which soft skills are asked for, and whether anything on offer can show them."""

from collections.abc import Iterator

from service.answers.desk import Desk
from service.domain.ids import TenantId
from service.domain.record import Kind, StoredRecord
from service.domain.soft_coverage import SoftCoverage
from service.matching.soft_demand import (
    assessable_skills,
    soft_demand,
    soft_demand_without_credential,
)


class SoftCoverageReport:
    """Reads all jobs and credentials of a tenant; blocking, and takes as long as they are many."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.run = desk.run

    def read(self, tenant: TenantId) -> SoftCoverage:
        """Return the soft skills that jobs ask for, and the share that nothing here assesses."""
        reader = self._desk.reader(tenant)
        jobs = [stored.links for stored in self._all(tenant, Kind.JOB)]
        assessable = (assessable_skills(each) for each in self._all(tenant, Kind.CREDENTIAL))
        demand = soft_demand(jobs, assessable, reader.opened.view.skills)
        return SoftCoverage(
            jobs=len(jobs),
            share_without=soft_demand_without_credential(demand),
            skills=demand,
            labels={each.skill: reader.label(each.skill) for each in demand},
        )

    def _all(self, tenant: TenantId, kind: Kind) -> Iterator[StoredRecord]:
        for page in self._desk.records.scan(tenant, kind):
            yield from page
