"""Points in time as the tables hold them: texts of one length, in the order of times."""

from datetime import UTC, datetime


def instant(at: datetime) -> str:
    """Return a point in time as UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def instant_or_none(at: datetime | None) -> str | None:
    """Return a point in time as UTC, if there is one."""
    return None if at is None else instant(at)


def read_instant(text: str) -> datetime:
    """Return the point in time that a text stands for."""
    return datetime.fromisoformat(text)


def read_instant_or_none(text: str | None) -> datetime | None:
    """Return the point in time that a text stands for, if there is one."""
    return None if text is None else read_instant(text)
