"""Durations as catalogs write them: ``3 - 6 Months``, ``Less Than 2 Hours``, ``24 meses``."""

import re

_WEEKS_IN = {"week": 1.0, "month": 13 / 3, "mes": 13 / 3, "year": 52.0}
_RANGE = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)(?:\s*(?:-|\u2013|to|or|a)\s*(?P<high>\d+(?:\.\d+)?))?"
    r"\s*(?P<unit>week|month|mes|year)(?:e?s)?\b",
    re.IGNORECASE,
)
_HOURS = re.compile(r"less than (?P<hours>\d+) hours", re.IGNORECASE)


def parse_duration(words: str) -> dict[str, float] | None:
    """Return the words as a native ``duration``, or none if they are not understood.

    Calendar time becomes weeks, with 52 to a year and 13 to three months, to one decimal;
    ``less than N hours`` is an effort, of which the upper end counts.
    """
    if hours := _HOURS.fullmatch(words.strip()):
        return {"effort_hours": float(hours["hours"])}
    found = _RANGE.match(words.strip())
    if found is None:
        return None
    each = _WEEKS_IN[found["unit"].lower()]
    low, high = float(found["low"]), float(found["high"] or found["low"])
    duration = {"weeks": round(high * each, 1)}
    return {"min_weeks": round(low * each, 1), **duration} if found["high"] else duration
