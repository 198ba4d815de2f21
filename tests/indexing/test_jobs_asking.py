"""The nearest job that asks for a skill: as the jobs are on the day, however often it is asked."""

from datetime import date

import numpy as np

from service.domain.ids import JobId, SkillId
from service.domain.job import Job
from service.indexing.jobs import Jobs
from tests.builders.records import a_link
from tests.builders.skills import DIM, SQL, TEACHING, WELDING, a_vocabulary, vector_of

TODAY, LATER = date(2026, 11, 24), date(2026, 12, 24)
LINK = a_link(SQL)


def put(jobs: Jobs, name: str, like: SkillId, last: date | None = None) -> None:
    job = Job(id=JobId(name), title="Work", valid_through=last)
    jobs.upsert([job], np.stack([vector_of(like)]), [(LINK,)])


def test_the_nearest_is_that_of_the_jobs_there_are_on_the_day() -> None:
    jobs = Jobs(DIM, a_vocabulary())
    put(jobs, "near", WELDING, TODAY)
    put(jobs, "far", TEACHING)

    def named(day: date) -> list[dict[SkillId, JobId]]:
        return [jobs.nearest_asking(vector_of(WELDING), [SQL], day) for _ in range(2)]

    told = [named(TODAY), named(LATER), named(TODAY)]
    jobs.remove(JobId("near"))
    told.append(named(TODAY))
    put(jobs, "new", WELDING)
    told.append(named(TODAY))
    jobs.remove(JobId("new"))
    jobs.remove(JobId("far"))
    told.append(named(TODAY))

    names = ["near", "far", "near", "far", "new"]
    assert told == [*([{SQL: name}] * 2 for name in names), [{}, {}]]


def test_other_skills_of_a_goal_and_other_goals_are_told_by_themselves() -> None:
    jobs = Jobs(DIM, a_vocabulary())
    put(jobs, "weld", WELDING)
    put(jobs, "teach", TEACHING)

    told = [
        jobs.nearest_asking(vector_of(goal), skills, TODAY)
        for goal, skills in ((WELDING, [SQL]), (WELDING, [SQL, TEACHING]), (TEACHING, [SQL]))
    ]

    assert told == [{SQL: "weld"}, {SQL: "weld"}, {SQL: "teach"}]
