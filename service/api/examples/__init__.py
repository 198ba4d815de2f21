"""Examples of requests and answers, as files; a test sends the one and compares the other."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def example(name: str) -> Any:
    """Return the example of this name."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def example_names() -> list[str]:
    """Return the names of all examples."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))
