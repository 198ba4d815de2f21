"""Exporting: the store's records as pairs and texts, in two Parquet files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from service.cli.errors import CannotWrite
from service.cli.invocation import check_known
from service.cli.output import Column, console, table, write_json
from service.cli.progress import Meter, meter
from service.domain.ids import DEFAULT_TENANT, SkillId, TenantId
from service.domain.record import Kind, StoredRecord
from service.domain.skill import Skill
from service.matching.pairs import Pair, PairSource, pairs_of
from service.matching.texts import record_text, skill_text
from service.storage import SqliteStore

PAIRS: Final = "pairs.parquet"
TEXTS: Final = "texts.parquet"

_PAIRS_OF = (Kind.SKILL, Kind.OCCUPATION, Kind.CREDENTIAL, Kind.JOB)
_TEXTS_OF = (Kind.SKILL, Kind.OCCUPATION, Kind.CREDENTIAL)
_PAIR_SCHEMA: Final = {
    "anchor": pl.String,
    "positive": pl.String,
    "negative": pl.String,
    "weight": pl.Float32,
    "source": pl.String,
    "group": pl.String,
}
_TEXT_SCHEMA: Final = {"kind": pl.String, "id": pl.String, "text": pl.String}


def export(data: Path, out: Path, *, as_json: bool, tenant: TenantId = DEFAULT_TENANT) -> None:
    """Write ``pairs.parquet`` and ``texts.parquet`` from a tenant of the store in a folder.

    Raises:
        UnknownTenant: if there is no such tenant.
        StoreProblem: if there is no store, or it cannot be used.
        CannotWrite: if the files cannot be written.
    """
    with SqliteStore.open(data, create=False) as store:
        check_known(tenant, [each.id for each in store.key_book.tenants()])
        counts = store.counts(tenant)
        with meter("reading records", total=sum(counts[kind] for kind in _PAIRS_OF)) as progress:
            labels = {
                stored.record.id: skill_text(stored.record)
                for stored in _scan(store, tenant, Kind.SKILL, progress)
                if isinstance(stored.record, Skill)
            }
            pairs = _pair_frame(_all_pairs(store, tenant, labels, progress))
            texts = _text_frame(store, tenant)
    _write(out, {PAIRS: pairs, TEXTS: texts})
    _show(out, pairs, texts, as_json=as_json)


def _all_pairs(
    store: SqliteStore, tenant: TenantId, labels: dict[SkillId, str], progress: Meter
) -> Iterator[Pair]:
    for kind in _PAIRS_OF:
        for stored in _scan(store, tenant, kind, progress):
            yield from pairs_of(stored, labels.get)


def _scan(
    store: SqliteStore, tenant: TenantId, kind: Kind, progress: Meter
) -> Iterator[StoredRecord]:
    for page in store.scan(tenant, kind):
        yield from page
        progress.advance(len(page))


def _pair_frame(pairs: Iterator[Pair]) -> pl.DataFrame:
    rows = (
        (pair.anchor, pair.positive, pair.negative, pair.weight, pair.source.value, pair.group)
        for pair in pairs
    )
    # What a record says twice, such as a title that is listed again, counts once.
    return pl.DataFrame(list(dict.fromkeys(rows)), schema=_PAIR_SCHEMA, orient="row")


def _text_frame(store: SqliteStore, tenant: TenantId) -> pl.DataFrame:
    rows = [
        (kind.value, stored.record.id, record_text(stored.record))
        for kind in _TEXTS_OF
        for page in store.scan(tenant, kind)
        for stored in page
    ]
    return pl.DataFrame(rows, schema=_TEXT_SCHEMA, orient="row")


def _write(out: Path, frames: dict[str, pl.DataFrame]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, frame in frames.items():
            aside = out / f".{name}"
            frame.write_parquet(aside, compression="zstd")
            aside.replace(out / name)
    except OSError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror or error}.") from error


def _show(out: Path, pairs: pl.DataFrame, texts: pl.DataFrame, *, as_json: bool) -> None:
    found = dict(pairs.group_by("source").len().iter_rows())
    counts = {source.value: found.get(source.value, 0) for source in PairSource}
    if as_json:
        write_json({"out": str(out), "pairs": counts, "texts": texts.height})
        return
    rows = [(source, f"{count:,}") for source, count in counts.items()]
    printed = console()
    printed.print(table((Column("source"), Column("pairs", is_number=True)), rows))
    printed.print(
        f"{pairs.height:,} pairs and {texts.height:,} texts are in {out}.", soft_wrap=True
    )
