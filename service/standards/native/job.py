"""The native form of jobs."""

from typing import Annotated

from pydantic import Field

from service.domain.job import Employer, EmploymentType, Job
from service.domain.quantities import PayPeriod, Salary
from service.standards.native.body import Body
from service.standards.native.shared import JobSkill
from service.standards.native.types import (
    Amount,
    Currency,
    Date,
    Flag,
    Id,
    Language,
    Many,
    Name,
    OrText,
    Region,
    Text,
    Url,
)


class EmployerBody(Body):
    """Who wants to fill a job."""

    name: Name = Field(description="The employer's name.")
    id: Id | None = Field(default=None, description="The employer's own id.")

    def to_domain(self) -> Employer:
        """Return the domain's value."""
        return Employer(**self.known_fields())


class SalaryBody(Body):
    """What a job pays."""

    currency: Currency = Field(description="ISO 4217, such as `USD`.")
    period: PayPeriod = Field(description="What it is paid for.")
    min: Amount | None = Field(default=None, description="The lower end.")
    max: Amount | None = Field(default=None, description="The upper end.")

    def to_domain(self) -> Salary:
        """Return the domain's value."""
        return Salary(**self.known_fields())


class JobBody(Body):
    """One job."""

    id: Id = Field(description="The job's id.")
    title: Name = Field(description="The job's title.")
    text: Text | None = Field(
        default=None, description="The advertisement; skills are also read from here."
    )
    employer: Annotated[EmployerBody, OrText("name")] | None = Field(
        default=None, description="Who wants to fill it: a name, or an object."
    )
    occupation: Name | None = Field(
        default=None, description="The occupation, by id (`onet:29-2072.00`) or by title."
    )
    skills: Many[JobSkill] = Field(
        default=(), description="The skills it asks for: names, or objects."
    )
    region: Region | None = Field(default=None, description="Where it is, ISO 3166.")
    remote: Flag | None = Field(default=None, description="Whether it is done from anywhere.")
    employment_type: EmploymentType | None = Field(default=None, description="The terms.")
    salary: SalaryBody | None = Field(default=None, description="What it pays.")
    posted: Date | None = Field(default=None, description="When it was advertised.")
    valid_through: Date | None = Field(default=None, description="Until when one can apply.")
    language: Language | None = Field(default=None, description="Of the text, BCP 47.")
    url: Url | None = Field(default=None, description="The job's page.")

    def to_domain(self) -> Job:
        """Return the domain's record."""
        return Job(**self.known_fields())
