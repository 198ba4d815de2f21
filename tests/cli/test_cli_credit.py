"""Credit on the command line: rules in, line by line, and what counts as tables."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from service.api.examples import example
from service.cli.credit_tables import show_evaluation, show_record
from service.cli.import_run import Summary
from service.cli.interrupts import Stop
from service.cli.output import WIDTH
from service.cli.progress import meter
from service.cli.rule_run import RuleRun
from service.domain.credit import RuleKind
from service.domain.ids import DEFAULT_TENANT as HERE
from service.intake.credit import CreditIntake
from service.matching.credit import evaluate
from service.matching.learner_record import record_of
from service.standards.native import read_rules
from service.standards.reading import Fault
from tests.builders.command_line import onramp, write_lines
from tests.builders.credit import (
    TODAY,
    a_course,
    a_held,
    a_profile,
    a_student,
    an_agreement,
    terms,
)
from tests.builders.memory_rules import MemoryRuleBook

POLICY = example("credit_policy")


def take(
    rules: MemoryRuleBook,
    file: Path,
    *,
    faults: list[Fault] | None = None,
    dry_run: bool = False,
    stop: Stop | None = None,
) -> Summary:
    with meter("importing") as progress:
        run = RuleRun(
            CreditIntake(rules),
            progress,
            stop=stop or Stop(),
            faults=([] if faults is None else faults).append,
            dry_run=dry_run,
        )
        return run.take(read_rules(RuleKind.POLICY, [file]))


def test_good_rules_are_kept_and_every_fault_of_the_others_is_told(tmp_path: Path) -> None:
    rules = MemoryRuleBook()
    faults: list[Fault] = []
    other = {**POLICY, "validity_years": 3}
    file = write_lines(
        tmp_path / "p.jsonl", [POLICY, {"id": "p 2", "institution": "H"}, "{", "3", other]
    )

    summary = take(rules, file, faults=faults)

    assert summary.counts() == (1, 0, 0, 4)
    assert [(fault.line, fault.field) for fault in faults] == [
        (2, "id"),
        (2, "degrees"),
        (3, ""),
        (4, ""),
        (5, "id"),
    ]
    assert "stands already with other content" in faults[-1].reason
    assert [stored.rule.id for stored in rules.all(HERE, RuleKind.POLICY)] == ["harbor-2026"]


def test_a_second_import_changes_nothing_and_a_dry_run_keeps_nothing(tmp_path: Path) -> None:
    rules = MemoryRuleBook()
    file = write_lines(tmp_path / "p.jsonl", [POLICY])

    assert take(rules, file, dry_run=True).counts() == (1, 0, 0, 0)
    assert rules.all(HERE, RuleKind.POLICY) == []
    assert take(rules, file).counts() == (1, 0, 0, 0)
    assert take(rules, file).counts() == (0, 0, 1, 0)


def test_an_import_that_is_stopped_or_whose_file_is_missing_says_so(tmp_path: Path) -> None:
    rules = MemoryRuleBook()
    stop = Stop()
    stop.wanted = True
    file = write_lines(tmp_path / "p.jsonl", [POLICY, {**POLICY, "id": "second"}])

    stopped = take(rules, file, stop=stop)
    missing = take(rules, tmp_path / "nothing.jsonl")

    assert (stopped.interrupted, stopped.counts()) == (True, (1, 0, 0, 0))
    assert missing.stopped_by is not None


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("import", "policies", "p.jsonl"), "'policies' is none of"),
        (("import", "agreements", "a.jsonl", "--format", "csv"), "agreements are read as native"),
        (("import", "agreements", "a.jsonl", "--map", "id=ID"), "it goes with --format csv"),
        (("credit", "--learner", "l-1", "--policy", "p"), "--policy and --degree go together"),
        (("credit", "--learner", "l-1", "--program", "P"), "it goes with --policy and --degree"),
    ],
)
def test_what_cannot_be_meant_is_told_before_the_store_is_opened(
    words: tuple[str, ...], complaint: str
) -> None:
    ran = onramp(*words)

    assert ran.code == 2
    assert complaint in " ".join(ran.err.replace("│", " ").split())


def shown(show: Callable[[Console], None]) -> str:
    out = Console(file=io.StringIO(), width=WIDTH, markup=False, highlight=False, no_color=True)
    show(out)
    assert isinstance(out.file, io.StringIO)
    text = out.file.getvalue()
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    return " ".join(text.split())


def test_the_table_says_what_counts_what_was_cut_and_what_is_left() -> None:
    student = a_student(a_course(credits=100), a_course("Latin", grade="F"), a_held("cpr"))
    profile = a_profile("ace", "cpr", 2, recommended_by="ACE")

    text = shown(
        lambda out: show_evaluation(out, evaluate(student, {}, terms(an_agreement(profile))))
    )

    assert "Toward Health Studies at Harbor University, in SemesterHour:" in text
    assert "90 of 120 count: 90 from elsewhere, 0 of its own. 30 are left." in text
    assert (
        "Cut by harbor-2026:bachelor:max-transfer: at most 90 of 120 SemesterHour from "
        "elsewhere; 10 do not count." in text
    )
    assert "30 there, 30 of the last 60; 0 are earned, 30 remain." in text
    assert "Note: Credit carries over, grades do not." in text


def test_the_table_of_a_record_has_a_row_for_each_unit() -> None:
    student = a_student(a_course(), a_held())

    text = shown(lambda out: show_record(out, record_of(student, {}, today=TODAY)))
    empty = shown(lambda out: show_record(out, record_of(a_student(), {}, today=TODAY)))

    assert "Anatomy B 3 SemesterHour" in text
    assert "the catalog does not know it" in text
    assert "SemesterHour 3 0 3 0" in text
    assert empty == "No credit is stated."
