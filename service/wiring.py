"""Composition: the one place where the parts of a running Onramp are chosen and joined."""

import gc
import logging
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from embeddings import DEFAULT_FOLDER
from index import listen
from service.access import (
    Access,
    Keyring,
    Keys,
    Pepper,
    Provider,
    Sessions,
    SignOn,
    Tenancy,
    TokenRules,
    Tokens,
    TokensUnusable,
    read_provider,
)
from service.answers import (
    Answers,
    Desk,
    Explaining,
    GroupedDecisions,
    Matching,
    Pace,
    Pathways,
    Replaying,
    Similar,
    SkillAnswers,
    SoftCoverageReport,
    Suggestions,
    UnloggedDecisions,
)
from service.answers.closing import Closing
from service.answers.credit import CreditAnswers
from service.answers.personal import PersonalData
from service.answers.reports import Reports
from service.answers.vitals import VitalSigns
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.errors import DataMissing, StoreProblem
from service.failpoints import arm, reached_in_index
from service.indexing.resting import Resting
from service.indexing.room import Room
from service.indexing.saving import code_hash
from service.indexing.snapshots import Snapshots
from service.indexing.tenants import Tenants
from service.intake import Intake, seed
from service.intake.consenting import ConsentIntake
from service.intake.contacting import ContactIntake
from service.intake.credit import CreditIntake
from service.intake.events import Events
from service.intake.operations import Keeping as OperationsKept
from service.intake.operations import Operations
from service.intake.persons import PersonIntake
from service.intake.repeats import Repeats
from service.matching.evidence_rules import DEFAULT_EVIDENCE, EvidenceRules
from service.matching.ports import Encoder, MetaKey, Records
from service.models import ModelFolders
from service.planning import HighsSolver
from service.settings import Settings
from service.standards.shipped import load_taxonomy
from service.storage import SqliteStore

logger = logging.getLogger(__name__)

Progress = Callable[[str, int], None]
_MEGA = 1_000_000

# Beside the store, in the folder of the data.
SNAPSHOTS = "snapshots"


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """Return the current time."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Services:
    """A running Onramp without its edges."""

    answers: Answers
    closing: Closing
    reports: Reports
    soft_coverage: SoftCoverageReport
    matching: Matching
    credit: CreditAnswers
    pathways: Pathways
    explaining: Explaining
    replaying: Replaying
    skills: SkillAnswers
    similar: Similar
    personal: PersonalData
    consenting: ConsentIntake
    contacting: ContactIntake
    persons: PersonIntake
    vitals: VitalSigns
    suggestions: Suggestions
    intake: Intake
    credit_intake: CreditIntake
    repeats: Repeats
    events: Events
    operations: Operations
    access: Access
    tenants: Tenants
    snapshots: Snapshots
    records: Records
    settings: Settings
    # The model that is configured; answers say which one made them.
    model_folder: Path
    model_hash: str


@contextmanager
def open_services(
    settings: Settings,
    *,
    on_progress: Progress | None = None,
    rules: EvidenceRules = DEFAULT_EVIDENCE,
    pace: Pace | None = None,
) -> Iterator[Services]:
    """Open the store, loading the taxonomies first if it is new, and the indexes over it.

    Args:
        settings: where the data is, and how many threads may encode.
        on_progress: told what is being done and how many records more are done.
        rules: what evidence is worth.
        pace: how decisions are grouped; as somebody who waits needs it if not given.

    Raises:
        DataMissing: if the model or a taxonomy is missing or damaged.
        StoreFromAnotherModel: if the vectors are of a model that is not to be had.
        UnknownFailpoint: if a test names a failpoint that there is not.
        StoreProblem: if the store cannot be used.
    """
    if settings.failpoint:
        arm_failpoint(settings.failpoint)
    models = ModelFolders(settings.model, settings.data, threads=settings.threads)
    with (
        # One small product is not worth a second thread, and the threads that answer are as
        # many as the cores; BLAS threads on top made an answer take twice the CPU.
        threadpool_limits(1, user_api="blas"),
        _collectable_at_end(),
        SqliteStore.open(
            settings.data, create=True, reserve_bytes=settings.reserve_mb * _MEGA
        ) as records,
        # Ends after those who answer, and before the store is closed.
        _decisions(records, settings, pace) as decisions,
        _threads(settings.threads, name="answers") as executor,
        # One writer writes at a time anyway; those who wait for it are not to take the threads
        # that answer.
        _threads(1, name="intake") as writer,
        ExitStack() as ending,
    ):
        records.check_at_start()
        seed_if_new(records, models.configured.encoder, on_progress)
        _name_store(records, DEFAULT_TENANT)
        if _are_of_the_configured(records, models):
            models.keep()
        snapshots = snapshots_of(settings)
        tenants = Tenants(
            records,
            models,
            rules=rules,
            snapshots=snapshots,
            room=Room(megabytes=settings.tenants_mb),
            resting=Resting(),
        )
        ending.callback(tenants.end)
        with _collector_at_rest():
            tenants.get(DEFAULT_TENANT, on_page=_telling(on_progress, "loading indexes"))
        solver = HighsSolver()
        intake = Intake(records, tenants)
        desk = Desk(
            records=records,
            tenants=tenants,
            clock=SystemClock(),
            new_id=lambda: uuid.uuid4().hex,
            executor=executor,
            writer=writer,
            decisions=decisions,
            rule_book=records.rule_book,
        )
        access = _access(records, settings, _filling(records, models))
        repeats = Repeats(records.repeats, desk.clock, access.keys.digest)
        _forget_repeats(repeats)
        yield Services(
            answers=Answers(desk),
            closing=Closing(desk),
            reports=Reports(desk, snapshots, records.decisions),
            soft_coverage=SoftCoverageReport(desk),
            matching=Matching(desk),
            credit=CreditAnswers(desk, records.rule_book),
            pathways=Pathways(desk, solver),
            explaining=Explaining(desk),
            replaying=Replaying(desk, solver),
            skills=SkillAnswers(desk),
            similar=Similar(desk),
            personal=PersonalData(desk),
            consenting=ConsentIntake(records, tenants, desk.clock),
            contacting=ContactIntake(records, desk.clock, desk.new_id),
            persons=PersonIntake(records, tenants, intake, records.decisions),
            vitals=VitalSigns(desk),
            suggestions=Suggestions(desk),
            intake=intake,
            credit_intake=CreditIntake(records.rule_book),
            repeats=repeats,
            events=Events(records.events, desk.clock, decisions),
            operations=Operations(
                records.operations, desk.clock, desk.new_id, _operations_kept(settings)
            ),
            access=access,
            tenants=tenants,
            snapshots=snapshots,
            records=records,
            settings=settings,
            model_folder=settings.model or DEFAULT_FOLDER,
            model_hash=models.configured.encoder.model_hash,
        )


def _operations_kept(settings: Settings) -> OperationsKept:
    return OperationsKept(
        waiting=settings.operations, kept=timedelta(hours=settings.operation_hours)
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
    rules = _token_rules(settings)
    tokens = Tokens(rules, keyring, clock) if rules else None
    sessions = Sessions(records.session_book, keyring, pepper, clock)
    provider = _provider(settings)
    return Access(
        keyring=keyring,
        keys=Keys(records.key_book, pepper, keyring, clock),
        tenancy=Tenancy(records.key_book, fill),
        sessions=sessions,
        tokens=tokens,
        sign_on=SignOn(provider, tokens, sessions, pepper, clock) if provider and tokens else None,
    )


def _provider(settings: Settings) -> Provider | None:
    metadata, client = settings.oidc_provider, settings.oidc_client_id
    redirect, secret = settings.oidc_redirect, settings.oidc_client_secret
    if not (metadata or client or redirect or secret):
        return None
    if not (metadata and client and redirect and settings.oidc_issuer):
        raise TokensUnusable(
            "ONRAMP_OIDC_PROVIDER, ONRAMP_OIDC_CLIENT_ID and ONRAMP_OIDC_REDIRECT go together, and "
            "with ONRAMP_OIDC_ISSUER; set all of them, or none."
        )
    return read_provider(
        metadata,
        issuer=settings.oidc_issuer,
        client=client,
        secret=secret.get_secret_value() if secret else None,
        redirect=redirect,
    )


def _token_rules(settings: Settings) -> TokenRules | None:
    issuer, audience, jwks = settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks
    if not (issuer or audience or jwks):
        return None
    if not (issuer and audience and jwks):
        raise TokensUnusable(
            "ONRAMP_OIDC_ISSUER, ONRAMP_OIDC_AUDIENCE and ONRAMP_OIDC_JWKS go together; set all "
            "three, or none."
        )
    return TokenRules(
        issuer=issuer,
        audience=audience,
        jwks=jwks,
        tenant=settings.oidc_tenant_claim,
        scope=settings.oidc_scope_claim,
        learner=settings.oidc_learner_claim,
        party=settings.oidc_party_claim,
    )


def _filling(records: Records, models: ModelFolders) -> Callable[[TenantId], None]:
    def fill(tenant: TenantId) -> None:
        seed_if_new(records, models.configured.encoder, None, tenant=tenant)
        _name_store(records, tenant)

    return fill


def arm_failpoint(wanted: str) -> None:
    """End this process at a failpoint, those of an index's save among them."""
    arm(wanted)
    listen(reached_in_index)


def _decisions(
    records: SqliteStore, settings: Settings, pace: Pace | None
) -> AbstractContextManager[GroupedDecisions | UnloggedDecisions]:
    if settings.decision_days is not None:
        oldest = SystemClock().now() - timedelta(days=settings.decision_days)
        for tenant in records.key_book.tenants():
            records.decisions.forget(tenant.id, before=oldest)
    if settings.log_decisions:
        return GroupedDecisions(records.decisions, pace=pace).running()
    return nullcontext(UnloggedDecisions(records.decisions))


@contextmanager
def _threads(count: int, *, name: str) -> Iterator[ThreadPoolExecutor]:
    """Run threads; at the end what has begun is done, and what waits for a thread is dropped."""
    executor = ThreadPoolExecutor(count, thread_name_prefix=name)
    try:
        yield executor
    finally:
        # Whoever asked was told to go elsewhere, and a stop has ten seconds.
        executor.shutdown(cancel_futures=True)


@contextmanager
def _collectable_at_end() -> Iterator[None]:
    # What was frozen would outlive its services, 170 MB each time that a process opens them.
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    # What is loaded lives as long as its services. Walking it again and again while it grows
    # costs a third of the start, and walking it later costs every answer.
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def seed_if_new(
    records: Records,
    encoder: Encoder,
    on_progress: Progress | None,
    *,
    tenant: TenantId = DEFAULT_TENANT,
) -> None:
    """Load the taxonomies that ship for a tenant that has none."""
    if records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS) is None:
        telling = _telling(on_progress, "loading taxonomies")
        seed(records, tenant, load_taxonomy(), encoder, on_group=telling)


def snapshots_of(settings: Settings) -> Snapshots:
    """Return the snapshots beside the store."""
    return Snapshots(settings.data / SNAPSHOTS, code=code_hash())


def forget_snapshots(settings: Settings) -> None:
    """Delete the snapshots of a store that was replaced."""
    Snapshots(settings.data / SNAPSHOTS, code="").forget()


def _forget_repeats(repeats: Repeats) -> None:
    try:
        repeats.forget()
    except StoreProblem as error:
        # What writes says it itself, each time.
        logger.warning("What is older than a day could not be removed: %s", error)


def _name_store(records: Records, tenant: TenantId) -> None:
    # Tells a store from another that came into its place.
    if records.get_meta(tenant, MetaKey.STORE_ID) is None:
        records.set_meta(tenant, MetaKey.STORE_ID, uuid.uuid4().hex)


def _are_of_the_configured(records: Records, models: ModelFolders) -> bool:
    stored = records.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH)
    return stored == models.configured.encoder.model_hash


def _telling(on_progress: Progress | None, what: str) -> Callable[[int], None]:
    def tell(count: int) -> None:
        if on_progress:
            on_progress(what, count)

    return tell
