"""All that is kept about a learner, written out and taken in."""

from pathlib import Path

import typer

from service.cli.invocation import Invocation, opened
from service.cli.output import console, plain
from service.domain.ids import LearnerId
from service.errors import InvalidRecord, UnreadableFile
from service.intake import parse_json


def export(invocation: Invocation, learner: str) -> None:
    """Write a person as canonical JSON, on one line.

    Raises:
        NotFound: if there is no such learner.
    """
    with opened(invocation) as services:
        typer.echo(services.personal.export(invocation.tenant, LearnerId(learner)))


def take(invocation: Invocation, file: str) -> None:
    """Take a person in.

    Raises:
        UnreadableFile: if the file is no export, or the learner is there already.
    """
    try:
        data = parse_json(Path(file).read_text(encoding="utf-8"))
        with opened(invocation) as services:
            learner = services.persons.take(invocation.tenant, data)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(file, str(error)) from error
    except InvalidRecord as error:
        raise UnreadableFile(file, str(error)) from None
    console().print(plain(f"All that is kept about {learner} was taken in."), soft_wrap=True)
