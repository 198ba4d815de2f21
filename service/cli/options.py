"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from service.domain.credential import Delivery

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Limit = Annotated[
    int, typer.Option(metavar="N", min=1, max=100, help="How many to return at the most.")
]
TenantName = Annotated[
    str,
    typer.Option("--tenant", metavar="ID", help="Whose records; `default` if not given."),
]
LearnerId = Annotated[
    str | None, typer.Option("--learner", metavar="ID", help="A learner in the store.")
]
LearnerText = Annotated[
    str | None,
    typer.Option(
        "--text",
        metavar="WORDS",
        help="A learner in their own words, in place of one in the store.",
    ),
]
GoalWords = Annotated[
    str | None,
    typer.Option(
        "--goal",
        metavar="WORDS",
        help="Where to go: an occupation by title or id, or free text. "
        "It goes before the learner's own goal.",
    ),
]
MaxCost = Annotated[
    str | None,
    typer.Option(metavar="AMOUNT", help="The highest cost with its currency, such as 300USD."),
]
MaxWeeks = Annotated[
    float | None, typer.Option(metavar="N", min=0, help="The longest duration in weeks.")
]
Deliveries = Annotated[
    list[Delivery] | None,
    typer.Option(
        "--delivery",
        metavar="WAY",
        help="How to learn: online, in_person, blended. Give it again for each that will do.",
    ),
]
Region = Annotated[
    str | None, typer.Option(metavar="CODE", help="Where to learn (ISO 3166), such as US-IN.")
]
NoLog = Annotated[
    bool,
    typer.Option(
        "--no-log",
        help="Keep no decision in the log; the answers say so, and cannot be replayed.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Where a bulk run writes: .csv and .parquet a row for each pair, else JSON Lines; "
        "- is standard output.",
    ),
]
