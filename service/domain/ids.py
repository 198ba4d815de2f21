"""Ids: short, safe in a path and in a log, and not to be mixed up with each other."""

import re
from typing import NewType

from service.errors import InvalidRecord

TenantId = NewType("TenantId", str)
CredentialId = NewType("CredentialId", str)
LearnerId = NewType("LearnerId", str)
JobId = NewType("JobId", str)
SkillId = NewType("SkillId", str)
OccupationId = NewType("OccupationId", str)
ProviderId = NewType("ProviderId", str)
EmployerId = NewType("EmployerId", str)
RecordId = CredentialId | LearnerId | JobId | SkillId | OccupationId

ID_PATTERN = r"^[A-Za-z0-9._:-]{1,128}$"
DEFAULT_TENANT = TenantId("default")

_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def check_id(value: str, *, field: str = "id") -> str:
    """Return the id as it is.

    Raises:
        InvalidRecord: if it has other characters than letters, digits and ``. _ : -``,
            or is empty or longer than 128.
    """
    if _ID.fullmatch(value):
        return value
    raise InvalidRecord(
        f"{value[:140]!r} is not an id; use 1 to 128 of the characters A-Z a-z 0-9 . _ : -",
        field=field,
    )
