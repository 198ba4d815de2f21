"""Where the program begins: `onramp`, or `python -m service`."""

import sys

from service.cli.errors import (
    INTERRUPTED,
    OWN_FAULT,
    is_debugging,
    report,
    tell_interrupted,
    was_interrupted,
)
from service.cli.main import app


def main() -> None:
    """Run the command line."""
    try:
        app()
    except KeyboardInterrupt:
        tell_interrupted()
        sys.exit(INTERRUPTED)
    # The last place before a person would see a traceback.
    except Exception as error:
        if was_interrupted(error):
            tell_interrupted()
            sys.exit(INTERRUPTED)
        report(error, debug=is_debugging())
        sys.exit(OWN_FAULT)


if __name__ == "__main__":
    main()
