"""onramp consent: a file kept, shown and withdrawn, and bad lines told."""

import json
import shutil
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.matching.ports import RecordKey
from service.storage.sqlite import STORE_FILE, SqliteStore
from service.wiring import Services
from tests.builders.command_line import onramp

SIGNED = {
    "id": "c-1",
    "purpose": "matching",
    "party": "any_employer",
    "covers": ["skills"],
    "signed_at": "2026-01-05T09:00:00Z",
    "policy_version": "2026-01",
}


@pytest.fixture
def data(sample_services: Services, tmp_path: Path) -> Path:
    shutil.copy(sample_services.settings.data / STORE_FILE, tmp_path / STORE_FILE)
    return tmp_path


def test_consents_are_kept_from_a_file_shown_and_withdrawn(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "consents.jsonl"
    lines = [
        {"learner": "l-001", "consents": [SIGNED]},
        {"learner": "l-404", "consents": [SIGNED]},
        {"learner": "l-002", "consents": [{**SIGNED, "gender": "x"}]},
        {"learner": "l-003", "opted_out_at": "2026-02-01T00:00:00Z"},
    ]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines) + "no\n")

    kept = onramp("--data", data, "consent", "set", str(file), "--json")
    shown = onramp("--data", data, "consent", "show", "l-001", "--json")
    out = onramp("--data", data, "consent", "show", "l-003")
    gone = onramp("--data", data, "consent", "withdraw", "l-001", "--consent", "c-1")

    assert (kept.code, kept.json) == (1, {"learners": 2, "bad": 3})
    assert f"{file}:2 learner: There is no learner with the id 'l-404'." in kept.err
    assert f"{file}:3 consents.0.gender: is a protected trait" in kept.err
    assert f"{file}:5 is not JSON" in kept.err
    assert shown.json == {"consents": [SIGNED]}
    assert "opted out at 2026-02-01T00:00:00Z: no employer sees them." in out.out
    assert gone.code == 0
    assert "withdrawn" in gone.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["show", "l-404"], 1, "no learner with the id 'l-404'"),
        (["withdraw", "l-001", "--consent", "c-9"], 1, "no consent with the id 'c-9'"),
        (["withdraw", "l-001"], 2, "--consent: it goes with withdraw."),
        (["show", "l-001", "--consent", "c-1"], 2, "--consent: it goes with withdraw."),
        (["set", "no-such-file.jsonl"], 1, "no-such-file.jsonl"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(
    data: Path, words: list[str], code: int, said: str
) -> None:
    ran = onramp("--data", data, "consent", *words)

    assert ran.code == code
    assert said in " ".join(ran.err.split())


def test_a_person_is_written_out_and_taken_in_once_more_after_they_are_gone(
    data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "person.json"
    out = onramp("--data", data, "person", "export", "l-001")
    file.write_text(out.out, encoding="utf-8")

    there = onramp("--data", data, "person", "take", file)
    with SqliteStore.open(data, create=False) as store:
        store.commit(DEFAULT_TENANT, [], [RecordKey(Kind.LEARNER, "l-001")])
    taken = onramp("--data", data, "person", "take", file)
    again = onramp("--data", data, "person", "export", "l-001")
    file.write_text("[]", encoding="utf-8")
    bad = onramp("--data", data, "person", "take", file)

    assert (out.code, there.code, taken.code, bad.code) == (0, 1, 0, 1)
    assert again.out == out.out
    assert "there is a learner 'l-001' already" in there.err
    assert "is no export of a person" in bad.err
    assert "onramp-person/1" in out.out
