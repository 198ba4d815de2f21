"""The command line of the training side: ``python -m training``."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from embeddings.model_folder import DEFAULT_FOLDER, seal
from training.export import base_folder, export


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments name."""
    chosen = _parser().parse_args(arguments)
    match chosen.command:
        case "export":
            likeness = export(base_folder(), chosen.out)
            print(f"Wrote {chosen.out}; to its base model: {likeness}")
        case "seal":
            seal(chosen.folder)
            print(f"Sealed {chosen.folder}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("export", help="make the model folder from the base model")
    making.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="where to write it")
    sealing = commands.add_parser("seal", help="write the manifest of a folder anew")
    sealing.add_argument("folder", type=Path, nargs="?", default=DEFAULT_FOLDER)
    return parser


if __name__ == "__main__":
    main()
