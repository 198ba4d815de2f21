"""The arguments of ``python -m training``."""

import argparse
from pathlib import Path
from typing import Final

from embeddings.model_folder import DEFAULT_FOLDER
from training.config import Preset
from training.export import base_folder
from training.research.pair import Source
from training.research.sources import open_sources

DESCRIPTION: Final = (
    "Make the model: pairs, unpack, fine-tune, export, calibrate, evaluate, or all of them."
)
WORK: Final = Path("build/training")
EVALUATION: Final = Path("build/eval.json")
PAGE: Final = Path("docs/model.md")
IMAGE: Final = Path("docs/images/model-eval.png")
CURVES: Final = Path("docs/images/model-calibration.png")
_OPEN: Final = "open"


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(prog="python -m training", description=DESCRIPTION)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _pairs(commands.add_parser("pairs", help="join the store's pairs with the research sets"))
    _fine_tune(commands.add_parser("fine-tune", help="train on pairs, or go on with a run"))
    _unpack(commands.add_parser("unpack", help="make weights to go on from of a model folder"))
    _export(commands.add_parser("export", help="make a model folder from tuned weights"))
    _calibrate(commands.add_parser("calibrate", help="fit the curves of a model folder"))
    _evaluate(commands.add_parser("evaluate", help="measure a model folder and write the page"))
    _seal(commands.add_parser("seal", help="write the manifest of a folder anew"))
    _all(commands.add_parser("all", help="do what is not done yet, in this order"))
    return top


def sources_of(text: str) -> tuple[Source, ...]:
    """Return the sources that a list with commas names, in their usual order."""
    if text == _OPEN:
        return open_sources()
    names = {name.strip() for name in text.split(",")}
    if unknown := sorted(names - set(Source)):
        raise argparse.ArgumentTypeError(
            f"there is no {', '.join(repr(name) for name in unknown)}; "
            f"the sources are {', '.join(Source)}, and {_OPEN!r} names those that may be published"
        )
    return tuple(source for source in Source if source in names)


def _pairs(command: argparse.ArgumentParser) -> None:
    _take_pairs(command)
    command.add_argument("--out", type=Path, required=True, help="the .parquet to write")


def _take_data(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, help="the folder of the research sets")


def _take_model(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", type=Path, default=DEFAULT_FOLDER, help="the model folder")
    command.add_argument("--page", type=Path, default=PAGE, help="the page with the tables")


def _take_curves(command: argparse.ArgumentParser) -> None:
    command.add_argument("--curves", type=Path, default=CURVES, help="the picture of the curves")


def _take_pairs(command: argparse.ArgumentParser) -> None:
    _take_data(command)
    command.add_argument(
        "--exported", type=Path, required=True, help="the folder that onramp export-pairs wrote"
    )
    command.add_argument(
        "--sources",
        type=sources_of,
        default=tuple(Source),
        metavar=f"NAME,…|{_OPEN}",
        help="which pairs to take: all unless told, or those that may be published",
    )


def _fine_tune(command: argparse.ArgumentParser) -> None:
    command.add_argument("--pairs", type=Path, required=True, help="what the command pairs wrote")
    command.add_argument("--out", type=Path, required=True, help="the folder of the run")
    _take_preset(command)


def _take_preset(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--preset", type=Preset, choices=list(Preset), default=Preset.CPU, help="where it runs"
    )
    _take_base(command, "the model to start from")


def _take_base(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument(
        "--base", type=Path, default=base_folder(), help=f"{what}; the base model unless told"
    )


def _unpack(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", type=Path, default=DEFAULT_FOLDER, help="the model folder")
    _take_base(command, "what it was once tuned from")
    command.add_argument("--out", type=Path, required=True, help="the folder to write")


def _export(command: argparse.ArgumentParser) -> None:
    _take_base(command, "the weights to export")
    command.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="the folder to write")


def _calibrate(command: argparse.ArgumentParser) -> None:
    _take_data(command)
    _take_model(command)
    _take_curves(command)
    command.add_argument(
        "--cache",
        type=Path,
        default=EVALUATION.with_suffix(""),
        help="the folder of vectors that were computed before",
    )


def _evaluate(command: argparse.ArgumentParser) -> None:
    _take_data(command)
    command.add_argument(
        "--float", type=Path, help="the weights before their quantization, to tell what that costs"
    )
    _take_report(command)


def _take_report(command: argparse.ArgumentParser) -> None:
    _take_model(command)
    command.add_argument(
        "--out", type=Path, default=EVALUATION, help="the figures to write, as .json"
    )
    command.add_argument("--image", type=Path, default=IMAGE, help="the picture of the figures")


def _seal(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, nargs="?", default=DEFAULT_FOLDER)


def _all(command: argparse.ArgumentParser) -> None:
    _take_pairs(command)
    _take_preset(command)
    command.add_argument(
        "--work", type=Path, default=WORK, help="the folder for the pairs and the run"
    )
    _take_curves(command)
    _take_report(command)
