"""R7: a damaged model folder is refused with a message that names the file."""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.torture.damage import damaged, files_in
from benchmarks.torture.report import Outcome
from benchmarks.torture.troupe import ROOT
from embeddings import DEFAULT_FOLDER, ModelFolderError, load_encoder
from embeddings.model_folder import MANIFEST

REFUSED = 78


def damaged_models(folder: Path, *, cases: range, outcome: Outcome) -> None:
    """Damage the files of a model folder, one by one, and load it."""
    model = _copied_into(folder)
    files = files_in(model)
    for case in cases:
        with damaged(files, case) as what:
            found = _loaded(model, what.rsplit(" ", 1)[-1])
        outcome.cases += 1
        if found is not None:
            outcome.faults.append(f"model, {case}: {what}: {found}")


def _copied_into(folder: Path) -> Path:
    model = folder / "model"
    if not model.is_dir():
        shutil.copytree(DEFAULT_FOLDER, model)
    return model


def _loaded(model: Path, name: str) -> str | None:
    try:
        load_encoder(model)
    except ModelFolderError as error:
        # A manifest with another checksum speaks against the file that it vouches for.
        named = name in str(error) or name == MANIFEST
        return None if named else f"the message does not name it: {error}"
    except Exception as error:  # whatever a parser makes of it is a fault
        return f"{type(error).__name__}: {error}"
    return "it was loaded"


def refused_starts(folder: Path, *, cases: range, outcome: Outcome) -> None:
    """Start the program with a damaged model: it ends with one sentence and a code of its own."""
    model = _copied_into(folder)
    files = files_in(model)
    for case in cases:
        with damaged(files, case) as what:
            found = _started(model, folder / "data")
        outcome.cases += 1
        outcome.count("starts refused")
        outcome.faults += [f"start, {case}: {what}: {each}" for each in found]


def _started(model: Path, data: Path) -> list[str]:
    program = ["env", f"ONRAMP_MODEL={model}", sys.executable, "-m", "service", "--data", str(data)]
    ended = subprocess.run(  # noqa: S603 - our own program
        [*program, "serve", "--port", "0"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    wrong = [] if ended.returncode == REFUSED else [f"it ended with {ended.returncode}"]
    if not ended.stderr.startswith("onramp: ") or "Traceback" in ended.stderr:
        wrong.append(f"it said {ended.stderr[:200]!r}")
    return wrong
