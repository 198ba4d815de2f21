"""One run of an import: what is counted, told and kept."""

from collections.abc import Iterator
from pathlib import Path

from service.cli.import_run import ImportRun, Summary
from service.cli.interrupts import Stop
from service.cli.progress import meter
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.errors import UnreadableFile
from service.standards.native import read_native
from service.standards.reading import Fault, Parsed
from tests.builders.command_line import write_lines
from tests.builders.worlds import World, credential


def a_line(number: int) -> dict[str, str]:
    return {"id": f"c-{number:04d}", "name": "Databases", "provider": "Lakefield"}


def take(
    world: World,
    parsed: Iterator[Parsed],
    *,
    stop: Stop | None = None,
    faults: list[Fault] | None = None,
    dry_run: bool = False,
) -> Summary:
    with meter("importing") as progress:
        run = ImportRun(
            world.intake,
            progress,
            stop=stop or Stop(),
            faults=(faults if faults is not None else []).append,
            dry_run=dry_run,
        )
        return run.take(parsed)


def credentials(tmp_path: Path, *lines: object) -> Iterator[Parsed]:
    return read_native(Kind.CREDENTIAL, [write_lines(tmp_path / "c.jsonl", lines)])


def stored(world: World) -> int:
    return world.records.counts(DEFAULT_TENANT).get(Kind.CREDENTIAL, 0)


def test_good_lines_are_kept_and_every_fault_of_the_others_is_told(
    world: World, tmp_path: Path
) -> None:
    faults: list[Fault] = []
    parsed = credentials(tmp_path, a_line(1), {"id": "c 2", "name": ""}, a_line(3))

    summary = take(world, parsed, faults=faults)

    assert summary.counts() == (2, 0, 0, 1)
    assert stored(world) == 2
    assert {(fault.line, fault.field) for fault in faults} == {
        (2, "id"),
        (2, "name"),
        (2, "provider"),
    }


def test_a_second_run_changes_nothing_and_says_so(world: World, tmp_path: Path) -> None:
    take(world, credentials(tmp_path, a_line(1), a_line(2)))
    before = world.records.last_seq(DEFAULT_TENANT)

    summary = take(world, credentials(tmp_path, a_line(1), a_line(2)))

    assert summary.counts() == (0, 0, 2, 0)
    assert world.records.last_seq(DEFAULT_TENANT) == before


def test_a_dry_run_says_what_would_change_and_keeps_nothing(world: World, tmp_path: Path) -> None:
    world.put(credential("c-0001", "An older name"))

    summary = take(world, credentials(tmp_path, a_line(1), a_line(2)), dry_run=True)

    assert summary.counts() == (1, 1, 0, 0)
    assert stored(world) == 1


def test_a_record_that_cannot_be_derived_is_told_at_its_line(world: World, tmp_path: Path) -> None:
    faults: list[Fault] = []
    nothing_to_encode = {**a_line(2), "name": "\u200b"}
    parsed = credentials(tmp_path, a_line(1), nothing_to_encode, a_line(3))

    summary = take(world, parsed, faults=faults)

    assert summary.counts() == (2, 0, 0, 1)
    assert [fault.line for fault in faults] == [2]
    assert faults[0].reason


def test_what_came_before_a_file_that_cannot_be_read_is_kept(world: World, tmp_path: Path) -> None:
    good = write_lines(tmp_path / "good.jsonl", [a_line(1), a_line(2)])
    parsed = read_native(Kind.CREDENTIAL, [good, tmp_path / "none.jsonl"])

    summary = take(world, parsed)

    assert isinstance(summary.stopped_by, UnreadableFile)
    assert summary.counts() == (2, 0, 0, 0)
    assert stored(world) == 2


def test_a_wish_to_stop_keeps_what_was_read_and_reads_no_more(world: World, tmp_path: Path) -> None:
    stop = Stop()

    def stopping_after(lines: int) -> Iterator[Parsed]:
        every = credentials(tmp_path, *(a_line(number) for number in range(50)))
        for number, parsed in enumerate(every, start=1):
            if number == lines:
                stop.wanted = True
            yield parsed

    summary = take(world, stopping_after(20), stop=stop)

    assert summary.interrupted
    assert summary.kept == 20
    assert stored(world) == 20
