"""A page of the documentation with places for tables, each between two markers."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from training.errors import MissingPage, PageWithoutPlace


class Place(NamedTuple):
    """The markers between which tables are written."""

    start: str
    end: str

    def check(self, page: Path) -> None:
        """Make sure that tables can be written.

        Raises:
            MissingPage: if there is no page.
            PageWithoutPlace: if the page has no place for them.
        """
        if not page.exists():
            raise MissingPage(page)
        self._around(page)

    def write(self, page: Path, tables: Iterable[Iterable[str]]) -> None:
        """Write tables, each of its lines, in place of what is there.

        Raises:
            PageWithoutPlace: if the page has no place for them.
        """
        before, after = self._around(page)
        text = "\n\n".join("\n".join(lines) for lines in tables)
        page.write_text(f"{before}{self.start}\n{text}\n{self.end}{after}", encoding="utf-8")

    def _around(self, page: Path) -> tuple[str, str]:
        before, start, rest = page.read_text(encoding="utf-8").partition(self.start)
        _, end, after = rest.partition(self.end)
        if not (start and end):
            raise PageWithoutPlace(page, self.start, self.end)
        return before, after
