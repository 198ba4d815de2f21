"""Exporting: pairs and texts in two Parquet files, as training reads them."""

from pathlib import Path

import polars as pl
import pytest

from service.cli.exporting import PAIRS, TEXTS, export
from service.domain.ids import DEFAULT_TENANT
from service.storage import SqliteStore
from tests.builders.records import a_full_link, derived, one_of_each_kind
from tests.builders.worlds import credential

COLUMNS = ["anchor", "positive", "negative", "weight", "source", "group"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    records = [derived(record) for record in one_of_each_kind().values()]
    taught = derived(credential("cred-2", "Metal Shop"), a_full_link())
    with SqliteStore.open(tmp_path / "data", create=True) as store:
        store.commit(DEFAULT_TENANT, [*records, taught])
    return tmp_path / "data"


def test_pairs_come_as_a_table_with_the_columns_that_training_reads(
    data: Path, tmp_path: Path
) -> None:
    export(data, tmp_path / "out", as_json=True)

    pairs = pl.read_parquet(tmp_path / "out" / PAIRS)
    assert pairs.columns == COLUMNS
    assert set(pairs.select("anchor", "positive", "source", "group").rows()) == {
        ("pipe welding", "weld pipes", "skill_alt_label", "skill:skill:welding"),
        ("Welders", "Pipe Welders", "occupation_alt_title", "occupation:onet:51-4121.00"),
        ("Metal Shop", "weld pipes", "credential_skill", "credential:cred-2"),
    }
    assert pairs["negative"].is_null().all()


def test_texts_are_those_that_search_encodes_and_none_is_a_persons(
    data: Path, tmp_path: Path
) -> None:
    export(data, tmp_path / "out", as_json=True)

    texts = pl.read_parquet(tmp_path / "out" / TEXTS)
    assert set(texts.rows()) == {
        ("skill", "skill:welding", "weld pipes"),
        ("occupation", "onet:51-4121.00", "Welders; Pipe Welders"),
        ("credential", "cred-1", "Welding Basics"),
        ("credential", "cred-2", "Metal Shop"),
    }


def test_the_same_store_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(data, tmp_path / name, as_json=True)

    for file in (PAIRS, TEXTS):
        first = (tmp_path / "one" / file).read_bytes()
        assert first == (tmp_path / "two" / file).read_bytes()
