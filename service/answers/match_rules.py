"""The rules of a match, in words: what was asked of everybody who is listed."""

from service.answers.questions import CandidatesQuestion
from service.matching.match_explanation import JobSide

ONE_AWAY_RULE = "one credential away: Active or unstated status, within the learner's own limits"
_ONE_AWAY_FOR_EMPLOYERS = "one credential away: Active or unstated status, whatever it costs"
_WHO_AGREED = "only learners who agreed to be seen by this employer"


def rules_for(question: CandidatesQuestion, job: JobSide) -> tuple[str, ...]:
    """Return what holds for all candidates of an answer."""
    rules = [] if question.party is None else [_WHO_AGREED]
    if question.listed_only:
        rules.append("only the skills that were listed are asked for")
    if job.hard:
        rules.append(f"no skill missing that the job states as required ({len(job.hard)})")
    if question.one_credential_away:
        rules.append(ONE_AWAY_RULE if question.party is None else _ONE_AWAY_FOR_EMPLOYERS)
    return tuple(rules)
