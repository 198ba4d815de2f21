"""Every error the encoder raises on purpose.

* EmbeddingsError
  - EmptyText: a text has nothing to encode
  - LoneSurrogate: a text is not Unicode
  - ModelFolderError: the model folder cannot be trusted
    + MissingModelFile: a file that must be there is not
    + UnexpectedModelFile: a file is there that the manifest does not name
    + DamagedModelFile: a file is not the one that the manifest names
    + InvalidModelFile: a file says something that cannot be
    + GoldenVectorsDiffer: this machine computes other vectors than the one that made the model
"""

from pathlib import Path

REMEDY = "Restore the model folder from the release, or make it anew: python -m training export."


class EmbeddingsError(Exception):
    """The encoder cannot do what was asked."""


class EmptyText(EmbeddingsError):
    """A text has nothing to encode once invisible characters and spaces are gone."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"The text at position {position} is empty once it is normalized: "
            "leave it out, or give it at least one visible character."
        )
        self.position = position


class LoneSurrogate(EmbeddingsError):
    """A text holds half of a surrogate pair, so it is not Unicode."""

    def __init__(self, offset: int, *, position: int | None = None) -> None:
        where = "The text" if position is None else f"The text at position {position}"
        super().__init__(
            f"{where} holds half of a surrogate pair at character {offset}: "
            "send whole Unicode characters."
        )
        self.offset = offset
        self.position = position


class ModelFolderError(EmbeddingsError):
    """The model folder cannot be trusted, so nothing of it was used."""

    def __init__(self, fault: str, *, path: Path) -> None:
        super().__init__(f"{fault} {REMEDY}")
        self.path = path


class MissingModelFile(ModelFolderError):
    """A file of the model folder is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"The model folder lacks {path.name} ({path}).", path=path)


class UnexpectedModelFile(ModelFolderError):
    """The model folder holds a file that its manifest does not name."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The model folder holds {path.name} ({path}), which its manifest does not name.",
            path=path,
        )


class DamagedModelFile(ModelFolderError):
    """The bytes of a file are not those that the manifest names."""

    def __init__(self, path: Path, *, expected: str, found: str) -> None:
        super().__init__(
            f"{path.name} ({path}) is damaged: its SHA-256 should be {expected} but is {found}.",
            path=path,
        )
        self.expected = expected
        self.found = found


class InvalidModelFile(ModelFolderError):
    """A file of the model folder says something that cannot be."""

    def __init__(self, path: Path, *, reason: str) -> None:
        super().__init__(f"{path.name} ({path}) cannot be used: {reason}.", path=path)
        self.reason = reason


class GoldenVectorsDiffer(ModelFolderError):
    """This machine computes other vectors for the golden texts than the model folder keeps."""

    def __init__(self, path: Path, *, text: str, similarity: float, least: float) -> None:
        super().__init__(
            f"The model gives another vector for {text!r} than {path.name} ({path}) keeps: "
            f"their similarity is {similarity:.4f} and must be at least {least}.",
            path=path,
        )
        self.text = text
        self.similarity = similarity
        self.least = least
