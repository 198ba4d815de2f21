"""Goals: what a learner wants, read as weighted requirements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from service.domain.answer import GoalReading
from service.domain.goal import Goal
from service.domain.ids import OccupationId, SkillId
from service.domain.job import Job
from service.domain.skill import LinkSource, SkillLink, StatedSkill
from service.errors import GoalWithoutSkills
from service.matching.deriving import MIN_OCCUPATION_SIMILARITY, mean_vector
from service.matching.linking import SkillLinker
from service.matching.names import name_key
from service.matching.occupations import (
    TitleFound,
    best_of,
    titles_in,
    without_facts,
    without_intent,
)
from service.matching.ports import Encoder, OccupationIndex, SkillIndex, Vectors
from service.matching.requirements import requirements_of
from service.matching.texts import TextField

# Without a goal, the three lines of work nearest to the profile stand in for one.
OCCUPATIONS_WITHOUT_GOAL = 3
SHORT_GOAL_WORDS = 3
# In a sentence, a word that names more lines of work than this ("engineer") names none.
MAX_NAMESAKES = 3
# And the line of work has to be near what the sentence says ("machine learning models").
NEAR_ENOUGH = 0.35


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aim:
    """A goal that has been read: in words and requirements, and as a vector."""

    reading: GoalReading
    vector: Vectors


class GoalReader:
    """Reads goals of every form as requirements."""

    def __init__(
        self,
        encoder: Encoder,
        linker: SkillLinker,
        *,
        skills: SkillIndex,
        occupations: OccupationIndex,
    ) -> None:
        self._encoder = encoder
        self._linker = linker
        self._skills = skills
        self._occupations = occupations

    def read(
        self,
        goal: Goal,
        job: tuple[Job, Sequence[SkillLink], Vectors] | None = None,
        *,
        needs_skills: bool = True,
    ) -> Aim:
        """Return what a goal asks for.

        Args:
            goal: the goal.
            job: the job that it names, with the job's links and vector.
            needs_skills: whether words of which no skill is known are no goal; if they are one,
                the reading says so in its warnings.

        Raises:
            GoalWithoutSkills: if nothing is known of what the goal asks for.
        """
        if job is not None:
            record, links, vector = job
            reading = GoalReading(
                goal=goal, described_as=record.title, requirements=requirements_of(links)
            )
            return _checked(Aim(reading=reading, vector=vector))
        if goal.skills:
            return _checked(self._from_skills(goal))
        aim = self._from_words(goal, goal.occupation or goal.text or "")
        return _checked(aim) if needs_skills else _warned(aim)

    def infer(self, vector: Vectors, *, says: str = "") -> Aim:
        """Return a stand-in for a missing goal: the lines of work nearest to a profile.

        Raises:
            GoalWithoutSkills: if there is no occupation to go by.
        """
        near = self._occupations.nearest(vector, k=OCCUPATIONS_WITHOUT_GOAL)
        found = [(occupation, similarity) for occupation, similarity in near if similarity > 0]
        titles = tuple((str(each), self._title(each)) for each, _ in found)
        reading = GoalReading(
            goal=None,
            described_as=says or "lines of work near the profile",
            requirements=requirements_of(self._links_of(found)),
            occupations=titles,
            inferred=True,
            warnings=("No goal was given; the nearest occupations stand in for one.",),
        )
        return _checked(Aim(reading=reading, vector=vector))

    def _from_skills(self, goal: Goal) -> Aim:
        linked = self._link(goal.skills, ())
        requirements = requirements_of(linked)
        vectors = self._skills.vectors_of([need.skill for need in requirements])
        reading = GoalReading(
            goal=goal,
            described_as="; ".join(skill.name or str(skill.id) for skill in goal.skills),
            requirements=requirements,
            warnings=self._unknown(goal.skills, linked),
        )
        return Aim(reading=reading, vector=mean_vector(vectors, [1.0] * len(requirements)))

    def _from_words(self, goal: Goal, words: str) -> Aim:
        known = self._occupations.title_of(OccupationId(words))
        if known is not None:
            occupation = OccupationId(words)
            vector = self._occupations.vectors_of([occupation])[0]
            return self._from_occupation(goal, occupation, vector, extra=(), warnings=())
        wished = without_facts(words)
        text = without_intent(wished) or wished
        vector = self._encoder.encode([text])[0]
        extra = self._link((), (TextField("goal", text),)) if goal.text else ()
        named = self._named(text, vector)
        if named is not None:
            # The words of the title itself are no skill of their own.
            extra = tuple(link for link in extra if link.text.lower() not in named[1].lower())
            return self._from_occupation(goal, named[0], vector, extra=extra, warnings=())
        likely = self._likely(text, vector)
        if likely is not None:
            warnings = (f"No occupation goes by {text!r}; {self._title(likely)!r} was taken.",)
            return self._from_occupation(goal, likely, vector, extra=extra, warnings=warnings)
        reading = GoalReading(goal=goal, described_as=text, requirements=requirements_of(extra))
        return Aim(reading=reading, vector=vector)

    def _likely(self, text: str, vector: Vectors) -> OccupationId | None:
        """Return the occupation whose titles begin with a text, or else the nearest one."""
        opened = self._occupations.by_opening(name_key(text))
        near = self._occupations.nearest(vector, k=1)
        if opened is None and near and near[0][1] >= MIN_OCCUPATION_SIMILARITY:
            return near[0][0]
        return opened

    def _named(self, text: str, meant: Vectors) -> tuple[OccupationId, str] | None:
        short = len(text.split()) <= SHORT_GOAL_WORDS
        found = [
            each
            for each in titles_in(text, self._occupations)
            if short or self._is_telling(each, text, meant)
        ]
        if not found:
            return None
        longest = max(found, key=lambda each: (each.end - each.start, -each.start))
        title = text[longest.start : longest.end]
        vector = self._encoder.encode([title])[0]
        return best_of(longest.occupations, vector, self._occupations), title

    def _is_telling(self, found: TitleFound, text: str, meant: Vectors) -> bool:
        """Tell whether a title in a sentence is what the sentence is about.

        Several words are; one word is if few lines of work go by it, and one of these is near.
        """
        if " " in text[found.start : found.end].strip():
            return True
        near = self._occupations.vectors_of(found.occupations) @ meant
        return len(found.occupations) <= MAX_NAMESAKES and float(near.max()) >= NEAR_ENOUGH

    def _from_occupation(
        self,
        goal: Goal,
        occupation: OccupationId,
        vector: Vectors,
        *,
        extra: Sequence[SkillLink],
        warnings: tuple[str, ...],
    ) -> Aim:
        title = self._title(occupation)
        requirements = requirements_of((*extra, *self._occupations.links_of(occupation)))
        reading = GoalReading(
            goal=goal,
            described_as=title,
            requirements=requirements,
            occupations=((occupation, title),),
            warnings=warnings,
        )
        mixed = np.stack([vector, self._occupations.vectors_of([occupation])[0]])
        return Aim(reading=reading, vector=mean_vector(mixed, [1.0, 1.0]))

    def _link(
        self, stated: Sequence[StatedSkill], fields: Sequence[TextField]
    ) -> tuple[SkillLink, ...]:
        plan = self._linker.plan(stated, fields, stated_field="goal.skills")
        hits = self._linker.nearest(self._encoder.encode(plan.texts)) if plan.texts else []
        return self._linker.resolve(plan, hits).links

    def _unknown(
        self, stated: Sequence[StatedSkill], linked: Sequence[SkillLink]
    ) -> tuple[str, ...]:
        missed = len(stated) - sum(link.source is LinkSource.STATED for link in linked)
        return (f"{missed} skills of the goal are not in the vocabulary.",) if missed > 0 else ()

    def _links_of(self, found: Iterable[tuple[OccupationId, float]]) -> list[SkillLink]:
        best: dict[SkillId, SkillLink] = {}
        for occupation, similarity in found:
            for link in self._occupations.links_of(occupation):
                weighted = replace(link, weight=round(link.weight * similarity, 4))
                other = best.get(link.skill)
                if other is None or weighted.weight > other.weight:
                    best[link.skill] = weighted
        return list(best.values())

    def _title(self, occupation: OccupationId) -> str:
        return self._occupations.title_of(occupation) or occupation


def _checked(aim: Aim) -> Aim:
    if aim.reading.requirements:
        return aim
    raise nothing_known_of(aim.reading)


def _warned(aim: Aim) -> Aim:
    """Return a goal that can be told by topics alone, saying so if it has no skills."""
    if aim.reading.requirements:
        return aim
    warning = (
        f"No skill is known of what {aim.reading.described_as!r} asks for; the list goes by what "
        "such titles are about."
    )
    return replace(aim, reading=replace(aim.reading, warnings=(*aim.reading.warnings, warning)))


def nothing_known_of(reading: GoalReading) -> GoalWithoutSkills:
    """Return the error that says that nothing is known of what a goal asks for."""
    return GoalWithoutSkills(
        f"Nothing is known of what {reading.described_as!r} asks for. "
        "Name an occupation, a job or some skills.",
        field="goal",
    )
