"""Importing: files in, a line for each fault, a table of what changed."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import typer

from service.cli.errors import FAILED, INTERRUPTED
from service.cli.import_run import ImportRun, Summary
from service.cli.interrupts import stopping
from service.cli.invocation import Invocation, opened
from service.cli.output import Column, complain, console, table, write_json
from service.cli.progress import meter
from service.cli.rule_run import RULE_IMPORTS, RuleRun
from service.cli.snapshotting import write_if_old
from service.cli.written import faults_file
from service.domain.credit import RuleKind
from service.errors import InvalidQuestion, UnreadableFile
from service.standards.native import read_rules
from service.standards.reading import Reader, open_text, suffix_of
from service.standards.registry import NATIVE, ImportKind, format_of, reader_for

# In these a record is about a line, so that the lines tell how far an import is.
_LINE_BY_LINE = frozenset({".jsonl", ".ndjson", ".csv", ".tsv", ".tab"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to import, as it was typed."""

    kind: str
    files: tuple[Path, ...]
    format: str | None = None
    columns: tuple[str, ...] = ()
    separator: str | None = None
    dry_run: bool = False
    errors_to: Path | None = None


def import_files(invocation: Invocation, request: Request, *, as_json: bool) -> None:
    """Import the files; exit with 1 if a line is bad, with 130 if it was interrupted."""
    rules = _rule_kind(request)
    reader = None if rules else _reader(request)
    total = _lines_in(request.files)
    with opened(invocation) as services, ExitStack() as stack:
        faults = stack.enter_context(faults_file(request.errors_to))
        stop = stack.enter_context(stopping("after the records that are under way"))
        progress = stack.enter_context(meter(f"importing {request.kind}", total=total))
        if reader is not None:
            run = ImportRun(
                services.intake,
                progress,
                stop=stop,
                faults=faults,
                dry_run=request.dry_run,
                tenant=invocation.tenant,
            )
            summary = run.take(reader(request.files))
        else:
            rule_run = RuleRun(
                services.credit_intake,
                progress,
                stop=stop,
                faults=faults,
                dry_run=request.dry_run,
                tenant=invocation.tenant,
            )
            summary = rule_run.take(read_rules(RULE_IMPORTS[request.kind], request.files))
        if not (request.dry_run or summary.interrupted or summary.stopped_by):
            write_if_old(services, invocation.tenant)
    _show(request, summary, as_json=as_json)
    if summary.stopped_by:
        raise summary.stopped_by
    if summary.interrupted:
        raise typer.Exit(INTERRUPTED)
    if summary.bad:
        raise typer.Exit(FAILED)


def _rule_kind(request: Request) -> RuleKind | None:
    kind = RULE_IMPORTS.get(request.kind)
    if kind is None:
        return None
    if request.format not in (None, NATIVE):
        raise typer.BadParameter(f"{request.kind} are read as {NATIVE}.", param_hint="--format")
    if request.columns or request.separator:
        raise typer.BadParameter("it goes with --format csv.", param_hint="--map")
    return kind


def _reader(request: Request) -> Reader:
    try:
        kind = ImportKind(request.kind)
    except ValueError:
        known = ", ".join((*ImportKind, *RULE_IMPORTS))
        raise typer.BadParameter(
            f"{request.kind!r} is none of {known}.", param_hint="KIND"
        ) from None
    try:
        chosen = request.format or format_of(kind, request.files)
        return reader_for(kind, chosen, columns=request.columns, separator=request.separator)
    except InvalidQuestion as error:
        raise typer.BadParameter(str(error), param_hint=f"--{error.field}") from None


def _lines_in(files: tuple[Path, ...]) -> int | None:
    if any(suffix_of(path) not in _LINE_BY_LINE for path in files):
        return None
    try:
        return sum(_count_lines(path) for path in files)
    except UnreadableFile:
        # The reader says it again, in its place among the files.
        return None


def _count_lines(path: Path) -> int:
    with open_text(path) as stream:
        return sum(1 for _ in stream)


def _show(request: Request, summary: Summary, *, as_json: bool) -> None:
    if as_json:
        write_json({"kind": request.kind, "dry_run": request.dry_run, **summary.as_json()})
    elif any(summary.counts()) or not summary.stopped_by:
        _show_table(request, summary)
    if summary.interrupted and request.dry_run:
        complain("Interrupted; nothing was kept.")
    elif summary.interrupted:
        complain(
            f"Interrupted: {summary.kept:,} records are kept. "
            "Run the same command again to go on from there."
        )


def _show_table(request: Request, summary: Summary) -> None:
    out = console()
    headings = ("created", "updated", "unchanged", "bad")
    columns = (Column(request.kind), *(Column(each, is_number=True) for each in headings))
    row = (
        "would be" if request.dry_run else "records",
        *(f"{count:,}" for count in summary.counts()),
    )
    out.print(table(columns, [row]))
    if summary.warnings:
        out.print(f"{summary.warnings:,} warnings, such as:")
        for example in summary.examples:
            out.print(f"  {example}", soft_wrap=True)
