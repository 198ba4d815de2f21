"""What the exit codes of each command mean, as `--help` and docs/cli.md say it."""

from typing import Final

ALWAYS: Final = "0 done; 1 it could not be done; 2 misused"
BULK: Final = "0 all good; 1 a line is bad; 2 misused; 130 interrupted"

EXIT_CODES: Final[dict[str, str]] = {
    "init": ALWAYS,
    "import": BULK,
    "serve": "0 stopped; 1 it could not serve; 2 misused",
    "demo": "0 done or stopped; 1 it could not be done; 2 misused",
    "recommend": BULK,
    "match": BULK,
    "pathway": ALWAYS,
    "gap": ALWAYS,
    "explain": ALWAYS,
    "credit": ALWAYS,
    "record": ALWAYS,
    "replay": "0 the same answer; 4 another answer; 5 it cannot be computed anew; "
    "1 there is no such decision, or it could not be read; 2 misused",
    "verdict": ALWAYS,
    "consent": "0 done; 1 it could not be done, or a line is bad; 2 misused",
    "person": ALWAYS,
    "doctor": "0 healthy; 1 a check failed; 2 misused",
    "snapshot": ALWAYS,
    "backup": ALWAYS,
    "restore": ALWAYS,
    "config": ALWAYS,
    "export-pairs": ALWAYS,
    "keys create": ALWAYS,
    "keys list": ALWAYS,
    "keys rotate": ALWAYS,
    "keys revoke": ALWAYS,
    "tenants add": ALWAYS,
    "tenants list": ALWAYS,
}
