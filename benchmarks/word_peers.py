"""Search by word in four ways: our own, SQLite's FTS5, bm25s and tantivy, behind one door."""

import importlib
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from service.indexing.words import Words
from service.matching.terms import terms_of


class Searcher(Protocol):
    """Texts by row, searched by word."""

    def replace(self, row: int, text: str) -> None:
        """Give a row another text, so that the next search sees it."""
        ...

    def search(self, text: str, *, k: int) -> list[int]:
        """Return the ``k`` rows that fit best, best first."""
        ...


class Ours:
    """What ships: arrays in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._words = Words()
        self._count = len(texts)
        self._words.put(range(len(texts)), texts)
        self.search(texts[0], k=1)  # sorts what was put

    def replace(self, row: int, text: str) -> None:
        """Wipe the row and put it anew."""
        self._words.put([row], [text])

    def search(self, text: str, *, k: int) -> list[int]:
        """Return the rows of the highest scores."""
        scores = self._words.scores(text, count=self._count)
        rows = np.flatnonzero(scores)
        found: list[int] = rows[np.argsort(-scores[rows], kind="stable")[:k]].tolist()
        return found


class Fts5:
    """SQLite's full-text search, in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.execute("CREATE VIRTUAL TABLE texts USING fts5(text)")
        rows = ((row, _letters(text)) for row, text in enumerate(texts))
        self._base.executemany("INSERT INTO texts(rowid, text) VALUES (?, ?)", rows)
        self._base.commit()

    def replace(self, row: int, text: str) -> None:
        """Update the row and commit."""
        self._base.execute("UPDATE texts SET text = ? WHERE rowid = ?", (_letters(text), row))
        self._base.commit()

    def search(self, text: str, *, k: int) -> list[int]:
        """Match any of the words, by FTS5's own BM25."""
        asked = " OR ".join(dict.fromkeys(_letters(text).split()))
        if not asked:
            return []
        found = self._base.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?", (asked, k)
        )
        return [row for (row,) in found]


class Bm25s:
    """bm25s, which is built anew for each change."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._package = importlib.import_module("bm25s")
        self._terms = [terms_of(text) for text in texts]
        self._build()

    def replace(self, row: int, text: str) -> None:
        """Build everything anew; there is no update."""
        self._terms[row] = terms_of(text)
        self._build()

    def search(self, text: str, *, k: int) -> list[int]:
        """Return the rows of the highest scores; those of zero are left out."""
        terms = [term for term in dict.fromkeys(terms_of(text)) if term in self._index.vocab_dict]
        if not terms:
            return []
        rows, scores = self._index.retrieve(
            [terms], k=min(k, len(self._terms)), show_progress=False
        )
        found: list[int] = rows[0][scores[0] > 0].tolist()
        return found

    def _build(self) -> None:
        self._index = self._package.BM25(k1=1.2, b=0.75)
        self._index.index(self._terms, show_progress=False)


class Tantivy:
    """tantivy, in memory, one writer thread."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._package = importlib.import_module("tantivy")
        schema = self._package.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="whitespace")
        schema.add_integer_field("row", stored=True, indexed=True)
        self._schema = schema.build()
        self._index = self._package.Index(self._schema)
        self._writer = self._index.writer(num_threads=1)
        for row, text in enumerate(texts):
            self._add(row, text)
        self._commit()

    def replace(self, row: int, text: str) -> None:
        """Delete and add the row, commit, and reload."""
        self._writer.delete_documents("row", row)
        self._add(row, text)
        self._commit()

    def search(self, text: str, *, k: int) -> list[int]:
        """Match any of the words, by tantivy's own BM25."""
        package = self._package
        parts = [
            (package.Occur.Should, package.Query.term_query(self._schema, "text", term))
            for term in dict.fromkeys(_letters(text).split())
        ]
        hits = self._searcher.search(package.Query.boolean_query(parts), k).hits
        return [self._searcher.doc(address)["row"][0] for _, address in hits]

    def _add(self, row: int, text: str) -> None:
        document: Any = self._package.Document()
        document.add_text("text", _letters(text))
        document.add_integer("row", row)
        self._writer.add_document(document)

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()


def _letters(text: str) -> str:
    """Return a text's terms as letters and digits alone, which every tokenizer leaves whole."""
    return " ".join(
        term if term.isalnum() else "".join(c if c.isalnum() else f"x{ord(c):x}" for c in term)
        for term in terms_of(text)
    )


SEARCHERS: dict[str, Callable[[Sequence[str]], Searcher]] = {
    "ours": Ours,
    "FTS5": Fts5,
    "bm25s": Bm25s,
    "tantivy": Tantivy,
}
