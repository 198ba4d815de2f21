"""The API's description as a file: docs/openapi.json, made from the routes themselves."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

from service.api.deps import Services
from service.app import create_app

# To be described, an application needs nobody who answers: only names that it passes on.
_NOBODY: Final[Any] = SimpleNamespace(
    access=SimpleNamespace(sessions=None, sign_on=None), answers=SimpleNamespace(run=None)
)


def description() -> str:
    """Return the text of docs/openapi.json: the document that `/openapi.json` answers with."""
    app = create_app(cast("Services", _NOBODY))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(description(), encoding="utf-8")
