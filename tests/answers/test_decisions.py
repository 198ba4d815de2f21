"""Answers are logged behind the back of whoever waits for them, and none is lost unsaid."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from service.answers.decisions import GroupedDecisions, Pace
from service.domain.decision import Decision
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.errors import StoreProblem, StoreReadOnly
from service.storage import SqliteStore
from tests.builders.drafts import a_draft
from tests.builders.memory_decisions import MemoryDecisions

HERE = DEFAULT_TENANT
HASTY = Pace(waiting=2, group=2, linger_s=0.01, patience_s=0.01, retry_s=0.01)


class FitfulLog:
    """A log that keeps its writer waiting, or cannot be written, until it is told to work."""

    def __init__(self, *, broken: bool, problem: type[StoreProblem] = StoreProblem) -> None:
        self._problem = problem
        self.kept = MemoryDecisions()
        self.groups: list[int] = []
        self.tried = Event()
        self.works = Event()
        self._broken = broken

    def append(self, tenant: TenantId, group: Sequence[Decision]) -> None:
        self.tried.set()
        if self._broken and not self.works.is_set():
            raise self._problem("The disk is full.")
        self.works.wait()
        self.groups.append(len(group))
        self.kept.append(tenant, group)

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        return self.kept.find(tenant, decision)

    def concerning(self, tenant: TenantId, learner: str) -> list[Decision]:
        return self.kept.concerning(tenant, learner)

    def recent(self, tenant: TenantId, *, limit: int) -> list[Decision]:
        return self.kept.recent(tenant, limit=limit)

    def forget(self, tenant: TenantId, *, before: datetime) -> int:
        return self.kept.forget(tenant, before=before)


def test_what_was_noted_is_in_the_log_when_it_is_closed(tmp_path: Path) -> None:
    ids = [f"d-{number}" for number in range(300)]
    with SqliteStore.open(tmp_path, create=True) as store:
        with GroupedDecisions(store.decisions).running() as decisions:
            said = [decisions.note(a_draft(each)) for each in ids]
        found = [store.decisions.find(HERE, each) for each in ids]

    assert said == [""] * 300
    assert [each.id for each in found if each] == ids


def test_what_was_noted_is_found_at_once(tmp_path: Path) -> None:
    with (
        SqliteStore.open(tmp_path, create=True) as store,
        GroupedDecisions(store.decisions).running() as decisions,
    ):
        decisions.note(a_draft("d-1"))

        found = decisions.find(HERE, "d-1")

    assert found is not None
    assert '"I weld."' in (found.answer or "")


def test_answers_are_written_in_groups_in_their_order() -> None:
    log = FitfulLog(broken=False)
    with GroupedDecisions(log, pace=Pace(waiting=64, group=10)).running() as decisions:
        decisions.note(a_draft("first"))
        log.tried.wait()
        for number in range(25):
            decisions.note(a_draft(f"d-{number}"))
        log.works.set()
        decisions.flush()

    assert log.groups[0] == 1
    assert log.groups[1:] == [10, 10, 5]


LINGERING = Pace(waiting=4, group=2, linger_s=3_600, patience_s=60, retry_s=0.01)


def ends(task: Callable[[], object]) -> bool:
    """Tell whether a task ends, and does not wait until a group has lingered."""
    thread = Thread(target=task, daemon=True)
    thread.start()
    thread.join(30)
    return not thread.is_alive()


def test_who_looks_for_an_answer_does_not_wait_until_others_have_come() -> None:
    log = FitfulLog(broken=False)
    log.works.set()
    with GroupedDecisions(log, pace=LINGERING).running() as decisions:
        for number in range(3):
            decisions.note(a_draft(f"d-{number}"))

        assert ends(decisions.flush)
        assert [log.find(HERE, f"d-{number}") is not None for number in range(3)] == [True] * 3


def test_who_finds_the_queue_full_hurries_the_group_on() -> None:
    log = FitfulLog(broken=False)
    log.works.set()
    with GroupedDecisions(log, pace=LINGERING).running() as decisions:

        def note_many() -> None:
            for number in range(20):
                assert not decisions.note(a_draft(f"d-{number}"))

        assert ends(note_many)
        assert ends(decisions.flush)


def test_the_last_group_does_not_linger() -> None:
    log = FitfulLog(broken=False)
    log.works.set()

    def note_and_close() -> None:
        with GroupedDecisions(log, pace=LINGERING).running() as decisions:
            decisions.note(a_draft("d-1"))

    assert ends(note_and_close)
    assert log.find(HERE, "d-1")


def test_answers_that_come_later_keep_nobody_waiting_who_looks_for_an_earlier_one() -> None:
    log = FitfulLog(broken=False)
    log.works.set()
    stop = Event()
    with GroupedDecisions(log, pace=Pace(waiting=64, group=2, linger_s=0.001)).running() as noting:

        def note_on_and_on() -> None:
            for number in count():
                if stop.is_set():
                    return
                noting.note(a_draft(f"more-{number}"))

        busy = Thread(target=note_on_and_on)
        busy.start()
        found = ends(noting.flush)
        stop.set()
        busy.join()

    assert found


def test_an_answer_that_finds_no_place_says_that_it_is_not_logged() -> None:
    log = FitfulLog(broken=False)
    with GroupedDecisions(log, pace=HASTY).running() as decisions:
        decisions.note(a_draft("first"))
        log.tried.wait()
        said = [decisions.note(a_draft(f"d-{number}")) for number in range(3)]
        log.works.set()

    assert said[:2] == ["", ""]
    assert "not in the decision log, which does not keep up" in said[2]
    found = [log.find(HERE, each) is not None for each in ("first", "d-0", "d-1", "d-2")]
    assert found == [True, True, True, False]


def test_who_answers_waits_for_a_place_rather_than_going_unlogged() -> None:
    log = FitfulLog(broken=False)
    patient = Pace(waiting=2, group=2, linger_s=0.01, patience_s=60)
    said: list[str] = []
    with GroupedDecisions(log, pace=patient).running() as decisions:
        decisions.note(a_draft("first"))
        log.tried.wait()
        asking = Thread(
            target=lambda: said.extend(decisions.note(a_draft(f"d-{each}")) for each in range(8))
        )
        asking.start()
        log.works.set()
        asking.join()

    assert said == [""] * 8
    assert all(log.find(HERE, f"d-{each}") for each in range(8))


def test_a_log_that_cannot_be_written_is_told_and_catches_up_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = FitfulLog(broken=True)
    with GroupedDecisions(log, pace=HASTY).running() as decisions:
        taken = decisions.note(a_draft("d-1"))
        with pytest.raises(StoreProblem, match="cannot be written"):
            decisions.flush()
        refused = decisions.note(a_draft("d-2"))
        log.works.set()
        while decisions.note(a_draft("d-3")):
            pass

    assert taken == ""
    assert "which cannot be written now; it cannot be replayed." in refused
    assert [log.find(HERE, each) is not None for each in ("d-1", "d-2", "d-3")] == [
        True,
        False,
        True,
    ]
    assert "could not be logged yet" in caplog.text


def test_a_disk_that_failed_is_tried_once_and_answers_say_that_they_are_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = FitfulLog(broken=True, problem=StoreReadOnly)
    with GroupedDecisions(log, pace=HASTY).running() as decisions:
        decisions.note(a_draft("d-1"))
        while not (refused := decisions.note(a_draft("d-2"))):
            pass

    assert "which cannot be written now; it cannot be replayed." in refused
    assert "since nothing is written" in caplog.text
    assert "yet" not in caplog.text


def test_what_is_lost_at_the_end_is_in_the_programs_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    log = FitfulLog(broken=True)
    with GroupedDecisions(log, pace=HASTY).running() as decisions:
        decisions.note(a_draft("d-1"))
        log.tried.wait()

    assert "decisions are lost, since the program ends: 1" in caplog.text
    assert "closed" in decisions.note(a_draft("d-2"))


def test_an_answer_that_cannot_be_written_costs_the_others_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = FitfulLog(broken=False)
    log.works.set()
    with GroupedDecisions(log).running() as decisions:
        decisions.note(a_draft("d-1", words="\ud800"))
        decisions.note(a_draft("d-2"))

    assert log.find(HERE, "d-1") is None
    assert log.find(HERE, "d-2") is not None
    assert "a decision could not be logged" in caplog.text
