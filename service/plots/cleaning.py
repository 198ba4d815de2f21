"""Makes of the library's SVG one for a page under a strict policy: no style, no script, no link.

What a style attribute said becomes attributes; a color becomes a class as well, so that the style
sheet of the page decides what it looks like by day and by night.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from service.plots.words import Words

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_TAGS: Final = {f"{{{_NAMESPACE}}}{name}" for name in ("g", "path", "text")}
_KEPT: Final[tuple[str, ...]] = ("d", "x", "y")
_STYLED: Final = (
    *("stroke-width", "stroke-linecap", "stroke-dasharray"),
    *("font-size", "font-weight", "text-anchor"),
)
_PAINTED: Final = ("fill", "stroke")
_NUMBER: Final = re.compile(r"-?\d+\.\d+")


def clean(svg: str, *, classes: Mapping[str, str], words: Words) -> str:
    """Return a drawing that is safe in any page, and reads the same from the same input.

    Args:
        svg: as the library wrote it.
        classes: the class of each color, by the color in lower case.
        words: what stands behind the tokens.
    """
    drawn = ET.fromstring(svg)  # noqa: S314  # written by the library; it holds tokens, no words
    root = ET.Element("svg", {"xmlns": _NAMESPACE, "viewBox": drawn.attrib["viewBox"]})
    root.extend(_cleaned(drawn, classes, words))
    return ET.tostring(root, encoding="unicode")


def _cleaned(parent: ET.Element, classes: Mapping[str, str], words: Words) -> Iterator[ET.Element]:
    for child in parent:
        if child.tag not in _TAGS:
            continue
        if child.tag.endswith("}g"):
            yield from _cleaned(child, classes, words)
            continue
        made = ET.Element(child.tag.rpartition("}")[2], _attributes(child, classes))
        if child.text and made.tag == "text":
            made.text = words.behind(child.text)
        if "d" not in made.attrib or _is_seen(made):
            yield made


def _attributes(element: ET.Element, classes: Mapping[str, str]) -> dict[str, str]:
    found = {name: _rounded(element.attrib[name]) for name in _KEPT if name in element.attrib}
    names = []
    for name, value in _styles(element):
        if name in _STYLED:
            found[name] = value.removesuffix("px")
        elif name in _PAINTED:
            found[name] = value
            if value.lower() in classes:
                names.append(f"{name}-{classes[value.lower()]}")
    if names:
        found["class"] = " ".join(names)
    return found


def _styles(element: ET.Element) -> Iterator[tuple[str, str]]:
    for each in element.attrib.get("style", "").split(";"):
        name, colon, value = each.partition(":")
        if colon:
            yield name.strip(), value.strip()


def _rounded(numbers: str) -> str:
    shorter = _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), numbers)
    return " ".join(shorter.split())


def _is_seen(path: ET.Element) -> bool:
    return path.attrib.get("fill", "") != "none" or "stroke" in path.attrib
