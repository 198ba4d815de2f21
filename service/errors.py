"""Every error this project raises on purpose.

* OnrampError
  - NotFound: the caller named a record that does not exist
  - PreconditionFailed: a record is not as the caller said that it had to be
  - InvalidRecord: a record, or one of its fields, breaks a rule
  - InvalidQuestion: a question cannot be answered as it was asked
    + GoalWithoutSkills: nothing is known of what the goal asks for
    + ProfileWithoutSkills: nothing is known of what the learner can do
    + JobWithoutRequirements: nothing is known of what the job asks for
  - TooManyOperations: as many as may be are not over yet
    + TooMuchKept: as many bytes as may be are kept of them
  - UnreadableFile: a file is not what its format says
  - StoreProblem: the store on disk cannot be used as it is
    + StoreMissing, StoreFromAnotherModel, StoreFromAnotherVersion, DamagedStore
    + StoreFull: there is no space left to write to
    + StoreReadOnly: the disk did not keep what it was told to, so nothing more is written
    + RecordChanged: another program wrote the record in between
    + VectorsReplaced: everything was derived anew in between; the same question can be asked again
    + DerivationBusy: another process derives everything anew
  - UnknownFailpoint: a test wants to end the process at a place that does not exist
    + DamagedBackup: a backup is not as it was written
  - SnapshotProblem: a snapshot of the indexes cannot be used or written; the store is not affected
    + DamagedSnapshot, SnapshotBusy, SnapshotNotWritten
  - DataMissing: something that ships with the product is not where it belongs
    + ModelUnusable: the model is missing or damaged, or computes other vectors here
"""


class OnrampError(Exception):
    """Anything this project raises on purpose: a whole sentence that says what to do."""


class NotFound(OnrampError):
    """The caller named a record that does not exist."""

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(f"There is no {kind} with the id {record_id!r}.")
        self.kind = kind
        self.record_id = record_id


class TooManyOperations(OnrampError):
    """As many operations as may be wait already."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"{limit} operations are not over yet, and more do not wait; send it again when one "
            "of them is, or cancel one."
        )


class TooMuchKept(TooManyOperations):
    """As many bytes as may be are kept of operations; ``limit`` is in bytes."""

    def __init__(self, limit: int) -> None:
        OnrampError.__init__(
            self,
            f"More than {limit:,} bytes of operations and their results would be kept; delete "
            "those whose results you have.",
        )


class PreconditionFailed(OnrampError):
    """A record is not as the caller said that it had to be; so nothing has changed.

    Attributes:
        revision: the one that it has; None where there is none.
    """

    def __init__(self, kind: str, record_id: str, revision: int | None) -> None:
        has = "is not there" if revision is None else f"has revision {revision}"
        super().__init__(f"The {kind} {record_id!r} {has}; nothing was changed.")
        self.revision = revision


class InvalidRecord(OnrampError):
    """A record, or one of its fields, breaks a rule.

    Attributes:
        field: where, as a dotted path such as ``duration.weeks``; empty for the whole record.
        reason: what is wrong and what is expected, as a sentence without the field.
    """

    def __init__(self, reason: str, *, field: str = "") -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class InvalidQuestion(OnrampError):
    """A question cannot be answered as it was asked.

    Attributes:
        field: the part of the question at fault, as a dotted path; empty for the whole.
    """

    def __init__(self, reason: str, *, field: str = "") -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


class GoalWithoutSkills(InvalidQuestion):
    """Nothing is known of what the goal asks for."""


class ProfileWithoutSkills(InvalidQuestion):
    """Nothing is known of what the learner can do, and there is no goal either."""


class JobWithoutRequirements(InvalidQuestion):
    """Nothing is known of what the job asks for."""


class UnreadableFile(OnrampError):
    """A file is not what its format says.

    Attributes:
        file: the path as the caller gave it.
    """

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


class StoreProblem(OnrampError):
    """The store on disk cannot be used as it is."""


class StoreMissing(StoreProblem):
    """There is no store in the folder."""


class StoreFromAnotherModel(StoreProblem):
    """The vectors in the store come from another model than the one that is loaded."""


class StoreFromAnotherVersion(StoreProblem):
    """The store was written by a version of Onramp that this one does not know."""


class DamagedStore(StoreProblem):
    """The store on disk is damaged."""


class StoreFull(StoreProblem):
    """There is no space left to write to; what is there can be read, and learners erased."""


class StoreReadOnly(StoreProblem):
    """The disk did not keep what it was told to, so nothing more is written until a restart."""


class DamagedBackup(StoreProblem):
    """A backup is not as it was written."""

    def __init__(self, folder: object, reason: str) -> None:
        super().__init__(f"The backup {folder} {reason}. Nothing was changed; use another one.")
        self.folder = folder
        self.reason = reason


class RecordChanged(StoreProblem):
    """Another program changed a record, or what people say of it, in between."""

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(f"The {kind} {record_id!r} was changed meanwhile. Try it again.")
        self.kind = kind
        self.record_id = record_id


class VectorsReplaced(StoreProblem):
    """Vectors and links were derived anew, and those that were being read are gone."""

    def __init__(self) -> None:
        super().__init__("Everything was derived anew by another model meanwhile. Ask again.")


class DerivationBusy(StoreProblem):
    """Another process derives everything anew."""


class UnknownFailpoint(OnrampError):
    """A test wants to end the process at a place that does not exist."""


class SnapshotProblem(OnrampError):
    """A snapshot of the indexes cannot be used or written; the store is not affected."""


class DamagedSnapshot(SnapshotProblem):
    """A snapshot does not verify, or is not of this store as it is."""

    def __init__(self, folder: object, reason: str) -> None:
        super().__init__(
            f"The snapshot {folder} {reason}. It is left aside, and made anew from the store."
        )
        self.folder = folder
        self.reason = reason


class SnapshotBusy(SnapshotProblem):
    """Another process is writing a snapshot."""


class SnapshotNotWritten(SnapshotProblem):
    """The disk does not take a snapshot."""


class DataMissing(OnrampError):
    """Something that ships with the product is not where it belongs."""


class ModelUnusable(DataMissing):
    """The model is missing or damaged, or computes other vectors on this machine."""
