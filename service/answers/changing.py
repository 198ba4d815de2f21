"""What if: a learner with skills and credentials added or taken away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from service.answers.explain_question import WhatIf
from service.answers.limits import held_now
from service.answers.reading import Person, Reader
from service.domain.ids import CredentialId, SkillId
from service.domain.learner import HeldCredential, Learner
from service.domain.record import Kind
from service.domain.skill import StatedSkill
from service.errors import InvalidQuestion, InvalidRecord
from service.matching.names import name_key


def changed(
    reader: Reader, person: Person, what_if: WhatIf, *, stored: bool, today: date
) -> Person:
    """Return the learner as they would be, read as a record with these changes would be.

    An added credential counts as awarded today. A skill that is taken away takes all its
    evidence with it, wherever it stands; the learner's own words stay, and with them the vector.

    Raises:
        NotFound: if a credential to add is not in the store.
        InvalidQuestion: if there is nothing to take away, or something is there already.
    """
    learner = _with_changes(reader, person.learner, what_if, today)
    if learner == person.learner:
        other = person
    else:
        other = reader.person_if(learner) if stored else reader.person(learner, stored=False)
    gone = _named(reader, other, what_if.remove.skills)
    return other._replace(evidence=tuple(each for each in other.evidence if each.skill not in gone))


def _with_changes(reader: Reader, learner: Learner, what_if: WhatIf, today: date) -> Learner:
    kept = _without(learner.credentials, what_if.remove.credentials)
    added = _awarded(reader, learner, what_if.add.credentials, today)
    renewed = {each.id for each in added}
    credentials = (*(each for each in kept if each.id not in renewed), *added)
    try:
        return replace(
            learner, skills=(*learner.skills, *what_if.add.skills), credentials=credentials
        )
    except InvalidRecord as error:
        raise InvalidQuestion(
            f"nothing would be left of the profile: {error.reason}", field="what_if.remove"
        ) from None


def _without(
    held: Sequence[HeldCredential], gone: Sequence[CredentialId]
) -> tuple[HeldCredential, ...]:
    has = {each.id for each in held}
    for place, credential in enumerate(gone):
        if credential not in has:
            raise InvalidQuestion(
                f"{credential!r} is no credential of the learner's; only what is held can be "
                "taken away.",
                field=f"what_if.remove.credentials.{place}",
            )
    return tuple(each for each in held if each.id not in set(gone))


def _awarded(
    reader: Reader, learner: Learner, added: Sequence[CredentialId], today: date
) -> list[HeldCredential]:
    current = held_now(learner, today)
    for place, credential in enumerate(added):
        reader.stored(Kind.CREDENTIAL, credential)
        if credential in current:
            raise InvalidQuestion(
                f"{credential!r} is held already; adding it changes nothing.",
                field=f"what_if.add.credentials.{place}",
            )
    return [HeldCredential(id=each, issued=today) for each in dict.fromkeys(added)]


def _named(reader: Reader, person: Person, skills: Iterable[StatedSkill]) -> frozenset[SkillId]:
    shown = {each.skill for each in person.evidence}
    gone = set()
    for place, stated in enumerate(skills):
        by_name = reader.opened.view.skills.by_name(name_key(stated.name or ""))
        skill = stated.id or by_name
        if skill is None or skill not in shown:
            raise InvalidQuestion(
                f"the learner shows no skill {stated.id or stated.name!r}; only what is shown "
                "can be taken away.",
                field=f"what_if.remove.skills.{place}",
            )
        gone.add(skill)
    return frozenset(gone)
