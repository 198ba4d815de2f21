"""Views of a store: filled by chance, and what they answer, in comparable form."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from service.domain.condition import Condition, ConditionField
from service.domain.credential import Credential, Provider, Status
from service.domain.ids import DEFAULT_TENANT, CredentialId, JobId, LearnerId, OccupationId, SkillId
from service.domain.job import Job, Occupation
from service.domain.learner import HeldCredential, Learner
from service.domain.record import DerivedRecord, Kind
from service.domain.skill import Skill
from service.indexing.view import View
from service.matching.evidence import EvidenceJudge
from service.matching.evidence_rules import EvidenceRules
from service.matching.linking import Calibration
from service.matching.ports import Holders, RecordKey, Records, Within
from tests.builders.records import DIM, a_full_link, a_link, a_vector, derived

TODAY = date(2026, 11, 28)
BRIDGE = Calibration(slope=6.4, intercept=-5.1)
WORDS = ("welding", "ledger", "nursing", "python", "harvest", "payroll", "concrete", "poetry")
SKILLS = tuple(f"s:{number}" for number in range(9))


def an_empty_view(records: Records) -> View:
    """Return a view that has read nothing yet."""
    judge = EvidenceJudge(EvidenceRules())
    return View(records, DEFAULT_TENANT, DIM, bridge=BRIDGE, judge=judge)


def a_change(kind: Kind, number: int, seed: int) -> DerivedRecord:
    """Return a record of a kind whose words, links and vector follow from the seed."""
    drawn = np.random.default_rng(seed)
    words = " ".join(drawn.choice(WORDS, 3).tolist())
    skills = drawn.choice(SKILLS, 3, replace=False).tolist()
    links = [a_link(skills[0]), a_full_link(skills[1]), a_link(skills[2], weight=0.25)]
    vector = a_vector(seed)
    match kind:
        case Kind.SKILL:
            broader = (SkillId(SKILLS[number - 1]),) if number else ()
            skill = Skill(
                id=SkillId(SKILLS[number]),
                preferred_label=words,
                alt_labels=(f"{words} too",),
                broader=broader,
                same_as=SkillId(SKILLS[0]) if number and seed % 4 == 0 else None,
            )
            return derived(skill, vector=vector)
        case Kind.OCCUPATION:
            title = (words, f"{words} aide")
            occupation = Occupation(
                id=OccupationId(f"o:{number}"), title=title[0], alt_titles=title[1:]
            )
            return derived(occupation, *links, vector=vector)
        case Kind.CREDENTIAL:
            credential = Credential(
                id=CredentialId(f"c:{number}"),
                name=words,
                description=f"All about {words}.",
                provider=Provider(name="Lakefield"),
                regions=tuple(sorted(drawn.choice(["US", "DE", "US-IN"], 2, replace=False))),
                status=Status.ACTIVE if seed % 3 else None,
                part_of=(CredentialId("c:0"),) if number and seed % 2 else (),
            )
            return derived(credential, *links[: 1 + seed % 3], vector=vector)
        case Kind.JOB:
            job = Job(
                id=JobId(f"j:{number}"),
                title=words,
                valid_through=date(2026, 12, 1 + seed % 9) if seed % 2 else None,
            )
            return derived(job, *links, vector=vector)
        case Kind.LEARNER:
            held = (HeldCredential(id=CredentialId(f"c:{seed % 9}")),)
            learner = Learner(id=LearnerId(f"l:{number}"), text=words, credentials=held)
            return derived(learner, *links[:2], vector=vector)


def key_of(kind: Kind, number: int) -> RecordKey:
    """Return what names the record that ``a_change`` makes."""
    return RecordKey(kind, a_change(kind, number, 0).record.id)


def told(view: View) -> list[object]:
    """Return everything that is asked of a view, in comparable form."""
    query = a_vector(4711)
    skills = [SkillId(each) for each in SKILLS]
    conditions = (Condition(field=ConditionField.REGION, any_of=("US-IN",)),)
    names = [RecordKey(Kind.CREDENTIAL, f"c:{number}") for number in range(9)]
    credentials = [CredentialId(each.id) for each in names]
    occupations = [OccupationId(f"o:{number}") for number in range(9)]
    words = " ".join(WORDS[:3])
    found: list[object] = [
        view.counts(),
        _holders(
            view.credentials.retrieve(
                query, k=4, skills=skills[:2], within=Within((), frozenset()), words=words
            )
        ),
        _holders(
            view.credentials.retrieve(
                query, k=4, skills=skills[:2], within=Within(conditions, frozenset(credentials))
            )
        ),
        _holders(
            view.credentials.retrieve(query, k=4, skills=[], within=Within(conditions, frozenset()))
        ),
        _holders(view.jobs.retrieve(query, k=3, skills=skills[2:4], words=words)),
        _holders(view.learners.retrieve(query, k=3, skills=skills[3:5], today=TODAY, words=words)),
        view.credentials.outlines_of(credentials),
        [view.credentials.links_of(each) for each in credentials],
        [view.credentials.parts_of(each) for each in credentials],
        view.credentials.states_skills(credentials).tolist(),
        view.credentials.vectors_of(credentials).tolist(),
        view.credentials.search(words, k=9),
        [view.jobs.hard_of(f"j:{number}") for number in range(9)],
        [view.jobs.is_open(JobId(f"j:{number}"), TODAY) for number in range(9)],
        _listed(view.jobs.demand_of(skills, TODAY)),
        [view.skills.get(each) for each in skills],
        view.skills.vectors_of(skills).tolist(),
        view.skills.nearest(query[None], k=5),
        view.skills.neighbors_of(skills),
        [view.occupations.links_of(each) for each in occupations],
        [view.occupations.title_of(each) for each in occupations],
        view.occupations.vectors_of(occupations).tolist(),
        view.occupations.nearest(query, k=4),
        [view.occupations.by_opening(word) for word in WORDS],
    ]
    return found + [(view.skills.by_name(word), view.occupations.by_title(word)) for word in WORDS]


def _holders(found: Holders) -> list[object]:
    skills: Sequence[SkillId] = [found.vocabulary[each] for each in found.skills.tolist()]
    starts = found.starts.tolist()
    strengths = found.strengths.tolist()
    links = [
        sorted(zip(skills[start:end], strengths[start:end], strict=True))
        for start, end in pairwise(starts)
    ]
    return [
        found.ids,
        found.similarity.tolist(),
        found.word_score.tolist(),
        links,
        found.unknown.tolist(),
        found.qualifying,
    ]


def _listed(array: np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None) -> object:
    return None if array is None else array.tolist()
