"""The veil: what leaves for an employer, under which names, and noted before it leaves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from service.answers.desk import Desk
from service.domain.answer import Match, MatchAnswer
from service.domain.consent import NO_CONSENTS, Asking, Purpose, covered_parts
from service.domain.disclosure import Disclosure, Pseudonym
from service.domain.explanation import Explanation
from service.domain.ids import EmployerId, LearnerId, TenantId
from service.domain.record import Kind
from service.errors import NotFound
from service.matching.pseudonyms import pseudonym_of
from service.matching.small_counts import ROUNDED, WITHHELD, told_count
from service.matching.veiled import shown_fields, veiled


class Viewer(NamedTuple):
    """The employer who is given an answer."""

    tenant: TenantId
    party: EmployerId


class Veil:
    """Draws a veil over answers to employers, and keeps who was shown to whom."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._privacy = desk.records.privacy

    def over_matches(self, viewer: Viewer, answer: MatchAnswer) -> MatchAnswer:
        """Return the answer with names in place of ids, and without small counts of people.

        Each learner in it is in the log of disclosures once this returns.

        Raises:
            StoreProblem: if that log cannot be written; then nothing is shown.
        """
        people = (*answer.items, *answer.near_misses)
        names = self.names(viewer, [LearnerId(each.id) for each in people])
        shown = self._noted(viewer, answer.match_id, _by_learner(people), names)
        items, missed = (
            tuple(_named(each, LearnerId(each.id), names) for each in group if each.id in shown)
            for group in (answer.items, answer.near_misses)
        )
        counts = {
            "qualifying": told_count(answer.qualifying or 0),
            "near_miss_count": told_count(answer.near_miss_count or 0),
        }
        withheld = [f"{name} {WITHHELD}." for name, count in counts.items() if count is None]
        return replace(
            answer,
            items=items,
            near_misses=missed,
            applied=(*answer.applied, ROUNDED),
            qualifying=counts["qualifying"],
            near_miss_count=counts["near_miss_count"],
            warnings=(*answer.warnings, *withheld),
        )

    def over_explanation(self, viewer: Viewer, answer: Explanation) -> Explanation:
        """Return an explanation of a learner and a job with a name in place of the id.

        Raises:
            NotFound: if the learner was erased meanwhile.
            StoreProblem: if the log of disclosures cannot be written; then nothing is shown.
        """
        learner, item = answer.learner, answer.found.item
        if not isinstance(item, Match):
            raise TypeError("an employer is told of learners and jobs alone")
        names = self.names(viewer, [learner])
        shown = self._noted(viewer, answer.explanation_id, {learner: item}, names)
        if learner not in shown:
            raise NotFound(Kind.LEARNER, names[learner])
        pair = replace(answer.found, item=_named(item, learner, names))
        return replace(answer, learner=LearnerId(names[learner]), found=pair)

    def names(self, viewer: Viewer, learners: Sequence[LearnerId]) -> dict[str, str]:
        """Return what an employer calls learners: by id those who agreed to be named."""
        if not learners:
            return {}
        tenant, party = viewer
        asking = Asking(party, Purpose.CONTACT, self._desk.clock.now())
        said = self._privacy.consents.find(tenant, learners)
        accepted = self._privacy.contacts.accepted(tenant, party, learners)
        return {
            each: each
            if each in accepted or covered_parts(said.get(each, NO_CONSENTS), asking)
            else self.pseudonym(viewer, each)
            for each in learners
        }

    def pseudonym(self, viewer: Viewer, learner: LearnerId) -> Pseudonym:
        """Return what an employer calls a learner who has not agreed to be named."""
        secret = self._privacy.disclosures.secret(viewer.tenant)
        return pseudonym_of(secret, viewer.tenant, viewer.party, learner)

    def _noted(
        self, viewer: Viewer, answer: str, people: dict[LearnerId, Match], names: dict[str, str]
    ) -> frozenset[str]:
        at = self._desk.clock.now()
        rows = [
            Disclosure(
                recommendation_id=answer,
                learner=learner,
                party=viewer.party,
                purpose=Purpose.MATCHING,
                at=at,
                shown_as=names[learner],
                fields=shown_fields(match),
            )
            for learner, match in people.items()
        ]
        return self._privacy.disclosures.note(viewer.tenant, rows)


def _by_learner(people: Sequence[Match]) -> dict[LearnerId, Match]:
    return {LearnerId(each.id): each for each in people}


def _named(match: Match, learner: LearnerId, names: dict[str, str]) -> Match:
    name = names[learner]
    return match if name == learner else veiled(match, learner, name)
