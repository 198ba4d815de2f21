"""What the store cannot do is told by a code, and without a word of where it lies."""

import pytest

from service.api.problems import problem_of
from service.errors import DamagedStore, OnrampError, StoreFull, StoreProblem, StoreReadOnly

INSIDE = "/srv/onramp/data/onramp.sqlite3 is not well"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StoreFull(INSIDE), 507, "storage_full"),
        (StoreReadOnly(INSIDE), 503, "read_only"),
        (DamagedStore(INSIDE), 503, None),
        (StoreProblem(INSIDE), 503, None),
    ],
)
def test_a_problem_of_the_store_has_its_status_and_code_and_names_no_path(
    error: OnrampError, status: int, code: str | None
) -> None:
    problem = problem_of(error)

    assert problem["status"] == status
    assert problem.get("code") == code
    assert "/srv" not in problem["detail"]
    assert problem["detail"]
