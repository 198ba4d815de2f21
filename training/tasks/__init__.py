"""The development tasks: what a model is measured on, and what no training reads."""

from pathlib import Path

from training.tasks.jobs import job_tasks
from training.tasks.occupations import occupation_tasks
from training.tasks.skills import skill_tasks
from training.tasks.task import Task

__all__ = ["Task", "development_tasks"]


def development_tasks(data: Path) -> list[Task]:
    """Read every development task from the folder of the research sets."""
    return [*skill_tasks(data), *occupation_tasks(data), *job_tasks(data)]
