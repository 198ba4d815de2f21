"""The widget's modules: light, in two whole languages, and no text can become code."""

import gzip
import re

import pytest

from service.widget import SOURCES

MOST_BYTES = 20_000
MODULES = {path.name: path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.js"))}
CODE = "".join(MODULES.values())


def entries(language: str) -> dict[str, str]:
    """Return a catalog's entries as they are written."""
    found = re.findall(r"^  (\w+): (.+),$", MODULES[f"catalog-{language}.js"], re.MULTILINE)
    assert len(found) == len(dict(found)), "no text stands twice"
    return dict(found)


def forms(entry: str) -> list[str]:
    """Return the plural forms that an entry has; none for a plain text."""
    return re.findall(r"(\w+): \"", entry) if entry.startswith("{ ") else []


def test_the_widget_weighs_at_most_20_kb_as_it_stands() -> None:
    assert len(gzip.compress(CODE.encode(), 9)) <= MOST_BYTES


def test_every_text_is_there_in_both_languages_with_the_same_places_to_fill() -> None:
    english, spanish = entries("en"), entries("es")

    assert len(english) > 80
    assert list(english) == list(spanish)
    for name, entry in english.items():
        places = set(re.findall(r"\{(\w+)\}", entry))
        assert set(re.findall(r"\{(\w+)\}", spanish[name])) == places, name
        assert forms(entry) == forms(spanish[name]), name
        assert forms(entry) in ([], ["one", "other"]), name


def test_every_text_that_is_said_exists_and_every_text_is_said() -> None:
    english = entries("en")
    code = "\n".join(text for name, text in MODULES.items() if not name.startswith("catalog-"))

    said = set(re.findall(r'say\("(\w+)"', code))
    named = set(re.findall(r'"(\w+)"', code))
    built = {name for name in english if name.startswith(("part_", "e4", "e5"))}
    units = {"SemesterHour", "QuarterHour", "ContinuingEducationUnit", "ECTS"}

    assert said <= set(english)
    assert set(english) - named - built - units == set()


@pytest.mark.parametrize(
    "way",
    [
        *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "setHTML", "srcdoc"),
        *("eval(", "new Function", "createContextualFragment", "DOMParser"),
        *("localStorage", "sessionStorage", "indexedDB", "document.cookie", "sendBeacon"),
        *('setAttribute("style"', "<style", "@import", "url("),
    ],
)
def test_text_has_no_way_to_become_code_and_nothing_is_stored(way: str) -> None:
    assert way not in CODE


def test_nothing_comes_from_elsewhere() -> None:
    addresses = set(re.findall(r"\w+://[\w.]+\w", CODE))

    assert addresses <= {"https://onramp.example.edu"}


def test_looks_are_logical_so_that_they_mirror() -> None:
    styles = MODULES["styles.js"]

    physical = re.findall(
        r"[;{ ](?:margin|padding|border)-(?:left|right|top|bottom)"
        r"|[;{ ](?:left|right|width|height):|text-align:(?:left|right)|float:",
        styles,
    )

    assert physical == []
