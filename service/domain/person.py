"""A person: all that is kept about one learner, to be given to them or taken elsewhere."""

from dataclasses import dataclass

from service.domain.consent import Consents
from service.domain.decision import Decision
from service.domain.disclosure import Contact, Disclosure
from service.domain.event import KeptEvent
from service.domain.learner import Learner
from service.domain.skill import SkillLink
from service.domain.verdict import SkillVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """All that is kept about one learner; of other people in the same answers there is nothing.

    Attributes:
        skills: what shows the learner's skills, with the words that do.
        texts: the texts that the learner's vector and links come from, by field; the vector
            itself, which can be turned back into words, is in no export.
        decisions: the answers about the learner, oldest first, with scores and reasons.
        events: what became of these answers, in the order in which it was told.
    """

    learner: Learner
    consents: Consents
    skills: tuple[SkillLink, ...]
    verdicts: tuple[SkillVerdict, ...]
    texts: dict[str, str]
    disclosures: tuple[Disclosure, ...]
    contacts: tuple[Contact, ...]
    decisions: tuple[Decision, ...]
    events: tuple[KeptEvent, ...]
