"""Every error that making a model raises on purpose.

* TrainingError
  - MissingInput: a file that a command reads is not where it was told to look
    + MissingData: of the research sets
    + MissingExport: of what the store wrote
    + MissingPairs: the pairs to train on
    + MissingBase: the weights to start from
    + MissingPage: the page that shows the evaluation
  - PageWithoutPlace: a page does not say where tables belong
  - UnusablePairs: the file of pairs is not one
  - NoPairs: the chosen sources give no pair
  - NoGpu: the preset needs a device that is not there
  - OtherRun: a folder holds a run that was made of something else
"""

from collections.abc import Sequence
from pathlib import Path


class TrainingError(Exception):
    """Anything that training raises on purpose: a whole sentence that says what to do."""


class MissingInput(TrainingError):
    """A file that a command reads is not where it was told to look."""

    def __init__(self, path: Path, remedy: str) -> None:
        super().__init__(f"There is no {path}. {remedy}")
        self.path = path


class MissingData(MissingInput):
    """A file of the research sets is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "Name the folder of the research sets with --data.")


class MissingExport(MissingInput):
    """The store has not written its pairs and texts."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"Write it first: onramp --data STORE export-pairs --out {path.parent}, where STORE "
            "holds the skills and occupations; or name another folder with --exported.",
        )


class MissingPairs(MissingInput):
    """The pairs to train on are not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            "Write it first: "
            f"python -m training pairs --data DIR --exported DIR --out {path}; "
            "or name another file with --pairs.",
        )


class MissingBase(MissingInput):
    """The folder to start from holds no weights."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "Name a folder that sentence-transformers reads with --base.")


class MissingPage(MissingInput):
    """The page that shows the evaluation is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "Start from the root of the project, or name it with --page.")


class PageWithoutPlace(TrainingError):
    """The page does not say where tables belong."""

    def __init__(self, page: Path, start: str, end: str) -> None:
        super().__init__(f"{page} must hold {start} and, after it, {end}.")
        self.page = page


class UnusablePairs(TrainingError):
    """The file of pairs is not one."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} holds no pairs: {reason}. Write it anew with python -m training pairs."
        )
        self.path = path
        self.reason = reason


class NoPairs(TrainingError):
    """The chosen sources give no pair."""

    def __init__(self, sources: Sequence[str]) -> None:
        super().__init__(f"Nothing to train on: no pair comes from {', '.join(sources)}.")
        self.sources = tuple(sources)


class NoGpu(TrainingError):
    """The preset needs a device that is not there."""

    def __init__(self) -> None:
        super().__init__("There is no GPU that torch can use here. Take --preset cpu.")


class OtherRun(TrainingError):
    """A folder holds a run that was made of something else.

    Attributes:
        folder: where it is.
        differs: what is not the same, each as a phrase.
    """

    def __init__(self, folder: Path, differs: Sequence[str]) -> None:
        super().__init__(
            f"The checkpoint in {folder} was made of {' and '.join(differs)}. "
            "Go on with what it was made of, name another folder, or remove this one."
        )
        self.folder = folder
        self.differs = tuple(differs)
