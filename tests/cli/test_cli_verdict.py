"""onramp verdict: a person's word, kept, taken back, and refused with a reason."""

import shutil
from pathlib import Path

import pytest

from service.storage.sqlite import STORE_FILE
from service.wiring import Services
from tests.builders.command_line import onramp

LINK = ("--credential", "lcc-health-records-2", "--skill", "lakefield:ehr")


@pytest.fixture
def data(sample_services: Services, tmp_path: Path) -> Path:
    shutil.copy(sample_services.settings.data / STORE_FILE, tmp_path / STORE_FILE)
    return tmp_path


def test_a_word_is_kept_repeated_and_taken_back(data: Path) -> None:
    rejected = onramp("--data", data, "verdict", "reject", *LINK, "--note", "no", "--json")
    again = onramp("--data", data, "verdict", "reject", *LINK, "--note", "no")
    forgotten = onramp("--data", data, "verdict", "forget", *LINK)
    nothing = onramp("--data", data, "verdict", "forget", *LINK)

    revision = rejected.json["revision"]
    assert rejected.json == {
        "id": "lcc-health-records-2",
        "status": "updated",
        "revision": revision,
        "warnings": [],
    }
    told = f"The credential lcc-health-records-2 is at revision {revision}: lakefield:ehr is"
    assert again.out.strip() == f"{told} already rejected."
    assert f"revision {revision + 1}: lakefield:ehr is no longer judged." in forgotten.out
    assert nothing.code == 1
    assert "no verdict with the id 'credential/lcc-health-records-2/lakefield:ehr'" in nothing.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["confirm", "--learner", "l-404", "--skill", "lakefield:ehr"], 1, "no learner with the"),
        (["confirm", "--job", "j-001", "--skill", "s:none"], 1, "no skill with the id 's:none'"),
        (["confirm", *LINK, "--note", "x" * 1001], 1, "note: is 1,001 characters long"),
        (["confirm", "--skill", "x"], 2, "give one of --credential, --learner, --job"),
        (["forget", *LINK, "--note", "x"], 2, "--note: it goes with confirm and reject."),
        (["like", *LINK], 2, "like"),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(
    data: Path, words: list[str], code: int, said: str
) -> None:
    ran = onramp("--data", data, "verdict", *words)

    assert ran.code == code
    assert said in " ".join(ran.err.split())
