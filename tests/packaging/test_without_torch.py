"""Serving needs no torch: every module of the three serving packages imports without it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

IMPORT_EVERYTHING = """
import sys

run_by_alembic = "service.storage.migrations.env"
blocked = ["onnx", "sentence_transformers", "torch", "transformers"]
sys.modules.update(dict.fromkeys(blocked))

import importlib
import pkgutil

for name in ["embeddings", "index", "service"]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, f"{name}."):
        if module.name != run_by_alembic:
            importlib.import_module(module.name)
            print(module.name)
"""


def test_every_serving_module_imports_where_torch_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_EVERYTHING],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert {"embeddings", "index", "service"} <= {
        name.partition(".")[0] for name in done.stdout.split()
    }
