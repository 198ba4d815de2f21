"""A store of a large college: 100,000 learners, 20,000 credentials and 20,000 jobs."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import crowd, serving
from benchmarks.matching.learners import drawn
from service.domain.credential import Credential, CredentialKind, Delivery, Provider
from service.domain.ids import DEFAULT_TENANT, CredentialId, JobId, SkillId
from service.domain.job import Employer, Job, Occupation
from service.domain.learner import Learner
from service.domain.quantities import Duration, Money
from service.domain.record import Kind
from service.domain.skill import SkillLink, StatedSkill
from service.settings import Settings
from service.storage import STORE_FILE
from service.wiring import Services, open_services

LEARNERS: Final = 100_000
OTHERS: Final = 20_000
# A course teaches some skills of one line of work, and a job asks for somewhat more.
_TAUGHT: Final = 8
_ASKED: Final = 10
_OF_AN_OCCUPATION: Final = 30
_PROVIDERS: Final = 200
_EMPLOYERS: Final = 2_000
_AT_ONCE: Final = 500

Tell = Callable[[str], None]


class Scale(NamedTuple):
    """How many of each there are at least."""

    learners: int = LEARNERS
    credentials: int = OTHERS
    jobs: int = OTHERS


def prepare(folder: Path, base: Path, data: Path, scale: Scale, tell: Tell) -> dict[str, int]:
    """Fill the store up, from where it was cut off; return how many there are of each kind.

    Args:
        folder: where it is kept.
        base: a store to begin with; filled from ``data`` if it is not there.
        data: the research data; without them the sample is what it begins with.
        scale: how many there are in the end.
        tell: is told what is being done.
    """
    if not (folder / STORE_FILE).exists():
        if not base.exists():
            serving.load(base, data, tell)
        _copy(base / STORE_FILE, folder)
    with open_services(Settings(data=folder)) as services:
        _fill(services, scale, tell)
        if services.snapshots.is_old(services.records, DEFAULT_TENANT, whole=True):
            # As a server has it written beside itself, soon after a start with much that is new.
            tell("writing a snapshot")
            services.tenants.get(DEFAULT_TENANT).view.catch_up()
            services.tenants.save(DEFAULT_TENANT, whole=True)
        return {str(kind): found for kind, found in _counts(services).items()}


def _copy(store: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / "copying"
    # By SQLite, since a file that is in use may be changing.
    with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(beside)) as target:
        source.backup(target)
    shutil.copymode(store, beside)
    beside.replace(folder / STORE_FILE)


def _counts(services: Services) -> dict[Kind, int]:
    return services.records.counts(DEFAULT_TENANT)


def _fill(services: Services, scale: Scale, tell: Tell) -> None:
    """Add what is missing, in groups that are each durable."""
    before = _counts(services)
    for kind, wanted in zip(_GROWN, scale, strict=True):
        missing = wanted - before.get(kind, 0)
        if missing > 0:
            tell(f"making {missing:,} records of the kind {kind}")
            _add(services, kind, missing)


def _add(services: Services, kind: Kind, missing: int) -> None:
    opened = services.tenants.get(DEFAULT_TENANT)
    # Made in order, so that those of a run that was cut off are the first.
    there = _made_before(services.settings.data / STORE_FILE, kind)
    new = islice(_MADE[kind](services), there, there + missing)
    while group := list(islice(new, _AT_ONCE)):
        services.records.commit(DEFAULT_TENANT, [crowd.derived(each, opened) for each in group])


def _made_before(store: Path, kind: Kind) -> int:
    with closing(sqlite3.connect(store)) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM records WHERE kind = ? AND id GLOB 'made-*'", (kind.value,)
        ).fetchone()
    return int(count)


def _learners(services: Services) -> Iterator[Learner]:
    return crowd.made_learners(services, LEARNERS)


def _credentials(services: Services) -> Iterator[Credential]:
    for number, occupation, links in _by_turns(services):
        skills = drawn(links, _TAUGHT, key=f"course-{number}")
        named = [_label(services, link.skill) for link in skills]
        yield Credential(
            id=CredentialId(f"made-course-{number:05}"),
            name=f"{occupation.title}: course {number}",
            provider=Provider(name=f"College {number % _PROVIDERS:03}"),
            kind=(CredentialKind.MICROCREDENTIAL, CredentialKind.BADGE)[number % 2],
            description=f"{occupation.title}. You learn {', '.join(named)}.",
            skills=_stated(skills, named),
            cost=Money(amount=float(50 * (number % 40)), currency="USD"),
            duration=Duration(weeks=float(1 + number % 24)),
            delivery=(tuple(Delivery)[number % len(Delivery)],),
            languages=("en",),
        )


def _jobs(services: Services) -> Iterator[Job]:
    for number, occupation, links in _by_turns(services):
        skills = drawn(links, _ASKED, key=f"job-{number}")
        named = [_label(services, link.skill) for link in skills]
        yield Job(
            id=JobId(f"made-job-{number:05}"),
            title=occupation.title,
            text=f"We look for somebody who knows {', '.join(named)}.",
            employer=Employer(name=f"Employer {number % _EMPLOYERS:04}"),
            occupation=occupation.id,
            skills=_stated(skills, named),
            region="US",
        )


def _by_turns(services: Services) -> Iterator[tuple[int, Occupation, Sequence[SkillLink]]]:
    occupations = services.tenants.get(DEFAULT_TENANT).view.occupations
    stored = services.records.scan(DEFAULT_TENANT, Kind.OCCUPATION)
    known = [each.record for page in stored for each in page if isinstance(each.record, Occupation)]
    asking = [each for each in known if occupations.links_of(each.id)]
    for number in count():
        occupation = asking[number % len(asking)]
        yield number, occupation, occupations.links_of(occupation.id)[:_OF_AN_OCCUPATION]


def _label(services: Services, skill: SkillId) -> str:
    found = services.tenants.get(DEFAULT_TENANT).view.skills.get(skill)
    return found.preferred_label if found else skill


def _stated(links: Sequence[SkillLink], named: list[str]) -> tuple[StatedSkill, ...]:
    return tuple(
        StatedSkill(id=link.skill, name=name) for link, name in zip(links, named, strict=True)
    )


_GROWN: Final = (Kind.LEARNER, Kind.CREDENTIAL, Kind.JOB)
_MADE: Final[dict[Kind, Callable[[Services], Iterator[Credential | Job | Learner]]]] = {
    Kind.LEARNER: _learners,
    Kind.CREDENTIAL: _credentials,
    Kind.JOB: _jobs,
}
