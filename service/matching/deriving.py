"""Deriving: from a record to its vector and its skill links, many records at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from service.domain.credential import Credential
from service.domain.ids import OccupationId
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.record import Record
from service.domain.skill import (
    EvidenceClass,
    LinkMethod,
    LinkSource,
    SkillLink,
    Span,
    StatedSkill,
)
from service.matching.linking import LinkPlan, SkillLinker, scaled
from service.matching.names import name_key
from service.matching.occupations import best_of, by_title, is_aspiration, titles_in, wish_start
from service.matching.ports import Encoder, OccupationIndex, Vectors
from service.matching.salience import by_salience
from service.matching.segments import segments_of
from service.matching.texts import TextField, record_text, text_fields

# A record with fewer skills of its own than this also gets those of the occupation that its
# title names, at a lower weight.
ENOUGH_SKILLS = 8
# An employer who states as many as this has said what the job asks for.
ENOUGH_STATED = 5
OCCUPATION_WEIGHT = 0.6
MAX_OCCUPATION_LINKS = 15
# What is only guessed from a job's text counts this much where the job names its occupation.
GUESSED_BESIDE_OCCUPATION = 0.5
MIN_OCCUPATION_SIMILARITY = 0.45


class Derived(NamedTuple):
    """What is derived from one record."""

    text: str
    vector: Vectors
    links: tuple[SkillLink, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    record: Record
    text: str
    fields: tuple[TextField, ...]
    links: LinkPlan


class Deriver:
    """Encodes and links records; the same record always gives the same result."""

    def __init__(self, encoder: Encoder, linker: SkillLinker, occupations: OccupationIndex) -> None:
        self._encoder = encoder
        self._linker = linker
        self._occupations = occupations

    def derive(self, record: Record) -> Derived:
        """Return what is derived from one record."""
        return self.derive_many([record])[0]

    def derive_many(self, records: Sequence[Record]) -> list[Derived]:
        """Return what is derived from each record.

        All texts of the group are encoded in one call, each distinct text once, and all
        statements are looked up in one search.
        """
        plans = [self._plan(record) for record in records]
        texts = [text for plan in plans for text in (plan.text, *plan.links.texts)]
        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        vectors = self._encoder.encode(list(distinct))
        needed = sorted({distinct[text] for plan in plans for text in plan.links.texts})
        hits = dict(zip(needed, self._linker.nearest(vectors[needed]), strict=True))
        derived = []
        for plan in plans:
            linked = self._linker.resolve(
                plan.links,
                [hits[distinct[text]] for text in plan.links.texts],
                by_piece=isinstance(plan.record, Learner),
            )
            vector = vectors[distinct[plan.text]]
            links = self._with_occupation(plan, vector, linked.links)
            warnings = tuple(
                f"No skill of the vocabulary is near {name!r}; it is kept, and not used."
                for name in linked.unlinked
            )
            derived.append(Derived(plan.text, vector, links, warnings))
        return derived

    def encode(self, text: str) -> Vectors:
        """Return the vector of one text: float32 of shape ``(dim,)``."""
        vector: Vectors = self._encoder.encode([text])[0]
        return vector

    def _plan(self, record: Record) -> _Plan:
        fields = () if self._is_known(record) else tuple(_evidence_fields(record))
        stated = stated_skills(record)
        plan = self._linker.plan(stated, fields, stated_field="skills")
        return _Plan(record=record, text=record_text(record), fields=fields, links=plan)

    def _is_known(self, record: Record) -> bool:
        # What an occupation asks for was worked out once, from all that is known of it.
        return isinstance(record, Occupation) and bool(self._occupations.links_of(record.id))

    def _with_occupation(
        self, plan: _Plan, vector: Vectors, links: tuple[SkillLink, ...]
    ) -> tuple[SkillLink, ...]:
        record = plan.record
        if isinstance(record, Occupation):
            return self._occupations.links_of(record.id) or links
        if isinstance(record, Job):
            return self._job_links(record, vector, links)
        if isinstance(record, Learner):
            return self._learner_links(plan, vector, links)
        if not isinstance(record, Credential):
            return links
        links = by_salience(links, self._linker.vectors_of(links), vector)
        if len(links) < ENOUGH_SKILLS:
            found = titles_in(record.name, self._occupations, min_words=2)
            names = [record.name[each.start : each.end] for each in found]
            chosen = [best_of(each.occupations, vector, self._occupations) for each in found]
            return self._merged(links, list(zip(chosen, names, strict=True)), "name", None)
        return links

    def _job_links(
        self, job: Job, vector: Vectors, links: tuple[SkillLink, ...]
    ) -> tuple[SkillLink, ...]:
        stated = sum(link.source is LinkSource.STATED for link in links)
        # A title that an occupation goes by names it as well as an id does.
        titled = () if job.occupation else by_title(name_key(job.title), self._occupations)
        names_one = bool(job.occupation or titled)
        if stated >= ENOUGH_STATED or (not names_one and len(links) >= ENOUGH_SKILLS):
            return links
        named = best_of(tuple(titled), vector, self._occupations) if titled else None
        if named is not None:
            return self._by_occupation(named, "title", job.title, links)
        field = "occupation" if job.occupation else "title"
        words = job.occupation or job.title
        occupation = self.occupation_of(words, vector)
        if occupation and job.occupation:
            return self._by_occupation(occupation, "occupation", words, links)
        return self._merged(links, [(occupation, words)] if occupation else [], field, None)

    def _by_occupation(
        self, occupation: OccupationId, field: str, words: str, links: tuple[SkillLink, ...]
    ) -> tuple[SkillLink, ...]:
        """Return what a job asks for that says which occupation it is: first of all the same."""
        asked = {link.skill: link for link in self._occupations.links_of(occupation)}
        own = tuple(_beside_occupation(link, asked.get(link.skill)) for link in links)
        known = {link.skill for link in links}
        rest = [link for link in asked.values() if link.skill not in known]
        return (*own, *(_from_occupation(link, field, words, None) for link in rest))

    def occupation_of(self, words: str, vector: Vectors) -> OccupationId | None:
        """Return the occupation that an id, a title or a text names.

        By id, by title, by the longest title within it, and else the nearest by vector, if its
        cosine is at least 0.45.
        """
        if self._occupations.title_of(OccupationId(words)) is not None:
            return OccupationId(words)
        named = by_title(name_key(words), self._occupations)
        if not named:
            within = titles_in(words, self._occupations, min_words=2)
            named = (
                list(max(within, key=lambda each: each.end - each.start).occupations)
                if within
                else []
            )
        if named:
            return best_of(tuple(named), vector, self._occupations)
        near = self._occupations.nearest(vector, k=1)
        return near[0][0] if near and near[0][1] >= MIN_OCCUPATION_SIMILARITY else None

    def _learner_links(
        self, plan: _Plan, vector: Vectors, links: tuple[SkillLink, ...]
    ) -> tuple[SkillLink, ...]:
        # A skill is linked once: by the position held, before a text that names the same work.
        for field in sorted(plan.fields, key=lambda each: each.field == "text"):
            if field.field != "text" and not field.field.endswith(".title"):
                continue
            found = titles_in(field.text, self._occupations, min_words=2)
            named = [
                (
                    best_of(each.occupations, vector, self._occupations),
                    field.text[each.start : each.end],
                )
                for each in found
            ]
            # Who writes of a line of work has said so, and shown no more; a dated position has.
            shows = EvidenceClass.SELF_STATED if field.field == "text" else EvidenceClass.EXPERIENCE
            links = self._merged(links, named, field.field, shows)
        return links

    def _merged(
        self,
        links: tuple[SkillLink, ...],
        occupations: list[tuple[OccupationId, str]],
        field: str,
        evidence: EvidenceClass | None,
    ) -> tuple[SkillLink, ...]:
        known = {link.skill for link in links}
        added: list[SkillLink] = []
        for occupation, words in occupations:
            asked = self._occupations.links_of(occupation)[:MAX_OCCUPATION_LINKS]
            for link in scaled(asked, OCCUPATION_WEIGHT):
                if link.skill not in known:
                    known.add(link.skill)
                    added.append(_from_occupation(link, field, words, evidence))
        return (*links, *added)


def stated_skills(record: Record) -> tuple[StatedSkill, ...]:
    """Return the skills that a record itself states; none for a skill or an occupation."""
    return record.skills if isinstance(record, Credential | Job | Learner) else ()


def _evidence_fields(record: Record) -> list[TextField]:
    """Return a record's text fields; of a learner's own words, those that are no wishes."""
    fields = text_fields(record)
    if not isinstance(record, Learner):
        return fields
    return [part for field in fields for part in _without_wishes(field)]


def _without_wishes(field: TextField) -> list[TextField]:
    # Blanked and not cut, so that spans still point into the learner's own text.
    text = field.text
    for segment in segments_of(text):
        wish = wish_start(segment.text)
        if wish is not None:
            start = segment.span.start + wish
            text = text[:start] + " " * (segment.span.end - start) + text[segment.span.end :]
    return [field._replace(text=text)] if text.strip() else []


def wishes_of(learner: Learner) -> str:
    """Return what a learner's own words say they want; empty if nothing."""
    return ". ".join(
        segment.text for segment in segments_of(learner.text or "") if is_aspiration(segment.text)
    )


def _beside_occupation(link: SkillLink, asked: SkillLink | None) -> SkillLink:
    if asked is not None:
        return replace(link, weight=max(link.weight, asked.weight))
    if link.method is LinkMethod.VECTOR and link.source is LinkSource.INFERRED:
        return replace(link, weight=round(link.weight * GUESSED_BESIDE_OCCUPATION, 4))
    return link


def _from_occupation(
    link: SkillLink, field: str, words: str, evidence: EvidenceClass | None
) -> SkillLink:
    return SkillLink(
        skill=link.skill,
        weight=link.weight,
        source=LinkSource.INFERRED,
        method=LinkMethod.OCCUPATION,
        confidence=OCCUPATION_WEIGHT,
        field=field,
        text=words,
        span=Span(0, len(words)) if field in {"title", "occupation"} else None,
        evidence=evidence,
    )


def mean_vector(vectors: Vectors, weights: Sequence[float]) -> Vectors:
    """Return the unit vector of a weighted mean; zeros if the weights or vectors are."""
    mean = np.asarray(weights, dtype=np.float32) @ vectors
    length = float(np.linalg.norm(mean))
    result: Vectors = (mean / length if length else mean).astype(np.float32)
    return result
