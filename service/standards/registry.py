"""Which formats there are for which kind of record, and who reads them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

from service.domain.record import Kind
from service.errors import InvalidQuestion
from service.standards.catalogs import catalog_reader
from service.standards.column_map import Source, parse_column_map
from service.standards.csv_map import read_table
from service.standards.esco import read_esco
from service.standards.job_posting import read_job_postings
from service.standards.native import native_reader
from service.standards.native.problems import nearest
from service.standards.onet import read_onet_jobs, read_onet_occupations, read_onet_skills
from service.standards.reading import Parsed, Reader, refuse_repeats, suffix_of


class ImportKind(StrEnum):
    """What a file holds, in the words of the command line."""

    CREDENTIALS = "credentials"
    LEARNERS = "learners"
    JOBS = "jobs"
    SKILLS = "skills"
    OCCUPATIONS = "occupations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format for one kind of record.

    Attributes:
        name: as ``--format`` takes it.
        help: what it is, in one line.
        reader: reads it; none for tables, whose reader needs a column map.
    """

    name: str
    help: str
    reader: Reader | None = None


NATIVE: Final = "native"
TABLE: Final = "csv"
JOB_POSTING: Final = "jobposting"

_KINDS: Final[dict[ImportKind, Kind]] = {
    ImportKind.CREDENTIALS: Kind.CREDENTIAL,
    ImportKind.LEARNERS: Kind.LEARNER,
    ImportKind.JOBS: Kind.JOB,
    ImportKind.SKILLS: Kind.SKILL,
    ImportKind.OCCUPATIONS: Kind.OCCUPATION,
}

_FORMAT_BY_SUFFIX: Final[dict[str, str]] = {
    ".jsonl": NATIVE,
    ".ndjson": NATIVE,
    ".csv": TABLE,
    ".tsv": TABLE,
    ".tab": TABLE,
    ".json": JOB_POSTING,
    ".jsonld": JOB_POSTING,
    ".html": JOB_POSTING,
    ".htm": JOB_POSTING,
}


def _native_and_table(kind: ImportKind) -> tuple[Format, Format]:
    return (
        Format(
            name=NATIVE,
            help="Onramp's own format: JSON Lines, an object on each line",
            reader=native_reader(_KINDS[kind]),
        ),
        Format(name=TABLE, help="CSV or TSV, with --map FIELD=COLUMN where the names differ"),
    )


def _catalog(name: str, title: str) -> Format:
    return Format(name=name, help=title, reader=catalog_reader(name))


_FORMATS: Final[dict[ImportKind, tuple[Format, ...]]] = {
    ImportKind.CREDENTIALS: (
        *_native_and_table(ImportKind.CREDENTIALS),
        _catalog("coursera", "a published list of Coursera's programs (TSV)"),
        _catalog("edx", "a published list of edX courses (TSV)"),
        _catalog("udacity", "a published list of Udacity courses and nanodegrees (TSV)"),
        _catalog("ibm", "a published list of IBM Skills Network courses (TSV)"),
    ),
    ImportKind.LEARNERS: _native_and_table(ImportKind.LEARNERS),
    ImportKind.JOBS: (
        *_native_and_table(ImportKind.JOBS),
        Format(
            name=JOB_POSTING,
            help="schema.org JobPosting: JSON-LD in .json, .jsonl or inside .html pages",
            reader=read_job_postings,
        ),
        Format(name="onet", help="the folder of O*NET tables: one job each", reader=read_onet_jobs),
    ),
    ImportKind.SKILLS: (
        *_native_and_table(ImportKind.SKILLS),
        Format(name="esco", help="ESCO's table of skills, or its folder", reader=read_esco),
        Format(
            name="onet",
            help="the technologies in the folder of O*NET tables",
            reader=read_onet_skills,
        ),
    ),
    ImportKind.OCCUPATIONS: (
        Format(name="onet", help="the folder of O*NET tables", reader=read_onet_occupations),
    ),
}


def formats_for(kind: ImportKind) -> tuple[Format, ...]:
    """Return the formats in which a kind of record can be read."""
    return _FORMATS[kind]


def format_of(kind: ImportKind, paths: Sequence[Path]) -> str:
    """Return the format that the files' names tell.

    Raises:
        InvalidQuestion: if they tell none, or not the same one.
    """
    names = {_FORMAT_BY_SUFFIX.get(suffix_of(path)) for path in paths}
    known = [found.name for found in formats_for(kind)]
    found = names.pop() if len(names) == 1 else None
    if found not in known:
        reason = f"The files' names do not tell their format; give --format: {', '.join(known)}."
        raise InvalidQuestion(reason, field="format")
    return str(found)


def reader_for(
    kind: ImportKind,
    name: str,
    *,
    columns: Sequence[str] = (),
    separator: str | None = None,
) -> Reader:
    """Return what reads files of a format as records of a kind.

    Args:
        kind: what the files hold.
        name: that of one of `formats_for`.
        columns: for tables, entries such as ``name=Title`` or ``kind==course``.
        separator: for tables, what stands between the items of a list.

    Raises:
        InvalidQuestion: if there is no such format for this kind, or it takes no column map.
    """
    found = _format(kind, name)
    if found.reader is None:
        reader = _table_reader(_KINDS[kind], parse_column_map(columns), separator)
    elif columns or separator:
        reason = f"--map and --separator go with --format {TABLE}, not with {name}."
        raise InvalidQuestion(reason, field="map")
    else:
        reader = found.reader
    return partial(_read_once, reader)


def _format(kind: ImportKind, name: str) -> Format:
    known = {found.name: found for found in formats_for(kind)}
    if name not in known:
        meant = nearest(name, list(known))
        reason = f"There is no format {name!r} for {kind}.{meant} There are {', '.join(known)}."
        raise InvalidQuestion(reason, field="format")
    return known[name]


def _table_reader(kind: Kind, sources: Mapping[str, Source], separator: str | None) -> Reader:
    return partial(read_table, kind, column_map=sources, separator=separator)


def _read_once(reader: Reader, paths: Sequence[Path]) -> Iterator[Parsed]:
    return refuse_repeats(reader(paths))
