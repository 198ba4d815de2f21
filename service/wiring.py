"""Composition: the one place where the parts of a running Onramp are chosen and joined."""

import gc
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from embeddings import DEFAULT_FOLDER, EmbeddingsError, EmptyText, Logistic, load_encoder
from embeddings import Encoder as OnnxEncoder
from index import listen
from service.access import Access, Keyring, Keys, Pepper, Tenancy
from service.answers import (
    Answers,
    Desk,
    Explaining,
    GroupedDecisions,
    Matching,
    Pathways,
    Replaying,
    Similar,
    SkillAnswers,
    SoftCoverageReport,
    Suggestions,
    UnloggedDecisions,
)
from service.answers.credit import CreditAnswers
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.errors import DataMissing, InvalidRecord, ModelUnusable, StoreFromAnotherModel
from service.failpoints import arm, reached_in_index
from service.indexing.beside import beside
from service.indexing.saving import code_hash
from service.indexing.snapshots import Snapshots
from service.indexing.tenants import Curves, Tenants
from service.intake import Intake, seed
from service.intake.credit import CreditIntake
from service.matching.evidence_rules import DEFAULT_EVIDENCE, EvidenceRules
from service.matching.linking import Calibration
from service.matching.ports import Encoder, MetaKey, Records, Vectors
from service.matching.topics import TOPICS, Topics, load_topics
from service.planning import HighsSolver
from service.settings import Settings
from service.standards.shipped import load_taxonomy
from service.storage import SqliteStore

Progress = Callable[[str, int], None]
_MEGA = 1_000_000

# Beside the store, in the folder of the data.
SNAPSHOTS = "snapshots"


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """Return the current time."""
        return datetime.now(UTC)


class GuardedEncoder:
    """The shipped encoder, its complaints about a text told as faults of the record."""

    def __init__(self, encoder: OnnxEncoder) -> None:
        self._encoder = encoder

    @property
    def dim(self) -> int:
        """The number of dimensions of a vector."""
        return self._encoder.dim

    @property
    def model_version(self) -> str:
        """The model's name and version."""
        return self._encoder.model_version

    @property
    def model_hash(self) -> str:
        """The hash of everything that a vector depends on."""
        return self._encoder.model_hash

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the texts' vectors.

        Raises:
            InvalidRecord: if a text has nothing to encode.
        """
        try:
            return self._encoder.encode(texts)
        except EmptyText:
            reason = "it has a text without a visible character; write something, or leave it out."
            raise InvalidRecord(reason) from None
        except EmbeddingsError as error:
            raise InvalidRecord(str(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Services:
    """A running Onramp without its edges."""

    answers: Answers
    soft_coverage: SoftCoverageReport
    matching: Matching
    credit: CreditAnswers
    pathways: Pathways
    explaining: Explaining
    replaying: Replaying
    skills: SkillAnswers
    similar: Similar
    suggestions: Suggestions
    intake: Intake
    credit_intake: CreditIntake
    access: Access
    tenants: Tenants
    snapshots: Snapshots
    records: Records
    settings: Settings
    model_folder: Path


@contextmanager
def open_services(
    settings: Settings,
    *,
    on_progress: Progress | None = None,
    any_model: bool = False,
    rules: EvidenceRules = DEFAULT_EVIDENCE,
) -> Iterator[Services]:
    """Open the store, loading the taxonomies first if it is new, and the indexes over it.

    Args:
        settings: where the data is, and how many threads may encode.
        on_progress: told what is being done and how many records more are done.
        any_model: accept vectors of another model, to derive them anew.
        rules: what evidence is worth.

    Raises:
        DataMissing: if the model or a taxonomy is missing or damaged.
        UnknownFailpoint: if a test names a failpoint that there is not.
        StoreProblem: if the store cannot be used.
    """
    if settings.failpoint:
        arm_failpoint(settings.failpoint)
    encoder = _encoder(settings)
    with (
        # One small product is not worth a second thread, and the threads that answer are as
        # many as the cores; BLAS threads on top made an answer take twice the CPU.
        threadpool_limits(1, user_api="blas"),
        SqliteStore.open(
            settings.data, create=True, reserve_bytes=settings.reserve_mb * _MEGA
        ) as records,
        # Ends after those who answer, and before the store is closed.
        _decisions(records, settings) as decisions,
        ThreadPoolExecutor(settings.threads, thread_name_prefix="answers") as executor,
    ):
        records.check_at_start()
        _seed_if_new(records, encoder, on_progress)
        if not any_model:
            _check_model(records, encoder, settings.data)
        _name_store(records)
        snapshots = Snapshots(settings.data / SNAPSHOTS, code=code_hash(), dim=encoder.dim)
        guarded = GuardedEncoder(encoder)
        curves = encoder.calibration
        topics = _topics(encoder)
        tenants = Tenants(
            records,
            guarded,
            Curves(_calibration(curves.skill_link), _calibration(curves.bridge)),
            rules=rules,
            topics=topics,
            snapshots=snapshots,
        )
        with _collector_at_rest():
            tenants.get(DEFAULT_TENANT, on_page=_telling(on_progress, "loading indexes"))
        solver = HighsSolver()
        desk = Desk(
            records=records,
            tenants=tenants,
            encoder=guarded,
            clock=SystemClock(),
            new_id=lambda: uuid.uuid4().hex,
            executor=executor,
            decisions=decisions,
            rule_book=records.rule_book,
            topics=topics,
        )
        yield Services(
            answers=Answers(desk),
            soft_coverage=SoftCoverageReport(desk),
            matching=Matching(desk),
            credit=CreditAnswers(desk, records.rule_book),
            pathways=Pathways(desk, solver),
            explaining=Explaining(desk),
            replaying=Replaying(desk, solver),
            skills=SkillAnswers(desk),
            similar=Similar(desk),
            suggestions=Suggestions(desk),
            intake=Intake(records, tenants, guarded),
            credit_intake=CreditIntake(records.rule_book),
            access=_access(records, settings, _filling(records, guarded)),
            tenants=tenants,
            snapshots=snapshots,
            records=records,
            settings=settings,
            model_folder=settings.model or DEFAULT_FOLDER,
        )


@contextmanager
def open_access(settings: Settings) -> Iterator[Access]:
    """Open what tells who may call, without the model and the indexes; a store is made if need be.

    No tenant can be made with it.

    Raises:
        StoreProblem: if the store cannot be used.
    """

    def refuse(_tenant: TenantId) -> None:
        raise DataMissing("A tenant is filled by the model, which was not loaded.")

    with SqliteStore.open(settings.data, create=True) as records:
        yield _access(records, settings, refuse)


def _access(records: SqliteStore, settings: Settings, fill: Callable[[TenantId], None]) -> Access:
    given = settings.pepper.get_secret_value() if settings.pepper else None
    pepper, clock = Pepper(settings.data, given), SystemClock()
    keyring = Keyring(records.key_book, pepper, clock)
    keyring.look()
    return Access(
        keyring=keyring,
        keys=Keys(records.key_book, pepper, keyring, clock),
        tenancy=Tenancy(records.key_book, fill),
    )


def _filling(records: Records, encoder: Encoder) -> Callable[[TenantId], None]:
    def fill(tenant: TenantId) -> None:
        if records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS) is None:
            seed(records, tenant, load_taxonomy(), encoder)
            records.set_meta(tenant, MetaKey.STORE_ID, uuid.uuid4().hex)

    return fill


@contextmanager
def warming(services: Services) -> Iterator[None]:
    """Work out in a thread, while something is served, what its first answers would wait for."""

    def warm(stop: Event) -> None:
        tenant = services.tenants.get(DEFAULT_TENANT)
        tenant.warm(SystemClock().now().date(), until=stop.is_set)

    with beside(warm, name="warming"):
        yield


def arm_failpoint(wanted: str) -> None:
    """End this process at a failpoint, those of an index's save among them."""
    arm(wanted)
    listen(reached_in_index)


def _topics(encoder: OnnxEncoder) -> Topics | None:
    """Return the topics that ship, unless they were learned from another model's vectors."""
    try:
        topics = load_topics(TOPICS)
    except (OSError, KeyError, ValueError) as error:
        raise DataMissing(f"{TOPICS} is missing or damaged: {error}. Install it anew.") from error
    return topics if topics.model_hash == encoder.model_hash else None


def _decisions(
    records: SqliteStore, settings: Settings
) -> AbstractContextManager[GroupedDecisions | UnloggedDecisions]:
    if settings.decision_days is not None:
        oldest = SystemClock().now() - timedelta(days=settings.decision_days)
        for tenant in records.key_book.tenants():
            records.decisions.forget(tenant.id, before=oldest)
    if settings.log_decisions:
        return GroupedDecisions(records.decisions).running()
    return nullcontext(UnloggedDecisions(records.decisions))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    # What is loaded lives as long as the process. Walking it again and again while it grows
    # costs a third of the start, and walking it later costs every answer.
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def _encoder(settings: Settings) -> OnnxEncoder:
    try:
        return load_encoder(settings.model or DEFAULT_FOLDER, threads=settings.threads)
    except EmbeddingsError as error:
        raise ModelUnusable(str(error)) from error


def _calibration(curve: Logistic) -> Calibration:
    return Calibration(slope=curve.slope, intercept=curve.intercept)


def _seed_if_new(records: Records, encoder: OnnxEncoder, on_progress: Progress | None) -> None:
    if records.get_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS) is None:
        telling = _telling(on_progress, "loading taxonomies")
        seed(records, DEFAULT_TENANT, load_taxonomy(), GuardedEncoder(encoder), on_group=telling)


def forget_snapshots(settings: Settings) -> None:
    """Delete the snapshots of a store that was replaced."""
    Snapshots(settings.data / SNAPSHOTS, code="", dim=0).forget()


def _name_store(records: Records) -> None:
    # Tells a store from another that came into its place.
    if records.get_meta(DEFAULT_TENANT, MetaKey.STORE_ID) is None:
        records.set_meta(DEFAULT_TENANT, MetaKey.STORE_ID, uuid.uuid4().hex)


def _check_model(records: Records, encoder: OnnxEncoder, folder: Path) -> None:
    stored = records.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH)
    if stored != encoder.model_hash:
        raise StoreFromAnotherModel(
            f"The vectors in {folder} come from another model than {encoder.model_version}. "
            f"Run `onramp --data {folder} init --rederive` to make them anew."
        )


def _telling(on_progress: Progress | None, what: str) -> Callable[[int], None]:
    def tell(count: int) -> None:
        if on_progress:
            on_progress(what, count)

    return tell
