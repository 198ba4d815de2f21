"""Writes the JSON Schemas and the tables of fields: ``python -m service.standards.native docs``."""

import sys
from pathlib import Path

from service.standards.native.publishing import publish

if __name__ == "__main__":
    publish(Path(sys.argv[1]))
