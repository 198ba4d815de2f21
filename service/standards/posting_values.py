"""What the values of a job posting say: names, places, pay, terms, days and skills."""

import re
from typing import Any, Final, NamedTuple

from service.standards.html_text import text_of

_EMPLOYMENT: Final = {
    "fulltime": "full_time",
    "parttime": "part_time",
    "contractor": "contract",
    "contract": "contract",
    "temporary": "temporary",
    "intern": "internship",
    "internship": "internship",
    "apprenticeship": "apprenticeship",
    "perdiem": "per_diem",
    "volunteer": "volunteer",
    "other": "other",
}
_PERIODS: Final = {"year", "month", "week", "hour"}

_SOC = re.compile(r"\b(\d{2}-\d{4})(\.\d{2})?\b")
_ESCO = re.compile(r"^https?://data\.europa\.eu/esco/skill/([0-9a-f-]{36})$")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SUBDIVISION = re.compile(r"[A-Z0-9]{1,3}")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_SKILL_MARKS = re.compile(r"[;,\n]|\s-\s")
_WORDS_OF_A_NAME = 6


class Fitted(NamedTuple):
    """What fits in a native field, and in words what does not, so that nothing is lost."""

    value: Any
    words: str = ""


def listed(value: Any) -> list[Any]:
    """Return the value's items; any property of schema.org may be one value or a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def name_in(value: Any) -> str:
    """Return the name in a text, a number, an object with a name, or the first of a list."""
    for item in listed(value):
        if isinstance(item, dict):
            keys = ("name", "@value", "codeValue", "value")
            return name_in(next((item[key] for key in keys if item.get(key)), None))
        if isinstance(item, str | int | float):
            return text_of(str(item))
    return ""


def plain_text(value: Any) -> str:
    """Return texts without their markup, one under the other; other objects say nothing here."""
    items = [item.get("@value") if isinstance(item, dict) else item for item in listed(value)]
    texts = [text_of(item) for item in items if isinstance(item, str)]
    return "\n".join(text for text in texts if text)


def region_code(address: Any) -> str | None:
    """Return ``US-IN`` if an address has the codes, ``US`` if it has that of the country."""
    if not isinstance(address, dict):
        return None
    country = name_in(address.get("addressCountry")).upper()
    region = name_in(address.get("addressRegion")).upper().removeprefix(f"{country}-")
    if _COUNTRY.fullmatch(country) is None:
        return None
    return f"{country}-{region}" if _SUBDIVISION.fullmatch(region) else country


def employment_type(value: Any) -> Fitted:
    """Return the first type that is known; where that does not say it all, also the words."""
    words = [name_in(item) for item in listed(value)]
    known = [_EMPLOYMENT.get(re.sub(r"[^a-z]", "", word.lower())) for word in words]
    if len(known) == 1 and known[0]:
        return Fitted(known[0])
    first = next((found for found in known if found), None)
    return Fitted(first, f"Employment type: {', '.join(words)}" if words else "")


def salary_of(value: Any, outer_currency: Any) -> Fitted:
    """Return the pay as a native ``salary``, or else in words."""
    if not isinstance(value, dict):
        return Fitted(None, _pay(name_in(value)))
    amount = value.get("value")
    pay = amount if isinstance(amount, dict) else {"value": amount}
    currency = name_in(value.get("currency") or outer_currency)
    unit = name_in(pay.get("unitText") or value.get("unitText"))
    period = unit.lower() if unit.lower() in _PERIODS else None
    low = _number(pay.get("minValue", pay.get("value")))
    high = _number(pay.get("maxValue", pay.get("value")))
    ends = {"min": low, "max": high}
    known = {key: end for key, end in ends.items() if end is not None}
    if currency and period and known:
        return Fitted({"currency": currency, "period": period, **known})
    return Fitted(None, _pay(*dict.fromkeys(str(end) for end in known.values()), currency, unit))


def _pay(*words: str) -> str:
    said = " ".join(word for word in words if word)
    return f"Pay: {said}" if said else ""


def _number(value: Any) -> Any:
    if isinstance(value, str):
        plain = value.replace(",", "")
        return float(plain) if _NUMBER.fullmatch(plain) else value
    return value


def day_of(value: Any) -> Any:
    """Return the day of an instant such as ``2025-06-30T12:00:00Z``; anything else as it is."""
    instant = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    return instant[1] if instant else value


def occupation_of(value: Any) -> str:
    """Return ``onet:29-2072.00`` for a code of SOC or O*NET, or else the words."""
    for item in listed(value):
        parts = item.values() if isinstance(item, dict) else [item]
        codes = [_SOC.search(str(part)) for part in parts]
        for code in codes:
            if code:
                return f"onet:{code[1]}{code[2] or '.00'}"
    return name_in(value)


def skills_of(value: Any) -> Fitted:
    """Return the skills that are named; sentences that name none stay words."""
    if not isinstance(value, str):
        return Fitted([_skill(item) for item in listed(value)])
    text = text_of(value)
    names = [name.strip(" .-") for name in _SKILL_MARKS.split(text)]
    if any(len(name.split()) > _WORDS_OF_A_NAME for name in names):
        return Fitted([], text)
    return Fitted([name for name in names if name])


def _skill(value: Any) -> Any:
    if not isinstance(value, dict):
        return text_of(value) if isinstance(value, str) else value
    named = {"name": name_in(value)} if name_in(value) else {}
    for uri in (value.get("@id"), value.get("url"), value.get("termCode")):
        if esco := _ESCO.match(str(uri)):
            return {"id": f"esco:{esco[1]}", **named}
    return named
