"""The demonstration: the sample catalog, one learner's next steps and one job's candidates."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from rich.console import Console

from service.access import NewKey
from service.answers import Answers, CandidatesQuestion, RecommendQuestion
from service.cli.consenting import kept_or_why_not
from service.cli.errors import StoreInUse
from service.cli.import_run import ImportRun, told
from service.cli.interrupts import Stop
from service.cli.match_tables import show_candidates
from service.cli.output import console, plain
from service.cli.progress import meter
from service.cli.recommendation_tables import show_recommendations
from service.cli.stored import job_in, learner_in
from service.domain.access import PrincipalKind
from service.domain.condition import conditions_of
from service.domain.ids import DEFAULT_TENANT
from service.domain.learner import Learner
from service.domain.record import Kind
from service.standards.native import read_native
from service.standards.native.consent_lines import read_consents
from service.standards.reading import Parsed
from service.wiring import Services

SAMPLE: Final = Path(__file__).parent.parent / "sample"
LEARNER: Final = "l-001"
JOB: Final = "j-001"
SHOWN: Final = 5
CONSENTS: Final = "consents.jsonl"
_FILES: Final[dict[Kind, str]] = {
    Kind.SKILL: "skills.jsonl",
    Kind.CREDENTIAL: "credentials.jsonl",
    Kind.JOB: "jobs.jsonl",
    Kind.LEARNER: "learners.jsonl",
}
# What this machine is called by those who sit at it.
_OWN_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_HTTP: Final = 80
# In these a folder's own records show; every store has skills and occupations.
_OWN = (Kind.CREDENTIAL, Kind.JOB, Kind.LEARNER)


def demonstrate(services: Services) -> None:
    """Load the sample catalog and show both of the product's answers on it.

    Raises:
        StoreInUse: if the store holds records that are not the sample's.
    """
    _refuse_other_records(services)
    _load(services)
    out = console()
    _show_counts(out, services.answers)
    _show_learner(out, services.answers)
    _show_job(out, services.answers)


def page_key(services: Services, port: int) -> str:
    """Return the publishable key of the demo's page; it lives as long as this process."""
    shown = "" if port == _HTTP else f":{port}"
    wanted = NewKey(
        label="the page of the demo",
        kind=PrincipalKind.PUBLISHABLE,
        origins=tuple(f"http://{host}{shown}" for host in _OWN_NAMES),
    )
    return services.access.keys.lend(wanted, DEFAULT_TENANT).secret


def sample(kind: Kind) -> Iterator[Parsed]:
    """Read the sample's records of one kind."""
    return read_native(kind, [SAMPLE / _FILES[kind]])


def _refuse_other_records(services: Services) -> None:
    for kind in _OWN:
        known = {parsed.record.id for parsed in sample(kind) if parsed.record}
        some = services.answers.list_page(DEFAULT_TENANT, kind, after=None, limit=len(known) + 1)
        others = [stored.record.id for stored in some if stored.record.id not in known]
        if others:
            raise StoreInUse(
                f"The store in {services.settings.data} holds records that are not the sample's, "
                f"such as the {kind} {others[0]}. Name another folder: onramp --data DIR demo."
            )


def _load(services: Services) -> None:
    everything = chain.from_iterable(sample(kind) for kind in _FILES)
    with meter("loading the sample catalog") as progress:
        run = ImportRun(
            services.intake, progress, stop=Stop(), faults=lambda _fault: None, dry_run=False
        )
        run.take(everything)
        for read in read_consents([SAMPLE / CONSENTS]):
            for fault in kept_or_why_not(services.consenting, DEFAULT_TENANT, read):
                progress.say(plain(told(fault)))


def _show_counts(out: Console, answers: Answers) -> None:
    counts = answers.meta(DEFAULT_TENANT).counts
    held = ", ".join(f"{counts[kind]:,} {kind}s" for kind in Kind)
    out.rule("The sample catalog", align="left")
    out.print(f"{held}.")
    out.print()


def _show_learner(out: Console, answers: Answers) -> None:
    learner = learner_in(answers, LEARNER)
    out.rule(f"Which microcredential next? Learner {learner.id}", align="left")
    for line in about(learner):
        out.print(line)
    question = RecommendQuestion(learner=learner, stored=True, limit=SHOWN)
    show_recommendations(out, answers.recommend(DEFAULT_TENANT, question))
    out.print()


def about(learner: Learner) -> Iterator[str]:
    """Yield who a learner is, and what they can afford and attend."""
    if learner.text:
        yield plain(learner.text)
    limits = "; ".join(str(each) for each in conditions_of(learner.constraints))
    if limits:
        yield f"Limits: {limits}."


def _show_job(out: Console, answers: Answers) -> None:
    job = job_in(answers, JOB)
    out.rule(f"Who is qualified? Job {job.id}", align="left")
    question = CandidatesQuestion(job=job, stored=True, limit=SHOWN, near_misses=True)
    show_candidates(out, job, answers.candidates(DEFAULT_TENANT, question))
    out.print()
