"""Where the program begins: `onramp`, or `python -m service`."""

import sys

from service.cli.errors import OWN_FAULT, is_debugging, report
from service.cli.main import app


def main() -> None:
    """Run the command line."""
    try:
        app()
    # The last place before a person would see a traceback.
    except Exception as error:
        report(error, debug=is_debugging())
        sys.exit(OWN_FAULT)


if __name__ == "__main__":
    main()
