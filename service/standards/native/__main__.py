"""Writes the JSON Schemas: ``python -m service.standards.native docs/schemas``."""

import sys
from pathlib import Path

from service.standards.native.schema_files import write_schemas

if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
