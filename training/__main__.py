"""The command line of the training side: ``python -m training``."""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from embeddings.errors import EmbeddingsError
from embeddings.model_folder import seal
from training.arguments import parser
from training.commands import (
    Report,
    fine_tune,
    fit_curves,
    make_folder,
    make_pairs,
    measure,
    unpack_model,
)
from training.errors import TrainingError
from training.everything import Plan, make_everything
from training.output import say

FAILED: Final = 1
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments name; exit with 1 if it fails, with 130 after Ctrl-C."""
    chosen = parser().parse_args(arguments)
    try:
        _run(chosen)
    except (TrainingError, EmbeddingsError) as error:
        say(str(error), error=True)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        say("Interrupted.", error=True)
        sys.exit(INTERRUPTED)


def _run(chosen: argparse.Namespace) -> None:
    match chosen.command:
        case "pairs":
            make_pairs(chosen.data, chosen.exported, chosen.sources, chosen.out)
        case "fine-tune":
            fine_tune(chosen.pairs, chosen.base, chosen.preset, chosen.out)
        case "unpack":
            unpack_model(chosen.model, chosen.base, chosen.out)
        case "export":
            make_folder(chosen.base, chosen.out)
        case "calibrate":
            fit_curves(chosen.data, chosen.model, chosen.page, chosen.curves, chosen.cache)
        case "evaluate":
            measure(chosen.data, chosen.model, chosen.float, _report(chosen))
        case "seal":
            seal(chosen.folder)
            say(f"Sealed {chosen.folder}")
        case "all":
            make_everything(_plan(chosen))


def _report(chosen: argparse.Namespace) -> Report:
    return Report(chosen.out, chosen.page, chosen.image)


def _plan(chosen: argparse.Namespace) -> Plan:
    return Plan(
        data=chosen.data,
        exported=chosen.exported,
        sources=chosen.sources,
        base=chosen.base,
        preset=chosen.preset,
        work=chosen.work,
        model=chosen.model,
        curves=chosen.curves,
        report=_report(chosen),
    )


if __name__ == "__main__":
    main()
