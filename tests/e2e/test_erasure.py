"""A learner who is deleted leaves no word and no vector byte in any file, log or answer."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from service.answers import CandidatesQuestion, ExplainQuestion, JobsQuestion, RecommendQuestion
from service.domain.consent import Consents
from service.domain.ids import DEFAULT_TENANT, JobId, LearnerId
from service.domain.job import Job
from service.domain.learner import Course, Experience, Learner
from service.domain.record import Kind
from service.errors import NotFound
from service.settings import Settings
from service.storage.backups import back_up
from service.storage.restoring import restore
from service.storage.sqlite import STORE_FILE
from service.wiring import Services, open_services
from tests.builders.consents import ACME, SIGNED, a_consent

HERE = DEFAULT_TENANT
WHO = LearnerId("l-canary")
CANARY = "Zebediah"


def a_learner() -> Learner:
    return Learner(
        id=WHO,
        text=f"I am {CANARY}. I chart in the electronic health record and check vital signs.",
        courses=(Course(name=f"Charting with {CANARY}", grade="A"),),
        experience=(Experience(title=f"Nursing assistant of {CANARY}", text=f"{CANARY} charts."),),
    )


def traces(folder: Path, vector: bytes) -> list[str]:
    """Name the files that hold the canary, or a quarter of the vector."""
    pieces = [vector[start : start + len(vector) // 4] for start in (0, len(vector) // 2)]
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(each in path.read_bytes() for each in (CANARY.encode(), *pieces))
    ]


def live(services: Services) -> None:
    """Let the learner be advised, found, explained and shown to an employer."""
    who = a_learner()
    services.intake.put(HERE, who)
    services.consenting.put(HERE, WHO, Consents(signed=(a_consent(),)))
    job = services.answers.read(HERE, Kind.JOB, "j-001").record
    assert isinstance(job, Job)
    services.answers.recommend(HERE, RecommendQuestion(learner=who, stored=True))
    services.answers.jobs(HERE, JobsQuestion(learner=who, stored=True))
    for_us = CandidatesQuestion(job=job, stored=True, limit=100, near_misses=True)
    services.answers.candidates(HERE, for_us)
    services.answers.candidates(HERE, replace(for_us, party=ACME))
    why = ExplainQuestion(learner=who, stored=True, job=JobId("j-001"))
    services.explaining.explain(HERE, why)


@pytest.mark.slow
def test_an_erased_learner_is_in_no_file_no_log_and_no_answer_also_after_an_older_backup(
    sample_services: Services,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, kept = tmp_path / "data", tmp_path.parent / f"{tmp_path.name}-kept"
    for folder in (data, tmp_path / "temp"):
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    shutil.copy(sample_services.settings.data / STORE_FILE, data / STORE_FILE)
    caplog.set_level("DEBUG")
    with open_services(Settings(data=data)) as services:
        live(services)
        logged = services.personal.person(HERE, WHO).decisions
        vector = services.records.find(HERE, Kind.LEARNER, [WHO])[WHO].vector.tobytes()
        assert traces(data, vector) == [STORE_FILE]
        services.tenants.save(HERE)
        back_up(data, kept, at=SIGNED, onramp="0.1.0")

        services.intake.delete(HERE, Kind.LEARNER, WHO)

        assert traces(tmp_path, vector) == []
        # Answers are kept packed, so that a scan of bytes does not see into them.
        decisions = [services.replaying.decision(HERE, each.id) for each in logged]
        assert [(each.request, each.answer, each.records) for each in decisions] == [
            (None, None, ())
        ] * 5
        with pytest.raises(NotFound):
            services.personal.export(HERE, WHO)
    assert traces(tmp_path, vector) == []
    assert CANARY not in caplog.text

    done = restore(kept, data, replace=True)

    assert done.erased == 1
    assert traces(tmp_path, vector) == []
