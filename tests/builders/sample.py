"""The sample catalog, brought in the way every catalog is."""

from pathlib import Path

import service
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.intake import Outcome
from service.standards.native import read_native
from service.wiring import Services

SAMPLE = Path(service.__file__).parent / "sample"
FILES = {
    Kind.SKILL: "skills.jsonl",
    Kind.CREDENTIAL: "credentials.jsonl",
    Kind.JOB: "jobs.jsonl",
    Kind.LEARNER: "learners.jsonl",
}


def load_sample(services: Services) -> dict[Kind, list[Outcome]]:
    """Bring in the whole sample; return what became of each record."""
    outcomes = {}
    for kind, name in FILES.items():
        parsed = list(read_native(kind, [SAMPLE / name]))
        faults = [each.faults for each in parsed if each.record is None]
        assert faults == [], "the sample is native records without a fault"
        records = [each.record for each in parsed if each.record is not None]
        outcomes[kind] = list(services.intake.put_many(DEFAULT_TENANT, records))
    return outcomes
