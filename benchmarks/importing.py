"""Speed of an import with inference, into a fresh store with the shipped taxonomies."""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TypedDict

from tokenizers import Tokenizer

from benchmarks.catalog import make_catalog, statements
from benchmarks.memory import folder_mb, peak_mb
from embeddings import DEFAULT_FOLDER
from embeddings.model_folder import ModelFile
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.intake import OutcomeStatus
from service.matching.texts import record_text
from service.settings import Settings
from service.wiring import Services, open_services

CORES = 2
RUNS = 3


class ImportFigures(TypedDict):
    """What was measured; times in seconds, milliseconds where the name says so."""

    import_records_per_s: float
    import_runs_records_per_s: list[float]
    import_cpu_ms_per_record: float
    import_records: int
    import_distinct_statements: int
    import_statements: int
    import_text_tokens_median: float
    import_links_per_record: float
    import_new_store_s: float
    import_peak_mb: float
    import_disk_mb: float


def measure(*, runs: int = RUNS) -> ImportFigures:
    """Import the made catalog ``runs`` times, each time into a fresh store."""
    made = [_run() for _ in range(runs)]
    catalog = make_catalog()
    told = statements(catalog)
    texts = [record_text(credential) for credential in catalog]
    rates = [each["import_records_per_s"] for each in made]
    return ImportFigures(
        import_records_per_s=statistics.median(rates),
        import_runs_records_per_s=rates,
        import_cpu_ms_per_record=statistics.median(
            each["import_cpu_ms_per_record"] for each in made
        ),
        import_records=len(catalog),
        import_distinct_statements=len(set(told)),
        import_statements=len(told),
        import_text_tokens_median=statistics.median(_token_counts(texts)),
        import_links_per_record=made[0]["import_links_per_record"],
        import_new_store_s=statistics.median(each["import_new_store_s"] for each in made),
        import_peak_mb=max(each["import_peak_mb"] for each in made),
        import_disk_mb=made[0]["import_disk_mb"],
    )


def main() -> None:
    """Print the figures, and write them as JSON where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--json", type=Path, help="a file to write the figures to as well")
    parser.add_argument("--runs", type=int, default=RUNS, help="how often; the median counts")
    chosen = parser.parse_args()
    figures = measure(runs=chosen.runs)
    for name, value in figures.items():
        print(f"{name:30} {value}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


class _Run(TypedDict):
    import_records_per_s: float
    import_cpu_ms_per_record: float
    import_links_per_record: float
    import_new_store_s: float
    import_peak_mb: float
    import_disk_mb: float


def _run() -> _Run:
    with tempfile.TemporaryDirectory(prefix="onramp-bench-") as folder:
        start = time.perf_counter()
        with open_services(Settings(data=Path(folder), threads=CORES)) as services:
            opened = time.perf_counter() - start
            return _import(services, opened)


def _import(services: Services, opened: float) -> _Run:
    catalog = make_catalog()
    start, cpu = time.perf_counter(), time.process_time()
    outcomes = list(services.intake.put_many(DEFAULT_TENANT, catalog))
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    if any(each.status is not OutcomeStatus.CREATED for each in outcomes):
        raise RuntimeError("Some of the made credentials were not kept; nothing was measured.")
    view = services.answers.indexed(DEFAULT_TENANT)
    if sum(view.values()) <= len(catalog):
        raise RuntimeError("The store has no taxonomy; nothing was measured.")
    return _Run(
        import_records_per_s=len(catalog) / seconds,
        import_cpu_ms_per_record=1000 * cpu_seconds / len(catalog),
        import_links_per_record=_links_per_record(services, [each.id for each in catalog]),
        import_new_store_s=opened,
        import_peak_mb=peak_mb(),
        import_disk_mb=folder_mb(services.settings.data),
    )


def _links_per_record(services: Services, ids: list[str]) -> float:
    page = services.records.page(DEFAULT_TENANT, Kind.CREDENTIAL, after=None, limit=len(ids))
    return statistics.mean(len(stored.links) for stored in page)


def _token_counts(texts: list[str]) -> list[int]:
    tokenizer = Tokenizer.from_file(str(DEFAULT_FOLDER / ModelFile.TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return [len(found.ids) for found in tokenizer.encode_batch(texts)]


if __name__ == "__main__":
    main()
