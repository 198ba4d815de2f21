"""Rules of the ranking: every number that may be tuned, in one value."""

from dataclasses import dataclass, field

from service.domain.ranking import Weights
from service.matching.scoring import TAUGHT_AT


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRules:
    """How credentials are retrieved, valued and put in order.

    Attributes:
        weights: how much each component counts where a question does not say.
        retrieved: so many candidates at the most for each query by vector, and as many by skill.
        single_skills: so many of the heaviest open skills are queries of their own.
        aim_share: in [0, 1]: how much of the first query, and so of relevance, is the goal as a
            whole; the rest is the weighted mean of what is open.
        taught_from: from this credit on a credential counts as teaching a skill: being a little
            like everything teaches nothing.
        taught_from_bridging: the same where bridges count more, in the mode ``switch``.
        teaching_slope: slope of the logistic curve that turns credit into the belief that a
            skill is taught, scaled so that 0 and 1 stay; 0 leaves the credit as it is.
        teaching_middle: the credit at which that curve is steepest.
        topic_share: in [0, 1]: how much of the component ``gap`` is told by topics, which know
            titles, where no credential of the shortlist states a skill; the rest by skills.
        topic_from: a topic that is less likely than this is none of a credential's.
        topic_repeat: in [0, 1]: how much of the component ``gap`` counts in the order whatever
            the list has taught before, where all of ``topic_share`` is told by topics: that
            something was taught is then a guess, too.
        gap_exponent: the component ``gap`` is the share that is added to this power. Below 1
            small shares count for more: of a goal that leaves forty skills open even a good
            credential adds a few hundredths, and what it costs must not outweigh that.
        unknown_value: what an unknown cost or time is worth: as much as the median.
        level_other: in the mode ``advance``, what a credential of another level than the next
            one keeps of its gain; one of unstated level keeps the mean of this and 1.
        nearness_from: in the mode ``advance``, the cosine with what the learner can do at which
            an open requirement begins to count.
        rungs: so many higher occupations near the current one count at the most in ``advance``.
        rung_share: how much their requirements count beside the goal's own.
        unlock_at: the match score from which on a job counts as unlocked.
    """

    weights: Weights = field(default_factory=Weights)
    retrieved: int = 200
    single_skills: int = 4
    aim_share: float = 0.5
    taught_from: float = TAUGHT_AT
    taught_from_bridging: float = TAUGHT_AT / 2
    teaching_slope: float = 0.0
    teaching_middle: float = 0.5
    topic_share: float = 0.9
    topic_from: float = 0.1
    topic_repeat: float = 0.2
    gap_exponent: float = 0.5
    unknown_value: float = 0.5
    level_other: float = 0.5
    nearness_from: float = 0.2
    rungs: int = 2
    rung_share: float = 0.4
    unlock_at: float = 50.0


DEFAULT_RULES = RankingRules()
