"""HTML as text: paragraphs and list items kept, everything else plain words."""

import html
import re
from html.parser import HTMLParser
from typing import NamedTuple

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "div", "dl", "dt", "dd", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "ol", "p", "pre"),
        *("section", "table", "tr", "ul"),
    )
)
_HIDDEN = frozenset({"script", "style", "template"})
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ESCAPED_TAG = re.compile(r"&lt;/?[A-Za-z]")
_JSON_LD = "application/ld+json"


class Script(NamedTuple):
    """The content of a script tag, and the line of the page on which the tag stands."""

    line: int
    text: str


def text_of(markup: str) -> str:
    """Return the text of an HTML fragment; plain text keeps its lines."""
    if _ESCAPED_TAG.search(markup) and not _TAG.search(markup):
        markup = html.unescape(markup)
    if not _TAG.search(markup):
        return html.unescape(markup).strip()
    reader = _TextReader()
    reader.feed(markup)
    reader.close()
    return reader.text()


def json_ld_scripts(page: str) -> list[Script]:
    """Return the JSON-LD scripts of an HTML page, in their order."""
    reader = _ScriptReader()
    reader.feed(page)
    reader.close()
    # A page that was cut off leaves its last script open.
    reader.handle_endtag("script")
    return reader.found


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in _HIDDEN
        if tag == "li":
            self._parts.append("\n- ")
        elif tag in _BLOCKS:
            self._parts.append("\n" if tag in {"br", "tr"} else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in _BLOCKS:
            self._parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._parts.append(re.sub(r"\s+", " ", data))

    def text(self) -> str:
        lines = [" ".join(line.split()) for line in "".join(self._parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _ScriptReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Script] = []
        self._line: int | None = None
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").split(";")[0].strip().lower()
        if tag == "script" and kind == _JSON_LD:
            self._line, self._parts = self.getpos()[0], []

    def handle_data(self, data: str) -> None:
        if self._line is not None:
            self._parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._line is not None:
            self.found.append(Script(self._line, "".join(self._parts)))
            self._line = None
