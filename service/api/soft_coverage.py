"""The soft skills that jobs ask for, and which of them a credential on offer assesses."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from service.api.deps import PrincipalDep, SoftCoverageDep
from service.api.needs import needs
from service.api.openapi import answers, problems
from service.api.soft_types import SoftSkillCoverage
from service.domain.access import Scope
from service.domain.soft_coverage import SoftCoverage

router = APIRouter(prefix="/v1/skills", tags=["answers"])


def soft_coverage_json(found: SoftCoverage) -> SoftSkillCoverage:
    """Return the report as JSON."""
    return {
        "jobs": found.jobs,
        "share_without": found.share_without,
        "skills": [
            {
                "skill": each.skill,
                "jobs": each.jobs,
                "weight": each.weight,
                "credentials": each.credentials,
            }
            for each in found.skills
        ],
        "labels": {str(skill): label for skill, label in found.labels.items()},
    }


@router.get(
    "/soft-coverage",
    operation_id="soft_coverage",
    summary="Report which soft skills jobs ask for and no credential assesses",
    dependencies=[needs(Scope.REPORTS_READ)],
    responses={
        200: answers(SoftSkillCoverage, "soft_coverage", says="The weightiest demand first."),
        **problems(),
    },
)
async def soft_coverage(report: SoftCoverageDep, principal: PrincipalDep) -> Response:
    """Return the demand for soft skills, and the share of it that nothing on offer can show."""
    return JSONResponse(soft_coverage_json(await report.run(report.read, principal.tenant)))
