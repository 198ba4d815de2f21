"""Two worker processes: what is withdrawn in one is gone from the other's index within a second."""

import subprocess
import sys
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from service.domain.consent import Asking, Consents, Purpose
from service.domain.ids import DEFAULT_TENANT, LearnerId
from service.indexing.following import EVERY_S, following
from service.indexing.models import Curves, Model
from service.indexing.tenants import Tenants
from service.matching.evidence_rules import EvidenceRules
from service.models import GuardedEncoder
from service.storage import SqliteStore
from tests.builders import waiting
from tests.builders.consents import ACME, a_consent
from tests.builders.records import a_learner, a_vector, derived
from tests.builders.worlds import BRIDGE, CALIBRATION, NOW

ROOT = Path(__file__).parents[2]
HERE = DEFAULT_TENANT
until = partial(waiting.until, patience_s=60.0)
# A worker of its own: it waits for a line, and withdraws everything then.
WORKER = """
import sys
from dataclasses import replace
from pathlib import Path
from service.domain.ids import DEFAULT_TENANT
from service.storage import SqliteStore
from tests.builders.worlds import NOW

with SqliteStore.open(Path(sys.argv[1]), create=False) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    store.privacy.consents.change(
        DEFAULT_TENANT,
        "ada",
        lambda before: replace(
            before, signed=tuple(replace(each, withdrawn_at=NOW) for each in before.signed)
        ),
    )
    print("done", flush=True)
"""


@pytest.mark.slow
def test_what_another_worker_withdraws_is_not_found_any_more_though_nobody_asks(
    tmp_path: Path, encoder: GuardedEncoder
) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, [derived(a_learner("ada"), vector=a_vector(dim=384))])
        model = Model(encoder=encoder, curves=Curves(CALIBRATION, BRIDGE), topics=None)
        tenants = Tenants(store, model, rules=EvidenceRules())
        learners = tenants.get(HERE).view.learners

        def found() -> tuple[str, ...]:
            asking = Asking(ACME, Purpose.MATCHING, NOW)
            query = np.asarray(a_vector(dim=384))
            today = date(2026, 11, 24)
            return learners.retrieve(query, k=5, skills=(), today=today, asking=asking).ids

        with following(tenants):
            assert found() == ()
            agreed = Consents(signed=(a_consent(),))
            store.privacy.consents.change(HERE, LearnerId("ada"), lambda _: agreed)
            until(lambda: found() == ("ada",))
            worker = subprocess.Popen(
                [sys.executable, "-c", WORKER, str(tmp_path)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            assert found() == ("ada",)

            said, _ = worker.communicate("go\n")
            until(lambda: found() == ())

    assert (said, worker.returncode) == ("done\n", 0)
    # It looks at the log four times a second, and reading a change takes milliseconds.
    assert EVERY_S <= 0.25
