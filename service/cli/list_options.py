"""Options about a list of recommendations."""

from pathlib import Path
from typing import Annotated

import typer

from service.domain.condition import ConditionField
from service.domain.goal import GoalMode

Mode = Annotated[
    GoalMode | None,
    typer.Option(
        metavar="MODE",
        help="What the list is to be best at: advance (near to what is there, the next level), "
        "switch (the most of the goal), build (the named skills themselves).",
    ),
]
WeightOption = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        metavar="PART=N",
        help="How much a part of the score counts, from 0 to 1: gap, demand, relevance, credit, "
        "cost or time. Give it again for each; the others keep their defaults.",
    ),
]
Pin = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID", help="A credential that comes first whatever it adds. Give it again for more."
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", help="A credential that never comes. Give it again for more."),
]
Relax = Annotated[
    list[ConditionField] | None,
    typer.Option(
        metavar="FIELD",
        help="A limit to give up, such as cost or duration.weeks, if fewer than the limit qualify. "
        "Give it again for more, in the order in which they are given up.",
    ),
]
PerProvider = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, max=100, help="At most so many items of one provider."),
]
Unlocks = Annotated[
    bool, typer.Option("--unlocks", help="Also say which jobs each item unlocks; slower.")
]
TableOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Where a bulk run writes its lines; - is standard output. A name that ends in .csv "
        "or .parquet makes a table with a row for each item.",
    ),
]
