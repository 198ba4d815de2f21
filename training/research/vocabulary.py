"""The texts of skills and occupations, as search renders them."""

from pathlib import Path

import polars as pl

from training.errors import MissingExport
from training.splits import text_key


class Vocabulary:
    """Finds the text of a record in what ``onramp export-pairs`` wrote."""

    def __init__(self, texts: pl.DataFrame) -> None:
        self._by_id: dict[tuple[str, str], str] = {
            (kind, row_id): text for kind, row_id, text in texts.iter_rows()
        }
        self._by_label = {
            text_key(text): text
            for (kind, row_id), text in self._by_id.items()
            if kind == "skill" and row_id.startswith("esco:")
        }

    @classmethod
    def read(cls, path: Path) -> "Vocabulary":
        """Read ``texts.parquet``.

        Raises:
            MissingExport: if there is none.
        """
        if not path.exists():
            raise MissingExport(path)
        return cls(pl.read_parquet(path, columns=["kind", "id", "text"]))

    def skill(self, uri: str) -> str:
        """Return the text of an ESCO skill by its URI or UUID; empty if it is not in the store."""
        return self._by_id.get(("skill", f"esco:{uri.rsplit('/', 1)[-1]}"), "")

    def labeled(self, label: str) -> str:
        """Return the text of the ESCO skill with a label; empty if there is none."""
        return self._by_label.get(text_key(label), "")

    def occupation(self, code: str) -> str:
        """Return the text of an O*NET occupation by its code; empty if it is not in the store."""
        return self._by_id.get(("occupation", f"onet:{code}"), "")
