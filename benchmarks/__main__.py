"""Measure everything that is promised, beside the peers: `python -m benchmarks`."""

import argparse
import sys
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.bounds import BOUNDS, write_figures
from benchmarks.parts import BUILD, PARTS, CannotMeasure, Part, Plan
from benchmarks.real.steps import ROOT

OUT = BUILD / "bench.json"
DATA = ROOT.parent / "shared" / "data"
FAILED = 1
INTERRUPTED = 130


def main() -> int:
    """Measure, print the table and write the figures; return the exit code."""
    chosen = _parser().parse_args()
    names = chosen.only or list(PARTS)
    console = Console(stderr=True)
    try:
        found = _measure(names, chosen, console)
    except KeyboardInterrupt:
        console.print(f"Interrupted; {OUT} is as it was.", markup=False)
        return INTERRUPTED
    except CannotMeasure as error:
        console.print(str(error), markup=False)
        return FAILED
    Console(markup=False, highlight=False).print(_table(found))
    if set(names) == set(PARTS):
        figures = {key: value for part in found.values() for key, value in part.figures.items()}
        write_figures(OUT, figures, {name: part.details for name, part in found.items()})
        print(f"Written to {OUT}.")
    else:
        print(f"A part alone is not written to {OUT}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=list(PARTS), metavar="NAME", help=", ".join(PARTS)
    )
    parser.add_argument("--data", type=Path, default=DATA, help="the research data to serve")
    parser.add_argument("--store", type=Path, help="serve this store instead of a fresh one")
    return parser


def _measure(names: list[str], chosen: argparse.Namespace, console: Console) -> dict[str, Part]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)

        def tell(what: str) -> None:
            progress.reset(task, description=what)
            if not console.is_terminal:
                console.print(f"{what} …", markup=False)

        plan = Plan(data=chosen.data, store=chosen.store, tell=tell)
        return {name: PARTS[name](plan) for name in names}


def _table(found: dict[str, Part]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Onramp, measured", title_justify="left")
    table.add_column("figure", no_wrap=True)
    table.add_column("is", justify="right", no_wrap=True)
    table.add_column("bound", no_wrap=True)
    table.add_column("kept")
    table.add_column("beside it", overflow="fold")
    for part in found.values():
        for name, figure in part.figures.items():
            bound = BOUNDS[name]
            kept = "yes" if bound.admits(figure) else "NO"
            table.add_row(name, f"{figure:.2f}", str(bound), kept, part.notes[name])
    return table


if __name__ == "__main__":
    sys.exit(main())
